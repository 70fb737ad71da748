package state

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// parameter checks the value of a query parameter. It is given no way to repeat the value in its answer.
type parameter func(value string) (problem string)

func anyValue(value string) string {
	if value == "" {
		return "is empty"
	}
	return ""
}

func boolean(value string) string {
	if _, err := strconv.ParseBool(value); err != nil {
		return "must be true or false"
	}
	return ""
}

func number(value string) string {
	if _, err := strconv.ParseInt(value, 10, 32); err != nil {
		return "must be a whole number"
	}
	return ""
}

func endpoint(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "must be a URL such as https://minio.example.com"
	}
	if u.User != nil || u.RawQuery != "" {
		return "must not carry credentials or a query"
	}
	return ""
}

func oneOf(values ...string) parameter {
	return func(value string) string {
		if slices.Contains(values, value) {
			return ""
		}
		return "must be one of " + strings.Join(values, ", ")
	}
}

// schemes is what each URL scheme takes: go-cloud's own query parameters, at gocloud.dev v0.45.0, without those of
// fileblob that create directories or sign URLs.
var schemes = map[string]map[string]parameter{
	"s3": {
		"region": anyValue, "endpoint": endpoint, "profile": anyValue, "anonymous": boolean,
		"hostname_immutable": boolean, "dualstack": boolean, "fips": boolean, "rate_limiter_capacity": number,
		"request_checksum_calculation": oneOf("when_supported", "when_required"),
		"response_checksum_validation": oneOf("when_supported", "when_required"),
		"ssetype":                      oneOf("AES256", "aws:kms", "aws:kms:dsse"),
		"kmskeyid":                     anyValue,
		"accelerate":                   boolean,
		"use_path_style":               boolean,
		"s3ForcePathStyle":             boolean,
		"disable_https":                boolean,
		"awssdk":                       anyValue,
	},
	"gs":     {"access_id": anyValue, "private_key_path": anyValue, "anonymous": boolean, "universe_domain": anyValue},
	"azblob": {"domain": anyValue, "protocol": oneOf("http", "https"), "cdn": boolean, "localemu": boolean, "storage_account": anyValue},
	"file":   {"metadata": oneOf("skip", ""), "no_tmp_dir": anyValue},
	"mem":    {"nomd5": func(string) string { return "" }},
}

// lookalikes are schemes that other tools use for the same services.
var lookalikes = map[string]string{
	"gcs": "gs", "google": "gs", "storage": "gs",
	"az": "azblob", "azure": "azblob", "azurerm": "azblob", "azureblob": "azblob", "abfs": "azblob", "abfss": "azblob", "wasbs": "azblob",
	"s3a": "s3", "s3n": "s3", "aws": "s3", "tfstate+s3": "s3", "tfstate+gs": "gs", "tfstate+azurerm": "azblob", "tfstate": "file",
}

const knownSchemes = "s3://bucket/key, gs://bucket/key, azblob://container/key, file://./path or file:///path"

var schemePattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):`)

// Parse reads the URLs of states. A path that ends with / means everything below it, one with *, [ or { is a
// doublestar glob, any other is one state. A percent-encoded *, [ or { stands for itself, and so does %3F: a plain
// question mark starts the query. All mistakes come in one error; none of them repeats a query or
// user information, where credentials might be.
func Parse(urls []string) ([]Source, error) {
	var sources []Source
	var mistakes []error
	for _, raw := range urls {
		s, problem := parse(strings.TrimSpace(raw))
		if problem != "" {
			mistakes = append(mistakes, fmt.Errorf("state URL %s: %s", redact(raw), problem))
			continue
		}
		sources = append(sources, s)
	}
	return sources, errors.Join(mistakes...)
}

// redact is a URL, possibly a broken one, without anything that could be a credential. An @ in what cannot be told
// to be a key hides all that stands before it.
func redact(raw string) string {
	raw = strings.TrimSpace(raw)
	raw, _, _ = strings.Cut(raw, "?")
	raw, _, _ = strings.Cut(raw, "#")
	scheme := ""
	if i := strings.Index(raw, "://"); i >= 0 {
		scheme, raw = raw[:i+3], raw[i+3:]
	}
	if i := strings.LastIndex(raw, "@"); i >= 0 {
		raw = raw[i+1:]
	}
	return strconv.Quote(scheme + raw)
}

func parse(raw string) (s Source, problem string) {
	m := schemePattern.FindStringSubmatch(raw)
	if m == nil {
		return s, "it has no scheme; write " + knownSchemes
	}
	s.scheme = strings.ToLower(m[1])
	parameters, ok := schemes[s.scheme]
	if !ok {
		if better := lookalikes[s.scheme]; better != "" {
			return s, fmt.Sprintf("scheme %q is not known; write %s://", s.scheme, better)
		}
		return s, fmt.Sprintf("scheme %q is not known; write %s", s.scheme, knownSchemes)
	}

	rest := raw[len(m[0]):]
	rest, query, _ := strings.Cut(rest, "?")
	if strings.Contains(rest, "#") || strings.Contains(query, "#") {
		return s, "it has a #, which would cut it short; write %23"
	}
	if s.query, problem = parseQuery(query, s.scheme, parameters); problem != "" {
		return s, problem
	}
	prefix, key := s.query.Get("prefix"), s.query.Get("key")
	s.query.Del("prefix")
	s.query.Del("key")

	if s.scheme == "file" {
		if prefix != "" || key != "" {
			return s, "file:// takes no prefix or key parameter; put it into the path"
		}
		return parseFile(s, rest)
	}
	rest, ok = strings.CutPrefix(rest, "//")
	if !ok {
		return s, fmt.Sprintf("it has no bucket; write %s://bucket/key", s.scheme)
	}
	return parseBucket(s, rest, prefix, key)
}

func parseQuery(query, scheme string, parameters map[string]parameter) (url.Values, string) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, "its query cannot be read; percent-encode what is not a letter or digit"
	}
	var problems []string
	for _, name := range sortedKeys(values) {
		if name == "prefix" || name == "key" {
			continue
		}
		check, ok := parameters[name]
		switch {
		case !ok:
			problems = append(problems, fmt.Sprintf("%s:// takes no parameter %s; it takes %s (credentials come from the environment)",
				scheme, quoteName(name), strings.Join(sortedKeys(parameters), ", ")))
		case len(values[name]) > 1:
			problems = append(problems, fmt.Sprintf("parameter %s is given %d times; give it once", name, len(values[name])))
		default:
			if p := check(values.Get(name)); p != "" {
				problems = append(problems, fmt.Sprintf("parameter %s %s", name, p))
			}
		}
	}
	return values, strings.Join(problems, "; ")
}

// quoteName shows an unknown parameter's name, unless it looks like a value that lost its name.
func quoteName(name string) string {
	if len(name) > 40 || strings.ContainsAny(name, "/+=") {
		return "that begins with " + strconv.Quote(name[:min(3, len(name))])
	}
	return strconv.Quote(name)
}

func parseBucket(s Source, rest, prefix, key string) (Source, string) {
	bucket, escaped, slash := strings.Cut(rest, "/")
	if strings.Contains(bucket, "@") {
		return s, "it carries credentials before an @; remove them and set them in the environment"
	}
	if bucket == "" && s.scheme != "mem" {
		return s, fmt.Sprintf("it has no bucket; write %s://bucket/key", s.scheme)
	}
	if strings.ContainsAny(bucket, ":%\\*{[ ") {
		return s, "its bucket must be a plain name: no port, no glob; an endpoint goes into ?endpoint="
	}
	s.base = location{name: bucket, shown: bucket}

	if key != "" {
		if escaped != "" {
			return s, "it has both a path and a key parameter; leave one out"
		}
		return s.single(prefix+key, "")
	}
	if !slash && prefix == "" {
		return s, fmt.Sprintf("it names no state; add a key, or a / for everything in the bucket: %s://%s/", s.scheme, bucket)
	}
	text, pattern, problem := decodePath(escaped)
	if problem != "" {
		return s, problem
	}
	return s.path(prefix+text, escapeMeta(prefix)+pattern)
}

// path makes a Source of a key, of a prefix, or of a glob when pattern is not the literal text.
func (s Source) path(text, pattern string) (Source, string) {
	switch {
	case pattern != escapeMeta(text):
		return s.glob(pattern)
	case text == "" || strings.HasSuffix(text, "/"):
		s.prefix = text
		s.match = func(key string) bool { return strings.HasPrefix(key, text) && !notState(key) }
		s.URL = s.show(s.base, text)
		if !strings.HasSuffix(s.URL, "/") {
			s.URL += "/"
		}
		return s, ""
	default:
		return s.single(text, "")
	}
}

func (s Source) single(key, problem string) (Source, string) {
	s.key, s.URL = key, s.show(s.base, key)
	return s, problem
}

func (s Source) glob(pattern string) (Source, string) {
	if strings.HasSuffix(pattern, "/") {
		pattern += "**"
	}
	if !doublestar.ValidatePattern(pattern) {
		return s, "its glob is not closed: check [ ] and { }"
	}
	s.prefix = literalPrefix(pattern)
	s.match = func(key string) bool { return doublestar.MatchUnvalidated(pattern, key) && !notState(key) }
	s.URL = s.show(s.base, "") + pattern
	if s.scheme == "file" {
		s.URL = strings.TrimSuffix(s.show(s.base, ""), "/") + "/" + pattern
	}
	return s, ""
}

// notState says that a key, met while listing, belongs to Terraform but is no state: backups, locks, and the
// backend's own bookkeeping under .terraform.
func notState(key string) bool {
	for _, suffix := range []string{"/", ".backup", ".tflock", ".lock.info"} {
		if strings.HasSuffix(key, suffix) {
			return true
		}
	}
	return strings.HasPrefix(key, ".terraform/") || strings.Contains(key, "/.terraform/")
}

const meta = `*?[{`

// decodePath undoes percent-encoding. pattern is the same for doublestar: what was encoded is escaped in it, what
// stood plainly is a wildcard.
func decodePath(escaped string) (text, pattern, problem string) {
	var t, p strings.Builder
	for i := 0; i < len(escaped); i++ {
		c := escaped[i]
		if c != '%' {
			t.WriteByte(c)
			if c == '\\' {
				p.WriteByte('\\')
			}
			p.WriteByte(c)
			continue
		}
		if i+2 >= len(escaped) {
			return "", "", "it has a % that encodes nothing; write %25"
		}
		n, err := strconv.ParseUint(escaped[i+1:i+3], 16, 8)
		if err != nil {
			return "", "", "it has a % that encodes nothing; write %25"
		}
		t.WriteByte(byte(n))
		p.WriteString(escapeMeta(string([]byte{byte(n)})))
		i += 2
	}
	return t.String(), p.String(), ""
}

func escapeMeta(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(meta+`\`, s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// literalPrefix is what every match of a pattern begins with.
func literalPrefix(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch {
		case strings.IndexByte(meta, pattern[i]) >= 0:
			return b.String()
		case pattern[i] == '\\' && i+1 < len(pattern):
			i++
		}
		b.WriteByte(pattern[i])
	}
	return b.String()
}

// parseFile takes file:///absolute, file://localhost/absolute, file://./relative, file://relative/path and
// file:relative/path. (fileblob reads file://relative/path as /path: nobody who writes it means that.)
func parseFile(s Source, rest string) (Source, string) {
	if runtime.GOOS == "windows" {
		rest = strings.ReplaceAll(rest, `\`, "/")
	}
	rest = strings.TrimPrefix(rest, "//")
	if after, ok := strings.CutPrefix(rest, "localhost/"); ok {
		rest = "/" + after
	}
	if runtime.GOOS == "windows" && len(rest) > 3 && rest[0] == '/' && rest[2] == ':' {
		rest = rest[1:] // /C:/states
	}
	if host, _, _ := strings.Cut(rest, "/"); strings.Contains(host, "@") && strings.Contains(host, ":") {
		return s, "it carries credentials before an @; a file needs none"
	}
	if rest == "" {
		return s, "it names no file; write file://./path or file:///path"
	}
	text, pattern, problem := decodePath(rest)
	if problem != "" {
		return s, problem
	}

	// The directory is the static part; what follows the last slash of it is the key, the prefix or the glob.
	dir, _ := cutLast(literalPrefix(pattern))
	tail := strings.TrimPrefix(pattern, escapeMeta(dir))
	base, err := directory(dir)
	if err != nil {
		return s, "its directory cannot be resolved: " + err.Error()
	}
	s.base = base
	name := strings.TrimPrefix(text, dir)
	if name == "." || name == ".." {
		return s, "it names a directory; end it with / to read all states below it"
	}
	return s.path(name, tail)
}

// cutLast splits after the last slash.
func cutLast(p string) (dir, name string) {
	i := strings.LastIndexByte(p, '/') + 1
	return p[:i], p[i:]
}

func directory(dir string) (location, error) {
	if dir == "" {
		dir = "."
	}
	abs, err := filepath.Abs(filepath.FromSlash(dir))
	if err != nil {
		return location{}, err
	}
	shown := strings.TrimSuffix(dir, "/")
	if shown == "" {
		shown = "/"
	}
	return location{name: filepath.ToSlash(abs), shown: shown}, nil
}

func isAbs(p string) bool {
	return strings.HasPrefix(p, "/") || filepath.IsAbs(filepath.FromSlash(p))
}

// loopback says whether a host, with or without a port, is this machine.
func loopback(hostport string) bool {
	host := hostport
	if u, err := url.Parse("//" + hostport); err == nil {
		host = u.Hostname()
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// insecure says whether a URL would send credentials and states over plain http to another machine.
func insecure(rawURL string) bool {
	u, err := url.Parse(rawURL)
	return err == nil && u.Scheme == "http" && !loopback(u.Host)
}
