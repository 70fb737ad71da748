package vault_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/vault"
)

func TestParseSecret(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]vault.Secret{
		"aws/creds/driftline":                {Path: "aws/creds/driftline"},
		" /v1/aws/creds/x":                   {}, // a path begins with its mount
		"v1/aws/creds/x/":                    {Path: "aws/creds/x"},
		"secret/data/ci A=a  B_2=b=c":        {Path: "secret/data/ci", Fields: map[string]string{"A": "a", "B_2": "b=c"}},
		"":                                   {},
		"secret/../sys/seal":                 {},
		"secret//x":                          {},
		"secret/data/ci GITHUB_TOKEN":        {},
		"secret/data/ci GITHUB_TOKEN=":       {},
		"secret/data/ci LD PRELOAD=x":        {},
		"secret/data/ci?x=1 A=a":             {},
		"https://vault.example/v1/secret/ci": {},
	} {
		got, err := vault.ParseSecret(text)
		if (err != nil) != (want.Path == "") || err == nil && (got.Path != want.Path || !maps.Equal(got.Fields, want.Fields)) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// recorded answers as a Vault does, from answers written down here: for what a real one cannot be brought to do.
// TestRealVault has a real one.
type recorded struct {
	answers map[string]string // method and path, or besides a body → body; with a number in front, another status than 200
	mu      sync.Mutex
	asked   []string
}

func (v *recorded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	call := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v1/")
	v.mu.Lock()
	whole := strings.TrimSpace(call + " " + string(body))
	v.asked = append(v.asked, whole)
	v.mu.Unlock()
	answer, ok := v.answers[whole]
	if !ok {
		answer, ok = v.answers[call]
	}
	switch {
	case answer == "hangs":
		<-r.Context().Done()
	case !ok:
		w.WriteHeader(http.StatusNoContent)
	case strings.HasPrefix(answer, "403"):
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]any{"errors": []string{answer}})
	case strings.HasPrefix(answer, "http"):
		http.Redirect(w, r, answer, http.StatusTemporaryRedirect)
	default:
		_, _ = io.WriteString(w, answer)
	}
}

func (v *recorded) calls() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.asked)
}

func options(address string, secrets ...vault.Secret) vault.Options {
	environment := map[string]string{"VAULT_ROLE_ID": "id", "VAULT_SECRET_ID": "s3cr3t-id"}
	return vault.Options{
		Address: address, Secrets: secrets, Getenv: func(name string) string { return environment[name] },
		IDToken: func(context.Context, string) (string, error) { return "", errors.New("no workflow") },
		Hide:    func(...string) {}, Warn: func(string) {},
	}
}

const loggedIn = `{"auth": {"client_token": "hvs.run", "accessor": "a", "renewable": false, "lease_duration": 600}}`

// TestCancelled: what was leased before a run is cancelled is revoked, with a context that is not the run's.
func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	v := &recorded{answers: map[string]string{
		"PUT auth/approle/login": loggedIn,
		"GET aws/creds/x":        `{"lease_id": "aws/creds/x/1", "lease_duration": 600, "data": {"access_key": "AKIA", "secret_key": "leased-key"}}`,
	}}
	server := httptest.NewServer(v)
	defer server.Close()
	o := options(server.URL, vault.Secret{Path: "aws/creds/x"}, vault.Secret{Path: "aws/creds/y"})
	o.Hide = func(values ...string) {
		if slices.Contains(values, "leased-key") {
			cancel()
		}
	}
	if _, err := vault.Open(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	calls := v.calls()
	if !slices.Contains(calls, `PUT sys/leases/revoke {"lease_id":"aws/creds/x/1","sync":true}`) || !slices.ContainsFunc(calls, func(c string) bool { return strings.HasPrefix(c, "PUT auth/token/revoke-self") }) {
		t.Errorf("asked: %q", calls)
	}
}

// TestSlowRevocation: a lease that cannot be revoked in time keeps neither the others nor the token, which takes the lease
// along; and the whole is over before a runner kills a job that is cancelled.
func TestSlowRevocation(t *testing.T) {
	t.Parallel()
	slow := `{"lease_id":"aws/creds/slow/1","sync":true}`
	v := &recorded{answers: map[string]string{
		"PUT auth/approle/login":        loggedIn,
		"GET aws/creds/slow":            `{"lease_id": "aws/creds/slow/1", "lease_duration": 600, "data": {"access_key": "AKIA", "secret_key": "leased-key"}}`,
		"GET aws/creds/fast":            `{"lease_id": "aws/creds/fast/1", "lease_duration": 600, "data": {"access_key": "AKIA", "secret_key": "leased-key"}}`,
		"PUT sys/leases/revoke " + slow: "hangs",
	}}
	server := httptest.NewServer(v)
	defer server.Close()
	session, err := vault.Open(t.Context(), options(server.URL, vault.Secret{Path: "aws/creds/slow"}, vault.Secret{Path: "aws/creds/fast"}))
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	if err := session.Close(); err != nil {
		t.Errorf("the token is revoked, and the lease with it: %v", err)
	}
	if took := time.Since(started); took > 7*time.Second {
		t.Errorf("took %s", took)
	}
	calls := v.calls()
	if !slices.Contains(calls, `PUT sys/leases/revoke {"lease_id":"aws/creds/fast/1","sync":true}`) || !slices.ContainsFunc(calls, func(c string) bool { return strings.HasPrefix(c, "PUT auth/token/revoke-self") }) {
		t.Errorf("asked: %q", calls)
	}
}

// TestPlainIsRefused: neither an address nor a redirect leads out of this machine unencrypted.
func TestPlainIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := vault.Open(t.Context(), options("http://vault.example:8200")); err == nil || !strings.Contains(err.Error(), "--allow-insecure-endpoint") {
		t.Errorf("%v", err)
	}
	v := &recorded{answers: map[string]string{"PUT auth/approle/login": "http://vault.example:8200/v1/auth/approle/login"}}
	server := httptest.NewServer(v)
	defer server.Close()
	if _, err := vault.Open(t.Context(), options(server.URL)); err == nil || !strings.Contains(err.Error(), "--allow-insecure-endpoint") {
		t.Errorf("%v", err)
	}
}

// TestNamespaceAndMount: what is asked for goes to the namespace, and to where the method is mounted.
func TestNamespaceAndMount(t *testing.T) {
	t.Parallel()
	var namespaces []string
	v := &recorded{answers: map[string]string{"PUT auth/team/approle/login": loggedIn, "GET secret/data/ci": `{"data": {"data": {"k": "a-value-of-kv"}, "metadata": {}}}`}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		namespaces = append(namespaces, r.Header.Get("X-Vault-Namespace"))
		v.ServeHTTP(w, r)
	}))
	defer server.Close()
	o := options(server.URL, vault.Secret{Path: "secret/data/ci", Fields: map[string]string{"K": "k"}})
	o.Namespace, o.AuthPath = "acme/platform", "auth/team/approle/"
	session, err := vault.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Close(); err != nil || session.Variables["K"] != "a-value-of-kv" {
		t.Error(session.Variables, err)
	}
	for _, namespace := range namespaces {
		if namespace != "acme/platform" {
			t.Errorf("asked in %q", namespaces)
		}
	}
}

func TestNothingToLogInWith(t *testing.T) {
	t.Parallel()
	o := options("https://vault.example")
	o.Getenv = func(string) string { return "" }
	if _, err := vault.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "vault_role") {
		t.Errorf("%v", err)
	}
	o.Role = "driftline"
	if _, err := vault.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "id-token: write") {
		t.Errorf("%v", err)
	}
}
