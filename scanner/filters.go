package scanner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// Kind is something that a scan can look for.
type Kind string

// The kinds of finding that a scan can be limited to.
const (
	Unmanaged Kind = "unmanaged"
	Deleted   Kind = "deleted"
	Drifted   Kind = "drifted"
)

// Kinds are the kinds that are looked for; none stands for all.
type Kinds []Kind

// Has says whether any of the kinds is looked for.
func (k Kinds) Has(kinds ...Kind) bool {
	return len(k) == 0 || slices.ContainsFunc(kinds, func(one Kind) bool { return slices.Contains(k, one) })
}

// TagFilter chooses resources by their tags. The zero value takes all.
type TagFilter struct{ want, refuse []tag }

type tag struct {
	key, value string
	any        bool // any value
}

func (t tag) in(tags map[string]string) bool {
	value, ok := tags[t.key]
	return ok && (t.any || value == t.value)
}

// ParseTags reads filters: "key=value", "key" for any value, and either with "!" before it for what is left out.
// A resource is taken when it has every wanted tag and none of the refused ones.
func ParseTags(filters []string) (TagFilter, error) {
	var f TagFilter
	var wrong []string
	for _, text := range filters {
		word, refused := strings.CutPrefix(text, "!")
		key, value, has := strings.Cut(word, "=")
		t := tag{key: key, value: value, any: !has}
		switch {
		case key == "":
			wrong = append(wrong, fmt.Sprintf("tag filter %q names no key; write key=value, key, or !key=value", text))
		case refused:
			f.refuse = append(f.refuse, t)
		default:
			f.want = append(f.want, t)
		}
	}
	if len(wrong) > 0 {
		return TagFilter{}, fmt.Errorf("%s", strings.Join(wrong, "\n"))
	}
	return f, nil
}

// Match says whether a resource with these tags is taken.
func (f TagFilter) Match(tags map[string]string) bool {
	in := func(t tag) bool { return t.in(tags) }
	return !slices.ContainsFunc(f.refuse, in) && !slices.ContainsFunc(f.want, func(t tag) bool { return !t.in(tags) })
}

// parentTag begins the facts by which a listing tells the tags of a parent, for what has none of its own.
const parentTag = "parent_tag:"

// tagsOf are a listed resource's tags, or its parent's: a role's policy belongs to whom the role belongs to.
func tagsOf(l drift.Listed) map[string]string {
	tags := maps.Clone(l.Tags)
	for name, value := range l.Facts {
		if key, ok := strings.CutPrefix(name, parentTag); ok {
			if tags == nil {
				tags = map[string]string{}
			}
			if _, own := tags[key]; !own {
				tags[key] = value
			}
		}
	}
	return tags
}
