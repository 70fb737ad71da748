package prcomment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/seed-e90528ae/driftline/drift"
)

// How much of one change a comment shows. The whole is in report.json.
const (
	valueLength   = 240    // characters of a value on one line
	diffLines     = 40     // lines of a change of several lines
	diffMaxBytes  = 64_000 // larger values are not compared line by line
	resourceLines = 80     // lines of all changes of one resource
)

// changeLines is a resource's changes as the lines of a diff: - what the state says, + what the cloud has.
func changeLines(changes []drift.Change) []string {
	var lines []string
	for i, c := range changes {
		if more := oneChange(c); len(lines)+len(more) <= resourceLines {
			lines = append(lines, more...)
			continue
		}
		return append(lines, "# … and "+plural(len(changes)-i, "more attribute"))
	}
	return lines
}

// Plain is a resource's changes as plain lines: - what the state says, + what the cloud has.
func Plain(changes []drift.Change) string { return strings.Join(changeLines(changes), "\n") }

func oneChange(c drift.Change) []string {
	path := shorten(visible(c.Path), valueLength)
	if c.Sensitive {
		return []string{"! " + path + ": changed (sensitive)"}
	}
	before, after := document(c.Before), document(c.After)
	if len(before)+len(after) > 2 && len(before) > 0 && len(after) > 0 {
		if lines := lineDiff(before, after); lines != nil {
			return slices.Concat([]string{"@@ " + path + " @@"}, lines)
		}
	}
	var lines []string
	if !null(c.Before) || null(c.After) {
		lines = append(lines, "- "+path+" = "+value(c.Before))
	}
	if !null(c.After) {
		lines = append(lines, "+ "+path+" = "+value(c.After))
	}
	return lines
}

// value is a JSON value on one line: strings quoted, long ones cut with their length.
func value(raw json.RawMessage) string {
	if null(raw) {
		return "null"
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return "(not JSON)"
	}
	s := unescapeHTML(visible(b.String()))
	if n := utf8.RuneCountInString(s); n > valueLength {
		return fmt.Sprintf("%s (%s)", shorten(s, valueLength), plural(n, "character"))
	}
	return s
}

// unescapeHTML undoes what encoding/json does to <, > and & by default, for the eye's sake.
func unescapeHTML(s string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(s)
}

// document is a value as lines, where it has an inner form worth showing: an object, a list, or a string that holds
// JSON or several lines. Everything else is a single line.
func document(raw json.RawMessage) []string {
	if null(raw) || len(raw) > diffMaxBytes {
		return nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return indented(raw)
	}
	if inner := strings.TrimSpace(s); strings.HasPrefix(inner, "{") || strings.HasPrefix(inner, "[") {
		if lines := indented([]byte(inner)); lines != nil {
			return lines
		}
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

// indented is JSON over several lines; objects' keys stay in the order in which they came.
func indented(raw []byte) []string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return nil
	}
	return strings.Split(unescapeHTML(b.String()), "\n")
}

// lineDiff is the lines in which two documents differ, with some around them; nil when there is nothing to see
// line by line, because the documents differ in nothing but what the form leaves out.
func lineDiff(before, after []string) []string {
	unified := diff.Diff("state", joined(before), "cloud", joined(after))
	if unified == nil {
		return nil
	}
	var lines []string
	// The first three lines name the files; the hunk headers count lines of documents that nobody can open. The bar
	// keeps a line of the document from standing first in a line of ours, where a runner would look for ::commands.
	for _, line := range strings.Split(strings.TrimSuffix(string(unified), "\n"), "\n")[3:] {
		if strings.HasPrefix(line, "@@") {
			if len(lines) > 0 {
				lines = append(lines, "  ┆")
			}
			continue
		}
		lines = append(lines, line[:1]+" │ "+shorten(visible(line[1:]), valueLength))
	}
	if len(lines) > diffLines {
		cut := len(lines) - diffLines
		lines = append(lines[:diffLines:diffLines], "# … and "+plural(cut, "more line"))
	}
	return lines
}

func joined(lines []string) []byte { return []byte(strings.Join(lines, "\n") + "\n") }

func null(raw json.RawMessage) bool {
	return len(raw) == 0 || string(bytes.TrimSpace(raw)) == "null"
}
