package pullrequest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTreesAreGits holds our computed names against git itself, on names that sort in git's own way.
func TestTreesAreGits(t *testing.T) {
	t.Parallel()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("needs git")
	}
	dir := t.TempDir()
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(git, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "HOME="+dir)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	run("init", "-q")
	content := map[string]string{"a": "1", "a.b": "2", "a-b/c": "3", "a/b/c.tf": "4", "a/b.tf": "", "é/ü": "5", "z": "6\n"}
	edits := map[string]entry{}
	for path, text := range content {
		if path == "a" {
			continue // a file and a directory of one name can't be
		}
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		edits[path] = entry{mode: modeFile, sha: blobSHA([]byte(text))}
	}
	run("add", "-A")
	trees := &trees{seen: map[string]map[string]entry{emptyTree: {}}}
	got, err := trees.edited(context.Background(), emptyTree, edits)
	if want := run("write-tree"); err != nil || got != want {
		t.Errorf("tree %s (%v), git says %s", got, err, want)
	}

	run("rm", "-q", "--cached", "a/b/c.tf", "z") // the last file takes its directory along
	less, err := trees.edited(context.Background(), got, map[string]entry{"a/b/c.tf": remove, "z": remove})
	if want := run("write-tree"); err != nil || less != want {
		t.Errorf("after removal: tree %s (%v), git says %s", less, err, want)
	}
}

func TestTreeConflicts(t *testing.T) {
	t.Parallel()
	trees := &trees{seen: map[string]map[string]entry{emptyTree: {}}}
	root, err := trees.edited(context.Background(), emptyTree, map[string]entry{
		"dir/file": {mode: modeFile, sha: blobSHA(nil)}, "file": {mode: modeFile, sha: blobSHA(nil)}})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"dir": "is a directory", "file/x": "is not a directory"} {
		_, err := trees.edited(context.Background(), root, map[string]entry{path: {mode: modeFile, sha: blobSHA(nil)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
