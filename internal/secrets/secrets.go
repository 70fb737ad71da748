// Package secrets says which strings are credentials: by the rules of gitleaks, and by where and how clouds and scripts
// keep passwords, which those rules leave out. It knows no schema and no resource, asks no network, and writes nothing.
package secrets

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
)

// Detector finds credentials. Its methods may be called from several goroutines.
type Detector struct {
	leaks func() *detect.Detector // compiled when the first value is judged: it takes some 50 ms
	known sync.Map                // question → bool: the same strings come up again and again
}

// New makes a Detector with the rules that gitleaks comes with.
func New() *Detector { return &Detector{leaks: sync.OnceValue(compile)} }

// compile reads gitleaks' own rules. They are part of the program, so that they do not read is a mistake of the build.
func compile() *detect.Detector {
	reader := viper.New() // gitleaks' own constructor writes into viper's global one
	reader.SetConfigType("toml")
	var rules config.ViperConfig
	err := reader.ReadConfig(strings.NewReader(config.DefaultConfig))
	if err == nil {
		err = reader.Unmarshal(&rules)
	}
	var translated config.Config
	if err == nil {
		translated, err = rules.Translate()
	}
	if err != nil {
		panic(fmt.Sprintf("the rules of gitleaks do not read: %v", err))
	}
	d := detect.NewDetector(translated)
	d.MaxDecodeDepth = maxDepth
	d.IgnoreGitleaksAllow = true // a comment in a script of somebody else's does not make its password fit to be published
	return d
}

// maxDepth bounds how often a value is unwrapped: Base64 of a script with a JSON document in it.
const maxDepth = 3

// maxSize is how much of a value is looked at, in bytes. User data ends at 16 KiB, a policy at 20 KiB, a Step Functions
// definition at 1 MiB (AWS service quotas).
const maxSize = 1 << 20

// Secret reports whether the string at a path, written as Terraform writes it (environment[0].variables["DB_PASSWORD"]),
// is a credential or holds one. A key in brackets is one that a person chose, so what it says counts; a schema's own
// names do not, since what a schema means to be secret it calls sensitive. A value that cannot be looked at whole is one.
func (d *Detector) Secret(path, value string) bool {
	if len(value) < minSize {
		return false
	}
	if len(value) > maxSize {
		return true
	}
	name := keyOf(path)
	question := name + "\x00" + value
	if answer, ok := d.known.Load(question); ok {
		return answer.(bool)
	}
	answer := d.holds(name, value, 0)
	d.known.Store(question, answer)
	return answer
}

// Strip is text with what is a credential in it, or the whole of it where that cannot be told apart, taken out: for
// messages of others that may quote a value.
func (d *Detector) Strip(text string) string {
	if !d.Secret("", text) {
		return text
	}
	words := strings.Fields(URLs(text))
	for i, word := range words {
		if d.Secret("", strings.Trim(word, `"'().,;:`)) {
			words[i] = Withheld
		}
	}
	if stripped := strings.Join(words, " "); !d.Secret("", stripped) {
		return stripped
	}
	return Withheld
}

// Withheld stands where a credential stood.
const Withheld = "(sensitive)"

// scrubbed is what stands in a recording for a credential.
var scrubbed = regexp.MustCompile(`^\(sensitive [0-9a-f]{8}\)$`)

// minSize is the length below which nothing is taken for a credential.
const minSize = 4

var key = regexp.MustCompile(`\["((?:[^"\\]|\\.)*)"\]$`)

// keyOf is the key that a person chose for what stands at a path; "" where the name is a schema's.
func keyOf(path string) string {
	if found := key.FindStringSubmatch(path); found != nil {
		return found[1]
	}
	return ""
}

