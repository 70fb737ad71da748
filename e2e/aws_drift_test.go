package e2e

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mutateAWS changes the imported resources behind Terraform's back and gives the addresses of those that took it.
func (w *world) mutateAWS(t *testing.T, dir string) map[string]bool {
	t.Helper()
	var done struct {
		Changed map[string][]string
		Failed  map[string]string
	}
	decode(t, w.pythonWith(t, w.instances(t, dir), estates("mutate_aws.py")), &done)
	changed := map[string]bool{}
	for address := range done.Changed {
		changed[address] = true
	}
	t.Logf("changed: %d addresses; refused by moto: %d changes", len(changed), len(done.Failed))
	for change, reason := range done.Failed {
		t.Logf("  not changed: %s: %s", change, reason)
	}
	return changed
}

// checkAWSDrift: the set of (address, attribute) that has drifted is what `terraform plan -refresh-only` tells, after the
// normalisation of checkDrift, on every type that could be changed.
func checkAWSDrift(t *testing.T, w *world, dir string, r *report, changed map[string]bool) {
	plan, err := w.plan(t.Context(), dir, "-refresh-only")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	types, elsewhere := map[string]bool{}, 0
	for _, c := range plan.ResourceDrift {
		before, _ := c.Change.Before.(map[string]any)
		after, _ := c.Change.After.(map[string]any)
		if after == nil {
			t.Errorf("%s: nothing was deleted, and Terraform says so", c.Address)
			continue
		}
		for _, attribute := range differing(before, after) {
			want = append(want, c.Address+" "+attribute)
			types[c.Type] = true
			if !changed[c.Address] {
				elsewhere++
			}
		}
	}
	for _, d := range r.Drifted {
		var attributes []string
		for _, c := range d.Changes {
			attributes = append(attributes, c.Path[:len(c.Path)-len(strings.TrimLeft(c.Path, "abcdefghijklmnopqrstuvwxyz0123456789_"))])
		}
		slices.Sort(attributes)
		for _, attribute := range slices.Compact(attributes) {
			got = append(got, d.Address+" "+attribute)
		}
	}
	same(t, "drift", got, want)
	if len(types) < 60 {
		t.Errorf("only %d types have drifted for Terraform, want 60: the test compares too little", len(types))
	}
	if len(r.Deleted) > 0 {
		t.Errorf("nothing was deleted, and %+v are called so", r.Deleted)
	}
	t.Logf("%d attributes of %d types have drifted, %d of them where nothing was changed directly", len(want), len(types), elsewhere)
}

// plannedFile is where plan leaves its plan.
func plannedFile(dir string) string { return filepath.Join(dir, "e2e.plan") }
