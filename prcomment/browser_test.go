package prcomment

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/peers"
)

// opened is a browser that shows a report.
func opened(t *testing.T, r *drift.Report) *peers.Browser {
	t.Helper()
	peers.E2E(t)
	r.Finish()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(htmlOf(t, r)), 0o600); err != nil {
		t.Fatal(err)
	}
	b := peers.StartBrowser(t)
	b.Show(1280, 900, "light")
	b.Open("file://" + file)
	return b
}

// visibleRows are the addresses that the page shows.
const visibleRows = `[...document.querySelectorAll("#rows tr")].filter(r => r.offsetParent !== null).map(r => r.querySelector("b").textContent)`

func TestBrowserFilters(t *testing.T) {
	t.Parallel()
	b := opened(t, everything())
	set := func(id, value string) string {
		return fmt.Sprintf(`document.getElementById(%q).value = %q; document.getElementById(%q).dispatchEvent(new Event("input"));`, id, value, id)
	}
	for _, tt := range []struct {
		do   string
		want []string
	}{
		{set("status", "deleted"), []string{"aws_sns_topic.alerts[0]", `aws_sqs_queue.jobs["a.b"]`}},
		{set("q", "ALERTS sns"), []string{"aws_sns_topic.alerts[0]"}},
		{`document.getElementById("clear").click();` + set("tag", "team=data"), []string{"aws_s3_bucket.logs-prod"}},
		{`document.getElementById("clear").click();` + set("region", "global"), []string{"aws_iam_policy.read"}},
		{`document.getElementById("clear").click();` + set("type", "aws_subnet"), []string{"aws_subnet.a"}},
		{set("status", ""), []string{"aws_subnet.a", `aws_subnet.a["x"]`}},
		{set("q", "no such thing"), []string{}},
	} {
		var got []string
		b.Eval(&got, "(() => {"+tt.do+" return "+visibleRows+"})()")
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s shows %q, want %q", tt.do, got, tt.want)
		}
		var says string
		b.Eval(&says, `document.getElementById("count").textContent`)
		if want := fmt.Sprintf("%d of 25", len(tt.want)); says != want {
			t.Errorf("%s: the page says %q, want %q", tt.do, says, want)
		}
	}
	var none bool
	if b.Eval(&none, `document.getElementById("none").offsetParent !== null`); !none {
		t.Error("an empty list says nothing")
	}
}

// TestBrowserKeyboard reaches by keys alone all that a mouse does, each where it can be seen.
func TestBrowserKeyboard(t *testing.T) {
	t.Parallel()
	b := opened(t, everything())
	const name = `(e => [e.tagName, e.id || e.getAttribute("href") || e.textContent.slice(0, 40)].join(" "))`
	var want []string
	b.Eval(&want, `[...document.querySelectorAll("a, button, input, select, summary, [tabindex]")].filter(e => e.checkVisibility()).map(`+name+`)`)
	reached := map[string]bool{}
	for range len(want) + 2 {
		b.Press("Tab")
		var at string
		b.Eval(&at, name+`(document.activeElement)`)
		reached[at] = true
		var outlined bool
		if b.Eval(&outlined, `document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== "none"`); !outlined {
			t.Errorf("%s does not show that it has the focus", at)
		}
	}
	for _, w := range want {
		if !reached[w] {
			t.Errorf("Tab does not reach %q", w)
		}
	}
	if len(want) < 20 {
		t.Errorf("only %d things to reach: %q", len(want), want)
	}
	b.Eval(nil, `document.activeElement.blur()`)
	for _, key := range []string{"/", "s", "n", "s"} {
		b.Press(key)
	}
	var rows []string
	if b.Eval(&rows, visibleRows); !slices.Equal(rows, []string{"aws_sns_topic.alerts[0]"}) {
		t.Errorf("after / and typing sns the page shows %q", rows)
	}
	var open []bool
	b.Eval(nil, `document.getElementById("clear").click(); document.querySelector("#rows summary").focus()`)
	for range 2 {
		var o bool
		b.Eval(&o, `document.querySelector("#rows details").open`)
		open = append(open, o)
		b.Press("Enter")
	}
	if open[0] == open[1] {
		t.Error("Enter does not fold what changed")
	}
}

func TestBrowserLooks(t *testing.T) {
	t.Parallel()
	b := opened(t, everything())
	background := func() (colour string) {
		b.Eval(&colour, `getComputedStyle(document.body).backgroundColor`)
		return colour
	}
	light := background()
	b.Show(1280, 900, "dark")
	dark := background()
	b.Eval(nil, `document.getElementById("theme").focus()`)
	b.Press(" ")
	if light == dark || background() != light {
		t.Errorf("light is %s, dark is %s, and the button then makes %s", light, dark, background())
	}
	for _, width := range []int{360, 500, 760, 1280, 1920} {
		b.Show(width, 900, "light")
		var wide int
		if b.Eval(&wide, `document.scrollingElement.scrollWidth`); wide > width {
			t.Errorf("at %d pixels the page is %d wide", width, wide)
		}
		if dir := os.Getenv("DRIFTLINE_SCREENSHOTS"); dir != "" {
			for _, scheme := range []string{"light", "dark"} {
				b.Eval(nil, `delete document.documentElement.dataset.theme`)
				b.Show(width, 900, scheme)
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d-%s.png", width, scheme)), b.Shot(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestBrowserAsksForNothing lets a real browser run pages: nothing is loaded, and what the cloud is called runs nothing.
func TestBrowserAsksForNothing(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*drift.Report{
		"everything": everything(), "hostile": hostile(strings.Join(append(slices.Clone(nasties), `"><script>document.title="owned"</script>`, `'"><img src=x onerror=alert(1)>`), " ")),
	} {
		b := opened(t, r)
		b.Do("Runtime.evaluate", map[string]any{"expression": `for (const e of document.querySelectorAll("details")) e.open = true`})
		for _, e := range b.Events("Network.requestWillBeSent") {
			var p struct{ Request struct{ URL string } }
			if err := json.Unmarshal(e.Params, &p); err != nil || !strings.HasPrefix(p.Request.URL, "file://") && p.Request.URL != "about:blank" {
				t.Errorf("%s asks for %s (%v)", name, p.Request.URL, err)
			}
		}
		for _, method := range []string{"Page.javascriptDialogOpening", "Runtime.exceptionThrown"} {
			for _, e := range b.Events(method) {
				t.Errorf("%s: %s", name, e)
			}
		}
		var title string
		var scripts, rows int
		b.Eval(&title, `document.title`)
		b.Eval(&scripts, `document.scripts.length`)
		b.Eval(&rows, visibleRows+`.length`)
		if title != Title(r) || scripts != 1 || rows != r.Summary.Findings() {
			t.Errorf("%s: title %q, %d scripts, %d rows", name, title, scripts, rows)
		}
	}
}
