package importgen

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// Confidence in a placement, as drift.Unmanaged has it.
const (
	certain = "certain" // a rule of the user's says so
	high    = "high"    // references say so
	medium  = "medium"  // tags or names say so, or nothing else is possible
	low     = "low"     // the kind of resource says so, or nothing does
)

// PlacementRule is one line of the user's: what it is about, and the root module that it goes to. Empty parts match all.
type PlacementRule struct {
	Type   string // glob: aws_iam_*
	Tag    string // key or key=value
	Region string
	Dir    string
}

// ParsePlacement reads rules of the form "aws_iam_* tag:Team=data region:eu-west-1 => live/data"; each part may be left
// out, but not all.
func ParsePlacement(lines []string) ([]PlacementRule, error) {
	var rules []PlacementRule
	for _, line := range lines {
		left, dir, ok := strings.Cut(line, "=>")
		rule := PlacementRule{Dir: path.Clean(strings.TrimSpace(dir))}
		parts := strings.Fields(left)
		if !ok || strings.TrimSpace(dir) == "" || len(parts) == 0 {
			return nil, fmt.Errorf("placement %q: write what and where, as in aws_iam_* tag:Team=data => live/data", line)
		}
		if rule.Dir != "." && (path.IsAbs(rule.Dir) || strings.HasPrefix(rule.Dir, "..")) {
			return nil, fmt.Errorf("placement %q: %s is outside of root; name a directory of the checkout", line, rule.Dir)
		}
		for _, part := range parts {
			switch kind, rest, found := strings.Cut(part, ":"); {
			case found && kind == "tag":
				rule.Tag = rest
			case found && kind == "region":
				rule.Region = rest
			case found:
				return nil, fmt.Errorf("placement %q: %s is not known; use a type, tag:KEY=VALUE or region:NAME", line, part)
			default:
				if _, err := path.Match(part, ""); err != nil || rule.Type != "" {
					return nil, fmt.Errorf("placement %q: %s is not a type or glob of types, or the second one", line, part)
				}
				rule.Type = part
			}
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

func (p PlacementRule) matches(r drift.Resource) bool {
	if p.Type != "" {
		if ok, err := path.Match(p.Type, r.Type); err != nil || !ok {
			return false
		}
	}
	if p.Tag != "" {
		key, value, valued := strings.Cut(p.Tag, "=")
		if got, ok := r.Tags[key]; !ok || valued && got != value {
			return false
		}
	}
	return p.Region == "" || p.Region == r.Region
}

// features are what a resource has in common with others of its root module: tags, words of its name, its type and its
// service, each with how much it says.
func features(r drift.Resource) map[string]float64 {
	out := map[string]float64{"type " + r.Type: weightType, "service " + service(r.Type): weightService}
	for key, value := range r.Tags {
		if key != "Name" && value != "" {
			out["tag "+key+"="+value] = weightTag
		}
	}
	name := r.Name
	if name == "" {
		name = r.ImportID
	}
	parts := strings.Split(identify(arnPrefix.ReplaceAllString(name, "")), "_")
	for i, word := range parts {
		if len(word) < 3 || strings.Trim(word, "0123456789abcdef") == "" {
			continue // ids and numbers
		}
		out["word "+word] = weightWord
		if i == 0 {
			out["begins "+word] = weightWord
		}
	}
	return out
}

// What a feature says that only one root module has. A tag is there for telling things apart; two words of a name are
// worth one; a kind of resource alone is next to nothing.
const (
	weightTag     = 2.0
	weightWord    = 1.0
	weightType    = 0.6
	weightService = 0.4
	enoughLikely  = 1.0 // the least that decides with medium confidence
	enoughKind    = 0.3 // the least that decides at all
	enoughShare   = 0.6 // of all that have a feature, the least that speaks for a root module
	enoughOfThem  = 2   // resources that have a feature, the least that make it one of the root module's
	enoughLead    = 1.2 // how many times as much as the next root module's
)

// likeness knows what the resources of each root module have in common.
type likeness struct {
	counts map[string]map[string]int // feature → root module → resources
	sizes  map[string]int
}

func newLikeness(managed []drift.Managed) likeness {
	l := likeness{counts: map[string]map[string]int{}, sizes: map[string]int{}}
	for _, m := range managed {
		if m.RootModule == "" {
			continue
		}
		l.sizes[m.RootModule]++
		for f := range features(m.Resource) {
			if l.counts[f] == nil {
				l.counts[f] = map[string]int{}
			}
			l.counts[f][m.RootModule]++
		}
	}
	return l
}

// most is the root module that a resource is most like, among those that could have it, with what says so; "" where two
// are as like, or none is. A feature counts for a root module by the share of its resources that have it, against the
// shares of the others.
func (l likeness) most(r drift.Resource, roots []string) (root, why, confidence string) {
	scores, personal := map[string]float64{}, map[string]float64{}
	reasons := map[string][]string{}
	of := features(r)
	for _, f := range slices.Sorted(maps.Keys(of)) {
		total := 0.0
		for _, root := range roots {
			total += l.share(f, root)
		}
		if total == 0 {
			continue
		}
		for _, root := range roots {
			part := l.share(f, root) / total
			kind, word, _ := strings.Cut(f, " ")
			if part < enoughShare || kind != "type" && kind != "service" && l.counts[f][root] < enoughOfThem {
				continue // too frequent elsewhere, or one person's whim
			}
			said := of[f] * part
			scores[root] += said
			if kind == "tag" || kind == "word" || kind == "begins" {
				personal[root] += said
			}
			if kind == "tag" || kind == "word" {
				reasons[root] = append(reasons[root], kind+" "+word)
			}
		}
	}
	byScore := slices.SortedFunc(maps.Keys(scores), func(a, b string) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b))
	})
	if len(byScore) == 0 {
		return "", "", ""
	}
	best, next := byScore[0], 0.0
	if len(byScore) > 1 {
		next = scores[byScore[1]]
	}
	if scores[best] < enoughKind || scores[best] < next*enoughLead || math.Abs(scores[best]-next) < 0.05 {
		return "", "", ""
	}
	if personal[best] < enoughLikely {
		if max(l.counts["type "+r.Type][best], l.counts["service "+service(r.Type)][best]) < enoughOfThem {
			return "", "", ""
		}
		return best, "most of its kind are there", low
	}
	return best, "like others there: " + strings.Join(reasons[best][:min(3, len(reasons[best]))], ", "), medium
}

// share is how many of a root module's resources have a feature, of one, with a little for the number of them: one of one
// says less than ten of ten.
func (l likeness) share(f, root string) float64 {
	n := float64(l.counts[f][root])
	return n / (float64(l.sizes[root]) + 2)
}
