package importgen

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestBeforeImportBlocks shows what a root module of Terraform 1.4 gets, and that the second night adds nothing.
func TestBeforeImportBlocks(t *testing.T) {
	t.Parallel()
	types := map[string]fakeType{"aws_sqs_queue": {schema: flat(text("name"))}, "aws_ecr_repository": traps["what_cannot_be_a_no_op"].typ}
	items := []Item{
		{resource("aws_sqs_queue", "https://sqs/1/it's", "orders"), drift.Object{Value: object(types["aws_sqs_queue"].schema, `{"name":"it's"}`)}},
		{resource("aws_ecr_repository", "app", "app"), drift.Object{Value: object(types["aws_ecr_repository"].schema, traps["what_cannot_be_a_no_op"].object)}},
	}
	opts := Options{
		Planner: &fakePlanner{types: types},
		Roots:   []drift.RootModule{{Dir: "old", RequiredVersion: "~> 1.4.0", Required: map[string]string{drift.AWS: ""}}},
	}
	first := generate(t, items, opts)
	golden(t, "before_import_blocks", first.Files)
	checkout := fstest.MapFS{}
	for _, f := range first.Files {
		checkout[f.Path] = &fstest.MapFile{Data: f.Content}
	}
	opts.Checkout = checkout
	if again := generate(t, items, opts); len(again.Files) != 0 {
		t.Errorf("nothing is new, yet %s is written:\n%s", again.Files[0].Path, again.Files[0].Content)
	}
	opts.Roots[0].RequiredVersion = ">= 1.4"
	opts.Checkout, opts.Running = nil, "1.11.4"
	for _, f := range generate(t, items, opts).Files {
		if strings.HasSuffix(f.Path, ".sh") {
			t.Error("a script where import blocks would do")
		}
	}

	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs sh")
	}
	dir := t.TempDir()
	stub := filepath.Join(dir, "terraform")
	if err := os.WriteFile(stub, []byte("#!/bin/sh\n[ \"$1\" = import ] || exit 1\nshift 2\nprintf '%s|' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(sh)
	cmd.Env, cmd.Stdin = append(os.Environ(), "TERRAFORM="+stub), strings.NewReader(string(checkout["old/"+importScript].Data))
	out, err := cmd.CombinedOutput()
	if want := "aws_sqs_queue.orders|https://sqs/1/it's|"; err != nil || string(out) != want {
		t.Errorf("the script runs %q (%v), want %q", out, err, want)
	}
}
