package e2e

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/e2e/internal/github"
	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/internal/recorder"
)

// insideEnv says that the test runs in the network namespace that it has made for itself.
const insideEnv = "DRIFTLINE_ALONE"

// TestAlone runs the whole job where nothing exists but what it is given: a network namespace with a simulated AWS, a GitHub,
// a Vault and a token service, all on its loopback. strace writes down every address that Driftline, Terraform or the
// provider tries. Credentials come from Vault and by aws_role_to_assume; neither AWS's metadata service nor Terraform's
// question for newer versions is turned off from outside.
func TestAlone(t *testing.T) {
	peers.E2E(t)
	if os.Getenv(insideEnv) == "" {
		goInside(t)
		return
	}
	j := newJob(t)
	trace := filepath.Join(t.TempDir(), "trace")
	run := j.command(t, append([]string{"strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect,sendto", "-o", trace},
		j.args("run", "--state", "s3://"+stateBucket+"/net/terraform.tfstate", "--repository", github.Owner+"/"+github.Repository, "--github-api-url", j.hub.URL, "--base", "main")...))
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	tried := addresses(string(readFile(t, trace)))
	for _, address := range slices.Sorted(maps.Keys(tried)) {
		t.Logf("%6d × %s", tried[address], address)
		host, _, err := net.SplitHostPort(address)
		if err != nil || !net.ParseIP(host).IsLoopback() {
			t.Errorf("%s was tried", address)
		}
	}
	for what, url := range map[string]string{"AWS": j.proxy.URL, "GitHub": j.hub.URL, "Vault": j.vault.Address, "the token service": j.tokens.URL} {
		if _, at, _ := strings.Cut(url, "://"); tried[at] == 0 {
			t.Errorf("%s was not asked: nothing was looked at", what)
		}
	}
	calls, sessions := j.proxy.Take(), 0
	provider := 0
	for _, c := range calls {
		if c.Mutating {
			t.Errorf("a call that changes something: %+v", c)
		}
		if c.Action == "AssumeRoleWithWebIdentity" {
			sessions++
		}
		if isProvider(c.Agent) {
			provider++
		}
	}
	if sessions != 1 || provider == 0 {
		t.Errorf("%d sessions by token, %d calls of the provider: %s", sessions, provider, out)
	}
	for _, request := range j.sts() {
		if !strings.Contains(request, "PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess") {
			t.Errorf("a session that may write: %s", request)
		}
	}
	var pulls []struct{ Title string }
	if err := j.hub.Get("/repos/"+github.Owner+"/"+github.Repository+"/pulls", &pulls); err != nil || len(pulls) != 1 {
		t.Errorf("pull requests: %+v, %v\n%s", pulls, err, out)
	}
	left := j.nothingIsLeft(t, string(out))
	if !slices.ContainsFunc(slices.Collect(maps.Values(left)), regexp.MustCompile(`sensitive\s*= true`).MatchString) {
		t.Errorf("the queue's tag is no variable: no secret came up, and nothing was looked at\n%s", out)
	}
}

// TestCancelled stops runs by signals while somebody does not answer: what Vault has leased is revoked before whoever
// cancels a job loses patience.
func TestCancelled(t *testing.T) {
	peers.E2E(t)
	j := newJob(t)
	asked := make(chan struct{}, 1)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case asked <- struct{}{}:
		default:
		}
		<-r.Context().Done()
	}))
	defer silent.Close()
	for name, tc := range map[string]struct {
		args    []string
		signals map[time.Duration]syscall.Signal
	}{
		"a state does not answer": {
			j.args("scan", "--state", "s3://b/k?region=us-east-1&s3ForcePathStyle=true&endpoint="+silent.URL),
			map[time.Duration]syscall.Signal{0: syscall.SIGTERM},
		},
		"GitHub does not answer, while a provider runs": {
			j.args("run", "--state", "s3://"+stateBucket+"/net/terraform.tfstate", "--repository", github.Owner+"/"+github.Repository, "--github-api-url", silent.URL, "--base", "main"),
			// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
			map[time.Duration]syscall.Signal{0: syscall.SIGINT, 7500 * time.Millisecond: syscall.SIGTERM, 10 * time.Second: syscall.SIGKILL},
		},
	} {
		t.Run(name, func(t *testing.T) {
			run := j.command(t, tc.args)
			var out bytes.Buffer
			run.Stdout, run.Stderr = &out, &out
			if err := run.Start(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-asked:
			case <-time.After(2 * time.Minute):
				_ = run.Process.Kill()
				t.Fatalf("nobody was asked\n%s", out.String())
			}
			if n := j.leases(t); n != 1 {
				t.Errorf("%d leases while the run lasts", n)
			}
			for after, signal := range tc.signals {
				defer time.AfterFunc(after, func() { _ = run.Process.Signal(signal) }).Stop()
			}
			started := time.Now()
			if err := run.Wait(); err == nil || run.ProcessState.ExitCode() != 2 {
				t.Errorf("%v\n%s", err, out.String())
			}
			t.Logf("over after %s", time.Since(started).Round(time.Millisecond))
			j.nothingIsLeft(t, out.String())
		})
	}
}

