package prcomment

import (
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// alike makes one of what was skipped for the same reason in several regions: a missing permission is missing in all of
// them, and a report that says so seventeen times is not read.
func alike(skipped []drift.Skipped) []drift.Skipped {
	type same struct{ what, reason, remedy, account string }
	var merged []drift.Skipped
	first := map[same]int{}
	for _, s := range skipped {
		what, regional := strings.CutSuffix(s.What, " in "+s.Region)
		key := same{what, s.Reason, s.Remedy, s.Account}
		at, seen := first[key]
		switch {
		case regional && seen:
			merged[at].What += ", " + s.Region
			continue
		case regional:
			first[key] = len(merged)
		}
		merged = append(merged, s)
	}
	return merged
}
