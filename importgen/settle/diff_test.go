package settle

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestPatch has git apply the patch of every drifted resource in testdata, and wants the files that accepting that
// resource's drift would have written.
func TestPatch(t *testing.T) {
	t.Parallel()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("needs git")
	}
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	patched := 0
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		checkout, report := fstest.MapFS{}, ""
		for _, f := range archive.Files {
			if rest, ok := strings.CutPrefix(f.Name, "in/"); ok {
				checkout[rest] = &fstest.MapFile{Data: f.Data}
			} else if f.Name == "report" {
				report = string(f.Data)
			}
		}
		settled := func(found *drift.Report, accept bool) []drift.File {
			files, err := Report(context.Background(), found, nil, Options{Schemas: schemas{}, Checkout: checkout, Accept: accept, Running: "1.11.4", Roots: []drift.RootModule{{Dir: "live"}}})
			if err != nil {
				t.Fatal(err)
			}
			return files
		}
		all := &drift.Report{}
		readReport(t, report, all, map[string]string{})
		for i := range all.Drifted {
			proposed, accepted := &drift.Report{Drifted: all.Drifted[i : i+1]}, &drift.Report{Drifted: all.Drifted[i : i+1]}
			settled(proposed, false)
			patch := proposed.Drifted[0].Patch
			want := settled(accepted, true)
			if accepted.Drifted[0].Patch != "" {
				t.Errorf("%s: a patch for what the code accepts", name)
			}
			if (patch == "") != (len(want) == 0) {
				t.Errorf("%s: %s: %d files are written, and the patch is %q", name, all.Drifted[i].Address, len(want), patch)
			}
			if patch == "" {
				continue
			}
			patched++
			dir := t.TempDir()
			if err := os.CopyFS(dir, checkout); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(git, "apply", "--whitespace=nowarn", "-")
			cmd.Dir, cmd.Stdin = dir, strings.NewReader(patch)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %s: %v\n%s\n%s", name, all.Drifted[i].Address, err, out, patch)
				continue
			}
			for _, f := range want {
				got, err := os.ReadFile(filepath.Join(dir, f.Path))
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(string(f.Content), string(got)); d != "" {
					t.Errorf("%s: %s (-accepted +patched):\n%s", name, f.Path, d)
				}
			}
		}
	}
	if patched < 10 {
		t.Errorf("only %d patches", patched)
	}
}
