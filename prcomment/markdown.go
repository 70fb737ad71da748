package prcomment

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// Markdown renders the report for a comment or a job summary. The first line says how things stand, then come
// counts per root module and per scope, and every list, worst first.
// With a Limit, whole resources are left out from the end of the lists that matter least, each list saying how many;
// what counts and summarises stays.
func Markdown(r *drift.Report, o Options) string {
	v := view{r, o}
	sections := []section{v.opening(), v.rootModules(), v.scopes(), v.chart(), v.drifted(), v.deleted()}
	sections = append(sections, v.unmanaged()...)
	sections = append(sections, v.weaknesses(), v.resolved(), v.owned(), v.ignored(), v.skipped())
	return cut(sections, o.Limit, v.fullReport())
}

// Who gives way to whom when room is short: the lower, the longer it stays.
const (
	rankOpening = iota
	rankCounts
	rankDrifted
	rankDeleted
	rankSkipped
	rankWeaknesses
	rankUnmanaged
	rankResolved
	rankOwned
	rankIgnored
)

type view struct {
	r *drift.Report
	o Options
}

func (v view) fullReport() string { return cmp.Or(v.o.FullReport, "`report.json`") }

func (v view) opening() section {
	var b strings.Builder
	if v.o.Marker {
		b.WriteString(Marker + "\n")
	}
	if v.o.Memory != "" {
		b.WriteString(v.o.Memory + "\n")
	}
	b.WriteString(sentence(v.r) + "\n")
	if n := len(v.r.Unmanaged); n > 0 && v.o.CodeIn != "" {
		verified := countIf(v.r.Unmanaged, func(u drift.Unmanaged) bool { return u.Verified })
		fmt.Fprintf(&b, "\nCode for what is unmanaged is in %s: the provider plans %s of %s blocks without a change; %s left for a person.\n",
			v.o.CodeIn, number(verified), number(n), number(n-verified))
	}
	if cost := costSentence(v.r); cost != "" {
		b.WriteString("\n" + text(cost) + "\n")
	}
	if v.r.UnmanagedUncertain {
		b.WriteString("\n> [!WARNING]\n> A state could not be read. *Unmanaged* may include resources that it manages: " +
			"see *Skipped* before importing anything.\n")
	}
	return section{rank: rankOpening, head: b.String()}
}

// sentence is the state of the cloud with its coverage.
func sentence(r *drift.Report) string {
	s := r.Summary
	found := s.Managed + s.Unmanaged
	covered := fmt.Sprintf("Terraform manages %s of %s found, coverage %s%s.",
		number(s.Managed), plural(found, "resource"), coverage(s.Coverage), coverageChange(r))
	if found == 0 {
		covered = "No resource was found."
	}
	covered += news(r.Since)
	opening := "**The cloud is as Terraform has it.** "
	if parts := counts(s); len(parts) > 0 {
		opening = "**" + list(parts) + ".** "
	} else if !r.Complete {
		opening = "**Nothing has drifted in what could be seen.** "
	}
	if s.Skipped == 0 {
		return opening + covered
	}
	return opening + covered + fmt.Sprintf(" **%s skipped**, so there may be more.", number(s.Skipped))
}

// coverageChange is ", 2.5 points less than on 2026-11-20"; "" when nothing is known or nothing has changed.
func coverageChange(r *drift.Report) string {
	if r.Since == nil {
		return ""
	}
	// The difference of what is shown, or the sum would not be right.
	tenths := shownTenths(r.Summary.Coverage) - shownTenths(r.Since.Coverage)
	word := "more"
	if tenths < 0 {
		word, tenths = "less", -tenths
	}
	if tenths == 0 {
		return ""
	}
	points := strconv.FormatFloat(float64(tenths)/10, 'f', -1, 64) + " points "
	if tenths == 10 {
		points = "1 point "
	}
	return " (" + points + word + " than on " + r.Since.Day + ")"
}

