package main_test

import (
	"bufio"
	"bytes"
	"errors"
	"go/build"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/seed-e90528ae/driftline/config"
)

const module = "github.com/seed-e90528ae/driftline"

// walk calls visit for every file of the project, with its slash-separated path.
func walk(t *testing.T, visit func(name string, entry fs.DirEntry)) {
	t.Helper()
	skipped := []string{".git", "node_modules", ".terraform"}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(skipped, entry.Name()):
			return fs.SkipDir
		case entry.Type().IsRegular():
			visit(filepath.ToSlash(name), entry)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// peerModule is a program of its own, with a go.mod of its own: a real Vault for tests.
const peerModule = "e2e/vault"

// packages reads every package's imports in this process: go list's answer would be hidden from the test cache.
func packages(t *testing.T) map[string]*build.Package {
	t.Helper()
	found := map[string]*build.Package{}
	walk(t, func(name string, _ fs.DirEntry) {
		dir := path.Dir(name)
		if !strings.HasSuffix(name, ".go") || found[dir] != nil || strings.Contains("/"+dir+"/", "/testdata/") || dir == peerModule {
			return
		}
		p, err := build.ImportDir(filepath.FromSlash(dir), build.ImportComment)
		var none *build.NoGoError
		if err != nil && !errors.As(err, &none) {
			t.Errorf("%s: %v", dir, err)
			return
		}
		found[dir] = p
	})
	if len(found) < 2 {
		t.Fatalf("only %d packages found: the walk is broken", len(found))
	}
	return found
}

// room is the part of the house that a directory belongs to.
func room(dir string) string {
	parts := strings.Split(dir, "/")
	if (parts[0] == "inventory" || parts[0] == "internal") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// mayImport is the map of DESIGN: which other rooms a room may import, by the room's name.
var mayImport = map[string][]string{
	"drift":       nil,
	"config":      nil,
	"pullrequest": {"drift"}, // for drift.File alone
	"state":       {"drift", "internal/bounded"},
	"provider":    {"drift", "internal/untrusted"},
	"scanner":     {"drift"},
	"importgen":   {"drift", "internal/bounded"},
	"prcomment":   {"drift"},
	"publication": {"drift", "config", "importgen", "internal/console", "internal/event", "internal/notify", "prcomment", "pullrequest"}, // main's other half
	"attribution": {"drift"},
	"assessment":  {"drift"},
	"vault":       nil,
	"policy":      nil,
	"inventory":   {"drift", "internal/untrusted"}, // replay, for recordings

	"internal/blocks": {"internal/bounded"},
}

// homes are the only rooms that may import a library, tests aside: its prefix → rooms.
var homes = map[string][]string{
	"github.com/aws/aws-sdk-go-v2/service/": {"inventory/aws", "state", "attribution"}, // state: clients for Go CDK's buckets
	"github.com/google/go-github":           {"pullrequest"},
	"github.com/hashicorp/go-plugin":        {"provider"},
	"github.com/hashicorp/vault/":           {"vault"},
	"gocloud.dev/":                          {"state"},
	"github.com/spf13/pflag":                {"config"},
}

// forTests are rooms that nothing but tests may use: real programs to be judged by, and a proxy in front of them.
var forTests = map[string]bool{"internal/peers": true, "internal/recorder": true}

// isWiring says that a room puts others together: main, and the whole-run tests.
func isWiring(room string) bool { return room == "." || room == "e2e" }

func TestArrows(t *testing.T) {
	t.Parallel()
	for dir, p := range packages(t) {
		from := room(dir)
		allowed, known := mayImport[from]
		if strings.HasPrefix(from, "inventory/") {
			allowed, known = mayImport["inventory"]
		}
		if strings.HasPrefix(from, "internal/") {
			known = true
		}
		if !known && !isWiring(from) {
			t.Errorf("%s is no room of the house: add it to the map, in DESIGN and here", dir)
			continue
		}
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module+"/")
			if !ours || isWiring(from) || room(to) == from || slices.Contains(allowed, room(to)) {
				continue
			}
			t.Errorf("%s imports %s: %s may import %q", dir, to, from, allowed)
		}
		// A test from outside the package (package x_test) may put rooms together, as main does: to judge a room's work
		// by a real provider, for one.
		for _, imported := range p.TestImports {
			to, ours := strings.CutPrefix(imported, module+"/")
			shared := strings.HasPrefix(to, "internal/") || to == "inventory/inventorytest"
			if !ours || isWiring(from) || shared || room(to) == from || slices.Contains(allowed, room(to)) {
				continue
			}
			t.Errorf("%s's tests import their sibling %s", dir, to)
		}
	}
}

func TestLibrariesStayHome(t *testing.T) {
	t.Parallel()
	for dir, p := range packages(t) {
		for _, imported := range p.Imports {
			for prefix, rooms := range homes {
				if strings.HasPrefix(imported, prefix) && !slices.Contains(rooms, room(dir)) && room(dir) != "internal/peers" {
					t.Errorf("%s imports %s, which is at home in %q", dir, imported, rooms)
				}
			}
			if room(dir) == "drift" && strings.Contains(imported, ".") && !isWord(imported) {
				t.Errorf("drift imports %s: it knows the standard library, values and schemas only", imported)
			}
			if to := strings.TrimPrefix(imported, module+"/"); forTests[to] && room(dir) != "e2e" {
				t.Errorf("%s imports %s outside of a test", dir, to)
			}
		}
	}
}

// isWord says that a library is one of values (go-cty) or of schemas (terraform-json): data that every room speaks in.
func isWord(imported string) bool {
	return strings.HasPrefix(imported, "github.com/zclconf/go-cty") || imported == "github.com/hashicorp/terraform-json"
}

