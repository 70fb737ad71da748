package prcomment

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// htmlPage is what page.go shows.
type htmlPage struct {
	Title, Headline, Sentence, Started string

	Summary              drift.Summary
	Coverage             string
	Uncertain            bool
	Tables               []htmlTable
	Services             []serviceCoverage
	Rows                 []htmlRow
	Types, Regions, Tags []string
	Skipped              []drift.Skipped
	Resolved             []drift.Resolved
	Graph                *graph
	Security             *drift.Security
	Cost, CostSentence   string
}

// htmlTable counts findings by something.
type htmlTable struct {
	Title, Of string
	Rows      []htmlCounts
}

type htmlCounts struct {
	Name   string
	Counts []int // managed, drifted, deleted, unmanaged
}

// htmlRow is a resource with its status.
type htmlRow struct {
	Status   string // drifted, deleted, unmanaged, owned, ignored, managed
	Finding  bool
	Address  string // or, where it has none, its type
	Resource drift.Resource
	Where    string // root module, owner or rule
	Since    string
	By       *drift.Actor
	IsNew    bool
	Console  string
	File     string // with line
	Verdict  string
	Tags     []string
	Lines    []htmlLine
	Reasons  []drift.Difference
	Ways     ways
	Weak     []drift.Weakness
	Cost     string
	Patch    []htmlLine
	Find     string // what the search looks at
}

type htmlLine struct{ Class, Text string }

// HTML is the whole report as one page that asks nothing of any network: search, filters, every list complete.
func HTML(r *drift.Report) ([]byte, error) {
	v := view{r: r}
	headline, rest, _ := strings.Cut(strings.TrimPrefix(sentence(r), "**"), "** ")
	page := htmlPage{
		Title: Title(r), Headline: headline, Sentence: strings.ReplaceAll(rest, "**", ""), Tables: v.htmlTables(),
		Summary: r.Summary, Coverage: coverage(r.Summary.Coverage), Uncertain: r.UnmanagedUncertain,
		Services: coverages(r), Rows: v.htmlRows(), Skipped: alike(r.Skipped), Graph: newGraph(r),
	}
	if !r.StartedAt.IsZero() {
		page.Started = r.StartedAt.UTC().Format("2006-01-02 15:04 UTC")
	}
	if r.Since != nil {
		page.Resolved = r.Since.Resolved
	}
	page.Security, page.CostSentence = r.Security, costSentence(r)
	if page.CostSentence != "" {
		page.Cost = money(r.Cost.Monthly, r.Cost.Currency)
	}
	types, regions, tags := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range page.Rows {
		row := &page.Rows[i]
		types[row.Resource.Type], regions[row.Resource.Region] = true, true
		for _, tag := range row.Tags {
			tags[tag] = true
		}
		row.Find = strings.ToLower(strings.Join(append([]string{row.Address, row.Resource.Type, row.Resource.Name, row.Resource.ImportID,
			row.Resource.Region, row.Resource.Account, row.Where, row.File}, row.Tags...), "\n"))
	}
	page.Types, page.Regions, page.Tags = sorted(types), sorted(regions), sorted(tags)
	var b bytes.Buffer
	if err := page.render(&b); err != nil {
		return nil, fmt.Errorf("report.html: %w", err)
	}
	return bytes.ToValidUTF8(b.Bytes(), []byte("\uFFFD")), nil
}

// htmlTables are those of the Markdown report.
func (v view) htmlTables() []htmlTable {
	counts := func(t tally) []int { return []int{t.managed, t.drifted, t.deleted, t.unmanaged} }
	var tables []htmlTable
	roots := htmlTable{Title: "By root module", Of: "root module"}
	for _, row := range v.byRoot() {
		roots.Rows = append(roots.Rows, htmlCounts{cmp.Or(row.key, "not placed"), counts(row.tally)})
	}
	if len(roots.Rows) > 0 {
		tables = append(tables, roots)
	}
	scopes := htmlTable{Title: "By account and region", Of: "scope"}
	for _, row := range v.byScope() {
		scopes.Rows = append(scopes.Rows, htmlCounts{strings.TrimSpace(row.key.account + " " + row.key.region), counts(row.tally)})
	}
	if len(scopes.Rows) > 1 {
		tables = append(tables, scopes)
	}
	return tables
}

