package prcomment

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	nethtml "golang.org/x/net/html"

	"github.com/seed-e90528ae/driftline/drift"
)

// page is what a browser makes of a report: GitHub's Markdown, rendered with raw HTML let through, which GitHub would
// partly take out, and parsed as HTML5.
type page struct {
	elements []string // names and attributes, in order
	codes    []string // texts of code elements outside fences
	prose    []string // texts outside code
	links    []string
}

func renderPage(t *testing.T, markdown string) page {
	t.Helper()
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	root, err := nethtml.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	var p page
	p.walk(root, "")
	return p
}

func (p *page) walk(n *nethtml.Node, within string) {
	switch n.Type {
	case nethtml.ElementNode:
		name := n.Data
		for _, a := range n.Attr {
			if a.Key == "href" {
				p.links = append(p.links, a.Val)
				continue
			}
			name += " " + a.Key + "=" + a.Val
		}
		p.elements = append(p.elements, name)
		if n.Data == "code" && within != "pre" {
			p.codes = append(p.codes, allText(n))
		}
		if n.Data == "code" || n.Data == "pre" {
			within = n.Data
		}
	case nethtml.TextNode:
		if within == "" && strings.TrimSpace(n.Data) != "" {
			p.prose = append(p.prose, n.Data)
		}
	case nethtml.CommentNode:
		p.elements = append(p.elements, "comment "+n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.walk(c, within)
	}
}

func allText(n *nethtml.Node) string {
	if n.Type == nethtml.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(allText(c))
	}
	return b.String()
}

// reference is what GitHub would make a mention or a link to an issue of, in text outside code.
var reference = regexp.MustCompile(`@[A-Za-z0-9]|#[0-9]|(?i:GH-[0-9])`)

func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

// holds renders a report with s everywhere and holds it against the same report with a harmless word.
func holds(t *testing.T, s string) {
	t.Helper()
	o := Options{Marker: true, CodeIn: "here", FullReport: "there", FileURL: "https://github.com/o/r/blob/b/"}
	rendered := func(s string) (page, string) {
		r := hostile(s)
		r.Finish()
		md := Markdown(r, o)
		return renderPage(t, md), md
	}
	got, md := rendered(s)
	want, _ := rendered("harmless")
	if !slices.Equal(got.elements, want.elements) {
		for i := range want.elements {
			if i >= len(got.elements) || got.elements[i] != want.elements[i] {
				t.Fatalf("%q changes the structure: element %d of %d is not %q\n%s", s, i, len(got.elements), want.elements[i], md)
			}
		}
		t.Fatalf("%q adds elements: %q", s, got.elements[len(want.elements):])
	}
	for _, l := range got.links {
		if !strings.HasPrefix(l, o.FileURL) && l != "https://rules.test/a%28b%29" {
			t.Errorf("%q makes a link to %q", s, l)
		}
	}
	for _, text := range got.prose {
		if reference.MatchString(text) {
			t.Errorf("%q makes a reference in %q", s, text)
		}
	}
	// What is shown as code can be copied: it is what was meant.
	same := 0
	for _, c := range got.codes {
		if collapse(c) == collapse(visible(s)) {
			same++
		}
	}
	if same < 10 {
		t.Errorf("%q is shown only %d times as it is; code: %q", s, same, got.codes)
	}
	for i, line := range strings.Split(md, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("%q makes a workflow command of line %d: %q", s, i, line)
		}
	}
}

// shows tells whether s has something to be seen by: of an empty name, dashes and nothing are shown.
func shows(s string) bool {
	return strings.ContainsFunc(visible(s), func(r rune) bool { return !unicode.IsSpace(r) }) && s != "eu-west-1" && len([]rune(s)) < 100
}

func TestNothingBreaksOut(t *testing.T) {
	t.Parallel()
	for _, s := range nasties {
		if shows(s) {
			holds(t, s)
		}
	}
	for _, a := range nasties {
		for _, b := range nasties {
			if s := a + b; shows(s) {
				holds(t, s)
			}
		}
		if t.Failed() {
			return
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range nasties {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if shows(s) {
			holds(t, s)
		}
	})
}

// TestFenceIsLonger has fences in values, which must not end ours.
func TestFenceIsLonger(t *testing.T) {
	t.Parallel()
	r := driftOnly()
	r.Drifted = r.Drifted[:1]
	r.Drifted[0].Changes = []drift.Change{{Path: "user_data", Before: quoted("a\n```\n# heading\n~~~\n"), After: quoted("a\n``````\n<b>x</b>\n~~~\n")}}
	r.Finish()
	p := renderPage(t, Markdown(r, Options{}))
	if !slices.Contains(p.elements, "code class=language-diff") || slices.Contains(p.elements, "h1") || slices.Contains(p.elements, "b") {
		t.Errorf("elements: %q", p.elements)
	}
}

// TestOracleSees makes sure that the oracle above would notice.
func TestOracleSees(t *testing.T) {
	t.Parallel()
	p := renderPage(t, "x </details><script>alert(1)</script> @octocat &#64;octocat #12\n\n| a |\n|--|\n| b |\n")
	if !slices.Contains(p.elements, "script") || !slices.Contains(p.elements, "table") || !reference.MatchString(strings.Join(p.prose, "\n")) {
		t.Errorf("got %+v", p)
	}
}
