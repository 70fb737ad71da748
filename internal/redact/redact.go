// Package redact is the one way out for what a run writes: whatever holds a secret leaves with a placeholder in its stead.
//
// What is secret is told to a Redactor as soon as it is met: the run's own credentials (Credential), what a state marks
// (State), and what a provider's schema calls sensitive (Object). What leaves goes through it: standard output and error
// (Writer), requests to GitHub (Transport), reports, code and recordings (Seal, Bytes), the files of a workflow (String).
// And it has every secret masked in the workflow's log, later steps' too (Mask).
//
// It knows no rules by which a text could be told to be a secret (package secrets does), only values that were named to it;
// and it reads nothing by itself.
package redact

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Placeholder stands where a secret stood. It means the same in JSON, HTML, Markdown and HCL strings, so that a text stays
// whole when a value is taken out of it.
const Placeholder = "(sensitive)"

// scrubbed begins what stands for a secret, here or in a recording.
const scrubbed = "(sensitive"

const (
	// minCredential is the length, in bytes, below which not even a credential of the run is replaced: every text holds
	// such a short word by chance.
	minCredential = 6
	// minValue is the same for values that a state or a schema calls sensitive: people mark ordinary words so.
	minValue = 8
	// minLine is the same for one line of a value of several: a key in a heredoc is indented line by line.
	minLine = 20
)

// Redactor holds the secrets of one run. Its methods may be called from several goroutines. The zero value knows none,
// and a nil Redactor replaces nothing.
type Redactor struct {
	mu     sync.RWMutex
	known  map[string]bool // value → whether it is a credential of the run
	forms  forms           // all that is known, as it may be written
	names  names           // see Reveal; nil before
	mask   func(secrets ...string)
	masked map[string]bool // what mask was told
}

// New makes a Redactor that knows the credentials of a run.
func New(credentials ...string) *Redactor {
	r := &Redactor{}
	r.Credential(credentials...)
	return r
}

// Mask sets who is told every secret from here on, once, in single lines where it is a value of several: a workflow masks
// lines. Credentials are told before anything else is done with them; values when it is known that they are no names,
// since a mask cannot be taken back.
func (r *Redactor) Mask(mask func(secrets ...string)) { r.mask, r.masked = mask, map[string]bool{} }

// Credential adds values that are secret by what they are for.
func (r *Redactor) Credential(values ...string) {
	for _, v := range values {
		v = strings.TrimSpace(v)
		r.tell(lines(v, minCredential)...)
		if len(v) >= minCredential {
			r.add(v, true)
		}
	}
}

// Credentials is a Redactor of its own that knows the credentials of the run, and no value that was read.
func (r *Redactor) Credentials() *Redactor {
	r.mu.RLock()
	defer r.mu.RUnlock()
	only := New()
	for value, credential := range r.known {
		if credential {
			only.add(value, true)
		}
	}
	return only
}

// Value adds values that somebody called sensitive. What is too short, or is a word, a region, a number or the like, is
// left out: replacing it would spoil what it also stands in, and tell where.
func (r *Redactor) Value(values ...string) {
	for _, v := range values {
		v = strings.TrimSpace(v)
		if len(v) < minValue || ordinary.MatchString(v) && (len(v) < longWord || !letters.MatchString(v)) {
			continue
		}
		if r.add(v, false) {
			r.tell(lines(v, minLine)...)
		}
	}
}

// ordinary are values that people mark as sensitive and that tell nothing: words of up to 15 letters, numbers, dates,
// regions and zones, addresses and networks, ARNs and ids of AWS's, versions.
var ordinary = regexp.MustCompile(`^(?:[A-Za-z]+|[A-Za-z]{1,7}[-_][A-Za-z]{1,7}|[0-9.:/TZ+-]+|[a-z]{2}(?:-[a-z]+)+-\d[a-z]?|arn:aws[a-z-]*:[^\s]*|[a-z]{2,10}-[0-9a-f]{8,17}|v?\d+(?:\.\d+)+)$`)

// longWord is the length, in bytes, from which letters alone may be a key or a passphrase.
const longWord = 16

var letters = regexp.MustCompile(`^[A-Za-z]+$`)

// add takes a secret, unless it stands for one, or is a name. It says whether a mask is due now: the value is new, and
// names are known.
func (r *Redactor) add(value string, credential bool) (tellable bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was, known := r.known[value]
	if known && (was || !credential) || strings.HasPrefix(value, scrubbed) || !credential && r.names.has(value) {
		return false
	}
	if r.known == nil {
		r.known = map[string]bool{}
	}
	r.known[value] = credential
	if !known {
		r.forms.add(value)
	}
	return r.names != nil
}

// Reveal no longer hides what is called sensitive somewhere, now or later, and also is an import ID or a whole part of one:
// a name that everybody who may list sees, and that would name nothing, were it replaced. Credentials stay hidden.
func (r *Redactor) Reveal(importIDs []string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	r.names = namesIn(importIDs)
	maps.DeleteFunc(r.known, func(value string, credential bool) bool { return !credential && r.names.has(value) })
	r.forms = forms{}
	var values []string
	for value, credential := range r.known {
		r.forms.add(value)
		if !credential {
			values = append(values, lines(value, minLine)...)
		}
	}
	r.mu.Unlock()
	slices.Sort(values)
	r.tell(values...)
}

// tell has secrets masked, each once. It is called without the lock, since masks are written where others write, too.
func (r *Redactor) tell(secrets ...string) {
	if r.mask == nil {
		return
	}
	r.mu.Lock()
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(secret string) bool {
		told := r.masked[secret] || secret == ""
		r.masked[secret] = true
		return told
	})
	r.mu.Unlock()
	r.mask(secrets...)
}

// names are all parts of import IDs, sorted, each with what follows it in its ID.
type names []string

// partEnds are what stands between the parts of an import ID.
const partEnds = "\n|/,:#"

func namesIn(importIDs []string) names {
	// Parts have no one separator, and may hold those of others: a URL after a "|".
	found := names{}
	for _, id := range importIDs {
		id += "\n"
		for at := range len(id) {
			if at == 0 || strings.IndexByte(partEnds, id[at-1]) >= 0 {
				found = append(found, id[at:])
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// has says whether a value is a part.
func (n names) has(value string) bool {
	for _, end := range strings.Split(partEnds, "") {
		part := value + end
		if at, _ := slices.BinarySearch(n, part); at < len(n) && strings.HasPrefix(n[at], part) {
			return true
		}
	}
	return false
}

// Holds says whether a text holds a secret.
func (r *Redactor) Holds(text string) bool {
	_, found := r.replace(text)
	return found
}

// String is text with every secret replaced.
func (r *Redactor) String(text string) string {
	if clean, found := r.replace(text); found {
		return string(clean)
	}
	return text
}

// Bytes is text with every secret replaced.
func (r *Redactor) Bytes(text []byte) []byte {
	if clean, found := r.replace(string(text)); found {
		return clean
	}
	return text
}

func (r *Redactor) replace(text string) (clean []byte, found bool) {
	if r == nil {
		return nil, false
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.forms.all(text)
}
