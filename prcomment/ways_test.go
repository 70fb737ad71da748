package prcomment

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

const patchOfName = "--- a/net/main.tf\n+++ b/net/main.tf\n@@ -7,1 +7,1 @@\n-\tname = 1\n+\tname = 2\n"

func withOrigins() *drift.Report {
	change := func(path string, o *drift.Origin) drift.Change {
		return drift.Change{Path: path, Before: json.RawMessage("1"), After: json.RawMessage("2"), Origin: o}
	}
	r := &drift.Report{
		Drifted: []drift.Drifted{
			{
				Managed: drift.Managed{Address: drift.Address{Type: "aws_vpc", Name: "a"}, RootModule: "net"},
				Changes: []drift.Change{
					change("size", &drift.Origin{File: "net/main.tf", Line: 3, Accepted: true}),
					change("name", &drift.Origin{File: "net/main.tf", Line: 7}),
					change("other", &drift.Origin{File: "net/main.tf", Line: 9, Reason: "var.shared is used 2 times"}),
					change("etag", &drift.Origin{Reason: "nothing sets it: the provider computes it", Stays: true}),
				},
				Patch: patchOfName,
			},
			{
				Managed: drift.Managed{Address: drift.Address{Type: "aws_vpc", Name: "b", Key: `["x"]`}, RootModule: "."},
				Changes: []drift.Change{change("far", nil)},
			},
			{
				Managed: drift.Managed{Address: drift.Address{Type: "aws_vpc", Name: "c"}},
				Changes: []drift.Change{change("etag", &drift.Origin{Reason: "lifecycle ignores its changes", Stays: true})},
			},
		},
		Deleted: []drift.Managed{
			{Address: drift.Address{Type: "aws_vpc", Name: "d"}, RootModule: "net", Settled: "terraform -chdir=net state rm 'aws_vpc.d'; its Terraform knows no removed blocks"},
			{Address: drift.Address{Type: "aws_vpc", Name: "e"}, RootModule: "my net", Settled: "removed block in driftline_removed.tf"},
			{Address: drift.Address{Type: "aws_vpc", Name: "f"}},
			{Address: drift.Address{Type: "aws_vpc", Name: "g"}, RootModule: "net", Workspace: "prod", Settled: "TF_WORKSPACE=prod terraform -chdir=net state rm aws_vpc.g"},
		},
	}
	r.Finish()
	return r
}

// TestBothWaysOut shows what each rendering offers to do about drift and about deletions.
func TestBothWaysOut(t *testing.T) {
	t.Parallel()
	r := withOrigins()
	markdown := Markdown(r, Options{})
	for _, want := range []string{
		"- **Revert:** `terraform -chdir=net apply -target=aws_vpc.a` puts back `name`, `other`; apply leaves `etag`: nothing sets it: the provider computes it\n",
		"- **Accept:** the code beside this report says so in `net/main.tf:3`; a patch changes `net/main.tf:7`; by hand `other` at `net/main.tf:9`: var.shared is used 2 times\n",
		"```diff\n" + patchOfName + "```\n",
		"- **Revert:** `terraform apply -target='aws_vpc.b[\"x\"]'`\n- **Accept:** write the values marked + into the configuration\n",
		"- **Revert:** apply leaves `etag`: lifecycle ignores its changes\n\n", // and there is nothing to accept
		"  - **Make it again:** `terraform -chdir=net apply -target=aws_vpc.d`\n  - **Let it go:** `terraform -chdir=net state rm 'aws_vpc.d'`; its Terraform knows no removed blocks\n",
		"  - **Make it again:** `terraform -chdir='my net' apply -target=aws_vpc.e`\n  - **Let it go:** removed block in driftline",
		"of `net (workspace prod)`", "  - **Make it again:** `TF_WORKSPACE=prod terraform -chdir=net apply -target=aws_vpc.g`\n  - **Let it go:** take its block out of the configuration, then `TF_WORKSPACE=prod terraform -chdir=net state rm aws_vpc.g`\n",
		"  - **Make it again:** the next `terraform apply`\n  - **Let it go:** take its block out of the configuration, then `terraform state rm aws_vpc.f`\n",
	} {
		if !strings.Contains(markdown, want) {
			t.Errorf("%q is not in\n%s", want, markdown)
		}
	}
	page := htmlOf(t, r)
	for _, want := range []string{"Revert:", "<code>terraform -chdir=net apply -target=aws_vpc.a</code>", "Accept:", "<code>net/main.tf:7</code>", "name = 2", "Let it go:"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

// TestPatchIsShownAsItIsOrNotAtAll: one that was altered would not apply, and one that deceives must not be taken.
func TestPatchIsShownAsItIsOrNotAtAll(t *testing.T) {
	t.Parallel()
	for patch, shown := range map[string]bool{
		patchOfName: true, patchOfName + " \u202egnp\n": false, patchOfName + "  ::error::x\n": false, patchOfName + strings.Repeat(" x\n", patchLines): false,
		patchOfName + "+" + strings.Repeat("x", patchWidth) + "\n": false, patchOfName + " ```\n": true,
	} {
		r := withOrigins()
		r.Drifted[2].Patch = patch // sorted by root module
		got := Markdown(r, Options{})
		if strings.Contains(got, patch) != shown || strings.Contains(got, "(see `report.json`)") == shown {
			t.Errorf("%q: shown is not %v:\n%s", patch, shown, got)
		}
	}
}
