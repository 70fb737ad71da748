package prcomment

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestOrigins shows what a comment says of where values come from, and of how a deleted resource can go.
func TestOrigins(t *testing.T) {
	t.Parallel()
	change := func(path string, o *drift.Origin) drift.Change {
		return drift.Change{Path: path, Before: json.RawMessage("1"), After: json.RawMessage("2"), Origin: o}
	}
	r := &drift.Report{
		Drifted: []drift.Drifted{{
			Managed: drift.Managed{Address: drift.Address{Type: "aws_vpc", Name: "a"}, RootModule: "net"},
			Changes: []drift.Change{
				change("size", &drift.Origin{File: "net/main.tf", Line: 3, Accepted: true}),
				change("name", &drift.Origin{File: "net/main.tf", Line: 7}),
				change("other", &drift.Origin{File: "net/main.tf", Line: 9, Reason: "var.shared is used 2 times"}),
				change("far", nil),
			},
		}},
		Deleted: []drift.Managed{
			{Address: drift.Address{Type: "aws_vpc", Name: "b"}, Settled: "terraform -chdir=net state rm 'aws_vpc.b'; its Terraform knows no removed blocks"},
			{Address: drift.Address{Type: "aws_vpc", Name: "c"}, Settled: "removed block in driftline_removed.tf"},
		},
	}
	r.Finish()
	got := Markdown(r, Options{})
	for _, want := range []string{
		"Accepted in `net/main.tf:3`.\n", "Set in `net/main.tf:7`.\n",
		"Not to be accepted by a patch: `other` `net/main.tf:9`, var.shared is used 2 times.\n",
		": `terraform -chdir=net state rm 'aws_vpc.b'`; its Terraform knows no removed blocks\n",
		"removed block in driftline",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}
