package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
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

func FuzzPieces(f *testing.F) {
	f.Add("abcdef", "abcdefgh", "xxabcdefghxx", 3)
	f.Add("aaaaaa", "aaaaaaa", "aaaaaaaaaaaaa", 1)
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

// TestAnnounced: who masks is told each credential, also those that come late and those too short to be looked for; and
// none of the values that were read.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	r := redact.New("before-anybody-asked")
	var told []string
	r.Announce(func(credential string) { told = append(told, credential) })
	r.Credential("late-credential", "tiny", " ")
	r.Value("hunter2-hunter2")
	if !slices.Equal(told, []string{"late-credential", "tiny"}) {
		t.Errorf("told %q", told)
	}
	only := r.Credentials()
	if !only.Holds("late-credential") || !only.Holds("before-anybody-asked") || only.Holds("hunter2-hunter2") || !r.Holds("hunter2-hunter2") {
		t.Error("credentials and values are mixed up")
	}
	r.Credential("hunter2-hunter2")
	if !r.Credentials().Holds("hunter2-hunter2") {
		t.Error("a value that turns out to be a credential is none")
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
	if none.String("x") != "x" || none.Holds("x") || none.Error(nil) != nil {
		t.Error("a redactor that knows nothing changed something")
	}
	write(t, none, "as it was", "as ", "it was")
}

func TestError(t *testing.T) {
	t.Parallel()
	r := redact.New("s3cr3t-s3cr3t")
	err := r.Error(fmt.Errorf("open s3cr3t-s3cr3t: %w", fs.ErrNotExist))
	if err.Error() != "open (sensitive): file does not exist" || !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if plain := errors.New("plain"); r.Error(plain) != plain { //nolint:errorlint // the very same error is meant
		t.Error("an error without a secret was wrapped")
	}
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
		"AWS_SECRET_ACCESS_KEY": "/slash-first-key", "AWS_ACCESS_KEY_ID": "AKIAPUBLIC", "GITHUB_TOKEN": "ghs_token",
		"GOOGLE_CREDENTIALS":        `{"type":"service_account","private_key":"-----BEGIN\nKEY","client_email":"a@b"}`,
		"GOOGLE_CLOUD_KEYFILE_JSON": "/home/me/key1.json", "ARM_CLIENT_SECRET": "arm-secret",
	}
	found := redact.Credentials(func(name string) string { return environment[name] })
	text := strings.Join(found, " ")
	for _, want := range []string{"/slash-first-key", "ghs_token", "-----BEGIN\nKEY", "arm-secret"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not among %q", want, found)
		}
	}
	for _, not := range []string{"AKIAPUBLIC", "a@b", "key1.json", "service_account"} {
		if strings.Contains(text, not) {
			t.Errorf("%q is among %q", not, found)
		}
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

func BenchmarkBytes(b *testing.B) {
	r := redact.New()
	for n := range 2000 {
		r.Credential(fmt.Sprintf("%d-credential-%d", n*7919, n))
	}
	text := bytes.Repeat([]byte("resource \"aws_instance\" \"web\" { ami = \"ami-0123456789\" } # 1234567890\n"), 10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.Bytes(text)
	}
}
