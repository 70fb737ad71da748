package prcomment

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-e90528ae/driftline/drift"
)

// Driftignore is a line of a .driftignore file for each unmanaged resource, under a comment for each service: whoever
// begins with a large estate ignores what is there and is told of what comes.
func Driftignore(r *drift.Report) string {
	var b strings.Builder
	last := ""
	for _, u := range r.Unmanaged {
		if name := service(u.Type); name != last {
			fmt.Fprintf(&b, "# %s\n", visible(name))
			last = name
		}
		fmt.Fprintf(&b, "%s.%s\n", ignorePattern(u.Type), ignorePattern(u.ImportID))
	}
	return b.String()
}

// ignorePattern is s as a pattern that matches it and, but for characters that a line cannot hold, nothing else.
func ignorePattern(s string) string {
	var b strings.Builder
	for i, r := range s {
		_, width := utf8.DecodeRuneInString(s[i:])
		last := i+width == len(s)
		switch {
		case r == utf8.RuneError && width == 1, unicode.IsControl(r), unicode.IsSpace(r) && (last || r != ' '):
			b.WriteByte('?')
		case strings.ContainsRune(`\*?`, r):
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