// goInside runs this test again in a network namespace of its own.
func goInside(t *testing.T) {
	t.Helper()
	unshare := peers.Program(t, "unshare", "")
	for _, program := range []string{"strace", "ip"} {
		peers.Program(t, program, "")
	}
	w := &world{binary: filepath.Join(t.TempDir(), "driftline")}
	if built := os.Getenv("DRIFTLINE_BINARY"); built != "" {
		w.binary = built
	} else if err := w.build(t.Context()); err != nil {
		t.Fatal(err)
	}
	vault := peers.VaultProgram(t)
	if out, err := exec.Command(unshare, "--map-root-user", "--net", "true").CombinedOutput(); err != nil {
		peers.Require(t, "network namespaces for users", fmt.Errorf("%w: %s", err, out))
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	inside := exec.CommandContext(t.Context(), unshare, "--map-root-user", "--net", "sh", "-c", `ip link set lo up && exec "$0" "$@"`,
		self, "-test.v", "-test.run", "^TestAlone$")
	inside.Env = append(os.Environ(), insideEnv+"=1", "DRIFTLINE_BINARY="+w.binary, "DRIFTLINE_VAULT="+vault)
	out, err := inside.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestAlone")) {
		t.Errorf("inside the namespace: %v", err)
	}
}

// job is all that a job is given.
type job struct {
	binary         string
	checkout, temp string
	vaultToken     string
	proxy          *recorder.Recorder
	hub            *github.GitHub
	vault          peers.Vault
	client         *http.Client // of Vault's administrator
	tokens         *httptest.Server
	env            []string

	mu       sync.Mutex
	sessions []string
}

const jobRole = "arn:aws:iam::123456789012:role/driftline"

// leasedKey and kept are what Vault gives the job: the first by a lease.
const (
	leasedKey = "azure~quartz.meadow"
	kept      = "kept-in-kv-orchid"
)

// identityToken is the workflow's, for whoever shows requestToken.
const (
	identityToken = "workflow.identity.token"
	requestToken  = "token-of-the-request"
)

func newJob(t *testing.T) *job {
	t.Helper()
	moto := peers.StartMoto(t)
	j := &job{binary: os.Getenv("DRIFTLINE_BINARY"), checkout: t.TempDir(), vault: peers.StartVault(t), hub: github.Start(t)}
	if j.binary == "" {
		w := &world{binary: filepath.Join(t.TempDir(), "driftline")}
		if err := w.build(t.Context()); err != nil {
			t.Fatal(err)
		}
		j.binary = w.binary
	}
	j.proxy = recorder.Start(t, j.noteSessions(t, moto))
	j.setUpVault(t)
	j.tokens = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"value": "`+identityToken+`"}`)
	}))
	t.Cleanup(j.tokens.Close)
	seed := &world{env: append(os.Environ(), peers.AWSEnv(moto)...)}
	seed.python(t, "-c", `
