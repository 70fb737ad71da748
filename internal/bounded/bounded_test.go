package bounded_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/seed-e90528ae/driftline/internal/bounded"
)

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	const usual = "resource \"aws_vpc\" \"main\" {\n  # ---------------------------\n  tags = { a = (1 > -2 ? [\"x\"] : []) }\n}\n"
	for name, tc := range map[string]struct {
		content string
		hostile bool
	}{
		"usual.tf":        {usual, false},
		"large.tf":        {strings.Repeat(usual, 20_000), false},
		"empty.tf":        {"", false},
		"brackets.tf":     {"a = " + strings.Repeat("(", 2_000_000), true},
		"lists.tf":        {"a = " + strings.Repeat("[", 100_000), true},
		"objects.tfvars":  {"a = " + strings.Repeat("{a=", 100_000), true},
		"signs.tf":        {"a = " + strings.Repeat("- ", 100_000), true},
		"conditionals.tf": {"a = " + strings.Repeat("true?1:", 100_000), true},
		"huge.tf.json":    {strings.Repeat(" ", bounded.MaxSize+1), true},
		"brackets.txt":    {strings.Repeat("(", 2_000_000), false}, // is never parsed
	} {
		files := bounded.FS(fstest.MapFS{name: {Data: []byte(tc.content)}})
		content, err := fs.ReadFile(files, name)
		if errors.Is(err, bounded.ErrHostile) != tc.hostile || !tc.hostile && (err != nil || string(content) != tc.content) {
			t.Errorf("%s: read %d bytes, %v", name, len(content), err)
		}
		opened, err := files.Open(name)
		if errors.Is(err, bounded.ErrHostile) != tc.hostile {
			t.Errorf("%s: opened: %v", name, err)
		}
		if err == nil {
			opened.Close()
		}
	}
}

func TestDirectoriesAndLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "module.tf"), 0o700); err != nil {
		t.Fatal(err)
	}
	files := bounded.FS(os.DirFS(dir))
	if entries, err := fs.ReadDir(files, "."); err != nil || len(entries) != 1 {
		t.Error(entries, err)
	}
	if _, err := fs.ReadFile(files, "module.tf"); !errors.Is(err, bounded.ErrHostile) {
		t.Errorf("a directory was read: %v", err)
	}
	if _, err := os.Stat("/dev/zero"); err != nil || os.Symlink("/dev/zero", filepath.Join(dir, "endless.tf")) != nil {
		return // no such thing here
	}
	if _, err := fs.ReadFile(files, "endless.tf"); !errors.Is(err, bounded.ErrHostile) {
		t.Errorf("a device was read: %v", err)
	}
}

// FuzzParse: whatever passes is parsed without harm.
func FuzzParse(f *testing.F) {
	f.Add([]byte("a = \"${[for x in y : x]...}\"\n"))
	f.Add([]byte("b {\n  c = <<-EOT\n    ${d ? 1 : 2}\n  EOT\n}\n"))
	f.Add([]byte(strings.Repeat("(", 400)))
	f.Fuzz(func(t *testing.T, content []byte) {
		if bounded.Check(content) != nil {
			return
		}
		file, diags := hclsyntax.ParseConfig(content, "x.tf", hcl.InitialPos)
		if file == nil && !diags.HasErrors() {
			t.Error("neither a file nor a reason")
		}
	})
}
