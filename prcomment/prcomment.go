// Package prcomment renders a drift.Report for people: as bounded Markdown for a pull request comment and a job
// summary, as plain text for a terminal, and as JSON. It finds nothing out and speaks to nobody: what is not in the
// report is not in a rendering, and no clock is read, so that the same cloud gives the same bytes.
package prcomment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// Sizes that GitHub takes, in bytes; GitHub counts a comment in characters, of which a byte is never more than one.
// https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions#step-isolation-and-limits
const (
	CommentLimit = 65_536
	SummaryLimit = 1 << 20
)

// Marker is the hidden first line by which the report's comment is found again.
const Marker = "<!-- driftline:report -->"

// Description is the text of the pull request itself, above the report: what it is and how to use it.
const Description = `Driftline compared the cloud with what Terraform has in its states. This pull request holds import blocks and ` +
	`configuration for resources that no state knows; the report is in a comment below. Both are kept up to date until this is merged or closed.

- **To take it:** run ` + "`terraform plan`" + ` on this branch, merge, apply. Verified blocks plan as imports only: nothing is added, changed or destroyed.
- **Not verified** blocks are commented out, so that merging them changes nothing. Each says which attributes differ.
- **To change it:** move, rename and edit at will on this branch. Your commits are kept, and a file that you have changed is no longer written to.
- **Not wanted:** a line in ` + "`.driftignore`" + ` (` + "`aws_iam_role.some-name`" + `) leaves a resource out. Closing this keeps it closed until there is news.
`

// Options say where a Markdown rendering will stand. The zero value renders everything.
// CodeIn, FullReport and FileURL are the caller's own words and are not escaped.
type Options struct {
	Limit      int    // most bytes of the result; 0 for no limit
	Marker     bool   // begin with Marker
	Memory     string // hidden line that follows it: Memory.Line; "" for none
	CodeIn     string // where the generated code is: "this pull request", "`out/code`"; "" when none was written
	FullReport string // where the whole report is, as Markdown: "[the job summary](https://…)"; "" for "report.json"
	FileURL    string // prefix that a file's path is appended to for a link: "https://github.com/o/r/blob/b/"; "" for none
}

// Title is one line for a pull request: what there is to do, and nothing that changes by itself.
func Title(r *drift.Report) string {
	parts := counts(r.Summary)
	if len(parts) == 0 {
		return "Driftline: Terraform and the cloud agree"
	}
	return "Driftline: " + strings.Join(parts, ", ")
}

// JSON is the report as report.json holds it: indented, with < and > as they are, ending with a newline.
// It fails only on a Change whose Before or After is not JSON.
func JSON(r *drift.Report) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	return b.Bytes(), nil
}

// counts are the findings, worst first: "3 drifted", "1 deleted", "12 unmanaged".
func counts(s drift.Summary) []string {
	var parts []string
	for _, c := range []struct {
		n    int
		word string
	}{{s.Drifted, "drifted"}, {s.Deleted, "deleted"}, {s.Unmanaged, "unmanaged"}} {
		if c.n > 0 {
			parts = append(parts, number(c.n)+" "+c.word)
		}
	}
	return parts
}

// coverage rounds down: 100% is said only of a cloud in which nothing is unmanaged.
func coverage(percent float64) string {
	return strconv.FormatFloat(float64(shownTenths(percent))/10, 'f', -1, 64) + "%"
}

// shownTenths are the tenths of a percent that are shown.
func shownTenths(percent float64) int { return int(math.Floor(percent*10 + 1e-9)) }

// number is n with thousands separated: 12,345.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural is "1 resource", "2 resources".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + one + "s"
}

// list joins words as a sentence does: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
