package redact

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
)

// forms are the spellings of all secrets. Looking for them takes a time that grows with the text, and hardly with their
// number; so does adding one more, since secrets are met all along a run.
type forms struct {
	starts    [256]bool           // the first bytes of all
	beginning map[string][]string // their first bytes → all that begin so, sorted; nil for fewer bytes than keySize
}

// keySize is in bytes, and at most the length of the shortest spelling.
const keySize = 4

// add takes all spellings of a secret.
func (f *forms) add(secret string) {
	if f.beginning == nil {
		f.beginning = map[string][]string{}
	}
	for _, s := range spellings(secret) {
		f.starts[s[0]] = true
		for n := 1; n < keySize; n++ {
			f.beginning[s[:n]] = nil
		}
		key := s[:keySize]
		if at, found := slices.BinarySearch(f.beginning[key], s); !found {
			f.beginning[key] = slices.Insert(f.beginning[key], at, s)
		}
	}
}

// at says how long the longest secret is that text begins with, 0 for none; and whether more text could make it one, or
// a longer one.
func (f *forms) at(text string) (length int, open bool) {
	if !f.starts[text[0]] {
		return 0, false
	}
	list, begun := f.beginning[text[:min(keySize, len(text))]]
	if len(text) < keySize {
		return 0, begun
	}
	next, whole := slices.BinarySearch(list, text)
	if whole {
		length, next = len(text), next+1
	}
	shared := 0 // with the neighbours: no other secret has more in common with text
	if next < len(list) {
		shared = common(list[next], text)
		open = shared == len(text)
	}
	if next > 0 {
		shared = max(shared, common(list[next-1], text))
	}
	for length == 0 && next > 0 {
		// What text begins with is sorted before it, and everything between the two begins with it as well: it is no
		// longer than what the neighbour has in common with text.
		if next, whole = slices.BinarySearch(list[:next], text[:common(list[next-1], text)]); whole {
			length = len(list[next])
		}
	}
	if rest := text[shared:]; shared >= minCut && shared > length && rest != "" {
		if strings.HasPrefix(rest, ellipsis) {
			length = shared
		}
		open = open || len(rest) < len(ellipsis) && strings.HasPrefix(ellipsis, rest)
	}
	return length, open
}

// minCut is how many bytes of a secret, with an ellipsis behind them, are taken for a secret that somebody has cut short
// before it came here.
const (
	minCut   = minCredential
	ellipsis = "…"
)

// common is how many bytes two texts begin with alike.
func common(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// replace is text with every secret replaced, and what of its end may be the beginning of one.
func (f *forms) replace(text string) (clean []byte, held string, found bool) {
	clean = make([]byte, 0, len(text))
	for len(text) > 0 {
		length, open := f.at(text)
		switch {
		case open:
			return clean, text, found
		case length > 0:
			clean = append(clean, Placeholder...)
			text, found = text[length:], true
		default:
			clean = append(clean, text[0])
			text = text[1:]
		}
	}
	return clean, "", found
}

// all is text with every secret replaced: nothing comes after it.
func (f *forms) all(text string) (clean []byte, found bool) {
	for len(text) > 0 {
		part, held, some := f.replace(text)
		clean, found = append(clean, part...), found || some
		if held == "" {
			break
		}
		// What is held is no whole secret, but a shorter one may stand in it or begin it.
		if length, _ := f.at(held); length > 0 {
			clean, text, found = append(clean, Placeholder...), held[length:], true
			continue
		}
		clean, text = append(clean, held[0]), held[1:]
	}
	return clean, found
}

// spellings are the ways in which a value is written into the documents that leave a run.
func spellings(value string) []string {
	asJSON, _ := json.Marshal(value) // a string always has a form in JSON
	quoted := string(asJSON[1 : len(asJSON)-1])
	all := []string{
		value, quoted,
		strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(quoted), // HTML is not escaped everywhere
		strings.NewReplacer("${", "$${", "%{", "%%{").Replace(quoted),                    // HCL
		url.QueryEscape(value), url.PathEscape(value), html.EscapeString(value),
		base64.StdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value)),
		strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(value), // workflow commands
	}
	return slices.Concat(all, within64(value), lines(value, minLine))
}

// within64 is what a value is in the base64 of a longer text, a script or a header: its bytes begin at one of three offsets,
// and the characters in the middle depend on it alone.
func within64(value string) []string {
	var all []string
	for offset := range 3 {
		padded := append(make([]byte, offset), value...)
		first := (offset*8 + 5) / 6
		last := len(padded) * 8 / 6
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			all = append(all, encoding.EncodeToString(padded)[first:last])
		}
	}
	return all
}

// lines are those of a value that are secret by themselves: all that are long enough; of a single one, itself.
func lines(value string, least int) []string {
	all := strings.Split(value, "\n")
	if len(all) == 1 {
		return all
	}
	var secret []string
	for _, line := range all {
		if line = strings.TrimSpace(line); len(line) >= least && !strings.HasPrefix(line, "-----") {
			secret = append(secret, line)
		}
	}
	return secret
}