func sorted(set map[string]bool) []string {
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}

// htmlRows are all resources, findings first.
func (v view) htmlRows() []htmlRow {
	var rows []htmlRow
	add := func(row htmlRow, r drift.Resource) {
		row.Resource, row.Console = r, consoleURL(r)
		for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
			row.Tags = append(row.Tags, key+"="+r.Tags[key])
		}
		row.IsNew = row.Since != "" && v.isNew(row.Since)
		rows = append(rows, row)
	}
	known := map[string]bool{}
	for _, d := range v.r.Drifted {
		known[managedKey(d.Managed)] = true
		ways := waysOf(d)
		add(htmlRow{Ways: ways, Patch: classed(ways.Patch), Status: "drifted", Finding: true, Address: d.Address.String(), Where: place(d.Managed), Since: d.FirstSeen, By: d.ChangedBy,
			File: fileLine(d.File, d.Line), Lines: htmlLines(d.Changes)}, d.Resource)
	}
	for _, d := range v.r.Deleted {
		add(htmlRow{Ways: waysOfDeleted(d), Status: "deleted", Finding: true, Address: d.Address.String(), Where: place(d), Since: d.FirstSeen, By: d.ChangedBy,
			File: fileLine(d.File, d.Line)}, d.Resource)
	}
	weak := map[string][]drift.Weakness{}
	if v.r.Security != nil {
		for _, w := range v.r.Security.Weaknesses {
			weak[w.RootModule+"\x00"+w.Address] = append(weak[w.RootModule+"\x00"+w.Address], w)
		}
	}
	for _, u := range v.r.Unmanaged {
		verdict, cost := "", ""
		if v.r.Cost != nil && u.MonthlyCost != nil {
			cost = money(*u.MonthlyCost, v.r.Cost.Currency)
		}
		switch {
		case u.Verified:
			verdict = "verified: plans as no change"
		case u.File != "" || len(u.Differences) > 0:
			verdict = "not verified"
		}
		add(htmlRow{Weak: weak[u.RootModule+"\x00"+u.SuggestedAddress], Cost: cost, Status: "unmanaged", Finding: true, Address: cmp.Or(u.SuggestedAddress, u.Type), Where: u.RootModule, Since: u.FirstSeen, By: u.ChangedBy,
			File: fileLine(u.File, u.Line), Verdict: verdict, Reasons: u.Differences}, u.Resource)
	}
	for _, o := range v.r.Owned {
		add(htmlRow{Status: "owned", Address: o.Type, Where: o.Owner}, o.Resource)
	}
	for _, i := range v.r.Ignored {
		add(htmlRow{Status: "ignored", Address: i.Type, Where: i.Rule}, i.Resource)
	}
	for _, m := range v.r.Managed {
		if !known[managedKey(m)] {
			add(htmlRow{Status: "managed", Address: m.Address.String(), Where: place(m)}, m.Resource)
		}
	}
	return rows
}

func fileLine(file string, line int) string {
	if file == "" || line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d", file, line)
}

func htmlLines(changes []drift.Change) []htmlLine {
	var lines []string
	for _, c := range changes {
		lines = append(lines, oneChange(c)...)
	}
	return classed(lines)
}

// classed are the lines of a diff with the class of each.
func classed(lines []string) []htmlLine {
	classes := map[string]string{"-": "del", "+": "add", "!": "warn", "@": "dim", "#": "dim"}
	var list []htmlLine
	for _, l := range lines {
		list = append(list, htmlLine{classes[l[:min(1, len(l))]], l})
	}
	return list
}

// severityClass is a severity as a class of the page: one of those that are known.
func severityClass(s string) string {
	if slices.Contains(drift.Severities, s) {
		return s
	}
	return "unknown"
}