func (d *Detector) holds(name, value string, depth int) bool {
	if scrubbed.MatchString(value) || d.looksLike(name, value) {
		return true
	}
	if depth == maxDepth {
		return false
	}
	var document any
	if trimmed := strings.TrimSpace(value); (strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[")) &&
		json.Unmarshal([]byte(trimmed), &document) == nil {
		return d.inDocument("", document, depth)
	}
	if text, ok := decoded(value); ok {
		return d.holds("", text, depth+1)
	}
	return false
}

// inDocument looks at every string of a document. A list of pairs ({"name": "DB_PASSWORD", "value": "…"}, as in ECS
// container definitions) is a map to whoever wrote it.
func (d *Detector) inDocument(name string, v any, depth int) bool {
	switch v := v.(type) {
	case string:
		return len(v) >= minSize && d.holds(name, v, depth+1)
	case []any:
		for _, element := range v {
			if d.inDocument(name, element, depth) {
				return true
			}
		}
	case map[string]any:
		for k, member := range v {
			if k == "value" || k == "Value" {
				k = pairName(v)
			}
			if d.inDocument(k, member, depth) {
				return true
			}
		}
	}
	return false
}

func pairName(pair map[string]any) string {
	for _, k := range []string{"name", "Name", "key", "Key"} {
		if name, ok := pair[k].(string); ok {
			return name
		}
	}
	return ""
}

// looksLike judges one string under one name.
func (d *Detector) looksLike(name, value string) bool {
	if harmless.MatchString(value) {
		return false
	}
	if namesSecret(name) && isCredential(value) {
		return true
	}
	if URLs(value) != value {
		return true
	}
	for _, pattern := range []*regexp.Regexp{assignment, option} {
		for _, found := range pattern.FindAllStringSubmatch(value, -1) {
			if namesSecret(found[1]) && isCredential(strings.Trim(found[2], `"'`)) {
				return true
			}
		}
	}
	if len(value) < leakSize {
		return false
	}
	text := value
	if name != "" && !strings.Contains(value, "\n") {
		text = name + ` = "` + value + `"`
	}
	// Some rules ask for a file's name; Terraform's is where the value would be written.
	fragment := detect.Fragment{Raw: text, FilePath: "main.tf"} //nolint:staticcheck // what takes its place comes with v9
	return len(d.leaks().Detect(fragment)) > 0
}

// leakSize is the length of the shortest credential that a rule of gitleaks knows.
const leakSize = 10

// harmless are values that say where something is, not what it is: ids of AWS resources, ARNs, addresses, regions.
var harmless = regexp.MustCompile(`^(?:arn:aws[a-z-]*:[a-zA-Z0-9:_/.*$-]*|[a-z]{2,10}-[0-9a-f]{8}(?:[0-9a-f]{9})?|[0-9]+[./:][0-9./:]+|[a-z]{2}(?:-[a-z]+)+-\d[a-z]?|` +
	`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?i:true|false|enabled|disabled))$`)

// URLs is text without the credentials that stand in URLs: as an error of a request has them, for one.
func URLs(text string) string {
	for _, pattern := range inURLs {
		text = pattern.ReplaceAllStringFunc(text, func(found string) string {
			parts := pattern.FindStringSubmatch(found)
			if refers(parts[2]) {
				return found
			}
			return parts[1] + Withheld + parts[3]
		})
	}
	return text
}

// inURLs are the places of credentials in URLs, each with what is before and behind.
var inURLs = []*regexp.Regexp{
	// a password: postgres://app:PASSWORD@db:5432/app
	regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@"']*:)([^\s/@"']+)(@)`),
	// a token in the place of a user: https://TOKEN@example.com/modules.git
	regexp.MustCompile(`(https?://)([^\s/:@"']{20,})(@)`),
	// what makes a URL open to whoever has it. AWS, Google and Azure each have a name of their own for it
	regexp.MustCompile(`(?i)([?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature|Signature|sig)=)([^\s&"']{16,})()`),
}

var (
	// assignment is a line of a script or of a connection string: export DB_PASSWORD=…; User Id=app;Password=…; password: …
	assignment = regexp.MustCompile(`([A-Za-z][A-Za-z0-9_.-]*)["']?[ \t]*[:=]{1,2}[ \t]*("[^"\n]*"|'[^'\n]*'|[^\s;,&"']+)`)
	// option is an argument of a command: --password …
	option = regexp.MustCompile(`--?([a-z][a-z0-9-]*)[ \t]+("[^"\n]*"|'[^'\n]*'|[^\s;,&"'-][^\s;,&"']*)`)
)

var (
	secretName = regexp.MustCompile(`(?i)(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api_?key|private_?key|access_?key|` +
		`account_?key|shared_?access_?(?:key|signature)|encryption_?key|signing_?key|master_?key|credentials?|conn(?:ection)?_?str(?:ing)?|dsn)\d*$`)
	boundary = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// namesSecret says whether a name promises a credential: its last words do. DB_PASSWORD does, PASSWORD_POLICY does not,
// nor does TOKEN_URL.
func namesSecret(name string) bool {
	name = boundary.ReplaceAllString(name, "${1}_${2}")
	name = strings.NewReplacer("-", "_", ".", "_", " ", "_", "/", "_", ":", "_").Replace(name)
	found := secretName.FindStringIndex(name)
	return found != nil && (found[0] == 0 || name[found[0]-1] == '_' || !bypass.MatchString(name))
}

// bypass are words that end like a name of a secret: compass, bypass.
var bypass = regexp.MustCompile(`(?i)(?:com|by|sur|tres|under|over)pass$`)

// isCredential says whether a value could be the credential that its name promises, and not a switch or a pointer to it. A number may be a PIN.
func isCredential(value string) bool {
	switch {
	case len(value) < minSize, harmless.MatchString(value), refers(value):
		return false
	case strings.HasPrefix(value, "/"), strings.HasPrefix(value, "./"), pointer.MatchString(value):
		return false
	}
	return strings.ContainsFunc(value, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// pointer are values that say where a credential is to be had.
var pointer = regexp.MustCompile(`^(?:arn:|https?://[^\s@]*$|s3://|ssm:|secretsmanager:|vault:|file:|env:|SecretRef|(?i:none|null|required|optional|string|changeme)$)`)

// refers says whether a value is filled in elsewhere: $VAR, ${VAR}, $(command), {{template}}, %VAR%, <placeholder>, ***.
func refers(value string) bool {
	return value == "" || strings.ContainsAny(value[:1], "$`{<%*") || strings.Trim(value, "*xX.") == "" || value == Withheld
}

// decoded is the text in a Base64 value.
func decoded(value string) (string, bool) {
	if len(value) < 16 || strings.ContainsAny(value, " \t{}") {
		return "", false
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Map(dropNewline, value))
	if err != nil || !utf8.Valid(raw) {
		return "", false
	}
	return string(raw), !strings.ContainsFunc(string(raw), func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) })
}

func dropNewline(r rune) rune {
	if r == '\n' || r == '\r' {
		return -1
	}
	return r
}
