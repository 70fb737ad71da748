package scanner

import "github.com/seed-e90528ae/driftline/drift"

// key is what two sightings of one thing have in common, their account and region aside.
type key struct{ typ, id string }

// known is one managed instance, by what it is known by: its own identity, and that of everything it spells inline.
type known struct {
	keys            []key
	account, region string
	guessed         bool // the region is a guess: neither an ARN nor an attribute says it
}

// index finds managed instances by identity.
type index struct {
	byKey  map[key][]*sighting
	styles styles
}

type sighting struct {
	known
	matched bool
}

func newIndex() *index { return &index{byKey: map[key][]*sighting{}, styles: newStyles()} }

func (x *index) add(k known) {
	s := &sighting{known: k}
	for _, name := range k.keys {
		if name.id != "" {
			x.byKey[name] = append(x.byKey[name], s)
		}
	}
}

// unmatched are the listed resources that no managed instance is. Instances that name their region take theirs first;
// one whose region is only guessed then takes a resource of its name in whatever region it is, if it found none where
// it was guessed to be: a wrong guess must not become a false alarm.
func (x *index) unmatched(listed []drift.Listed) []drift.Listed {
	var rest []drift.Listed
	for _, l := range listed {
		if !x.take(l, func(s *sighting) bool { return sameScope(l.Region, s.region) }) {
			rest = append(rest, l)
		}
	}
	var unmatched []drift.Listed
	for _, l := range rest {
		if !x.take(l, func(s *sighting) bool { return s.guessed && (!s.matched || s.region == l.Region) }) {
			unmatched = append(unmatched, l)
		}
	}
	return x.withoutInline(unmatched)
}

// withoutInline leaves out the settings that a parent spells.
func (x *index) withoutInline(unmatched []drift.Listed) []drift.Listed {
	parents := map[key]bool{}
	for _, l := range unmatched {
		parents[key{l.Type, l.ImportID}] = true
	}
	var rest []drift.Listed
	for _, l := range unmatched {
		if !x.styles.spelledInline(l, parents) {
			rest = append(rest, l)
		}
	}
	return rest
}

// take marks the instances that l is, among those that fit; several states may manage one thing.
func (x *index) take(l drift.Listed, fits func(*sighting) bool) bool {
	taken := false
	for _, name := range append(aliases(l), key{l.Type, l.ImportID}) {
		for _, s := range x.byKey[name] {
			if sameScope(l.Account, s.account) && fits(s) {
				s.matched, taken = true, true
				if s.guessed { // what else it spells is there, too
					s.region = l.Region
				}
			}
		}
	}
	return taken
}

// sameScope holds for equal accounts or regions, and where one side does not know or is global.
func sameScope(a, b string) bool {
	return a == b || a == "" || b == "" || a == drift.Global || b == drift.Global
}
