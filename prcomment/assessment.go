package prcomment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// money is an amount to the cent: "1,234.50 USD".
func money(amount float64, currency string) string {
	whole, cents, _ := strings.Cut(strconv.FormatFloat(amount, 'f', 2, 64), ".")
	if n, err := strconv.Atoi(whole); err == nil {
		whole = number(n)
	}
	return strings.TrimSpace(whole + "." + cents + " " + visible(currency))
}

// costSentence is what the unmanaged resources cost together; "" when nobody was asked.
func costSentence(r *drift.Report) string {
	if r.Cost == nil || len(r.Unmanaged) == 0 {
		return ""
	}
	known := countIf(r.Unmanaged, func(u drift.Unmanaged) bool { return u.MonthlyCost != nil })
	return fmt.Sprintf("What is unmanaged costs %s a month by the estimate of %s, which knows %s of them; what depends on use is not part of it.",
		money(r.Cost.Monthly, r.Cost.Currency), visible(r.Cost.Estimator), plural(known, "resource"))
}

func (v view) costCell(u drift.Unmanaged) string {
	switch {
	case v.r.Cost == nil:
		return ""
	case u.MonthlyCost == nil:
		return " – |"
	default:
		return " " + text(money(*u.MonthlyCost, v.r.Cost.Currency)) + " |"
	}
}

// severitySigns catch the eye; the word stands beside them.
var severitySigns = map[string]string{"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "⚪"}

// weaknesses is what a scanner says of the code, gravest first.
func (v view) weaknesses() section {
	if v.r.Security == nil || len(v.r.Unmanaged) == 0 {
		return section{}
	}
	list := v.r.Security.Weaknesses
	scanner := text(shorten(v.r.Security.Scanner, valueLength))
	if len(list) == 0 {
		return section{rank: rankWeaknesses, head: "\n" + scanner + " has found no weakness in the code for what is unmanaged.\n"}
	}
	s := section{rank: rankWeaknesses, what: "weakness", whats: "weaknesses", tail: "\n</details>\n", head: fmt.Sprintf(
		"\n<details><summary><b>Security</b> of what is unmanaged, by %s: %s</summary>\n\n| Severity | Resource | Weakness | Rule |\n|:--|:--|:--|:--|\n",
		scanner, severities(list))}
	for _, w := range list {
		rule := cell(shorten(w.Rule, valueLength))
		if w.URL != "" {
			rule = "[" + rule + "](" + linkTarget(w.URL) + ")"
		}
		said := text(shorten(w.Title, valueLength))
		if w.Message != "" && w.Message != w.Title {
			said += "<br>" + text(shorten(w.Message, 2*valueLength))
		}
		s.items = append(s.items, fmt.Sprintf("| %s %s | %s | %s | %s |\n", severitySigns[w.Severity], text(w.Severity), code(w.Address), said, rule))
	}
	return s
}

// severities counts by severity: "2 high, 1 low".
func severities(list []drift.Weakness) string {
	counts := map[string]int{}
	for _, w := range list {
		s := w.Severity
		if !slices.Contains(drift.Severities, s) {
			s = "unknown"
		}
		counts[s]++
	}
	var parts []string
	for _, s := range drift.Severities {
		if counts[s] > 0 {
			parts = append(parts, number(counts[s])+" "+s)
		}
	}
	return strings.Join(parts, ", ")
}