// news is " 2 new and 1 resolved since 2026-11-20."; "" without any.
func news(since *drift.Since) string {
	if since == nil {
		return ""
	}
	var parts []string
	if since.New > 0 {
		parts = append(parts, number(since.New)+" new")
	}
	if n := len(since.Resolved); n > 0 {
		parts = append(parts, number(n)+" resolved")
	}
	if len(parts) == 0 {
		return ""
	}
	return " " + list(parts) + " since " + since.Day + "."
}

// firstSeen is ", since 2026-11-20", marked when the report before did not have it: a date does not change by itself,
// an age would change every night.
func (v view) firstSeen(day string) string {
	switch {
	case day == "":
		return ""
	case v.isNew(day):
		return ", 🆕 since " + text(day)
	default:
		return ", since " + text(day)
	}
}

// by is ", by `arn:…` in the console on 2026-11-20 (CreateQueue)"; "" when nobody is known.
func by(a *drift.Actor) string {
	if a == nil {
		return ""
	}
	return fmt.Sprintf(", by %s through %s on %s (%s)", code(shorten(a.Principal, valueLength)), text(a.Source),
		a.Time.UTC().Format("2006-01-02"), text(shorten(a.Event, valueLength)))
}

func (v view) isNew(day string) bool { return v.r.Since != nil && day > v.r.Since.Day }

// tally counts by kind of finding, for one row of a table.
type tally struct{ managed, drifted, deleted, unmanaged int }

func (t tally) cells() string {
	cells := []string{number(t.managed), number(t.drifted), number(t.deleted), number(t.unmanaged)}
	return strings.Join(cells, " | ")
}

const tallyHead = "Managed | Drifted | Deleted | Unmanaged |\n"

// tallies counts the report's resources by a key of each.
func tallies[K comparable](r *drift.Report, ofManaged func(drift.Managed) K, ofUnmanaged func(drift.Unmanaged) K) map[K]tally {
	rows := map[K]tally{}
	add := func(k K, t tally) {
		row := rows[k]
		rows[k] = tally{row.managed + t.managed, row.drifted + t.drifted, row.deleted + t.deleted, row.unmanaged + t.unmanaged}
	}
	for _, m := range r.Managed {
		add(ofManaged(m), tally{managed: 1})
	}
	for _, d := range r.Drifted {
		add(ofManaged(d.Managed), tally{drifted: 1})
	}
	for _, d := range r.Deleted {
		add(ofManaged(d), tally{deleted: 1})
	}
	for _, u := range r.Unmanaged {
		add(ofUnmanaged(u), tally{unmanaged: 1})
	}
	return rows
}

// counted is a row of a table of counts.
type counted[K any] struct {
	key K
	tally
}

func ordered[K comparable](rows map[K]tally, compare func(a, b K) int) []counted[K] {
	var list []counted[K]
	for _, key := range slices.SortedFunc(maps.Keys(rows), compare) {
		list = append(list, counted[K]{key, rows[key]})
	}
	return list
}

// byRoot counts by root module; a state without one in the checkout stands for itself.
func (v view) byRoot() []counted[string] {
	return ordered(tallies(v.r, place, func(u drift.Unmanaged) string { return u.RootModule }), strings.Compare)
}

func (v view) rootModules() section {
	s := section{rank: rankCounts, what: "root module",
		head: "\n| Root module | " + tallyHead + "|:--|--:|--:|--:|--:|\n"}
	for _, row := range v.byRoot() {
		name := "not placed"
		if row.key != "" {
			name = code(row.key)
		}
		s.items = append(s.items, fmt.Sprintf("| %s | %s |\n", name, row.cells()))
	}
	if len(s.items) == 0 {
		return section{}
	}
	return s
}

func place(m drift.Managed) string {
	at := cmp.Or(m.RootModule, m.State)
	if m.Workspace != "" {
		at += " (workspace " + m.Workspace + ")"
	}
	return at
}

type scope struct{ account, region string }

