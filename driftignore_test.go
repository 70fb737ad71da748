package main

import (
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/prcomment"
	"github.com/seed-e90528ae/driftline/scanner"
)

// FuzzGeneratedIgnoreRules holds gen-driftignore against the reader of .driftignore files.
func FuzzGeneratedIgnoreRules(f *testing.F) {
	for _, id := range []string{"a", "", "*", " a ", "!a", "#a", "a\nb", `c:\\*?`, "\xff", "a.b.c", "\u0085", "日本"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		r := &drift.Report{Unmanaged: []drift.Unmanaged{{Resource: drift.Resource{Type: "aws_sqs_queue", ImportID: id}}}}
		r.Finish()
		rules, err := scanner.ParseIgnore(".driftignore", strings.NewReader(prcomment.Driftignore(r)))
		if err != nil {
			t.Fatal(err)
		}
		if _, ignored := rules.Match("aws_sqs_queue", id); !ignored {
			t.Errorf("%q is not ignored by %q", id, prcomment.Driftignore(r))
		}
		if _, ignored := rules.Match("aws_sqs_queue", id+"x"); ignored || rules.WholeType("aws_sqs_queue") {
			t.Errorf("%q ignores more than %q", prcomment.Driftignore(r), id)
		}
	})
}
