package vault_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/vault/api"
	"github.com/sethvargo/go-githubactions"

	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/vault"
)

// TestRealVault is judged by a real Vault server: its tokens, its leases, its refusals.
func TestRealVault(t *testing.T) {
	peers.E2E(t)
	server := peers.StartVault(t)
	admin := newAdmin(t, server)
	gitHub := fakeActions(t)
	admin.setUp(gitHub.issuer)

	t.Run("the workflow's identity", func(t *testing.T) {
		r := newRun(server, gitHub.environment())
		r.options.Role = "driftline"
		r.options.Audience = "https://vault.example"
		session := r.open(t, "leased/azure", "leased/google/token", "secret/data/ci THIRD_PARTY_KEY=key")
		want := map[string]string{
			"ARM_CLIENT_ID": "00000000-aaaa-bbbb-cccc-000000000000", "AZURE_CLIENT_ID": "00000000-aaaa-bbbb-cccc-000000000000",
			"ARM_CLIENT_SECRET": "azure~quartz.meadow", "AZURE_CLIENT_SECRET": "azure~quartz.meadow",
			"GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.google-velvet-lantern", "THIRD_PARTY_KEY": "kept-in-kv-orchid",
		}
		if !maps.Equal(session.Variables, want) {
			t.Errorf("%v", session.Variables)
		}
		for _, secret := range []string{"azure~quartz.meadow", "ya29.google-velvet-lantern", "kept-in-kv-orchid", gitHub.last()} {
			if !slices.Contains(r.hidden, secret) {
				t.Errorf("%s was not hidden", secret)
			}
		}
		admin.until(t, "a lease is renewed", func() bool { return admin.issued("renewed") >= 2 })
		if leases := admin.leases("leased"); leases != 2 {
			t.Errorf("%d leases while the run lasts", leases)
		}
		before, tokens := admin.issued("revoked"), admin.tokens()
		if err := session.Close(); err != nil {
			t.Error(err)
		}
		// No waiting: when the run has ended, Vault holds nothing of it.
		if n := admin.issued("revoked") - before; n != 2 || admin.leases("leased") != 0 {
			t.Errorf("%d were revoked, %d are left", n, admin.leases("leased"))
		}
		if admin.tokens() != tokens-1 {
			t.Error("the token of the run is still there")
		}
		if len(r.warned) > 0 {
			t.Errorf("warned: %q", r.warned)
		}
	})

	t.Run("another repository's identity", func(t *testing.T) {
		other := fakeActions(t)
		other.issuer, other.key = gitHub.issuer, gitHub.key
		other.repository = "someone/else"
		r := newRun(server, other.environment())
		r.options.Role = "driftline"
		r.refused(t, "auth/jwt/login", "bound_claims", "leased/azure")
	})

	t.Run("an AppRole", func(t *testing.T) {
		id, secret := admin.appRole()
		r := newRun(server, map[string]string{"VAULT_ROLE_ID": id, "VAULT_SECRET_ID": secret})
		session := r.open(t, "leased/google/key")
		if got := session.Variables["GOOGLE_CREDENTIALS"]; got != `{"private_key": "google-key-harbour-saffron"}` || !slices.Contains(r.hidden, secret) {
			t.Errorf("%q", got)
		}
		closed(t, session)
		r = newRun(server, map[string]string{"VAULT_ROLE_ID": id, "VAULT_SECRET_ID": "wrong"})
		r.refused(t, "auth/approle/login", "VAULT_SECRET_ID", "leased/azure")
	})

	t.Run("a token", func(t *testing.T) {
		token := admin.token("driftline", "revoking")
		r := newRun(server, map[string]string{"VAULT_TOKEN": token})
		session := r.open(t, "leased/azure")
		closed(t, session)
		if n := admin.leases("leased"); n != 0 {
			t.Errorf("%d leases are left", n)
		}
		if !admin.valid(token) {
			t.Error("a token that was given was revoked: it is not ours")
		}
		r = newRun(server, map[string]string{"VAULT_TOKEN": admin.token("driftline")})
		session = r.open(t, "leased/azure")
		if err := session.Close(); err == nil || !strings.Contains(err.Error(), "leased/azure/") || !strings.Contains(err.Error(), "sys/leases/revoke") {
			t.Errorf("a lease that may not be revoked: %v", err)
		}
	})

	t.Run("nothing is left of what fails", func(t *testing.T) {
		admin.do("PUT", "sys/leases/revoke-prefix/leased", nil)
		r := newRun(server, gitHub.environment())
		r.options.Role = "driftline"
		tokens := admin.tokens()
		for path, why := range map[string]string{
			"forbidden/x":             "403 Forbidden",
			"secret/ci":               "data/",
			"secret/data/none":        "there is nothing",
			"secret/data/ci":          "it has key",
			"secret/data/ci A=absent": "no text in the field absent",
		} {
			r.refused(t, path[:5], why, "leased/azure", path)
		}
		if admin.leases("leased") != 0 || admin.tokens() != tokens {
			t.Errorf("%d leases and %d tokens are left", admin.leases("leased"), admin.tokens()-tokens)
		}
	})

	t.Run("a lease that ends", func(t *testing.T) {
		r := newRun(server, map[string]string{"VAULT_TOKEN": admin.token("driftline", "revoking")})
		session := r.open(t, "brief/azure")
		admin.until(t, "it is told", func() bool { return len(r.warnings()) > 0 })
		if !strings.Contains(r.warnings()[0], "brief/azure") {
			t.Errorf("warned: %q", r.warnings())
		}
		_ = session.Close()
	})

	t.Run("a long lease is made short, and a given token left alone", func(t *testing.T) {
		id, secret := admin.appRole()
		r := newRun(server, map[string]string{"VAULT_ROLE_ID": id, "VAULT_SECRET_ID": secret})
		session := r.open(t, "long/azure")
		lease := "long/azure/" + admin.do("LIST", "sys/leases/lookup/long/azure", nil).Data["keys"].([]any)[0].(string)
		admin.until(t, "the lease ends within ten minutes", func() bool {
			return admin.seconds(admin.do("PUT", "sys/leases/lookup", map[string]any{"lease_id": lease})) <= 600
		})
		admin.until(t, "the token ends within ten minutes", func() bool { return admin.ttls()["approle"] <= 600 })
		closed(t, session)
		if len(r.warnings()) > 0 {
			t.Errorf("warned: %q", r.warnings())
		}
		given := admin.do("PUT", "auth/token/create", map[string]any{"policies": []string{"driftline", "revoking"}, "ttl": "24h"}).Auth.ClientToken
		session = newRun(server, map[string]string{"VAULT_TOKEN": given}).open(t, "long/azure")
		time.Sleep(500 * time.Millisecond) // for the first renewal
		if ttl := admin.seconds(admin.do("PUT", "auth/token/lookup", map[string]any{"token": given})); ttl < 23*60*60 {
			t.Errorf("a token that was given lives for %d seconds more", ttl)
		}
		closed(t, session)
	})

	t.Run("whom it speaks to", func(t *testing.T) {
		r := newRun(server, map[string]string{"VAULT_TOKEN": server.Token, "VAULT_CACERT": ""})
		r.refused(t, "", "certificate", "leased/azure")
		r = newRun(server, map[string]string{"VAULT_TOKEN": server.Token, "VAULT_SKIP_VERIFY": "true"})
		r.refused(t, "", "VAULT_SKIP_VERIFY", "leased/azure")
	})

	t.Run("AWS", func(t *testing.T) {
		endpoint := peers.StartMoto(t)
		admin.aws(endpoint)
		users := func() string { return awsQuery(t, endpoint, "ListUsers") }
		r := newRun(server, gitHub.environment())
		r.options.Role = "driftline"
		session := r.open(t, "aws/creds/driftline")
		if !session.FreshAWSUser || !strings.HasPrefix(session.Variables["AWS_ACCESS_KEY_ID"], "AKIA") || session.Variables["AWS_SECRET_ACCESS_KEY"] == "" {
			t.Errorf("%v", session.Variables)
		}
		if token, ok := session.Variables["AWS_SESSION_TOKEN"]; !ok || token != "" {
			t.Error("an inherited session token would spoil the key")
		}
		if !strings.Contains(users(), "<UserName>vault-") {
			t.Errorf("AWS does not know the user: %s", users())
		}
		closed(t, session)
		if strings.Contains(users(), "<UserName>vault-") {
			t.Errorf("the user is still there: %s", users())
		}
		session = r.open(t, "aws/sts/session")
		if session.FreshAWSUser || session.Variables["AWS_SESSION_TOKEN"] == "" {
			t.Errorf("%v", session.Variables)
		}
		closed(t, session)
	})
}

