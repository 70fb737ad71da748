package scanner

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Ignore is a .driftignore file: the patterns of driftctl, one a line, the last that matches decides.
//
//	aws_iam_role.deploy       one resource, by type and import ID
//	aws_iam_role.*            every resource of a type; such a type is not listed at all
//	aws_iam_*                 the same for several types
//	!aws_iam_role.keep        but not this one
//	aws_s3_bucket.a\.b\*      a backslash takes a dot or a star literally
//
// Stars match any characters, dots and slashes among them. The zero value ignores nothing.
type Ignore struct {
	file  string
	rules []ignoreRule
}

type ignoreRule struct {
	line      int
	text      string
	negated   bool
	typ, id   *regexp.Regexp
	wholeType bool // the ID pattern is "*"
}

// ParseIgnore reads a .driftignore file. Its error names file and line of every pattern that cannot be one.
func ParseIgnore(file string, r io.Reader) (Ignore, error) {
	ignore := Ignore{file: file}
	var wrong []string
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if !utf8.ValidString(text) {
			wrong = append(wrong, fmt.Sprintf("%s:%d: %q is not UTF-8; save the file as UTF-8", file, n, text))
			continue
		}
		rule := ignoreRule{line: n, text: text}
		pattern, negated := strings.CutPrefix(text, "!")
		rule.negated = negated
		typ, id := splitPattern(pattern)
		if typ == "" {
			wrong = append(wrong, fmt.Sprintf("%s:%d: %q names no type; write type.id, type.* or *", file, n, text))
			continue
		}
		rule.wholeType = id == "*"
		rule.typ, rule.id = glob(typ), glob(id)
		ignore.rules = append(ignore.rules, rule)
	}
	if err := lines.Err(); err != nil {
		return Ignore{}, fmt.Errorf("read %s: %w", file, err)
	}
	if len(wrong) > 0 {
		return Ignore{}, fmt.Errorf("%s", strings.Join(wrong, "\n"))
	}
	return ignore, nil
}

// Match gives the rule that ignores a resource: ".driftignore:3: aws_iam_role.*".
func (i Ignore) Match(typ, id string) (rule string, ignored bool) {
	for n := len(i.rules) - 1; n >= 0; n-- {
		if r := i.rules[n]; r.typ.MatchString(typ) && r.id.MatchString(id) {
			return fmt.Sprintf("%s:%d: %s", i.file, r.line, r.text), !r.negated
		}
	}
	return "", false
}

// WholeType says that every resource of a type is ignored, so that it need not be listed.
func (i Ignore) WholeType(typ string) bool {
	for n := len(i.rules) - 1; n >= 0; n-- {
		if r := i.rules[n]; r.typ.MatchString(typ) && (r.negated || r.wholeType) {
			return !r.negated
		}
	}
	return false
}

// splitPattern cuts at the first dot that no backslash precedes. A pattern without an ID is about the whole type.
func splitPattern(pattern string) (typ, id string) {
	for n := 0; n < len(pattern); n++ {
		switch pattern[n] {
		case '\\':
			n++
		case '.':
			return pattern[:n], pattern[n+1:]
		}
	}
	return pattern, "*"
}

// glob compiles a pattern in which * is any text, ? any character, and a backslash takes the next one literally.
func glob(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for n := 0; n < len(pattern); {
		switch c := pattern[n]; {
		case c == '*':
			b.WriteString(`.*`)
			n++
		case c == '?':
			b.WriteString(`.`)
			n++
		case c == '\\' && n+1 < len(pattern):
			_, size := utf8.DecodeRuneInString(pattern[n+1:])
			b.WriteString(regexp.QuoteMeta(pattern[n+1 : n+1+size]))
			n += 1 + size
		default:
			end := n + 1
			for end < len(pattern) && !strings.ContainsRune(`*?\`, rune(pattern[end])) {
				end++
			}
			b.WriteString(regexp.QuoteMeta(pattern[n:end]))
			n = end
		}
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}
