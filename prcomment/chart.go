package prcomment

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// serviceCoverage is a bar of the chart.
type serviceCoverage struct {
	Service            string
	Managed, Unmanaged int
}

// Percent is rounded down, as everywhere.
func (s serviceCoverage) Percent() int {
	return int(math.Floor(100*float64(s.Managed)/float64(s.Managed+s.Unmanaged) + 1e-9))
}

// coverages are the services that have unmanaged resources, those with most of them first.
func coverages(r *drift.Report) []serviceCoverage {
	bars := map[string]serviceCoverage{}
	for _, m := range r.Managed {
		s := service(m.Type)
		b := bars[s]
		bars[s] = serviceCoverage{s, b.Managed + 1, b.Unmanaged}
	}
	for _, u := range r.Unmanaged {
		s := service(u.Type)
		b := bars[s]
		bars[s] = serviceCoverage{s, b.Managed, b.Unmanaged + 1}
	}
	list := slices.Collect(maps.Values(bars))
	list = slices.DeleteFunc(list, func(b serviceCoverage) bool { return b.Unmanaged == 0 })
	slices.SortFunc(list, func(a, b serviceCoverage) int {
		return cmp.Or(cmp.Compare(b.Unmanaged, a.Unmanaged), strings.Compare(a.Service, b.Service))
	})
	return list
}

// chartBars is how many services a chart holds before its labels run into each other.
const chartBars = 12

// chart is the coverage by service, where there is something to compare.
func (v view) chart() section {
	bars := coverages(v.r)
	if len(bars) < 2 {
		return section{}
	}
	bars = bars[:min(chartBars, len(bars))]
	var names, percents []string
	for _, b := range bars {
		names = append(names, `"`+mermaidWord(b.Service)+`"`)
		percents = append(percents, fmt.Sprint(b.Percent()))
	}
	return section{rank: rankIgnored, head: "\n<details><summary>Coverage by service</summary>\n\n" + fence("mermaid", []string{
		"xychart-beta horizontal",
		`  title "Managed by Terraform, percent"`,
		"  x-axis [" + strings.Join(names, ", ") + "]",
		"  y-axis 0 --> 100",
		"  bar [" + strings.Join(percents, ", ") + "]",
	}) + "\n</details>\n"}
}

// mermaidWord keeps of a service's name what cannot end a string of mermaid's, or begin a directive or entity of it. A
// provider's types are its own to name.
func mermaidWord(s string) string {
	return shorten(strings.Map(func(r rune) rune {
		if isAlphanumeric(r) || r == ' ' || r == '-' {
			return r
		}
		return '-'
	}, s), 40)
}
