package prcomment

import (
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/seed-e90528ae/driftline/drift"
)

// The page is written by functions and not by html/template, which calls methods by name: for such a call the linker
// keeps every method of every cloud's client, and the program is three times as large. Text and attributes are escaped
// all the same; what else depends on its context, links and style, goes through link and through numbers.

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// contentPolicy lets the page run its own script and style, and ask nothing of any network.
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

// render writes the page.
func (p htmlPage) render(w io.Writer) error {
	return h.Doctype(h.HTML(h.Lang("en"),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			h.Meta(h.Name("referrer"), h.Content("no-referrer")),
			h.Meta(g.Attr("http-equiv", "Content-Security-Policy"), h.Content(contentPolicy)),
			h.TitleEl(g.Text(p.Title)),
			h.StyleEl(g.Raw("\n"+pageStyle)),
		),
		h.Body(
			h.A(h.Class("skip"), h.Href("#resources"), g.Text("Skip to the resources")),
			p.header(),
			p.cards(),
			p.assessments(),
			p.overview(),
			p.filters(),
			p.list(),
			p.drawing(),
			p.resolved(),
			p.skipped(),
			h.Script(g.Raw("\n"+pageScript)),
		),
	)).Render(w)
}

func (p htmlPage) header() g.Node {
	by := "Driftline"
	if p.Started != "" {
		by += ", " + p.Started
	}
	return g.Group{
		h.Header(
			h.Div(h.H1(g.Text(p.Headline)), h.P(g.Text(p.Sentence)), h.Div(h.Class("dim"), g.Text(by))),
			h.Button(h.ID("theme"), h.Type("button"), h.Aria("label", "Switch between light and dark"), g.Text("◐")),
		),
		g.If(p.Uncertain, h.P(h.Class("note"),
			g.Text("A state could not be read. "), h.Em(g.Text("Unmanaged")), g.Text(" may include resources that it manages: see "),
			h.A(h.Href("#skipped"), g.Text("skipped")), g.Text(" before importing anything."))),
	}
}

// cards are the counts; class colours one that is not zero.
func (p htmlPage) cards() g.Node {
	card := func(n int, label, class string) g.Node {
		if n == 0 {
			class = ""
		}
		return h.Div(h.Class(strings.TrimSpace("card "+class)), h.B(g.Text(number(n))), g.Text(label))
	}
	s := p.Summary
	return h.Div(h.Class("cards"),
		h.Div(h.Class("card"), h.B(g.Text(p.Coverage)), g.Text("coverage")),
		card(s.Drifted, "drifted", "drifted"),
		card(s.Deleted, "deleted", "deleted"),
		card(s.Unmanaged, "unmanaged", "unmanaged"),
		card(s.Managed, "managed", ""),
		card(s.Owned, "owned elsewhere", ""),
		card(s.Ignored, "ignored", ""),
		card(s.Skipped, "skipped", "medium"),
		g.Iff(p.Security != nil, func() g.Node { return card(len(p.Security.Weaknesses), "security", "high") }),
		g.If(p.Cost != "", h.Div(h.Class("card"), h.B(g.Text(p.Cost)), g.Text("unmanaged, a month"))),
	)
}

// assessments are the sentences of those who looked at the generated code.
func (p htmlPage) assessments() g.Node {
	sentence := func(s string) g.Node { return h.P(h.Class("dim"), g.Text(s)) }
	return g.Group{
		g.If(p.CostSentence != "", sentence(p.CostSentence)),
		g.Iff(p.Security != nil, func() g.Node {
			found := "no weakness"
			if len(p.Security.Weaknesses) > 0 {
				found = severities(p.Security.Weaknesses)
			}
			return sentence(visible(p.Security.Scanner) + " has looked at the code for what is unmanaged: " + found + ".")
		}),
	}
}

// overview is the tables of counts and the bars of coverage, beside each other where there is room.
func (p htmlPage) overview() g.Node {
	return h.Div(h.Class("overview"),
		g.Map(p.Tables, func(t htmlTable) g.Node {
			return h.Section(h.H2(g.Text(t.Title)), h.Div(h.Class("scroll"), h.Table(h.Class("counts"),
				h.THead(h.Tr(headings(t.Of, "managed", "drifted", "deleted", "unmanaged"))),
				h.TBody(g.Map(t.Rows, func(row htmlCounts) g.Node {
					return h.Tr(h.Td(theirs(row.Name)), g.Map(row.Counts, func(n int) g.Node {
						return h.Td(g.If(n == 0, h.Class("dim")), g.Text(number(n)))
					}))
				})),
			)))
		}),
		g.If(len(p.Services) > 0, h.Section(h.H2(g.Text("Coverage by service")), h.Div(h.Class("bars"),
			g.Map(p.Services, func(s serviceCoverage) g.Node {
				return g.Group{
					h.Span(theirs(s.Service)),
					h.Span(h.Class("bar"), h.I(h.Style(fmt.Sprintf("width: %d%%", s.Percent())))),
					h.Span(h.Class("dim"), g.Textf("%d%%, %s unmanaged", s.Percent(), number(s.Unmanaged))),
				}
			}),
		))),
	)
}

