package e2e

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// motoOverride is what a bucket in moto needs and none in AWS does. Only the root module that Driftline makes by itself
// gets it: the estate's own have it.
const motoOverride = `provider "aws" {
  s3_use_path_style = true
}
`

// checkCode: the generated files, copied into their root modules, are formatted and valid, and real Terraform plans them
// as imports and nothing else.
func checkCode(t *testing.T, w *world, o *outcome) {
	verified := map[string]int{}
	for _, u := range o.report.Unmanaged {
		if u.Verified {
			verified[u.RootModule]++
		}
	}
	judged := filepath.Join(t.TempDir(), "estate")
	for name, content := range files(t, w.checkout) {
		if !strings.Contains(name, ".terraform/") && !strings.HasSuffix(name, ".plan") {
			writeFile(t, filepath.Join(judged, name), content)
		}
	}
	generated := map[string]bool{}
	for name, content := range files(t, filepath.Join(o.dir, "code")) {
		generated[filepath.ToSlash(filepath.Dir(name))] = true
		target := filepath.Join(judged, name)
		if _, err := os.Stat(target); err == nil {
			t.Errorf("%s is there already", name)
		}
		writeFile(t, target, content)
	}
	if missing := slices.DeleteFunc(slices.Sorted(maps.Keys(verified)), func(root string) bool { return generated[root] }); len(missing) > 0 {
		t.Errorf("no code for %q", missing)
	}
	total := 0
	for _, root := range slices.Sorted(maps.Keys(generated)) {
		total += verified[root]
		t.Run(root, func(t *testing.T) {
			judge(t, w, filepath.Join(judged, root), verified[root], !slices.Contains(roots, root))
		})
	}
	t.Logf("%d of %d blocks verified, in %d root modules", total, len(o.report.Unmanaged), len(generated))
}

// judge has Terraform say what it thinks of a root module. The estate's drift is not what is asked, so what is managed is
// not read anew; what is imported is read in any case.
func judge(t *testing.T, w *world, dir string, imports int, ours bool) {
	must := func(args ...string) {
		t.Helper()
		if out, err := w.terraform(t.Context(), dir, args...); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	must("fmt", "-check", "-diff", "-no-color")
	if ours {
		writeFile(t, filepath.Join(dir, "moto_override.tf"), []byte(aliased(t, dir)))
	}
	must("init", "-input=false", "-no-color")
	must("validate", "-no-color")
	plan, err := w.plan(t.Context(), dir, "-refresh=false")
	if err != nil {
		t.Fatal(err)
	}
	importing := 0
	for _, c := range plan.ResourceChanges {
		if c.Change.Importing != nil {
			importing++
		}
		if !c.Change.Actions.NoOp() && !c.Change.Actions.Read() {
			t.Errorf("%s: %s: %v", c.Address, c.Change.Actions, changedAttributes(c.Change))
		}
	}
	if importing != imports {
		t.Errorf("%d to import, want the %d verified", importing, imports)
	}
}

// aliased is motoOverride for every provider configuration of a root module.
func aliased(t *testing.T, dir string) string {
	t.Helper()
	text := motoOverride
	for name, content := range files(t, dir) {
		if !strings.HasSuffix(name, ".tf") {
			continue
		}
		for _, line := range strings.Split(string(content), "\n") {
			if key, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(key) == "alias" {
				text += fmt.Sprintf("\nprovider \"aws\" {\n  alias             = %s\n  s3_use_path_style = true\n}\n", strings.TrimSpace(value))
			}
		}
	}
	return text
}

// checkMerged: every verified block is imported, and nothing is planned but that and what is expected; nil for nothing.
func checkMerged(t *testing.T, plan *tfjson.Plan, s *scanned, expected func(*tfjson.ResourceChange) bool) {
	t.Helper()
	imports, verified := 0, 0
	for _, u := range s.report.Unmanaged {
		if u.Verified {
			verified++
		}
	}
	for _, c := range plan.ResourceChanges {
		if c.Change.Importing != nil {
			imports++
		}
		if actions := c.Change.Actions; !actions.NoOp() && !actions.Read() && (expected == nil || !expected(c)) {
			t.Errorf("%s: %v: %v", c.Address, actions, changedAttributes(c.Change))
		}
	}
	if imports != verified || imports == 0 {
		t.Errorf("%d to import, want the %d verified", imports, verified)
	}
	t.Logf("%d imported, nothing else changes", imports)
}

// lint holds the generated files of a root module against tflint's default rules.
func lint(t *testing.T, dir string) {
	t.Helper()
	tflint := peers.Program(t, "tflint", "")
	text, err := execute(t.Context(), dir, os.Environ(), tflint, "--format=json", "--force")
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Issues []struct {
			Rule    struct{ Name string }
			Message string
			Range   struct {
				Filename string
				Start    struct{ Line int }
			}
		}
		Errors []struct{ Message string }
	}
	decode(t, text, &said)
	for _, issue := range said.Issues {
		if strings.HasPrefix(filepath.Base(issue.Range.Filename), "driftline") {
			t.Errorf("%s:%d: %s (%s)", issue.Range.Filename, issue.Range.Start.Line, issue.Message, issue.Rule.Name)
		}
	}
	for _, e := range said.Errors {
		t.Error(e.Message)
	}
}

func changedAttributes(c *tfjson.Change) []string {
	before, _ := c.Before.(map[string]any)
	after, _ := c.After.(map[string]any)
	return differing(before, after)
}
