package settle

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/rogpeppe/go-internal/diff"
)

// patch is what the proposed edits would change, as git apply takes it; "" for none, or where a file would not parse
// afterwards.
func (w *work) patch() string {
	byFile := map[string]edits{}
	for _, e := range w.proposed {
		byFile[e.file] = append(byFile[e.file], e)
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(byFile)) {
		before := w.content(name)
		after := byFile[name].apply(before)
		if _, diags := hclsyntax.ParseConfig(after, name, hcl.InitialPos); diags.HasErrors() {
			return ""
		}
		// git knows no "diff a b" line with the names alone, and would take it for the start of its own.
		_, hunks, found := bytes.Cut(diff.Diff("a/"+name, before, "b/"+name, after), []byte("\n"))
		if found {
			b.Write(hunks)
		}
	}
	return b.String()
}
