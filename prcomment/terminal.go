package prcomment

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/seed-e90528ae/driftline/drift"
)

// How many resources of one list a terminal shows.
const terminalItems = 50

// SGR parameters of the colours used (ECMA-48, 8.3.117).
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// Terminal renders the report for a terminal or a workflow log: counts, then lists, then the generated files.
// Lines are cut to width characters (a wide character counts as one), 0 for no cut. No text from the cloud can send
// an escape sequence to the terminal or a command to the runner.
func Terminal(r *drift.Report, width int, color bool) string {
	t := &terminal{width: width, color: color}
	t.counts(r)
	listing(t, "Drifted", yellow, r.Drifted, (*terminal).drifted)
	listing(t, "Deleted", red, r.Deleted, (*terminal).deleted)
	listing(t, "Unmanaged", green, r.Unmanaged, (*terminal).unmanaged)
	if r.Security != nil {
		listing(t, "Security, by "+oneLine(r.Security.Scanner), yellow, r.Security.Weaknesses, (*terminal).weakness)
	}
	listed(t, "Skipped", len(r.Skipped), yellow, alike(r.Skipped), (*terminal).skipped)
	t.files(r.Unmanaged)
	return t.b.String()
}

type terminal struct {
	b     strings.Builder
	width int
	color bool
}

// line writes one line. Whatever stands first in it is ours, so that it can't be a runner's ::command; the older
// ##[command] form is looked for anywhere in a line, and broken up.
func (t *terminal) line(style, s string) {
	s = shorten(strings.ReplaceAll(visible(s), "##[", "# #["), t.width)
	if t.color && style != "" && s != "" {
		s = "\x1b[" + style + "m" + s + "\x1b[0m"
	}
	t.b.WriteString(s + "\n")
}

func (t *terminal) counts(r *drift.Report) {
	s := r.Summary
	found := s.Managed + s.Unmanaged
	t.line(bold, fmt.Sprintf("%s found, %s managed: coverage %s", plural(found, "resource"), number(s.Managed), coverage(s.Coverage)))
	rest := counts(s)
	for _, c := range []struct {
		n    int
		word string
	}{{s.Owned, "owned by another tool"}, {s.Ignored, "ignored"}, {s.Skipped, "skipped"}} {
		if c.n > 0 {
			rest = append(rest, number(c.n)+" "+c.word)
		}
	}
	if len(rest) == 0 {
		rest = []string{"nothing has drifted, nothing is deleted, nothing is unmanaged"}
	}
	t.line("", strings.Join(rest, ", "))
	if r.UnmanagedUncertain {
		t.line(yellow, "A state could not be read: unmanaged may include resources that it manages.")
	}
	if cost := costSentence(r); cost != "" {
		t.line("", oneLine(cost))
	}
	if r.DurationSeconds > 0 {
		t.line(dim, "in "+time.Duration(r.DurationSeconds*float64(time.Second)).Round(100*time.Millisecond).String())
	}
}

func listing[T any](t *terminal, title, style string, items []T, show func(*terminal, string, T)) {
	listed(t, title, len(items), style, items, show)
}

// listed is a listing whose items stand for more than themselves.
func listed[T any](t *terminal, title string, count int, style string, items []T, show func(*terminal, string, T)) {
	if len(items) == 0 {
		return
	}
	t.line("", "")
	t.line(bold, fmt.Sprintf("%s (%s)", title, number(count)))
	for i, item := range items {
		if i == terminalItems {
			t.line(dim, fmt.Sprintf("  … and %s more, see report.json", number(len(items)-i)))
			return
		}
		show(t, style, item)
	}
}

func (t *terminal) drifted(style string, d drift.Drifted) {
	t.line(style, "  ~ "+columns(d.Address.String(), d.ImportID, d.Region, place(d.Managed)))
	for _, l := range changeLines(d.Changes) {
		t.line(diffStyle(l), "      "+l)
	}
	t.history(d.FirstSeen, d.ChangedBy)
	if slices.ContainsFunc(d.Changes, func(c drift.Change) bool { return c.Origin != nil }) {
		t.ways(waysOf(d))
	}
}

// history is since when something has been so, and who did it.
func (t *terminal) history(firstSeen string, by *drift.Actor) {
	var parts []string
	if firstSeen != "" {
		parts = append(parts, "since "+firstSeen)
	}
	if by != nil {
		parts = append(parts, fmt.Sprintf("by %s through %s on %s (%s)", by.Principal, by.Source, by.Time.UTC().Format(time.DateOnly), by.Event))
	}
	if len(parts) > 0 {
		t.line(dim, "      "+columns(parts...))
	}
}

// ways are shown where the configuration was looked at: what holds for all, nobody needs to read fifty times.
func (t *terminal) ways(w ways) {
	for _, way := range w.List() {
		var words strings.Builder
		for _, piece := range way.Phrase {
			words.WriteString(piece.Text)
		}
		t.line("", "      "+strings.ToLower(way.To)+": "+oneLine(words.String()))
	}
}

func diffStyle(line string) string {
	return map[string]string{"-": red, "+": green, "!": yellow, "#": dim, "@": dim}[line[:1]]
}

func (t *terminal) deleted(style string, d drift.Managed) {
	t.line(style, "  - "+columns(d.Address.String(), d.ImportID, d.Region, place(d)))
	t.history(d.FirstSeen, d.ChangedBy)
	if d.Settled != "" {
		t.ways(waysOfDeleted(d))
	}
}

func (t *terminal) unmanaged(style string, u drift.Unmanaged) {
	verdict := "verified"
	if !u.Verified {
		verdict = "not verified"
		style = yellow
	}
	name := u.Name
	if name == u.ImportID {
		name = ""
	}
	t.line(style, "  + "+columns(cmp.Or(u.SuggestedAddress, u.Type), name, u.ImportID, u.Region, verdict))
	t.history(u.FirstSeen, u.ChangedBy)
}

func (t *terminal) weakness(style string, w drift.Weakness) {
	t.line(style, "  ! "+columns(w.Severity, w.Address, w.Rule, cmp.Or(w.Message, w.Title)))
}

func (t *terminal) skipped(style string, s drift.Skipped) {
	t.line(style, "  ! "+oneLine(s.What)+": "+oneLine(s.Reason))
	if s.Remedy != "" {
		t.line("", "    → "+oneLine(s.Remedy))
	}
}

// files are the generated files with what each holds.
func (t *terminal) files(unmanaged []drift.Unmanaged) {
	type content struct{ resources, verified int }
	byFile := map[string]content{}
	for _, u := range unmanaged {
		if u.File == "" {
			continue
		}
		c := byFile[u.File]
		c.resources++
		if u.Verified {
			c.verified++
		}
		byFile[u.File] = c
	}
	listing(t, "Generated files", "", slices.Sorted(maps.Keys(byFile)), func(t *terminal, style, path string) {
		c := byFile[path]
		t.line(style, fmt.Sprintf("  > %s  %s, %s verified", oneLine(path), plural(c.resources, "resource"), number(c.verified)))
	})
}

// columns joins what is there, two spaces apart.
func columns(parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, oneLine(p))
		}
	}
	return strings.Join(there, "  ")
}

// oneLine is s on one line, without what would move the eye or the cursor.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(visible(s), unicode.IsSpace), " ")
}
