package prcomment

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-e90528ae/driftline/drift"
)

// Memory is what a published report remembers of itself in a hidden line, so that the next one can tell what is new,
// what is resolved and since when the rest has been so, without a database. The zero value remembers nothing.
type Memory struct {
	Day      string              `json:"day"`              // of the report, UTC
	Coverage float64             `json:"coverage"`         // in percent
	Seen     map[string][]string `json:"seen"`             // day that findings were first seen → their keys, sorted
	Before   *drift.Since        `json:"before,omitempty"` // what the report said of the one before it
	Cut      bool                `json:"cut,omitempty"`    // there were more findings than are remembered
}

// The hidden line: its version says how to read what follows, deflated JSON in base64, which can't end the comment.
const (
	memoryPrefix = "<!-- driftline:memory v1 "
	memorySuffix = " -->"
	memoryLimit  = 16_000  // bytes of the line
	memoryInner  = 1 << 20 // bytes of its JSON: whoever may edit a comment may write anything there
	memoryLines  = 8       // of a report, among which it is looked for
)

// Recall reads the newest memory among published reports. One that can't be read, of a later version for one, counts as
// none: the dates begin anew.
func Recall(reports ...string) Memory {
	var newest Memory
	for _, text := range reports {
		lines := strings.SplitN(text, "\n", memoryLines+1)
		for _, line := range lines[:min(memoryLines, len(lines))] {
			if m, ok := recalled(strings.TrimSuffix(line, "\r")); ok && m.Day > newest.Day {
				newest = m
			}
		}
	}
	return newest
}

func recalled(line string) (Memory, bool) {
	inner, ours := strings.CutPrefix(line, memoryPrefix)
	inner, whole := strings.CutSuffix(inner, memorySuffix)
	if !ours || !whole {
		return Memory{}, false
	}
	raw, err := base64.StdEncoding.DecodeString(inner)
	if err != nil {
		return Memory{}, false
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), memoryInner))
	var m Memory
	if err != nil || json.Unmarshal(text, &m) != nil || !m.sound() {
		return Memory{}, false
	}
	return m, true
}

// sound refuses what a report of ours never says.
func (m Memory) sound() bool {
	days := slices.Collect(maps.Keys(m.Seen))
	if m.Before != nil {
		days = append(days, m.Before.Day)
		for _, r := range m.Before.Resolved {
			if r.FirstSeen != "" {
				days = append(days, r.FirstSeen)
			}
		}
	}
	for _, day := range append(days, m.Day) {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return false
		}
	}
	return m.Coverage >= 0 && m.Coverage <= 100
}

// Merge joins the memories of several reports, for the dates alone.
func Merge(memories []Memory) Memory {
	all := Memory{Seen: map[string][]string{}}
	for _, m := range memories {
		all.Day, all.Cut = max(all.Day, m.Day), all.Cut || m.Cut
		for day, keys := range m.Seen {
			all.Seen[day] = append(all.Seen[day], keys...)
		}
	}
	return all
}

// Keys tell a finding from all others. Drifted and deleted ones share theirs: a resource that has drifted and is then
// deleted has not been resolved in between.
func managedKey(m drift.Managed) string { return "m " + place(m) + " " + m.Address.String() }

func unmanagedKey(u drift.Unmanaged) string {
	return strings.Join([]string{"u", u.Account, u.Region, u.Type + " " + u.ImportID}, " ")
}

// hashed is a key where there is no room for it.
func hashed(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "#" + hex.EncodeToString(sum[:5])
}

// display is what of a key a person wants to read; "" of a hash.
func display(key string) string {
	parts := strings.SplitN(key, " ", 4)
	switch {
	case parts[0] == "m" && len(parts) >= 3:
		return strings.Join(parts[2:], " ")
	case parts[0] == "u" && len(parts) == 4:
		return parts[3]
	}
	return ""
}

// each calls visit with every finding's key and the place for its date, worst first.
func each(r *drift.Report, visit func(key string, firstSeen *string)) {
	for i := range r.Drifted {
		visit(managedKey(r.Drifted[i].Managed), &r.Drifted[i].FirstSeen)
	}
	for i := range r.Deleted {
		visit(managedKey(r.Deleted[i]), &r.Deleted[i].FirstSeen)
	}
	for i := range r.Unmanaged {
		visit(unmanagedKey(r.Unmanaged[i]), &r.Unmanaged[i].FirstSeen)
	}
}

// Date writes into r since when its findings have been there; ones that the memory does not know are new today.
// It returns the keys of the new ones.
func (m Memory) Date(r *drift.Report) (news []string) {
	known := m.known()
	today := r.StartedAt.UTC().Format(time.DateOnly)
	each(r, func(key string, firstSeen *string) {
		day, ok := known[key]
		if !ok {
			day, ok = known[hashed(key)]
		}
		switch {
		case ok:
			*firstSeen = day
		case m.Cut: // it may have been among those that did not fit
			*firstSeen = ""
		default:
			*firstSeen = today
			news = append(news, key)
		}
	})
	return news
}

