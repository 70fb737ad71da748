package state

import (
	"fmt"
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

// TestHostileValues: texts that double from line to line, and a number of a gigabyte, are not known; what stands beside is.
func TestHostileValues(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	code := &strings.Builder{}
	code.WriteString("terraform {\n  backend \"local\" {\n    path = \"${local.name}.tfstate\"\n  }\n}\nlocals {\n  name = \"net\"\n  a0 = \"0123456789\"\n  n = \"${\"1e600000000\" * 1}\"\n  f = [for i in [0, 0] : [for j in [0, 0] : j]]\n")
	for i := range 60 {
		fmt.Fprintf(code, "  a%d = \"${local.a%d}${local.a%[2]d}\"\n  b%[1]d = [local.a%[2]d, local.a%[2]d]\n", i+1, i)
	}
	code.WriteString("}\n")
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(code.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	_, sources, skipped := Roots(t.Context(), dir)
	if len(sources) != 1 || len(skipped) > 0 || !strings.HasSuffix(sources[0].URL, "/net.tfstate") {
		t.Errorf("%v, %v", sources, skipped)
	}
}
