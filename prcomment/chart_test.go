package prcomment

import (
	"regexp"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

// chartLine is what a line of the chart may be.
var chartLine = regexp.MustCompile(`^(xychart-beta horizontal|  title "Managed by Terraform, percent"|  x-axis \["[A-Za-z0-9 -]{0,40}…?"(, "[A-Za-z0-9 -]{0,40}…?")*\]|  y-axis 0 --> 100|  bar \[[0-9]+(, [0-9]+)*\])$`)

// FuzzMermaid has providers call their types what they like: the chart stays five lines of numbers and plain words.
func FuzzMermaid(f *testing.F) {
	for _, s := range nasties {
		f.Add(s)
	}
	f.Add(`x"] click A href "javascript:alert(1)"`)
	f.Add("%%{init: {'securityLevel':'loose'}}%%")
	f.Fuzz(func(t *testing.T, s string) {
		r := &drift.Report{Managed: []drift.Managed{managed("net", "aws_vpc.main", "vpc-1", "eu-west-1")}}
		for _, typ := range []string{"aws_" + s, s + "_x", s, "aws_vpc"} {
			r.Unmanaged = append(r.Unmanaged, drift.Unmanaged{Resource: drift.Resource{Type: typ, ImportID: s}})
		}
		r.Finish()
		text := view{r: r}.chart().head
		_, inside, found := strings.Cut(text, "```mermaid\n")
		inside, _, closed := strings.Cut(inside, "\n```\n")
		if text == "" {
			return // one service only
		}
		lines := strings.Split(inside, "\n")
		if !found || !closed || len(lines) != 5 {
			t.Fatalf("%q makes %q", s, text)
		}
		for _, line := range lines {
			if !chartLine.MatchString(line) {
				t.Errorf("%q makes the line %q", s, line)
			}
		}
	})
}