func (m Memory) known() map[string]string {
	known := map[string]string{}
	for day, keys := range m.Seen {
		for _, k := range keys {
			known[k] = day
		}
	}
	return known
}

// Update is Date, and writes into r what changed since the report that m is of. It returns the memory of r.
// A run without news gives the same memory again, so that nothing is written: the comparison shown stays the one with
// the last report that said something else.
func (m Memory) Update(r *drift.Report) Memory {
	news := m.Date(r)
	next := Memory{Day: r.StartedAt.UTC().Format(time.DateOnly), Coverage: r.Summary.Coverage, Seen: map[string][]string{}}
	here := map[string]bool{}
	each(r, func(key string, firstSeen *string) {
		here[key], here[hashed(key)] = true, true
		if *firstSeen != "" {
			next.Seen[*firstSeen] = append(next.Seen[*firstSeen], key)
		} else {
			next.Cut = true
		}
	})
	var resolved []drift.Resolved
	for day, keys := range m.Seen {
		for _, key := range keys {
			switch {
			case here[key]:
			case r.Complete:
				resolved = append(resolved, drift.Resolved{Resource: display(key), FirstSeen: day})
			default: // not seen is not gone: it is remembered until a whole scan has the say
				next.Seen[day] = append(next.Seen[day], key)
			}
		}
	}
	for day := range next.Seen {
		slices.Sort(next.Seen[day])
		next.Seen[day] = slices.Compact(next.Seen[day])
	}
	slices.SortFunc(resolved, func(a, b drift.Resolved) int {
		return cmp.Or(strings.Compare(a.Resource, b.Resource), strings.Compare(a.FirstSeen, b.FirstSeen))
	})
	switch {
	case m.Day == "":
	case len(news) == 0 && len(resolved) == 0 && coverage(m.Coverage) == coverage(next.Coverage):
		next.Day, next.Coverage, next.Before = m.Day, m.Coverage, m.Before
	default:
		next.Before = &drift.Since{Day: m.Day, Coverage: m.Coverage, New: len(news), Resolved: append([]drift.Resolved{}, resolved...)}
	}
	r.Since = next.Before
	return next
}

// Line is the memory as a hidden line, at most memoryLimit bytes: where there are too many findings, the unmanaged ones
// are kept as hashes, then all, then as many as there is room for.
func (m Memory) Line() string {
	if m.Day == "" {
		return ""
	}
	if m.Before != nil && len(m.Before.Resolved) > resolvedKept {
		before := *m.Before
		before.Resolved = before.Resolved[:resolvedKept:resolvedKept]
		m.Before = &before
	}
	for _, short := range []func(string) bool{
		func(string) bool { return false },
		func(key string) bool { return strings.HasPrefix(key, "u ") },
		func(string) bool { return true },
	} {
		m = m.shortened(short)
		if line := m.line(); len(line) <= memoryLimit {
			return line
		}
	}
	for m.halve() {
		if line := m.line(); len(line) <= memoryLimit {
			return line
		}
	}
	return ""
}

// resolvedKept is how many resolved findings are named again by a run without news.
const resolvedKept = 50

func (m Memory) line() string {
	text, err := json.Marshal(m)
	if err != nil {
		return "" // strings and numbers only: does not happen
	}
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // fails only on a level that does not exist
	_, _ = w.Write(text)                               // a bytes.Buffer takes everything
	_ = w.Close()
	return memoryPrefix + base64.StdEncoding.EncodeToString(b.Bytes()) + memorySuffix
}

func (m Memory) shortened(short func(key string) bool) Memory {
	seen := map[string][]string{}
	for day, keys := range m.Seen {
		for _, key := range keys {
			if short(key) && !strings.HasPrefix(key, "#") {
				key = hashed(key)
			}
			seen[day] = append(seen[day], key)
		}
		slices.Sort(seen[day])
	}
	m.Seen = seen
	return m
}

// halve forgets every other finding, or says that there is none left to forget.
func (m *Memory) halve() bool {
	m.Cut = true
	left := 0
	for day, keys := range m.Seen {
		m.Seen[day] = keys[:len(keys)/2]
		if left += len(m.Seen[day]); len(m.Seen[day]) == 0 {
			delete(m.Seen, day)
		}
	}
	return left > 0
}

// Fingerprint is the same for reports with the same findings, down to the attributes that differ.
func Fingerprint(r *drift.Report) string {
	var lines []string
	each(r, func(key string, _ *string) { lines = append(lines, key) })
	for _, d := range r.Drifted {
		for _, c := range d.Changes {
			lines = append(lines, managedKey(d.Managed)+" "+c.Path+" "+string(c.After))
		}
	}
	return strings.Join(lines, "\n")
}
