// Package redact replaces the secrets that a run has met in everything that it writes. It knows no rules by which a text
// could be told to be a secret (package secrets does), only values that were named to it; and it reads nothing by itself.
package redact

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	mu    sync.Mutex
	seen  map[string]bool // value → whether it is a credential of the run
	names string          // import IDs, between ends of parts: see Reveal
	tell  func(credential string)
	forms atomic.Pointer[forms]
	stale atomic.Bool
}

// New makes a Redactor that knows the credentials of a run.
func New(credentials ...string) *Redactor {
	r := &Redactor{}
	r.Credential(credentials...)
	return r
}

// Announce sets who is told every credential from here on, before it is known to be one of the run's.
func (r *Redactor) Announce(tell func(credential string)) { r.tell = tell }

// Credential adds values that are secret by what they are for.
func (r *Redactor) Credential(values ...string) {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" && r.tell != nil {
			r.tell(v)
		}
		if len(v) >= minCredential {
			r.add(v, true)
		}
	}
}

// Credentials is a Redactor of its own that knows the credentials of the run, and no value that was read.
func (r *Redactor) Credentials() *Redactor {
	r.mu.Lock()
	defer r.mu.Unlock()
	only := New()
	for value, credential := range r.seen {
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
		if v = strings.TrimSpace(v); len(v) >= minValue && (len(v) >= longWord && letters.MatchString(v) || !ordinary.MatchString(v)) {
			r.add(v, false)
		}
	}
}

// Reveal no longer hides what is called sensitive somewhere, now or later, and also is an import ID or a whole part of one:
// a name that everybody who may list sees, and that would name nothing, were it replaced. Credentials stay hidden.
func (r *Redactor) Reveal(importIDs []string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// Parts have no one separator, and may hold those of others: a URL after a "|".
	r.names = partEnds + strings.Join(importIDs, partEnds) + partEnds
	maps.DeleteFunc(r.seen, func(value string, credential bool) bool { return !credential && isPart(r.names, value) })
	r.stale.Store(true)
}

// partEnds are what stands between the parts of an import ID.
const partEnds = "\n|/,:#"

// isPart says whether value stands in names between two ends of parts.
func isPart(names, value string) bool {
	for at := 0; ; at++ {
		next := strings.Index(names[at:], value)
		if next < 0 {
			return false
		}
		at += next
		end := at + len(value)
		if at > 0 && end < len(names) && strings.IndexByte(partEnds, names[at-1]) >= 0 && strings.IndexByte(partEnds, names[end]) >= 0 {
			return true
		}
	}
}

// ordinary are values that people mark as sensitive and that tell nothing: words of up to 15 letters, numbers, dates,
// regions and zones, addresses and networks, ARNs and ids of AWS's, versions.
var ordinary = regexp.MustCompile(`^(?:[A-Za-z]+|[A-Za-z]{1,7}[-_][A-Za-z]{1,7}|[0-9.:/TZ+-]+|[a-z]{2}(?:-[a-z]+)+-\d[a-z]?|arn:aws[a-z-]*:[^\s]*|[a-z]{2,10}-[0-9a-f]{8,17}|v?\d+(?:\.\d+)+)$`)

// longWord is the length, in bytes, from which letters alone may be a key or a passphrase.
const longWord = 16

var letters = regexp.MustCompile(`^[A-Za-z]+$`)

