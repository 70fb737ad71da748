package aws

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// recording is how AWS answers a listing that moto has not, after the examples of each service's API reference, and
// what the inventory makes of it.
type recording struct {
	answers []canned
	want    []string // as seenAs writes a resource
}

// recordings of every row that only they test, one table per file.
var recordings = []map[string]recording{dataRecordings, platformRecordings}

// TestRecorded holds every recorded row to its recording, and lets no row go without a test: each is either seeded in
// moto (TestMotoEstate) or has a recording here.
func TestRecorded(t *testing.T) {
	t.Parallel()
	all := map[string]recording{}
	for _, table := range recordings {
		maps.Copy(all, table)
	}
	for _, row := range Catalogue() {
		if _, has := all[row.Type]; has != (row.Tested == recorded) {
			t.Errorf("%s: tested %q, and a recording is there: %v", row.Type, row.Tested, has)
		}
	}
	for typ, rec := range all {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			cloud, called := cannedCloud(t, rec.answers), sync.Map{}
			listed, skips := collect(t.Context(), t, wire(func(c apiCall, r *http.Request) (*http.Response, error) {
				called.Store(c.operation, true)
				return cloud(c, r)
			}).inventory("eu-west-1", typ))
			holdActions(t, byType()[typ], &called)
			for _, s := range skips {
				t.Errorf("skipped: %v", s)
			}
			var got []string
			for _, l := range listed {
				got = append(got, seenAs(l))
			}
			slices.Sort(got)
			if !slices.Equal(got, rec.want) {
				t.Errorf("listed\n%q, want\n%q", got, rec.want)
			}
		})
	}
}

// holdActions: a role with the row's actions can make its calls, and has no more than it needs. Where the operation is
// a path, its service's name for the action is not on the wire.
func holdActions(t *testing.T, row Row, called *sync.Map) {
	t.Helper()
	rest := false
	called.Range(func(operation, _ any) bool {
		name := operation.(string)
		rest = rest || strings.Contains(name, " ")
		if !rest && !slices.ContainsFunc(row.Actions, func(a string) bool { return strings.HasSuffix(a, ":"+name) }) {
			t.Errorf("%s is called, and not among the actions %v", name, row.Actions)
		}
		return true
	})
	for _, action := range row.Actions {
		_, name, _ := strings.Cut(action, ":")
		if _, ok := called.Load(name); !ok && !rest {
			t.Errorf("%s is among the actions, and not called", action)
		}
	}
}