func (p htmlPage) filters() g.Node {
	choice := func(id, label string, options ...g.Node) g.Node {
		return h.Select(h.ID(id), h.Aria("label", label), g.Group(options))
	}
	option := func(value, label string) g.Node { return h.Option(h.Value(value), theirs(label)) }
	all := func(label string, values []string) []g.Node {
		return append([]g.Node{option("", label)}, g.Map(values, func(v string) g.Node { return option(v, v) })...)
	}
	statuses := []g.Node{option("findings", "findings"), option("", "all")}
	for _, status := range []string{"drifted", "deleted", "unmanaged", "owned", "ignored", "managed"} {
		statuses = append(statuses, option(status, status))
	}
	return g.Group{
		h.H2(h.ID("resources"), g.Text("Resources")),
		h.Div(h.Class("filters"), h.Role("search"),
			h.Input(h.ID("q"), h.Type("search"), h.Placeholder("Search (press /)"), h.Aria("label", "Search")),
			choice("status", "Status", statuses...),
			choice("type", "Type", all("every type", p.Types)...),
			choice("region", "Region", all("every region", p.Regions)...),
			choice("tag", "Tag", all("every tag", p.Tags)...),
			h.Button(h.ID("clear"), h.Type("button"), g.Text("Clear")),
			h.Span(h.ID("count"), h.Class("dim"), h.Role("status"), h.Aria("live", "polite")),
		),
	}
}

func (p htmlPage) list() g.Node {
	return g.Group{
		h.Div(h.Class("scroll"), h.Table(h.Class("list"),
			h.THead(h.Tr(headings("Status", "Resource", "Region", "Where", "Since"))),
			h.TBody(h.ID("rows"), g.Map(p.Rows, htmlRow.node)),
		)),
		h.P(h.ID("none"), h.Class("dim"), g.Attr("hidden"), g.Text("Nothing fits these filters.")),
	}
}

func (r htmlRow) node() g.Node {
	var tags strings.Builder
	for _, tag := range r.Tags {
		tags.WriteString("\n" + tag)
	}
	return g.Group{h.Tr(
		h.Data("status", r.Status), h.Data("finding", strconv.FormatBool(r.Finding)), h.Data("type", r.Resource.Type),
		h.Data("region", r.Resource.Region), h.Data("tags", tags.String()+"\n"), h.Data("find", r.Find),
		h.Td(h.Span(h.Class("status "+r.Status), g.Text(r.Status))),
		h.Td(r.identity(), r.history(), r.remedies(), r.judgements()),
		h.Td(theirs(r.Resource.Region), g.If(r.Resource.Account != "", g.Group{h.Br(), h.Span(h.Class("dim mono nowrap"), theirs(r.Resource.Account))})),
		h.Td(theirs(r.Where), g.If(r.File != "", g.Group{h.Br(), h.Span(h.Class("mono dim"), theirs(r.File))})),
		h.Td(h.Class("nowrap"), g.If(r.IsNew, g.Group{h.B(h.Class("new"), g.Text("new")), g.Text(" ")}), g.Text(r.Since)),
	), g.Text("\n")}
}

// identity is what the resource is called, by Terraform, by the cloud and by people.
func (r htmlRow) identity() g.Node {
	id := h.Span(h.Class("mono dim"), theirs(r.Resource.ImportID))
	if r.Console != "" {
		id = link(r.Console, r.Resource.ImportID)
	}
	return g.Group{
		h.Span(h.Class("mono"), h.B(theirs(r.Address))), h.Br(), id,
		g.If(r.Resource.Name != "" && r.Resource.Name != r.Resource.ImportID, g.Group{g.Text(" "), h.Span(h.Class("dim"), theirs(r.Resource.Name))}),
		g.If(len(r.Tags) > 0, h.Div(g.Map(r.Tags, func(tag string) g.Node { return h.Span(h.Class("tag"), theirs(tag)) }))),
		g.If(r.Verdict != "", h.Div(g.Text(r.Verdict))),
	}
}

// history is who did what to it.
func (r htmlRow) history() g.Node {
	return g.Group{
		g.Iff(r.By != nil, func() g.Node {
			return h.Div(g.Text("by "), h.Span(h.Class("mono"), theirs(r.By.Principal)),
				theirs(" through "+r.By.Source+" on "+r.By.Time.UTC().Format("2006-01-02")+" ("+r.By.Event+")"))
		}),
		g.If(len(r.Lines) > 0, h.Details(g.Attr("open"), h.Summary(g.Text("what changed")), classedLines(r.Lines, visible))),
	}
}