func (v view) byScope() []counted[scope] {
	return ordered(tallies(v.r,
		func(m drift.Managed) scope { return scope{m.Account, m.Region} },
		func(u drift.Unmanaged) scope { return scope{u.Account, u.Region} }),
		func(a, b scope) int {
			return cmp.Or(strings.Compare(a.account, b.account), strings.Compare(a.region, b.region))
		})
}

// scopes counts by account and region, where there is more than one.
func (v view) scopes() section {
	rows := v.byScope()
	if len(rows) < 2 {
		return section{}
	}
	s := section{rank: rankCounts, what: "scope",
		head: "\n| Account | Region | " + tallyHead + "|:--|:--|--:|--:|--:|--:|\n"}
	for _, row := range rows {
		s.items = append(s.items, fmt.Sprintf("| %s | %s | %s |\n", cell(row.key.account), cell(row.key.region), row.cells()))
	}
	return s
}

// cell is an untrusted word in a table, a dash where there is none.
func cell(s string) string {
	if s == "" {
		return "–"
	}
	return code(s)
}

func (v view) drifted() section {
	if len(v.r.Drifted) == 0 {
		return section{}
	}
	s := section{rank: rankDrifted, what: "drifted resource",
		head: fmt.Sprintf("\n### Drifted (%s)\n\nChanged outside Terraform: `-` is what the state says, `+` what the cloud has.\n", number(len(v.r.Drifted)))}
	for _, d := range v.r.Drifted {
		s.items = append(s.items, "\n"+v.driftedItem(d))
	}
	return s
}

// Attributes of a drifted resource that are shown without a click.
const openLines = 12

func (v view) driftedItem(d drift.Drifted) string {
	lines := changeLines(d.Changes)
	block, ways := fence("diff", lines), waysOf(d).markdown()
	if len(lines) <= openLines {
		return fmt.Sprintf("**%s**%s%s\n\n%s%s", code(d.Address.String()), where(d.Managed), v.firstSeen(d.FirstSeen)+by(d.ChangedBy), block, "\n"+ways)
	}
	summary := fmt.Sprintf("<b>%s</b>: %s", codeHTML(d.Address.String()), plural(len(d.Changes), "attribute"))
	return details(summary, where(d.Managed)+v.firstSeen(d.FirstSeen)+by(d.ChangedBy), block, ways)
}

// markdown is the two ways out as a list, with the patch below it.
func (w ways) markdown() string {
	var b strings.Builder
	for _, way := range w.List() {
		fmt.Fprintf(&b, "- **%s:** %s\n", way.To, way.Phrase.markdown())
	}
	if len(w.Patch) > 0 {
		b.WriteString("\n" + details("The patch, for <code>git apply</code>", fence("diff", w.Patch)))
	}
	return b.String()
}

// where is what tells a managed resource from others of its address: " `vpc-1` in `eu-west-1`, `net`".
func where(m drift.Managed) string {
	var parts []string
	if m.ImportID != "" {
		parts = append(parts, code(m.ImportID))
	}
	if m.Region != "" {
		parts = append(parts, "in "+code(m.Region))
	}
	if at := place(m); at != "" {
		parts = append(parts, "of "+code(at))
	}
	if len(parts) == 0 {
		return ""
	}
	return " " + strings.Join(parts, " ")
}

// details is a collapsed part. The blank lines make its inside Markdown again.
func details(summary string, parts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>%s</summary>\n\n", summary)
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString(p + "\n\n")
		}
	}
	b.WriteString("</details>\n")
	return b.String()
}

func (v view) deleted() section {
	if len(v.r.Deleted) == 0 {
		return section{}
	}
	s := section{rank: rankDeleted, what: "deleted resource",
		head: fmt.Sprintf("\n### Deleted (%s)\n\nIn the state, but no longer in the cloud.\n\n", number(len(v.r.Deleted)))}
	for _, d := range v.r.Deleted {
		s.items = append(s.items, fmt.Sprintf("- **%s**%s%s\n%s", code(d.Address.String()), where(d),
			v.firstSeen(d.FirstSeen)+by(d.ChangedBy), indentedList(waysOfDeleted(d).markdown())))
	}
	return s
}

