package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/inventory/aws"
)

// report is report.json as the README documents it. It is written down here once more, so that a change of the names
// in Driftline's own types is noticed.
type report struct {
	SchemaVersion int             `json:"schema_version"`
	Complete      bool            `json:"complete"`
	Summary       map[string]any  `json:"summary"`
	Managed       []managed       `json:"managed"`
	Unmanaged     []unmanaged     `json:"unmanaged"`
	Deleted       []managed       `json:"deleted"`
	Drifted       []drifted       `json:"drifted"`
	Owned         []resource      `json:"owned"`
	Skipped       []skipped       `json:"skipped"`
	Ignored       json.RawMessage `json:"ignored"`
}

type resource struct {
	Type     string `json:"type"`
	ImportID string `json:"import_id"`
	Account  string `json:"account"`
	Region   string `json:"region"`
}

func (r resource) String() string { return r.Type + " " + r.ImportID }

type managed struct {
	resource
	Address    string `json:"address"`
	RootModule string `json:"root_module"`
}

// place is ROOT:ADDRESS.
func (m managed) place() string { return m.RootModule + ":" + m.Address }

type drifted struct {
	managed
	Changes []struct {
		Path      string `json:"path"`
		Sensitive bool   `json:"sensitive"`
	} `json:"changes"`
}

type unmanaged struct {
	resource
	SuggestedAddress string `json:"suggested_address"`
	RootModule       string `json:"root_module"`
	File             string `json:"file"`
	Verified         bool   `json:"verified"`
	Differences      []struct {
		Path   string `json:"path"`
		Reason string `json:"reason"`
	} `json:"differences"`
}

type skipped struct {
	What   string `json:"what"`
	Reason string `json:"reason"`
	Remedy string `json:"remedy"`
	Type   string `json:"type"`
}

// impossible says what moto makes impossible: a resource type, and why no block of it can be verified or why it cannot be
// read at all.
func impossible(t *testing.T) map[string]string {
	t.Helper()
	table := map[string]string{}
	decode(t, readFile(t, estates("unverified.json")), &table)
	return table
}

// checkUnmanaged: each resource made outside Terraform is reported exactly once, and nothing else is.
func checkUnmanaged(t *testing.T, w *world, r *report) {
	var want, got []string
	for typ, ids := range w.unmanaged {
		for _, id := range ids {
			want = append(want, typ+" "+id)
		}
	}
	for _, u := range r.Unmanaged {
		got = append(got, u.String())
		if u.Account != peers.Account || !slices.Contains(append([]string{"global"}, regions...), u.Region) {
			t.Errorf("%s is in account %q, region %q", u, u.Account, u.Region)
		}
	}
	same(t, "unmanaged", got, want)
	if len(w.unmanaged) < 150 {
		t.Errorf("only %d types stand outside Terraform, want at least 150", len(w.unmanaged))
	}
}

// checkDeleted: what was deleted is reported as deleted, and nothing else is.
func checkDeleted(t *testing.T, w *world, r *report) {
	var got []string
	for _, d := range r.Deleted {
		got = append(got, d.place())
	}
	same(t, "deleted", got, w.deleted)
	if len(w.deleted) < 3 {
		t.Errorf("only %q were deleted", w.deleted)
	}
}

// checkManaged: everything that the states hold and the cloud has is reported as managed.
func checkManaged(t *testing.T, w *world, r *report) {
	var want, got []string
	for _, root := range roots {
		list, err := w.terraform(t.Context(), w.checkout+"/"+root, "state", "list")
		if err != nil {
			t.Fatal(err)
		}
		for address := range strings.Lines(string(list)) {
			if address = strings.TrimSpace(address); !strings.HasPrefix(address, "data.") && !slices.Contains(w.deleted, root+":"+address) {
				want = append(want, root+":"+address)
			}
		}
	}
	for _, m := range r.Managed {
		got = append(got, m.place())
	}
	same(t, "managed", got, want)
	if len(want) < 40 {
		t.Errorf("the estate has only %d managed resources", len(want))
	}
}

// checkSkipped: nothing could not be seen but what moto makes impossible.
func checkSkipped(t *testing.T, r *report) {
	excused := impossible(t)
	for _, row := range aws.Catalogue() {
		if row.Tested == "recorded" {
			excused[row.Type] = "moto has no such listing, as the catalogue says"
		}
	}
	for _, s := range r.Skipped {
		if excused[s.Type] == "" {
			t.Errorf("skipped: %+v", s)
		}
		if s.Reason == "" || s.Remedy == "" {
			t.Errorf("skipped without reason or remedy: %+v", s)
		}
	}
	if r.Complete != (len(r.Skipped) == 0) {
		t.Errorf("complete is %v with %d skipped", r.Complete, len(r.Skipped))
	}
}

// checkVerified: every block is verified, but those of the table, and those must not be.
func checkVerified(t *testing.T, r *report) {
	excused := impossible(t)
	seen := map[string]bool{}
	for _, u := range r.Unmanaged {
		if u.Verified {
			continue
		}
		seen[u.Type] = true
		if excused[u.Type] == "" {
			t.Errorf("%s is not verified: %+v", u, u.Differences)
		}
		if len(u.Differences) == 0 {
			t.Errorf("%s is not verified and does not say why", u)
		}
	}
	for _, s := range r.Skipped {
		seen[s.Type] = true
	}
	for typ := range excused {
		if !seen[typ] && !slices.Contains(notInMoto(), typ) {
			t.Errorf("%s is read and verified now: take it off unverified.json", typ)
		}
	}
}

// same compares two collections and tells what is missing and what is too many, sorted, with how often.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	balance := map[string]int{}
	for _, g := range got {
		balance[g]++
	}
	for _, w := range want {
		balance[w]--
	}
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(balance)) {
		switch n := balance[name]; {
		case n > 0:
			problems = append(problems, fmt.Sprintf("  %d too many: %s", n, name))
		case n < 0:
			problems = append(problems, fmt.Sprintf("  %d missing:  %s", -n, name))
		}
	}
	if len(problems) > 0 {
		t.Errorf("%s: %d, want %d:\n%s", what, len(got), len(want), strings.Join(problems, "\n"))
	}
}
