package settle

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// edit replaces bytes of a file; where start is end, it inserts.
type edit struct {
	file       string
	start, end int
	text       string
}

// edits are the changes of one resource's attribute. They are all made or none is.
type edits []edit

// conflict reports whether some edit changes what another one changes, too. Insertions at one place follow each other.
func (list edits) conflict(with edits) bool {
	for _, a := range list {
		for _, b := range with {
			if a.file == b.file && a != b && a.start < b.end && b.start < a.end {
				return true
			}
		}
	}
	return false
}

// apply makes all edits of one file. Formatting that terraform fmt has nothing against stays that way.
func (list edits) apply(content []byte) []byte {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var out bytes.Buffer
	at := 0
	for i, e := range list {
		if i > 0 && e == list[i-1] && e.start != e.end { // two changes that ask for one thing
			continue
		}
		out.Write(content[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(content[at:])
	if bytes.Equal(hclwrite.Format(content), content) {
		return hclwrite.Format(out.Bytes())
	}
	return out.Bytes()
}

// sourceText is a file's bytes with the questions that edits ask of them.
type sourceText []byte

func (t sourceText) of(r hcl.Range) string { return string(t[r.Start.Byte:r.End.Byte]) }

// lineStart and lineEnd are the bounds of the line around a position, without its newline.
func (t sourceText) lineStart(at int) int { return bytes.LastIndexByte(t[:at], '\n') + 1 }

func (t sourceText) lineEnd(at int) int {
	if i := bytes.IndexByte(t[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(t)
}

func (t sourceText) indent(at int) string {
	line := string(t[t.lineStart(at):t.lineEnd(at)])
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// wholeLines widens a range to the lines that it fills, with the comment that may follow and the newline; ok is false
// when something else stands on them.
func (t sourceText) wholeLines(start, end int) (from, to int, ok bool) {
	from, to = t.lineStart(start), t.lineEnd(end)
	before, after := strings.TrimSpace(string(t[from:start])), strings.TrimSpace(string(t[end:to]))
	after = strings.TrimSpace(strings.TrimPrefix(after, ","))
	if before != "" || after != "" && !strings.HasPrefix(after, "#") && !strings.HasPrefix(after, "//") {
		return 0, 0, false
	}
	return from, min(to+1, len(t)), true
}

// span is a part of a list or an object in braces.
type span struct{ start, end int }

// remove takes one of several parts away: with its lines where it has them to itself, else with the comma beside it.
func (t sourceText) remove(file string, parts []span, i int, asJSON bool) edit {
	if from, to, ok := t.wholeLines(parts[i].start, parts[i].end); ok && (!asJSON || i+1 < len(parts)) {
		return edit{file, from, to, ""}
	}
	switch {
	case i+1 < len(parts):
		return edit{file, parts[i].start, parts[i+1].start, ""}
	case i > 0:
		return edit{file, parts[i-1].end, parts[i].end, ""}
	}
	return edit{file, parts[i].start, t.afterComma(parts[i].end), ""}
}

func (t sourceText) afterComma(at int) int {
	if rest := strings.TrimLeft(string(t[at:]), " \t"); strings.HasPrefix(rest, ",") {
		return len(t) - len(rest) + 1
	}
	return at
}

// insert adds texts after the last of several parts of what stands between the brackets at open and its end. comma says
// that a newline does not separate.
func (t sourceText) insert(file string, brackets hcl.Range, parts []span, texts []string, comma bool) edit {
	if len(parts) == 0 {
		inside := strings.Join(texts, ", ")
		opening, closing := string(t[brackets.Start.Byte]), string(t[brackets.End.Byte-1])
		if opening == "{" {
			inside = " " + inside + " "
		}
		return edit{file, brackets.Start.Byte, brackets.End.Byte, opening + inside + closing}
	}
	last := parts[len(parts)-1]
	if t.lineStart(last.start) <= brackets.Start.Byte { // all on one line
		return edit{file, last.end, last.end, ", " + strings.Join(texts, ", ")}
	}
	indent := "\n" + t.indent(last.start)
	separator := ""
	if comma {
		separator = ","
	}
	if at := t.afterComma(last.end); at > last.end {
		return edit{file, at, at, indent + strings.Join(texts, ","+indent) + ","}
	}
	if comma {
		return edit{file, last.end, last.end, separator + indent + strings.Join(texts, separator+indent)}
	}
	at := t.lineEnd(last.end) // behind a comment on the same line
	if i := strings.IndexByte(string(t[last.end:at]), '}'); i >= 0 {
		at = last.end
	}
	return edit{file, at, at, indent + strings.Join(texts, indent)}
}

// addTo writes lines into a body, behind its last argument.
func (t sourceText) addTo(file string, body *hclsyntax.Body, lines []string) edit {
	at := -1
	var indent string
	for _, attr := range body.Attributes {
		if end := attr.SrcRange.End.Byte; end > at {
			at, indent = end, t.indent(attr.SrcRange.Start.Byte)
		}
	}
	if at >= 0 {
		if t[at-1] != '\n' { // a heredoc ends with its newline
			at = t.lineEnd(at)
			return edit{file, at, at, "\n" + indent + strings.Join(lines, "\n"+indent)}
		}
		return edit{file, at, at, indent + strings.Join(lines, "\n"+indent) + "\n"}
	}
	open := body.SrcRange.Start.Byte
	indent = t.indent(open)
	text := "\n" + indent + "  " + strings.Join(lines, "\n"+indent+"  ")
	if t.lineStart(body.SrcRange.End.Byte-1) <= open { // {}
		text += "\n" + indent
	}
	return edit{file, open + 1, open + 1, text}
}
