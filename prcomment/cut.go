package prcomment

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// section is a part of a report: what always stands, and items that may be cut from the end.
type section struct {
	rank       int // the lower, the longer its items stay
	head, tail string
	items      []string
	what       string // what an item is, in the singular: for the line that says how many are cut
	whats      string // in the plural, where that is not what with an s
}

// shown is a section of which the first n items are kept.
type shown struct {
	section
	n int
}

func (s shown) String() string {
	return s.head + strings.Join(s.items[:s.n], "") + s.tail
}

// cut joins sections within limit bytes, 0 for no limit. Items go whole, from the end of the section of the highest
// rank first, and each section that lost some says so. Only when the heads alone are too long do sections go.
func cut(sections []section, limit int, fullReport string) string {
	kept := make([]shown, len(sections))
	size := 0
	for i, s := range sections {
		kept[i] = shown{s, len(s.items)}
		size += len(kept[i].String())
	}
	if limit <= 0 || size <= limit {
		return render(kept)
	}
	for i := range kept {
		size -= len(strings.Join(kept[i].items, ""))
		kept[i].n = 0
		if len(kept[i].items) > 0 {
			kept[i].tail = leftOut(len(kept[i].items), kept[i].section, fullReport) + kept[i].tail
			size += len(kept[i].tail) - len(sections[i].tail)
		}
	}
	fill(kept, sections, limit-size, fullReport)
	return atMost(kept, limit)
}

// fill gives the sections, in order of rank, as many of their items as still fit. Sections of one rank take turns, so
// that each has its share.
func fill(kept []shown, sections []section, room int, fullReport string) {
	byRank := map[int][]int{}
	for i, k := range kept {
		byRank[k.rank] = append(byRank[k.rank], i)
	}
	for _, rank := range slices.Sorted(maps.Keys(byRank)) {
		turns := byRank[rank]
		for len(turns) > 0 {
			turns = slices.DeleteFunc(turns, func(i int) bool {
				k := &kept[i]
				if k.n == len(k.items) || len(k.items[k.n]) > room {
					return true
				}
				room -= len(k.items[k.n])
				k.n++
				return false
			})
		}
	}
	for i := range kept {
		k := &kept[i]
		if rest := len(k.items) - k.n; len(k.items) > 0 {
			k.tail = sections[i].tail
			if rest > 0 {
				k.tail = leftOut(rest, k.section, fullReport) + k.tail
			}
		}
	}
}

// leftOut ends any table or list that it follows.
func leftOut(n int, s section, fullReport string) string {
	what := plural(n, s.what)
	if n > 1 && s.whats != "" {
		what = number(n) + " " + s.whats
	}
	return fmt.Sprintf("\n_%s not shown here: see %s._\n", what, fullReport)
}

// atMost leaves out whole sections, those of the highest rank first, when even their heads are too many.
func atMost(kept []shown, limit int) string {
	for len(kept) > 0 {
		out := render(kept)
		if len(out) <= limit {
			return out
		}
		least := 0
		for i := range kept {
			if kept[i].rank >= kept[least].rank {
				least = i
			}
		}
		kept = slices.Delete(kept, least, least+1)
	}
	return ""
}

func render(kept []shown) string {
	var b strings.Builder
	for _, k := range kept {
		b.WriteString(k.String())
	}
	return b.String()
}