func TestPackageComments(t *testing.T) {
	t.Parallel()
	for dir, p := range packages(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment: a sentence, and what the package does not do", dir)
		}
	}
}

// places and leftovers are spelled in two parts, so that this file does not find itself.
var (
	places    = regexp.MustCompile(`(^|[\s"'` + "`" + `=(:])/(wor` + `k|roo` + `t|tmp/la` + `b)/`)
	leftovers = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`)
)

func TestNothingIsLeftLyingAround(t *testing.T) {
	t.Parallel()
	walk(t, func(name string, _ fs.DirEntry) {
		data, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Error(err)
			return
		}
		if bytes.IndexByte(data, 0) >= 0 { // a program or an archive
			return
		}
		lines := bufio.NewScanner(bytes.NewReader(data))
		lines.Buffer(nil, len(data)+1)
		for n := 1; lines.Scan(); n++ {
			if found := places.FindString(lines.Text()); found != "" {
				t.Errorf("%s:%d: %q is a place on one machine", name, n, found)
			}
			if found := leftovers.FindString(lines.Text()); found != "" {
				t.Errorf("%s:%d: %s: do it, or open an issue", name, n, found)
			}
		}
	})
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestMakeCommandsExist(t *testing.T) {
	t.Parallel()
	makefile := read(t, "Makefile")
	for _, doc := range []string{"README.md", "CONTRIBUTING.md", ".ci/run", ".github/workflows/ci.yml", ".github/workflows/fuzz.yml"} {
		for _, m := range regexp.MustCompile("(?m)(?:`|^|run: )make (?:--no-print-directory )?([a-z0-9-]+)").FindAllStringSubmatch(read(t, doc), -1) {
			if !regexp.MustCompile(`(?m)^` + m[1] + `:`).MatchString(makefile) {
				t.Errorf("%s speaks of make %s, which the Makefile does not have", doc, m[1])
			}
		}
	}
	if !strings.Contains(read(t, "README.md"), "make demo") {
		t.Error("README.md does not say how to begin")
	}
}

// fences are the contents of a document's code blocks of one language.
func fences(text, language string) []string {
	var found []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```").FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

func TestCommandsInDocsParse(t *testing.T) {
	t.Parallel()
	commands := 0
	for _, doc := range []string{"README.md", "CONTRIBUTING.md"} {
		for _, block := range fences(read(t, doc), "console") {
			for line := range strings.Lines(block) {
				line, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "$ "), " #")
				args, ok := strings.CutPrefix(line, "driftline ")
				if !ok {
					continue
				}
				commands++
				if c, err := config.Parse(strings.Fields(args), func(string) string { return "" }); err != nil || len(c.Warnings) > 0 {
					t.Errorf("%s: %s: %v %q", doc, line, err, c.Warnings)
				}
			}
		}
	}
	if commands < 5 {
		t.Errorf("only %d commands found in the documents", commands)
	}
}

// TestWorkflowsInDocsFitTheAction reads README's workflows and those to copy as a workflow's author would.
func TestWorkflowsInDocsFitTheAction(t *testing.T) {
	t.Parallel()
	texts := fences(read(t, "README.md"), "yaml")
	files, err := filepath.Glob("examples/workflows/*.yml")
	if err != nil || len(files) < 3 || len(texts) == 0 {
		t.Fatalf("%d example workflows (%v) and %d in README.md", len(files), err, len(texts))
	}
	for _, name := range files {
		texts = append(texts, read(t, name))
	}
	outputs := regexp.MustCompile(`steps\.driftline\.outputs\.(\w+)`)
	for _, text := range texts {
		var workflow struct {
			Permissions map[string]string
			Jobs        map[string]struct {
				Steps []struct {
					Uses string
					With map[string]any
				}
			}
		}
		if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
			t.Errorf("%v in\n%s", err, text)
			continue
		}
		if len(workflow.Permissions) == 0 {
			t.Errorf("no permissions in\n%s", text)
		}
		used := false
		for _, job := range workflow.Jobs {
			for _, step := range job.Steps {
				if !strings.HasPrefix(step.Uses, "seed-e90528ae/driftline@") {
					continue
				}
				used = true
				for name := range step.With {
					if !slices.ContainsFunc(config.Settings(), func(s config.Setting) bool { return s.Name == name }) {
						t.Errorf("no input is called %s:\n%s", name, text)
					}
				}
			}
		}
		if !used {
			t.Errorf("Driftline is not used in\n%s", text)
		}
		for _, m := range outputs.FindAllStringSubmatch(text, -1) {
			if !slices.ContainsFunc(config.Outputs(), func(o config.Output) bool { return o.Name == m[1] }) {
				t.Errorf("no output is called %s:\n%s", m[1], text)
			}
		}
	}
}

// TestLinksInDocs follows links within the project.
func TestLinksInDocs(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"} {
		text := read(t, doc)
		for _, m := range regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`).FindAllStringSubmatch(text, -1) {
			target := text
			if m[1] != "" {
				info, err := os.Stat(m[1])
				if err != nil {
					t.Errorf("%s links to %s, which is not there", doc, m[1])
					continue
				}
				if info.IsDir() || !strings.HasSuffix(m[1], ".md") {
					continue
				}
				target = read(t, m[1])
			}
			if m[2] != "" && !slices.Contains(anchors(target), m[2]) {
				t.Errorf("%s links to %s%s, which is not there", doc, m[1], m[2])
			}
		}
	}
}

// anchors are the names that GitHub gives to a document's headings.
func anchors(text string) []string {
	var found []string
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`[^\w\s-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		found = append(found, "#"+strings.ReplaceAll(name, " ", "-"))
	}
	return found
}
