package settle

import (
	"testing"
	"testing/fstest"

	"github.com/seed-e90528ae/driftline/drift"
)

// A block stands for a resource in each workspace: what one of them has lost or changed is no reason to touch the others'.
func TestWorkspacesShareTheirBlocks(t *testing.T) {
	t.Parallel()
	in := func(workspace, name string) drift.Managed {
		return drift.Managed{
			Resource: drift.Resource{Type: "x_y"}, Address: drift.Address{Type: "x_y", Name: name},
			RootModule: "live", Workspace: workspace, State: workspace + ".tfstate",
		}
	}
	found := &drift.Report{
		Managed: []drift.Managed{in("prod", "one"), in("prod", "changed")},
		Drifted: []drift.Drifted{{Managed: in("prod", "changed"), Changes: []drift.Change{{Path: "name", Before: []byte(`"a"`), After: []byte(`"b"`)}}}},
		Deleted: []drift.Managed{in("dev", "one"), in("dev", "both"), in("prod", "both")},
	}
	checkout := fstest.MapFS{"live/main.tf": {Data: []byte(`resource "x_y" "one" {
  name = "one"
}

resource "x_y" "both" {
  name = "both"
}

resource "x_y" "changed" {
  name = "a"
}
`)}}
	files, err := Report(t.Context(), found, nil, Options{
		Schemas: schemas{}, Accept: true, Remove: true, Running: "1.11.4", Checkout: checkout, Roots: []drift.RootModule{{Dir: "live"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range files {
		got[f.Path] = string(f.Content)
	}
	if main := got["live/main.tf"]; main != "resource \"x_y\" \"one\" {\n  name = \"one\"\n}\n\nresource \"x_y\" \"changed\" {\n  name = \"a\"\n}\n" {
		t.Errorf("main.tf:\n%s", main)
	}
	if removed := got["live/driftline_removed.tf"]; removed != "removed {\n  from = x_y.both\n\n  lifecycle {\n    destroy = false\n  }\n}\n" {
		t.Errorf("driftline_removed.tf:\n%s", removed)
	}
	if said := found.Deleted[0].Settled; said != "its block stays, because another workspace has it: let apply make it again" {
		t.Errorf("gone in one workspace: %s", said)
	}
	if said := found.Drifted[0].Changes[0].Origin.Reason; said != "its block stands for several workspaces" {
		t.Errorf("changed in one workspace: %s", said)
	}
}

// Each instance has a command of its own.
func TestReportNamesTheCommandOfEachInstance(t *testing.T) {
	t.Parallel()
	var gone []drift.Managed
	for _, key := range []string{"[0]", "[1]"} {
		gone = append(gone, drift.Managed{RootModule: "live", Address: drift.Address{Type: "x_y", Name: "z", Key: key}})
	}
	found := &drift.Report{Deleted: gone}
	checkout := fstest.MapFS{"live/main.tf": {Data: []byte("resource \"x_y\" \"z\" {\n  count = 2\n}\n")}}
	if _, err := Report(t.Context(), found, nil, Options{Schemas: schemas{}, Checkout: checkout, Roots: []drift.RootModule{{Dir: "live"}}}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"terraform -chdir=live state rm 'x_y.z[0]'", "terraform -chdir=live state rm 'x_y.z[1]'"} {
		if got := found.Deleted[i].Settled; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