func closed(t *testing.T, session *vault.Session) {
	t.Helper()
	if err := session.Close(); err != nil {
		t.Error(err)
	}
}

// run is what a run of Driftline's gives to package vault, and what it is told.
type run struct {
	options vault.Options

	mu             sync.Mutex
	hidden, warned []string
}

func newRun(server peers.Vault, environment map[string]string) *run {
	r := &run{}
	getenv := func(name string) string {
		if value, ok := environment[name]; ok || name != "VAULT_CACERT" {
			return value
		}
		return server.CA
	}
	r.options = vault.Options{
		Address: server.Address, Getenv: getenv, IDToken: githubactions.New(githubactions.WithGetenv(getenv)).GetIDToken,
		Hide: func(values ...string) { r.mu.Lock(); defer r.mu.Unlock(); r.hidden = append(r.hidden, values...) },
		Warn: func(text string) { r.mu.Lock(); defer r.mu.Unlock(); r.warned = append(r.warned, text) },
	}
	return r
}

func (r *run) warnings() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.warned)
}

func (r *run) try(t *testing.T, secrets []string) (*vault.Session, error) {
	t.Helper()
	r.options.Secrets = nil
	for _, text := range secrets {
		secret, err := vault.ParseSecret(text)
		if err != nil {
			t.Fatal(err)
		}
		r.options.Secrets = append(r.options.Secrets, secret)
	}
	return vault.Open(t.Context(), r.options)
}

