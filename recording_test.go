package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// FuzzRecording plays recordings back in which one thing is not what it should be: a person who looks into a bug opens what a
// stranger has sent. Whatever stands there, the run ends in time and without a crash, writes where it may and nowhere
// else, and what it writes can be read.
func FuzzRecording(f *testing.F) {
	sound := soundRecording(f)
	size := uint(len(places(sound)))
	for i := range uint(60) {
		f.Add(i*size/60, hostileValues[i%uint(len(hostileValues))])
	}
	f.Fuzz(func(t *testing.T, where uint, what string) {
		recording := soundRecording(t)
		all := places(recording)
		all[where%uint(len(all))](what)
		content, err := json.Marshal(recording)
		if err != nil {
			t.Skip(err)
		}
		dir := t.TempDir()
		name, out := filepath.Join(dir, "x.replay"), filepath.Join(dir, "out")
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		var stdout, stderr bytes.Buffer
		code := run(ctx, []string{"scan", "--replay", name, "--output-dir", out, "--root", dir}, func(string) string { return "" }, &stdout, &stderr)
		if ctx.Err() != nil || strings.Contains(stderr.String(), "driftline: crashed") {
			t.Fatalf("exit code %d\n%s", code, &stderr)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 2 {
			t.Errorf("written beside the output: %v, %v", entries, err)
		}
		if code == exitDone {
			wellFormed(t, out)
		}
	})
}

var hostileValues = []string{
	`null`, `""`, `"\u0000\u001b[2J\n::error::x"`, `"../../../etc/passwd"`, `"/absolute"`, `[]`, `{}`, `-1`, `1e600000000`, `1e-600000000`,
	`"1e600000000"`, `[[[[[[]]]]]]`, `{"":{"":null}}`, `"</script><script>alert(1)</script>"`, `18446744073709551616`, `true`,
	`["set","number"]`, `["object",{"a":"string"},["b"]]`, `"dynamic"`, `"${file(\"/etc/passwd\")}"`,
}

// wellFormed makes sure that what a run has written is what its names say.
func wellFormed(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		switch filepath.Ext(name) {
		case ".json", ".sarif":
			if !json.Valid(content) {
				t.Errorf("%s is no JSON", name)
			}
		case ".tf":
			if _, diags := hclsyntax.ParseConfig(content, name, hcl.InitialPos); diags.HasErrors() {
				t.Errorf("%v\n%s", diags, content)
			}
		case ".md":
			if len(content) > 1<<20 {
				t.Errorf("%s has %d bytes", name, len(content))
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// soundRecording is the demo's as a tree of JSON.
func soundRecording(t testing.TB) map[string]any {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(demoRecording))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(content, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// places are all members and elements of a tree, each as what changes it: to JSON, or to a text.
func places(tree any) []func(string) {
	var all []func(string)
	changed := func(to string) any {
		if json.Valid([]byte(to)) {
			return json.RawMessage(to)
		}
		return to
	}
	switch tree := tree.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(tree)) {
			all = append(all, func(to string) { tree[key] = changed(to) })
			all = append(all, places(tree[key])...)
		}
	case []any:
		for i := range tree {
			all = append(all, func(to string) { tree[i] = changed(to) })
			all = append(all, places(tree[i])...)
		}
	}
	return all
}
