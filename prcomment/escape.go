package prcomment

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Everything that comes from a cloud, a state or a provider is untrusted. It enters Markdown in three ways only:
// as code (code), as code within HTML (codeHTML), and in a fence (fence). In all three GitHub makes no mention,
// no issue reference and no link of it. Words that should read as a sentence go through text.

// code is s as a code span for a line of Markdown or a cell of a table.
// A plain span where nothing in s could end it; HTML with character references where something might: in a table,
// backslashes before a pipe mean different things to different parsers, a reference means one thing to all.
func code(s string) string {
	s = visible(s)
	if s == "" || strings.ContainsFunc(s, notPlain) || strings.TrimSpace(s) != s {
		return codeHTML(s)
	}
	return "`" + s + "`"
}

// codeHTML is s as a code element, for where Markdown is not read (a summary), or not to be trusted with s.
func codeHTML(s string) string {
	return "<code>" + references(visible(s), "") + "</code>"
}

// text is s as running text. GitHub looks for mentions and references in the rendered text, where a character
// reference no longer protects: a zero-width space after @ and # does.
func text(s string) string {
	return references(strings.TrimSpace(visible(s)), "&#8203;")
}

// notPlain tells the characters that a code span in a table cannot simply hold.
func notPlain(r rune) bool {
	return r <= unicode.MaxASCII && !isAlphanumeric(r) && !strings.ContainsRune(" _-./:=+,@()[]{}\"'*?&%~!;^", r)
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// references writes ASCII punctuation as character references, which Markdown never takes for markup
// (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references), but for what means nothing where it
// stands: hyphens, underscores, slashes, colons and full stops within words (but for www., which makes a link), a full
// stop or colon at a word's end, quotes, parentheses. The result must not begin a line: it could make a list.
// The breaker goes where GitHub would see a mention or an issue.
func references(s, breaker string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r > unicode.MaxASCII, isAlphanumeric(r), strings.ContainsRune(" ,()\"'", r):
			b.WriteRune(r)
		case r == '-' && strings.HasSuffix(strings.ToUpper(s[:i]), "GH"):
			b.WriteString("-" + breaker) // GH-12 is an issue, too
		case r == '.' && strings.HasSuffix(strings.ToLower(s[:i]), "www"):
			b.WriteString("&#46;")
		case strings.ContainsRune("-_/.:", r) && within(s, i), strings.ContainsRune(".:", r) && ends(s, i):
			b.WriteRune(r)
		case r == '@', r == '#':
			fmt.Fprintf(&b, "&#%d;%s", r, breaker)
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}

// ends tells whether the ASCII character at i follows a letter or digit and is followed by a space or nothing.
func ends(s string, i int) bool {
	return i > 0 && isAlphanumeric(rune(s[i-1])) && (i+1 == len(s) || s[i+1] == ' ')
}

// within tells whether the ASCII character at i stands between two letters or digits.
func within(s string, i int) bool {
	return i > 0 && i+1 < len(s) && isAlphanumeric(rune(s[i-1])) && isAlphanumeric(rune(s[i+1]))
}

// visible makes one line of s and shows what would hide: control characters, line breaks, direction marks and
// other format characters appear as Go would escape them. Invalid UTF-8 becomes U+FFFD.
func visible(s string) string {
	if !strings.ContainsFunc(s, hidden) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		b.WriteString(visibleRune(r))
	}
	return b.String()
}

func hidden(r rune) bool {
	return r != ' ' && !unicode.IsPrint(r)
}

func visibleRune(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case !hidden(r):
		return string(r)
	case r <= 0xFFFF:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// fence is lines in a fenced block whose fence is longer than any run of backticks within.
// The lines hold no line breaks of their own.
func fence(language string, lines []string) string {
	ticks := strings.Repeat("`", max(3, 1+longestRun(lines, '`')))
	return ticks + language + "\n" + strings.Join(lines, "\n") + "\n" + ticks + "\n"
}

func longestRun(lines []string, c rune) int {
	longest := 0
	for _, line := range lines {
		run := 0
		for _, r := range line {
			if r != c {
				run = 0
				continue
			}
			run++
			longest = max(longest, run)
		}
	}
	return longest
}

// shorten cuts s to at most n characters, the last of which then says that there were more.
func shorten(s string, n int) string {
	if n <= 0 || utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