import boto3
s3 = boto3.client('s3')
s3.create_bucket(Bucket='`+stateBucket+`')
s3.put_object(Bucket='`+stateBucket+`', Key='net/terraform.tfstate', Body=b'`+emptyState+`')
boto3.client('sqs').create_queue(QueueName='orders', tags={'Note': '`+leasedKey+" "+kept+`'})`) // told in passing
	// The person's own configuration is not theirs: nothing in it keeps Terraform from asking for newer versions.
	cli := filepath.Join(t.TempDir(), "terraformrc")
	writeFile(t, cli, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", peers.Mirror(t)))
	temp := t.TempDir()
	j.temp, j.vaultToken = temp, j.ask(t, "PUT", "auth/token/create", `{"policies": ["driftline"], "ttl": "10m"}`, "auth", "client_token")
	j.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + temp, "TF_CLI_CONFIG_FILE=" + cli, "AWS_ENDPOINT_URL=" + j.proxy.URL, "AWS_REGION=us-east-1",
		"GITHUB_ACTIONS=true", "GITHUB_REF=refs/heads/main", "RUNNER_TEMP=" + temp, "GITHUB_OUTPUT=" + filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(temp, "summary"),
		"ACTIONS_ID_TOKEN_REQUEST_URL=" + j.tokens.URL + "/?v=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN=" + requestToken,
		"VAULT_ADDR=" + j.vault.Address, "VAULT_CACERT=" + j.vault.CA, "VAULT_TOKEN=" + j.vaultToken,
	}
	return j
}

// args are those of a run that gets all its credentials by itself.
func (j *job) args(command string, more ...string) []string {
	return append([]string{j.binary, command, "--root", j.checkout, "--include", "aws_sqs_queue", "--aws-role-to-assume", jobRole,
		"--vault-secrets", "secret/data/ci GITHUB_TOKEN=github THIRD_PARTY_KEY=key", "--vault-secrets", "leased/azure"}, more...)
}

func (j *job) command(t *testing.T, args []string) *exec.Cmd {
	t.Helper()
	run := exec.CommandContext(t.Context(), args[0], args[1:]...)
	run.Dir, run.Env, run.WaitDelay = j.checkout, j.env, 20*time.Second
	return run
}

// noteSessions stands in front of moto and keeps the requests for sessions.
func (j *job) noteSessions(t *testing.T, moto string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if bytes.Contains(body, []byte("Action=AssumeRole")) {
			j.mu.Lock()
			j.sessions = append(j.sessions, string(body))
			j.mu.Unlock()
		}
		onward, err := http.NewRequestWithContext(r.Context(), r.Method, moto+r.URL.RequestURI(), bytes.NewReader(body))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		onward.Header, onward.Host = r.Header.Clone(), r.Host
		answer, err := http.DefaultTransport.RoundTrip(onward)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		maps.Copy(w.Header(), answer.Header)
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func (j *job) sts() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.sessions)
}

// setUpVault lets the job read a token for GitHub, and lease a key.
func (j *job) setUpVault(t *testing.T) {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(readFile(t, j.vault.CA))
	j.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	j.ask(t, "PUT", "sys/mounts/secret", `{"type": "kv", "options": {"version": "1"}}`)
	j.ask(t, "PUT", "sys/mounts/leased", `{"type": "leased"}`)
	j.ask(t, "PUT", "secret/data/ci", fmt.Sprintf(`{"github": %q, "key": %q}`, j.hub.Token, kept))
	j.ask(t, "PUT", "sys/policies/acl/driftline", `{"policy": "path \"leased/*\" { capabilities = [\"read\"] }\npath \"secret/*\" { capabilities = [\"read\"] }\npath \"sys/leases/revoke\" { capabilities = [\"update\"] }"}`)
}

// ask asks Vault as its root, and gives the text at a path of the answer.
func (j *job) ask(t *testing.T, method, path, body string, at ...string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, j.vault.Address+"/v1/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Vault-Token", j.vault.Token)
	response, err := j.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 && response.StatusCode != http.StatusNotFound {
		t.Fatalf("%s %s: %s", method, path, response.Status)
	}
	var answer any
	if json.NewDecoder(response.Body).Decode(&answer) != nil {
		return ""
	}
	for _, name := range at {
		object, _ := answer.(map[string]any)
		answer = object[name]
	}
	return fmt.Sprint(answer)
}

// leases is how many the engine has given out and not taken back.
func (j *job) leases(t *testing.T) int {
	t.Helper()
	keys := j.ask(t, "LIST", "sys/leases/lookup/leased/azure", "", "data", "keys")
	if keys == "<nil>" {
		return 0
	}
	return len(strings.Fields(strings.Trim(keys, "[]")))
}

// nothingIsLeft looks for what a run must not leave behind: a lease in Vault, and a credential in any byte that has left,
// masks apart. It gives all of these, by where they are.
func (j *job) nothingIsLeft(t *testing.T, out string) (left map[string]string) {
	t.Helper()
	if n := j.leases(t); n != 0 {
		t.Errorf("%d leases are left", n)
	}
	var told strings.Builder
	masks := map[string]bool{}
	for line := range strings.Lines(out) {
		if secret, mask := strings.CutPrefix(line, "::add-mask::"); mask {
			masks[strings.TrimSuffix(secret, "\n")] = true
		} else {
			told.WriteString(line)
		}
	}
	left = map[string]string{"what is told": told.String()}
	for _, dir := range []string{j.checkout, j.temp} {
		for name, content := range files(t, dir) {
			left[filepath.Join(dir, name)] = string(content)
		}
	}
	for n, r := range j.hub.Take() {
		left[fmt.Sprintf("request %d, %s %s", n, r.Method, r.Path)] = unpacked(r.Body)
	}
	for _, secret := range []string{leasedKey, kept, j.hub.Token, identityToken, requestToken, j.vaultToken} {
		if !masks[secret] {
			t.Errorf("%s is not masked:\n%s", secret, out)
		}
		for where, text := range left {
			if n := find(text, secret); n >= 0 {
				t.Errorf("%s holds %s: …%s…", where, secret, around(text, n))
			}
		}
	}
	return left
}

var (
	inet4 = regexp.MustCompile(`sa_family=AF_INET, sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)`)
	inet6 = regexp.MustCompile(`sa_family=AF_INET6, sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)"`)
)

// addresses are those that a trace says were tried, with how often.
func addresses(trace string) map[string]int {
	tried := map[string]int{}
	for _, family := range []*regexp.Regexp{inet4, inet6} {
		for _, m := range family.FindAllStringSubmatch(trace, -1) {
			tried[net.JoinHostPort(m[2], m[1])]++
		}
	}
	return tried
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	got := addresses(`12 connect(7, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 ENETUNREACH (Network is unreachable)
13 connect(8, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0
13 connect(8, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0
14 sendto(9, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.53")}, 16) = 1`)
	if want := map[string]int{"192.0.2.1:443": 1, "[2001:db8::1]:53": 1, "192.0.2.53:53": 1}; !maps.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