func (r *run) open(t *testing.T, secrets ...string) *vault.Session {
	t.Helper()
	session, err := r.try(t, secrets)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// refused expects an error that says where and why, and that tells no secret.
func (r *run) refused(t *testing.T, where, why string, secrets ...string) {
	t.Helper()
	session, err := r.try(t, secrets)
	if err == nil {
		_ = session.Close()
		t.Errorf("%q was read", secrets)
		return
	}
	if !strings.Contains(err.Error(), where) || !strings.Contains(err.Error(), why) {
		t.Errorf("%q: %v", secrets, err)
	}
	for _, secret := range r.hidden {
		if strings.Contains(err.Error(), secret) && secret != "" {
			t.Errorf("told: %v", err)
		}
	}
}

// admin is an administrator of the Vault.
type admin struct {
	t      *testing.T
	client *api.Client
}

func newAdmin(t *testing.T, server peers.Vault) *admin {
	t.Helper()
	config := api.DefaultConfig()
	config.Address = server.Address
	if err := config.ConfigureTLS(&api.TLSConfig{CACert: server.CA}); err != nil {
		t.Fatal(err)
	}
	client, err := api.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	client.SetToken(server.Token)
	return &admin{t, client}
}

func (a *admin) do(method, path string, data map[string]any) *api.Secret {
	a.t.Helper()
	var answer *api.Secret
	var err error
	switch method {
	case "LIST":
		answer, err = a.client.Logical().List(path)
	case "GET":
		answer, err = a.client.Logical().Read(path)
	default:
		answer, err = a.client.Logical().Write(path, data)
	}
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer
}

// setUp is what README tells an administrator to do.
func (a *admin) setUp(issuer string) {
	a.do("PUT", "sys/mounts/secret", map[string]any{"type": "kv", "options": map[string]any{"version": "2"}})
	a.do("PUT", "sys/mounts/forbidden", map[string]any{"type": "kv"})
	a.do("PUT", "sys/mounts/aws", map[string]any{"type": "aws"})
	// Leases of some seconds show within a test that they are renewed; brief ones may not be.
	a.do("PUT", "sys/mounts/leased", map[string]any{"type": "leased", "config": map[string]any{"default_lease_ttl": "4s", "max_lease_ttl": "1h"}})
	a.do("PUT", "sys/mounts/brief", map[string]any{"type": "leased", "config": map[string]any{"default_lease_ttl": "2s", "max_lease_ttl": "3s"}})
	a.do("PUT", "sys/mounts/long", map[string]any{"type": "leased", "config": map[string]any{"default_lease_ttl": "768h", "max_lease_ttl": "8760h"}}) // Vault's own default
	a.until(a.t, "the key/value engine is upgraded", func() bool {
		_, err := a.client.Logical().Write("secret/data/ci", map[string]any{"data": map[string]any{"key": "kept-in-kv-orchid"}})
		return err == nil
	})
	a.do("PUT", "sys/policies/acl/driftline", map[string]any{"policy": `
		path "leased/*" { capabilities = ["read"] }
		path "brief/*" { capabilities = ["read"] }
		path "long/*" { capabilities = ["read"] }
		path "secret/*" { capabilities = ["read"] }
		path "aws/*" { capabilities = ["read"] }`})
	a.do("PUT", "sys/policies/acl/revoking", map[string]any{"policy": `path "sys/leases/revoke" { capabilities = ["update"] }`})
	a.do("PUT", "sys/auth/jwt", map[string]any{"type": "jwt"})
	a.do("PUT", "auth/jwt/config", map[string]any{"oidc_discovery_url": issuer, "bound_issuer": issuer})
	a.do("PUT", "auth/jwt/role/driftline", map[string]any{
		"role_type": "jwt", "user_claim": "sub", "bound_audiences": []string{"https://vault.example", "https://github.com/acme"},
		"bound_claims": map[string]any{"repository": "acme/infrastructure", "ref": "refs/heads/main"}, "token_policies": []string{"driftline", "revoking"}, "token_ttl": "10m",
	})
	a.do("PUT", "sys/auth/approle", map[string]any{"type": "approle"})
	// Without the policy to revoke a lease: the token's own revocation has to do.
	a.do("PUT", "auth/approle/role/driftline", map[string]any{"token_policies": []string{"driftline"}, "token_ttl": "24h"})
}

func (a *admin) appRole() (id, secret string) {
	id = a.do("GET", "auth/approle/role/driftline/role-id", nil).Data["role_id"].(string)
	secret = a.do("PUT", "auth/approle/role/driftline/secret-id", nil).Data["secret_id"].(string)
	return id, secret
}

func (a *admin) token(policies ...string) string {
	return a.do("PUT", "auth/token/create", map[string]any{"policies": policies, "ttl": "10m"}).Auth.ClientToken
}

func (a *admin) valid(token string) bool {
	_, err := a.client.Logical().Write("auth/token/lookup", map[string]any{"token": token})
	return err == nil
}

// seconds is how long what was looked up will live.
func (a *admin) seconds(found *api.Secret) int64 {
	a.t.Helper()
	n, err := found.Data["ttl"].(json.Number).Int64()
	if err != nil {
		a.t.Fatal(err)
	}
	return n
}

// ttls are how long tokens will live, by the display name that their method gives them.
func (a *admin) ttls() map[string]int64 {
	found := map[string]int64{}
	for _, accessor := range a.do("LIST", "auth/token/accessors", nil).Data["keys"].([]any) {
		token := a.do("PUT", "auth/token/lookup-accessor", map[string]any{"accessor": accessor})
		found[token.Data["display_name"].(string)] = a.seconds(token)
	}
	return found
}

// tokens is how many there are.
func (a *admin) tokens() int {
	return len(a.do("LIST", "auth/token/accessors", nil).Data["keys"].([]any))
}

// leases is how many there are of an engine's.
func (a *admin) leases(engine string) int {
	count := 0
	for _, path := range []string{"/azure", "/google/token", "/google/key"} {
		if found := a.do("LIST", "sys/leases/lookup/"+engine+path, nil); found != nil {
			count += len(found.Data["keys"].([]any))
		}
	}
	return count
}

// issued is how often leases were renewed, or revoked.
func (a *admin) issued(what string) int {
	n, err := strconv.Atoi(string(a.do("GET", "leased/issued", nil).Data[what].(json.Number)))
	if err != nil {
		a.t.Fatal(err)
	}
	return n
}

func (a *admin) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 seconds: %s", what)
		}
	}
}