// remedies are the ways out.
func (r htmlRow) remedies() g.Node {
	return g.Group{
		g.Map(r.Ways.List(), func(w way) g.Node {
			return h.Div(h.Class("way"), h.B(g.Text(w.To+":")), g.Text(" "), g.Map(w.Phrase, func(p piece) g.Node {
				if p.Code {
					return h.Code(theirs(p.Text))
				}
				return theirs(p.Text)
			}))
		}),
		g.If(len(r.Patch) > 0, h.Details(h.Summary(g.Text("the patch, for "), h.Code(g.Text("git apply"))),
			classedLines(r.Patch, func(line string) string { return line }))),
	}
}

// judgements are what others say of the generated code: its cost, its weaknesses, and why it is not verified.
func (r htmlRow) judgements() g.Node {
	return g.Group{
		g.If(r.Cost != "", h.Div(g.Text(r.Cost+" a month"))),
		g.Map(r.Weak, func(w drift.Weakness) g.Node {
			title := w.Title
			if w.Message != w.Title {
				title += ": " + w.Message
			}
			rule := h.Span(h.Class("mono"), theirs(w.Rule))
			if w.URL != "" {
				rule = link(w.URL, w.Rule)
			}
			return h.Div(h.Class("way"), h.Span(h.Class("status "+severityClass(w.Severity)), theirs(w.Severity)), theirs(" "+title+" "), rule)
		}),
		g.If(len(r.Reasons) > 0, h.Details(h.Summary(g.Text("why not")), h.Ul(g.Map(r.Reasons, func(d drift.Difference) g.Node {
			return h.Li(g.If(d.Path != "", g.Group{h.Code(theirs(d.Path)), g.Text(" ")}), theirs(d.Reason))
		})))),
	}
}

// drawing is the graph of references.
func (p htmlPage) drawing() g.Node {
	if p.Graph == nil {
		return nil
	}
	width, height := strconv.Itoa(p.Graph.Width), strconv.Itoa(p.Graph.Height)
	return g.Group{
		h.H2(g.Text("What hangs on what")),
		h.P(h.Class("dim"),
			g.Text("Unmanaged resources whose code refers to others; what is referred to stands to the left. Framed in blue: unmanaged itself."),
			g.If(p.Graph.Left > 0, g.Text(" "+number(p.Graph.Left)+" more are not drawn."))),
		h.Div(h.Class("scroll"), h.TabIndex("0"), h.Role("img"), h.Aria("label", "Graph of references between unmanaged resources"),
			h.SVG(h.Width(width), h.Height(height), g.Attr("viewBox", "0 0 "+width+" "+height),
				g.Map(p.Graph.Edges, func(path string) g.Node { return g.El("path", g.Attr("d", path)) }),
				g.Map(p.Graph.Nodes, func(n graphNode) g.Node {
					return g.El("g", g.Attr("transform", fmt.Sprintf("translate(%d %d)", n.X, n.Y)),
						h.TitleEl(g.Text(n.Full)),
						g.El("rect", g.If(n.Known, h.Class("new")), h.Width("240"), h.Height("24"), g.Attr("rx", "4")),
						g.El("text", g.Attr("x", "8"), g.Attr("y", "16"), g.Text(n.Label)))
				}))),
	}
}

func (p htmlPage) resolved() g.Node {
	return g.If(len(p.Resolved) > 0, g.Group{h.H2(g.Text("Resolved")), h.Ul(g.Map(p.Resolved, func(r drift.Resolved) g.Node {
		return g.If(r.Resource != "", h.Li(h.Code(theirs(r.Resource)), g.Text(", first seen "+r.FirstSeen)))
	}))})
}

func (p htmlPage) skipped() g.Node {
	return g.If(len(p.Skipped) > 0, g.Group{
		h.H2(h.ID("skipped"), g.Text("Skipped")),
		h.P(g.Text("Not seen is not gone: nothing is said about these.")),
		h.Ul(g.Map(p.Skipped, func(s drift.Skipped) g.Node {
			return h.Li(h.B(theirs(s.What)), theirs(": "+s.Reason), g.If(s.Remedy != "", g.Group{h.Br(), theirs("→ " + s.Remedy)}))
		})),
	})
}

// theirs is what others have written: a name can't turn the page's direction.
func theirs(s string) g.Node { return g.Text(visible(s)) }

func headings(names ...string) g.Node {
	return g.Map(names, func(name string) g.Node { return h.Th(h.Scope("col"), g.Text(name)) })
}

// link leads to another site, in a window of its own. What is no https address becomes text: javascript: is one, too.
func link(url, label string) g.Node {
	if !strings.HasPrefix(url, "https://") {
		return h.Span(h.Class("mono"), theirs(label))
	}
	return h.A(h.Class("mono"), h.Href(url), h.Rel("noopener noreferrer"), h.Target("_blank"), theirs(label))
}

// classedLines is lines, each with its class; as says how a line is shown.
func classedLines(lines []htmlLine, as func(string) string) g.Node {
	return h.Pre(g.Map(lines, func(l htmlLine) g.Node {
		return h.Span(g.If(l.Class != "", h.Class(l.Class)), g.Text(as(l.Text)))
	}))
}
