package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/redact"
)

const canary = `c4n<ry&"quoted"/+tail=9`

func TestEverySpelling(t *testing.T) {
	t.Parallel()
	r := redact.New(canary)
	asJSON, err := json.Marshal(map[string]string{"a": canary})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain": "x" + canary + "y", "JSON": string(asJSON), "JSON, HTML as it is": `"c4n<ry&\"quoted\"/+tail=9"`,
		"query": url.QueryEscape(canary), "path": "https://h/" + url.PathEscape(canary), "HTML": html.EscapeString(canary),
		"base64": base64.StdEncoding.EncodeToString([]byte(canary)), "twice": canary + canary,
	} {
		clean := r.String(text)
		if strings.Contains(clean, "tail") || !strings.Contains(clean, redact.Placeholder) || !r.Holds(text) {
			t.Errorf("%s: %s", name, clean)
		}
	}
	if text := "nothing of the kind"; r.String(text) != text || r.Holds(text) {
		t.Error(r.String(text))
	}
}

// TestWithinBase64: a secret in an encoded script is found, wherever in it it stands.
func TestWithinBase64(t *testing.T) {
	t.Parallel()
	r := redact.New(canary)
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding} {
		for before := range 4 {
			script := strings.Repeat("#", before) + canary + "\nexit"
			clean := r.String(encoding.EncodeToString([]byte(script)))
			if !strings.Contains(clean, redact.Placeholder) {
				t.Errorf("after %d bytes: %s", before, clean)
			}
			for part := range strings.SplitSeq(clean, redact.Placeholder) {
				// Of what is left, at most the bytes at the edges are the secret's.
				for offset := range min(4, len(part)) {
					if left, _ := base64.RawStdEncoding.DecodeString(strings.TrimRight(part[offset:], "=")); strings.Contains(string(left), canary[:3]) || strings.Contains(string(left), canary[len(canary)-3:]) {
						t.Errorf("after %d bytes, %q is left", before, left)
					}
				}
			}
		}
	}
}

func TestLinesOfAKey(t *testing.T) {
	t.Parallel()
	const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
	r := redact.New("-----BEGIN PRIVATE KEY-----\n" + line + "\nshort\n-----END PRIVATE KEY-----\n")
	if got, want := r.String("    "+line+"\n    short\n-----BEGIN PRIVATE KEY-----"), "    (sensitive)\n    short\n-----BEGIN PRIVATE KEY-----"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	r := redact.New("12345", "", "   ")
	ordinary := []string{"short", "production", "true", "2026-11-21", "123456789012", "eu-central-1", "eu-central-1b", "10.0.0.0/16",
		"arn:aws:iam::123456789012:role/x", "vpc-0123456789abcdef0", "my-queue", "v1.22.333", redact.Placeholder}
	r.Value(ordinary...)
	for _, text := range append(ordinary, "12345") {
		if r.String(text) != text {
			t.Errorf("%q would be spoilt", text)
		}
	}
	secret := []string{"hunter2-hunter2", "correct-horse-battery-staple", "abcdefghijklmnopqrst", "p4ssw0rd!"}
	r.Value(secret...)
	for _, text := range secret {
		if r.String(text) != redact.Placeholder {
			t.Errorf("%q is told", text)
		}
	}
}

// TestRevealed: what is sensitive in one place and a name in another stays a name.
func TestRevealed(t *testing.T) {
	t.Parallel()
	r := redact.New("the-run's-own")
	r.Value("https://orders.example.com", "hunter2-hunter2", "part-of-a-name")
	r.Reveal([]string{"us-east-1_abc|https://orders.example.com", "the-run's-own", "not-part-of-a-name", "part-of-a-name "})
	r.Value("https://orders.example.com", "the-run's-own") // read later
	const text = "https://orders.example.com hunter2-hunter2 the-run's-own part-of-a-name"
	if got, want := r.String(text), "https://orders.example.com (sensitive) (sensitive) (sensitive)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestPieces cuts a text at every place, and writes it byte by byte.
func TestPieces(t *testing.T) {
	t.Parallel()
	// One secret ends as another begins, and one begins another.
	r := redact.New("abcdefX", "Xyzuvw", "abcdefXlonger")
	const text = "abcdef abcdefX abcdefXyzuvw abcdefXlonger abcdefXlongabcdefX Xyzuv"
	const want = "abcdef (sensitive) (sensitive)yzuvw (sensitive) (sensitive)long(sensitive) Xyzuv"
	if got := r.String(text); got != want {
		t.Fatalf("whole: %q", got)
	}
	for at := range len(text) {
		write(t, r, want, text[:at], text[at:])
	}
	write(t, r, want, strings.Split(text, "")...)
}

func write(t *testing.T, r *redact.Redactor, want string, pieces ...string) {
	t.Helper()
	var out bytes.Buffer
	w := r.Writer(&out)
	for _, piece := range pieces {
		if n, err := w.Write([]byte(piece)); err != nil || n != len(piece) {
			t.Fatal(n, err)
		}
	}
	if err := w.Flush(); err != nil || out.String() != want {
		t.Errorf("%q, %v, for %q", out.String(), err, pieces)
	}
}

// TestCutShort: what was clipped before it came to the redactor is no less secret.
func TestCutShort(t *testing.T) {
	t.Parallel()
	r := redact.New("hunter2-hunter2", "hunter2", "pebble-in-a-shoe")
	const text = "hunter2-hunt… pebble-in-… pebbl… pebble-in-a-shoe… hunter2… pebble-in. pebble-in-a…"
	const want = "(sensitive)… (sensitive)… pebbl… (sensitive)… (sensitive)… pebble-in. (sensitive)…"
	if got := r.String(text); got != want {
		t.Errorf("%q", got)
	}
	write(t, r, want, strings.Split(text, "")...)
	for at := range len(text) {
		write(t, r, want, text[:at], text[at:])
	}
}

func FuzzPieces(f *testing.F) {
	f.Add("abcdef", "abcdefgh", "xxabcdefghxx", 3)
	f.Add("aaaaaa", "aaaaaaa", "aaaaaaaaaaaaa", 1)
	f.Add("abcdefgh", "abcdefghijk", "abcdefghi…abcdefg…abc…", 10)
	f.Add("ab\ncdéf", `"quoted"`, "ab\ncdéf \"quoted\"", 4)
	f.Fuzz(func(t *testing.T, one, two, text string, at int) {
		if at < 0 || at > len(text) {
			return
		}
		r := redact.New(one, two)
		whole := r.String(text)
		for _, secret := range []string{one, two} {
			secret = strings.TrimSpace(secret)
			// What replaces a secret may itself complete another, where that is made of the replacement's letters.
			if len(secret) >= 6 && !strings.ContainsAny(secret, "(sensitive)") && strings.Contains(whole, secret) {
				t.Errorf("%q is in %q", secret, whole)
			}
		}
		write(t, r, whole, text[:at], text[at:])
	})
}

// TestCredentialsAreMasked: whoever masks is told each credential once, also those that come late and those too short to
// be looked for, by lines.
func TestCredentialsAreMasked(t *testing.T) {
	t.Parallel()
	r := redact.New("before-anybody-asked")
	var told []string
	r.Mask(func(secrets ...string) { told = append(told, secrets...) })
	r.Credential("late-credential", "tiny", " ", "late-credential", "-----BEGIN KEY-----\nQUJDREVGR0g\n=\n-----END KEY-----")
	if want := []string{"late-credential", "tiny", "QUJDREVGR0g"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	r.Value("hunter2-hunter2")
	only := r.Credentials()
	if !only.Holds("late-credential") || !only.Holds("before-anybody-asked") || only.Holds("hunter2-hunter2") || !r.Holds("hunter2-hunter2") {
		t.Error("credentials and values are mixed up")
	}
	r.Credential("hunter2-hunter2")
	if !r.Credentials().Holds("hunter2-hunter2") {
		t.Error("a value that turns out to be a credential is none")
	}
}

// TestValuesAreMasked: values that were read are masked once names are known, each once, by lines that are long enough; a
// name never is.
func TestValuesAreMasked(t *testing.T) {
	t.Parallel()
	r := redact.New()
	var told []string
	r.Mask(func(secrets ...string) { told = append(told, secrets...) })
	r.Value("hunter2-hunter2", "orders.fifo-queue", "production", "{\n  \"password\": \"hunter3-hunter3\"\n}")
	if len(told) > 0 {
		t.Errorf("told %q before names are known", told)
	}
	r.Reveal([]string{"https://sqs/orders.fifo-queue"})
	r.Value("hunter2-hunter2", "read later, 100% of it", "orders.fifo-queue", "read later, 100% of it")
	if want := []string{`"password": "hunter3-hunter3"`, "hunter2-hunter2", "read later, 100% of it"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// TestPast: a command stands at the beginning of a line, whatever was written before it.
func TestPast(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := redact.New("s3cr3t-s3cr3t").Writer(&out)
	for _, text := range []string{"half a line", "\n", "a line\n"} {
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if n, err := io.WriteString(w.Past(), "::add-mask::s3cr3t-s3cr3t\n"); err != nil || n != len("::add-mask::s3cr3t-s3cr3t\n") {
			t.Fatal(n, err)
		}
	}
	if got, want := out.String(), "half a line\n::add-mask::s3cr3t-s3cr3t\n\n::add-mask::s3cr3t-s3cr3t\na line\n::add-mask::s3cr3t-s3cr3t\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNothingKnown(t *testing.T) {
	t.Parallel()
	var none *redact.Redactor
	if none.String("x") != "x" || none.Holds("x") {
		t.Error("a redactor that knows nothing changed something")
	}
	write(t, none, "as it was", "as ", "it was")
}

func TestTransport(t *testing.T) {
	t.Parallel()
	var got, authorization string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got, authorization = string(body), r.Header.Get("Authorization")
	}))
	defer server.Close()
	client := http.Client{Transport: redact.New(canary).Transport(http.DefaultTransport)}
	body, err := json.Marshal(map[string]string{"body": canary})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, server.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer s3cr3t")
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if got != `{"body":"(sensitive)"}` || authorization != "Bearer s3cr3t" {
		t.Errorf("the server got %q with %q", got, authorization)
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	environment := map[string]string{
		"AWS_SECRET_ACCESS_KEY": "/slash-first-key", "AWS_ACCESS_KEY_ID": "AKIAPUBLIC", "GITHUB_TOKEN": " ghs_token\n",
		"GOOGLE_CREDENTIALS":        `{"type":"service_account","private_key":"-----BEGIN\nKEY","client_email":"a@b"}`,
		"GOOGLE_CLOUD_KEYFILE_JSON": "/home/me/key1.json", "ARM_CLIENT_SECRET": "arm-secret",
		"AZURE_STORAGE_CONNECTION_STRING": "AccountName=me;AccountKey=a2V5==;SharedAccessSignature=sv=1&sig=s%2Fg",
		"ARM_SAS_TOKEN":                   "?sv=2&sig=arm%2Bsig",
		"HTTPS_PROXY":                     "http://me:p%40ss@proxy:3128", "http_proxy": "http://proxy:3128",
	}
	found := redact.Credentials(func(name string) string { return environment[name] }, []string{"TF_TOKEN_example_com=tf-token", "TF_LOG=TRACE"})
	want := []string{"/slash-first-key", "ghs_token", "arm-secret", "tf-token", "-----BEGIN\nKEY",
		environment["AZURE_STORAGE_CONNECTION_STRING"], "a2V5==", "sv=1&sig=s%2Fg", "s/g", environment["ARM_SAS_TOKEN"], "arm+sig", "p@ss", "p%40ss"}
	found = slices.DeleteFunc(found, func(s string) bool { return s == "" })
	if !slices.Equal(found, want) {
		t.Errorf("%q, want %q", found, want)
	}
}

func TestSeveralGoroutines(t *testing.T) {
	t.Parallel()
	r := redact.New("first-secret")
	w := r.Writer(io.Discard)
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for i := range 50 {
				r.Value(fmt.Sprintf("s3cr3t-%d-%d-value", n, i))
				if _, err := fmt.Fprintln(w, "a line with first-secret"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if got := r.String("s3cr3t-7-49-value"); got != redact.Placeholder {
		t.Error(got)
	}
}

// many are secrets as a large estate has them: half of them begin alike.
func many() []string {
	var secrets []string
	for n := range 5000 {
		secrets = append(secrets, fmt.Sprintf("%d-credential-%d", n*7919, n), fmt.Sprintf("AQICAHh-secret-%d", n))
	}
	return secrets
}

// report is 10 MB of what a report is made of, and of what secrets begin with.
func report() []byte {
	return bytes.Repeat([]byte("resource \"aws_instance\" \"web\" { ami = \"ami-0123456789\" } # AQICAHh-secret-x 1234567890\n"), 115_000)
}

func BenchmarkReport(b *testing.B) {
	for _, known := range []int{0, 100, 10_000} {
		b.Run(fmt.Sprint(known), func(b *testing.B) {
			r := redact.New()
			r.Value(many()[:known]...)
			text := report()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Bytes(text)
			}
		})
	}
}

// BenchmarkLearning is a run that meets a secret, writes a line, and meets the next one.
func BenchmarkLearning(b *testing.B) {
	for _, known := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(known), func(b *testing.B) {
			for b.Loop() {
				r := redact.New()
				w := r.Writer(io.Discard)
				for _, secret := range many()[:known] {
					r.Value(secret)
					if _, err := io.WriteString(w, "a line of the log with aws_instance.web in it\n"); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// BenchmarkReveal is what an estate of 100,000 names costs.
func BenchmarkReveal(b *testing.B) {
	var ids []string
	for n := range 100_000 {
		ids = append(ids, fmt.Sprintf("arn:aws:sqs:eu-west-1:123456789012:queue-%d", n))
	}
	for b.Loop() {
		r := redact.New()
		r.Value(many()...)
		r.Reveal(ids)
		r.Value(many()...)
	}
}