// indentedList is a list below an item of another.
func indentedList(list string) string {
	return strings.ReplaceAll("\n"+strings.TrimSuffix(list, "\n"), "\n", "\n  ")[1:] + "\n"
}

// unmanaged is one section for the heading and one for each service.
func (v view) unmanaged() []section {
	if len(v.r.Unmanaged) == 0 {
		return nil
	}
	groups := map[string][]drift.Unmanaged{}
	for _, u := range v.r.Unmanaged {
		name := service(u.Type)
		groups[name] = append(groups[name], u)
	}
	sections := []section{{rank: rankOpening, head: fmt.Sprintf(
		"\n### Unmanaged (%s)\n\nIn the cloud, but in no state that was read.\n", number(len(v.r.Unmanaged)))}}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		sections = append(sections, v.serviceSection(name, groups[name]))
	}
	return sections
}

func (v view) serviceSection(name string, resources []drift.Unmanaged) section {
	// Blocks that need a person come first: they are the ones that are looked at here. The rest speaks for itself.
	slices.SortStableFunc(resources, func(a, b drift.Unmanaged) int { return boolCompare(a.Verified, b.Verified) })
	verified := countIf(resources, func(u drift.Unmanaged) bool { return u.Verified })
	s := section{rank: rankUnmanaged, what: "unmanaged resource", tail: "\n</details>\n",
		head: fmt.Sprintf("\n<details><summary><b>%s</b>: %s, %s verified</summary>\n\n",
			text(name), number(len(resources)), number(verified)) +
			v.unmanagedHead()}
	for _, u := range resources {
		s.items = append(s.items, fmt.Sprintf("| %s | %s | %s | %s |%s%s\n", code(cmp.Or(u.SuggestedAddress, u.Type)),
			inCloud(u.Resource), cell(u.Region), v.codeCell(u)+by(u.ChangedBy), v.costCell(u), v.sinceCell(u.FirstSeen)))
	}
	return s
}

// inCloud is a resource's import ID and, where that does not say it, its name.
func inCloud(r drift.Resource) string {
	if r.Name == "" || r.Name == r.ImportID {
		return consoleLink(r)
	}
	return consoleLink(r) + "<br>" + code(shorten(r.Name, valueLength))
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

func (v view) codeCell(u drift.Unmanaged) string {
	verdict := "✅ verified"
	if !u.Verified {
		verdict = "⚠️ " + unverified(u.Differences)
	}
	if u.File == "" {
		return verdict
	}
	place := v.fileLink(u.File)
	if u.Placement != "" {
		place += " (" + text(shorten(u.Placement, valueLength)) + ")"
	}
	return place + " " + verdict
}

// unmanagedHead has columns for costs and dates where there are any.
func (v view) unmanagedHead() string {
	head, rule := "| Resource | In the cloud | Region | Code |", "|:--|:--|:--|:--|"
	if v.r.Cost != nil {
		head, rule = head+" A month |", rule+"--:|"
	}
	if v.dated() {
		head, rule = head+" Since |", rule+":--|"
	}
	return head + "\n" + rule + "\n"
}

func (v view) dated() bool {
	return slices.ContainsFunc(v.r.Unmanaged, func(u drift.Unmanaged) bool { return u.FirstSeen != "" })
}

func (v view) sinceCell(day string) string {
	switch {
	case !v.dated():
		return ""
	case v.isNew(day):
		return " 🆕 " + text(day) + " |"
	default:
		return " " + text(day) + " |"
	}
}

func (v view) fileLink(path string) string {
	if v.o.FileURL == "" {
		return code(path)
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s) // parentheses, quotes and spaces, too: it can't end the link
	}
	return "[" + code(path) + "](" + v.o.FileURL + strings.Join(segments, "/") + ")"
}