func (r *Redactor) add(value string, credential bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if strings.HasPrefix(value, scrubbed) || !credential && isPart(r.names, value) {
		return
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	was, known := r.seen[value]
	r.seen[value] = was || credential
	if !known {
		r.stale.Store(true)
	}
}

// forms are the spellings of all secrets, by the bytes that they begin with.
type forms struct {
	starts    [256]bool
	beginning map[[keySize]byte][]string // the longest first, so that none is cut by a shorter one inside it
}

// keySize is in bytes, and at most the length of the shortest spelling.
const keySize = 4

// known brings the spellings up to date; nil for none.
func (r *Redactor) known() *forms {
	if r == nil {
		return nil
	}
	if !r.stale.Load() {
		return r.forms.Load()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.stale.Swap(false) {
		return r.forms.Load()
	}
	f := &forms{beginning: map[[keySize]byte][]string{}}
	for value := range r.seen {
		for _, s := range spellings(value) {
			key := [keySize]byte([]byte(s))
			f.starts[s[0]] = true
			if !slices.Contains(f.beginning[key], s) {
				f.beginning[key] = append(f.beginning[key], s)
			}
		}
	}
	for _, list := range f.beginning {
		slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	}
	r.forms.Store(f)
	return f
}

// at says whether a secret begins at the start of text, and how long it is; and whether more text could make it one, or
// a longer one.
func (f *forms) at(text string) (length int, open bool) {
	if !f.starts[text[0]] {
		return 0, false
	}
	if len(text) < keySize {
		for key := range f.beginning {
			if strings.HasPrefix(string(key[:]), text) {
				return 0, true
			}
		}
		return 0, false
	}
	for _, s := range f.beginning[[keySize]byte([]byte(text[:keySize]))] {
		switch {
		case length == 0 && strings.HasPrefix(text, s):
			length = len(s)
		case len(s) > len(text) && strings.HasPrefix(s, text):
			open = true
		}
	}
	return length, open
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
		strings.ReplaceAll(strings.ReplaceAll(value, "%", "%25"), "\n", "%0A"), // workflow commands
	}
	if lines := strings.Split(value, "\n"); len(lines) > 1 {
		for _, line := range lines {
			if line = strings.TrimSpace(line); len(line) >= minLine && !strings.HasPrefix(line, "-----") {
				all = append(all, line)
			}
		}
	}
	return all
}

// Holds says whether a text holds a secret.
func (r *Redactor) Holds(text string) bool {
	f := r.known()
	if f == nil {
		return false
	}
	_, found := f.all(text)
	return found
}

// String is text with every secret replaced.
func (r *Redactor) String(text string) string {
	return string(r.Bytes([]byte(text)))
}

// Bytes is text with every secret replaced.
func (r *Redactor) Bytes(text []byte) []byte {
	f := r.known()
	if f == nil {
		return text
	}
	clean, _ := f.all(string(text))
	return clean
}

// Error is err with a message that holds no secret. What errors.As and errors.Is find in err they find in it.
func (r *Redactor) Error(err error) error {
	if err == nil || !r.Holds(err.Error()) {
		return err
	}
	return redactedError{r.String(err.Error()), err}
}

type redactedError struct {
	text  string
	cause error
}

func (e redactedError) Error() string { return e.text }
func (e redactedError) Unwrap() error { return e.cause }

// CredentialVariables are the environment variables whose values are credentials of a run.
var CredentialVariables = []string{
	"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
	"GITHUB_TOKEN", "GH_TOKEN", "INPUT_GITHUB_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN",
	"ARM_CLIENT_SECRET", "ARM_ACCESS_KEY", "ARM_SAS_TOKEN", "ARM_OIDC_TOKEN", "ARM_OIDC_REQUEST_TOKEN", "ARM_CLIENT_CERTIFICATE_PASSWORD",
	"AZURE_CLIENT_SECRET", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_CONNECTION_STRING", "AZURE_CLIENT_CERTIFICATE_PASSWORD",
	"GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON", "CLOUDSDK_AUTH_ACCESS_TOKEN",
	"TF_TOKEN_app_terraform_io", "VAULT_TOKEN", "VAULT_SECRET_ID", "KUBE_TOKEN",
}

// keyFiles are those that hold a JSON document, or the path of one.
var keyFiles = []string{"GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"}

// Credentials are the run's own, from its environment; of a JSON key file, what is secret in it.
func Credentials(getenv func(string) string) []string {
	var found []string
	for _, name := range CredentialVariables {
		value := strings.TrimSpace(getenv(name))
		if !slices.Contains(keyFiles, name) {
			found = append(found, value)
			continue
		}
		var document map[string]any
		if json.Unmarshal([]byte(value), &document) != nil {
			continue // the path of a file
		}
		for _, key := range []string{"private_key", "private_key_id", "client_secret", "refresh_token"} {
			if secret, ok := document[key].(string); ok {
				found = append(found, secret)
			}
		}
	}
	return found
}