// aws has the engine make users and sessions in moto.
func (a *admin) aws(endpoint string) {
	a.do("PUT", "aws/config/root", map[string]any{
		"access_key": "test", "secret_key": "test", "region": "us-east-1", "iam_endpoint": endpoint, "sts_endpoint": endpoint,
	})
	a.do("PUT", "aws/roles/driftline", map[string]any{"credential_type": "iam_user", "policy_document": `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}`})
	a.do("PUT", "aws/roles/session", map[string]any{"credential_type": "assumed_role", "role_arns": "arn:aws:iam::123456789012:role/driftline"})
}

func awsQuery(t *testing.T, endpoint, action string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader("Version=2010-05-08&Action="+action))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// actions stands for GitHub's own token service, and for the issuer whose tokens it gives out.
type actions struct {
	issuer, address, repository string
	key                         *rsa.PrivateKey

	mu    sync.Mutex
	token string
}

const requestToken = "workflow-request-token"

func fakeActions(t *testing.T) *actions {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	a := &actions{key: key, repository: "acme/infrastructure"}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.issuer, a.address = server.URL, server.URL
	return a
}

func (a *actions) environment() map[string]string {
	return map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": a.address + "/token?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": requestToken}
}

func (a *actions) last() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.token
}

func (a *actions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var answer any
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		answer = map[string]any{"issuer": a.issuer, "jwks_uri": a.issuer + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
			"response_types_supported": []string{"id_token"}, "subject_types_supported": []string{"public"}}
	case "/keys":
		public := a.key.Public().(*rsa.PublicKey)
		answer = map[string]any{"keys": []any{map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one",
			"n": segment(public.N.Bytes()), "e": segment(big.NewInt(int64(public.E)).Bytes())}}}
	case "/token":
		if r.Header.Get("Authorization") != "Bearer "+requestToken {
			http.Error(w, "whose job is this?", http.StatusUnauthorized)
			return
		}
		audience := r.URL.Query().Get("audience")
		if audience == "" {
			audience = "https://github.com/acme"
		}
		a.mu.Lock()
		a.token = a.sign(audience)
		answer = map[string]any{"value": a.token}
		a.mu.Unlock()
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// sign makes a token of the claims that GitHub's have.
// https://docs.github.com/en/actions/reference/security/oidc
func (a *actions) sign(audience string) string {
	header, _ := json.Marshal(map[string]any{"alg": "RS256", "kid": "one", "typ": "JWT"})
	claims, _ := json.Marshal(map[string]any{
		"iss": a.issuer, "aud": audience, "sub": "repo:" + a.repository + ":ref:refs/heads/main", "repository": a.repository, "ref": "refs/heads/main",
		"iat": time.Now().Unix(), "nbf": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(), "jti": rand.Text(),
	})
	signed := segment(header) + "." + segment(claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return signed + "." + segment(signature)
}

func segment(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