// How many reasons a cell holds; more make the table unreadable, and the file beside it has them all.
const reasonsShown = 3

func unverified(differences []drift.Difference) string {
	if len(differences) == 0 {
		return "not verified"
	}
	var reasons []string
	for i, d := range differences {
		if i == reasonsShown {
			reasons = append(reasons, fmt.Sprintf("%s more", number(len(differences)-i)))
			break
		}
		reason := text(shorten(d.Reason, valueLength))
		if d.Path != "" {
			reason = code(shorten(d.Path, valueLength)) + " " + reason
		}
		reasons = append(reasons, reason)
	}
	return "not verified: " + strings.Join(reasons, "; ")
}

func (v view) resolved() section {
	if v.r.Since == nil || len(v.r.Since.Resolved) == 0 {
		return section{}
	}
	s := section{rank: rankResolved, what: "resolved finding", tail: "\n</details>\n", head: fmt.Sprintf(
		"\n<details><summary><b>Resolved</b> since %s: %s</summary>\n\n", text(v.r.Since.Day), number(len(v.r.Since.Resolved)))}
	for _, resolved := range v.r.Since.Resolved {
		if resolved.Resource != "" {
			s.items = append(s.items, fmt.Sprintf("- %s, first seen %s\n", code(shorten(resolved.Resource, 2*valueLength)), text(resolved.FirstSeen)))
		}
	}
	return s
}

func (v view) owned() section {
	if len(v.r.Owned) == 0 {
		return section{}
	}
	groups := map[string][]string{}
	for _, o := range v.r.Owned {
		groups[o.Owner] = append(groups[o.Owner], code(o.Type)+" "+code(shorten(cmp.Or(o.Name, o.ImportID), valueLength)))
	}
	s := section{rank: rankOwned, what: "owner", tail: "\n</details>\n", head: fmt.Sprintf(
		"\n<details><summary><b>Owned by another tool</b>: %s</summary>\n\n", number(len(v.r.Owned)))}
	for _, owner := range slices.Sorted(maps.Keys(groups)) {
		s.items = append(s.items, fmt.Sprintf("- **%s**: %s\n", text(shorten(owner, valueLength)), some(groups[owner])))
	}
	return s
}

// How many members of a group one line names.
const membersShown = 8

func some(members []string) string {
	if len(members) <= membersShown {
		return strings.Join(members, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(members[:membersShown], ", "), number(len(members)-membersShown))
}

func (v view) ignored() section {
	if len(v.r.Ignored) == 0 {
		return section{}
	}
	rules := map[string]int{}
	for _, i := range v.r.Ignored {
		rules[i.Rule]++
	}
	s := section{rank: rankIgnored, what: "rule", tail: "\n</details>\n", head: fmt.Sprintf(
		"\n<details><summary><b>Ignored</b> by rules of yours: %s</summary>\n\n", number(len(v.r.Ignored)))}
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		s.items = append(s.items, fmt.Sprintf("- %s: %s\n", code(shorten(rule, valueLength)), number(rules[rule])))
	}
	return s
}

func (v view) skipped() section {
	if len(v.r.Skipped) == 0 {
		return section{}
	}
	s := section{rank: rankSkipped, what: "skipped part", head: fmt.Sprintf(
		"\n### Skipped (%s)\n\nNot seen is not gone: nothing is said about these.\n\n", number(len(v.r.Skipped)))}
	for _, k := range alike(v.r.Skipped) {
		item := fmt.Sprintf("- **%s**: %s", text(shorten(k.What, valueLength)), text(shorten(k.Reason, 2*valueLength)))
		if k.Remedy != "" {
			item += "<br>→ " + text(shorten(k.Remedy, 2*valueLength))
		}
		s.items = append(s.items, item+"\n")
	}
	return s
}

func countIf[T any](items []T, f func(T) bool) int {
	n := 0
	for _, i := range items {
		if f(i) {
			n++
		}
	}
	return n
}
