package aws

import (
	"maps"
	"slices"
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
var recordings = []map[string]recording{dataRecordings, edgeRecordings, gatewayRecordings, partRecordings, platformRecordings}

func allRecordings() map[string]recording {
	all := map[string]recording{}
	for _, table := range recordings {
		maps.Copy(all, table)
	}
	return all
}

// TestRecorded holds every recorded row to its recording, and lets no row go without a test: each is either seeded in
// moto (TestMotoEstate) or has a recording here.
func TestRecorded(t *testing.T) {
	t.Parallel()
	all := allRecordings()
	for _, row := range Catalogue() {
		if _, has := all[row.Type]; has != (row.Tested == recorded) {
			t.Errorf("%s: tested %q, and a recording is there: %v", row.Type, row.Tested, has)
		}
	}
	for typ, rec := range all {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			actions := sync.Map{}
			listed, skips := collect(t.Context(), t, called(cannedCloud(t, rec.answers), &actions).inventory("eu-west-1", typ))
			if want := slices.Sorted(slices.Values(byType()[typ].Actions)); !slices.Equal(sorted(&actions), want) {
				t.Errorf("its listing takes %v, and its actions are %v", sorted(&actions), want)
			}
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
