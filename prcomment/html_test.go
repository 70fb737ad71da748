package prcomment

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"github.com/seed-e90528ae/driftline/drift"
)

func htmlOf(t *testing.T, r *drift.Report) string {
	t.Helper()
	out, err := HTML(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// fromElsewhere is whatever would make a browser ask for something; links that a person clicks do not.
var fromElsewhere = regexp.MustCompile(`(?i)<(img|link|iframe|object|embed|base|form)\b|\ssrc=|@import|url\(|fetch\(|XMLHttp|\son\w+=`)

// contained says what is wrong with a page: a name that has become markup, or a page that is not self-contained.
func contained(page string) error {
	markup := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(withoutText(page), `""`) // what attributes hold is data
	if found := fromElsewhere.FindString(markup); found != "" {
		return fmt.Errorf("%q loads or runs something", found)
	}
	for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(href[1], "#") && !regexp.MustCompile(`^https://([a-z0-9-]+\.console\.aws\.amazon\.com|rules\.test|avd\.aquasec\.com)/`).MatchString(href[1]) {
			return fmt.Errorf("a link to %q", href[1])
		}
	}
	for tag, most := range map[string]int{"script": 1, "style": 1, "body": 1, "table": 3, "tbody": 3} {
		if opened, closed := strings.Count(markup, "<"+tag), strings.Count(markup, "</"+tag+">"); opened != closed || opened < 1 || opened > most {
			return fmt.Errorf("%d <%s> and %d </%s>", opened, tag, closed, tag)
		}
	}
	if rows, ends := strings.Count(markup, "<tr"), strings.Count(markup, "</tr>"); rows != ends {
		return fmt.Errorf("%d rows begin, %d end", rows, ends)
	}
	return nil
}

// withoutText is a page as a browser takes it, without the text that it shows: tags, and what stands in scripts and styles.
func withoutText(page string) string {
	var b strings.Builder
	tokens, inside := nethtml.NewTokenizer(strings.NewReader(page)), ""
	for {
		kind := tokens.Next()
		raw := string(tokens.Raw())
		switch kind {
		case nethtml.ErrorToken:
			return b.String()
		case nethtml.StartTagToken:
			name, _ := tokens.TagName()
			inside = string(name)
		case nethtml.TextToken:
			if inside != "script" && inside != "style" {
				continue
			}
		default:
			inside = ""
		}
		b.WriteString(raw)
	}
}

func TestHTMLIsContainedAndWhole(t *testing.T) {
	t.Parallel()
	for name, r := range sarifReports() {
		r.Finish()
		out := htmlOf(t, r)
		if err := contained(out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s := r.Summary
		if want, got := s.Managed+s.Deleted+s.Unmanaged+s.Owned+s.Ignored, strings.Count(out, "<tr data-status"); got != want && name != "hostile" { // whose drifted one is not among the managed
			t.Errorf("%s: %d rows for %d resources", name, got, want)
		}
		if again := htmlOf(t, r); again != out {
			t.Errorf("%s: two renderings differ", name)
		}
	}
}

func TestHTMLGraph(t *testing.T) {
	t.Parallel()
	r := night(1, "u a", "u b", "u c")
	for i, name := range []string{"a", "b", "c"} {
		r.Unmanaged[i].SuggestedAddress = "aws_sqs_queue." + name
	}
	if strings.Contains(htmlOf(t, r), "<svg") {
		t.Error("a graph without references")
	}
	r.Unmanaged[0].References = []string{"aws_sqs_queue.b", "aws_vpc.managed"}
	r.Unmanaged[1].References = []string{"aws_sqs_queue.a"} // a cycle does not hang
	out := htmlOf(t, r)
	if strings.Count(out, "<rect") != 3 || strings.Count(out, "<path") != 3 || strings.Count(out, `class="new"`) != 2 {
		t.Errorf("graph: %s", out[strings.Index(out, "<svg"):strings.Index(out, "</svg>")])
	}
}

func FuzzHTML(f *testing.F) {
	for _, nasty := range nasties {
		f.Add(nasty)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := hostile(s)
		r.Unmanaged[0].References = []string{s}
		r.Unmanaged[0].Tags = map[string]string{s: s}
		r.Finish()
		out, err := HTML(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := contained(string(out)); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	})
}
