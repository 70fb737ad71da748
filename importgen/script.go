package importgen

import (
	"path"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// importScript is what a root module gets whose Terraform knows no import blocks.
const importScript = "driftline_import.sh"

const scriptHead = `#!/bin/sh
# Imports what the driftline_*.tf files beside this script describe: Terraform knows import blocks from 1.5 on, OpenTofu
# from 1.6. Run it here after init, before the first plan: sh driftline_import.sh. What is imported already is passed
# over. TERRAFORM names another program than terraform.
set -eu

import() {
  "${TERRAFORM:-terraform}" state show "$1" >/dev/null 2>&1 || "${TERRAFORM:-terraform}" import -input=false "$1" "$2"
}

`

// command is a block's line in the script, a comment where the block is one.
func (b *block) command() []byte {
	line := "import " + shellQuoted(b.address()) + " " + shellQuoted(b.importID()) + "\n"
	if !b.verified() {
		line = "# " + line
	}
	return []byte(line)
}

func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

var scriptLine = regexp.MustCompile(`(?m)^(# )?import '([^']+)' '((?:[^']|'\\'')*)'$`)

// learnScript notes what the script of a directory imports.
func (c *checkout) learnScript(dir string) {
	for _, m := range scriptLine.FindAllStringSubmatch(string(c.files[path.Join(dir, importScript)]), -1) {
		typ, _, _ := strings.Cut(m[2], ".")
		base, _, _ := strings.Cut(m[2], "[")
		block := c.resources[dir][base]
		if block.file == "" {
			continue // a person took the block out
		}
		key := importKey{typ, cty.NormalizeString(strings.ReplaceAll(m[3], `'\''`, "'")), block.alias}
		c.imports[dir][key] = standing{block.file, m[2], m[1] != ""}
	}
}

// rootOf is a root module by its directory, one that knows nothing of itself where it does not exist yet.
func rootOf(opts Options, dir string) drift.RootModule {
	if i := rootIndex(opts.Roots, dir); i >= 0 {
		return opts.Roots[i]
	}
	return drift.RootModule{Dir: dir}
}
