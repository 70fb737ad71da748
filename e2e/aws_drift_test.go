package e2e

import (
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
	return changed
}

// clocks are computed attributes that move by themselves, or with whatever else has changed: Terraform tells them, and
// Driftline leaves them out.
var clocks = []string{"last_modified", "latest_restorable_time"}

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
			if slices.Contains(clocks, attribute) {
				continue
			}
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
	if len(types) < 120 {
		t.Errorf("only %d types have drifted for Terraform, want 120: the test compares too little", len(types))
	}
	if len(r.Deleted) > 0 {
		t.Errorf("nothing was deleted, and %+v are called so", r.Deleted)
	}
	t.Logf("%d attributes of %d types have drifted, %d of them where nothing was changed directly", len(want), len(types), elsewhere)
}
