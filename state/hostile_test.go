package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHostileCheckout: a file that would overflow the parser's stack costs its own directory, and is told.
func TestHostileCheckout(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"good/main.tf": "terraform {\n  backend \"local\" {\n    path = \"x.tfstate\"\n  }\n}\n",
		"bad/main.tf":  "a = " + strings.Repeat("(", 2_000_000),
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, sources, skipped := Roots(t.Context(), dir)
	if len(sources) != 1 {
		t.Errorf("%d sources", len(sources))
	}
	for _, s := range skipped {
		if strings.Contains(s.What+s.Reason, "bad") && strings.Contains(s.Reason, "nests too deeply") {
			return
		}
	}
	t.Errorf("nothing tells of the hostile file: %v", skipped)
}
