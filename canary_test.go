package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/internal/redact"
	"github.com/seed-e90528ae/driftline/internal/secrets"
	"github.com/seed-e90528ae/driftline/inventory/aws"
)

// canaries are secrets that are in no other text, by the source that they are planted in. None looks like a credential,
// so that the rules for those do not help.
var canaries = map[string]string{
	"AWS_SECRET_ACCESS_KEY":          "quiet/meadow+lantern",
	"AWS_SESSION_TOKEN":              "velvet.harbour.compass",
	"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "amber thistle <window>",
	"ARM_CLIENT_SECRET":              `granite "pillow" orchid`,
	"state":                          "marble ferry ${saffron}",
	"schema before":                  "copper 7 bramble wharf",
	"schema after":                   "juniper 8 anvil cobble",
	"schema of an import":            "walnut 9 cinder plume",
}

// canaryEstate plants each canary where it is known to be secret, and again where nobody says that it is.
func canaryEstate() estate {
	everywhere := ""
	for _, secret := range canaries {
		everywhere += " " + secret
	}
	return estate{
		States: map[string]map[string]thing{"s3://b/net.tfstate": {
			"aws_sqs_queue.kept":    {"id": "kept", "name": "kept", "password": canaries["schema before"], "description": canaries["state"]},
			"aws_sqs_queue.drifted": {"id": "drifted", "name": "drifted", "description": "before" + everywhere},
			"aws_sqs_queue.gone":    {"id": "gone", "name": "gone" + everywhere},
		}},
		Cloud: map[string][]thing{"aws_sqs_queue": {
			{"id": "kept", "name": "kept", "password": canaries["schema after"], "description": canaries["state"]},
			{"id": "drifted", "name": "drifted", "description": "after" + everywhere},
			{"id": "new", "name": "new", "password": canaries["schema of an import"], "description": "told in passing:" + everywhere,
				"tags": map[string]any{"note": everywhere}},
			{"id": "new" + everywhere, "name": everywhere},
		}},
		Unseen: []drift.Skipped{{What: "aws_vpc in eu-west-1", Reason: "refused:" + everywhere, Remedy: "try" + everywhere}},
	}
}

// canaryWorld is the estate, live.
func canaryWorld() *world {
	e := canaryEstate()
	cloud := fakeCloud{e}
	instances := func(context.Context) iter.Seq2[drift.Instance, error] {
		return func(yield func(drift.Instance, error) bool) {
			for i, err := range e.instances() {
				if i.Address.Name == "kept" {
					i.Sensitive = []cty.Path{cty.GetAttrPath("description")}
				}
				if !yield(i, err) {
					return
				}
			}
		}
	}
	return &world{
		secrets: secrets.New(), account: fakeAccount, region: fakeRegion, regions: []string{fakeRegion}, roots: e.roots(),
		instances: instances, inventory: cloud, provider: cloud, identify: aws.Identify,
		versions: map[string]string{drift.AWS: "5.100.0"}, include: func(string) bool { return true }, now: time.Now, close: func() {},
	}
}

// TestCanaries runs the whole job over a world full of secrets, and looks for them in every byte that leaves: standard
// output and error, the files of the run and of the workflow, the recording, and what goes to GitHub.
func TestCanaries(t *testing.T) {
	t.Parallel()
	var sent bytes.Buffer
	var sending sync.Mutex
	gitHub := &fakeGitHub{}
	gitHub.reset(func(*http.Request) (int, string) { return 0, "" })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sending.Lock()
		sent.WriteString(r.Method + " " + r.URL.String() + "\n")
		sent.Write(body)
		sending.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		gitHub.ServeHTTP(w, r)
	}))
	defer server.Close()
	dir := t.TempDir()
	environment := map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": fakeToken, "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": server.URL, "GITHUB_REF": "refs/heads/main",
		"GITHUB_WORKSPACE": dir, "GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary"),
	}
	for name, secret := range canaries {
		if name == strings.ToUpper(name) {
			environment[name] = secret
		}
	}
	getenv := func(name string) string { return environment[name] }
	cfg, err := config.Parse([]string{"run", "--root", dir, "--output-dir", filepath.Join(dir, "out"), "--log-level", "debug"}, getenv)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	redactor, out, log := sealed(cfg, getenv, &stdout, &stderr)
	say := console.New(out, log, getenv, cfg.LogLevel)
	say.Clean(redactor.String)
	world := canaryWorld()
	world.credentials = redactor.Credentials()
	world.learn(redactor)
	if err := writable(cfg.OutputDir); err != nil {
		t.Fatal(err)
	}
	if _, err := reportWorld(t.Context(), cfg, say, getenv, redactor, world, out); err != nil {
		t.Fatal(err)
	}
	cfg.Output = filepath.Join(dir, "recording")
	if err := recordWorld(t.Context(), cfg, say, world); err != nil {
		t.Fatal(err)
	}
	say.Error(errors.New("an error that says " + canaryEstate().Unseen[0].Reason))
	crashed(log, "a panic that says "+canaryEstate().Unseen[0].Reason)
	if err := errors.Join(out.Flush(), log.Flush()); err != nil {
		t.Fatal(err)
	}

	masks, told := masked(stdout.String())
	left := map[string]string{"standard output": told, "standard error": stderr.String(), "requests to GitHub": sent.String()}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			left[path] = unpacked(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"output", "summary", "recording", "out/report.json", "out/report.md", "out/report.html", "out/report.sarif"} {
		if left[filepath.Join(dir, filepath.FromSlash(name))] == "" {
			t.Errorf("%s is missing: nothing was looked at", name)
		}
	}
	if !strings.Contains(left["requests to GitHub"], "POST /repos/o/r/pulls") || !strings.Contains(left["standard error"], "crashed: a panic") {
		t.Error("the run did not get to its end: nothing was looked at")
	}
	// A Redactor knows every spelling; it is another one than the run's, so that what the run forgot to tell its own shows.
	judge := redact.New(fakeToken)
	for _, secret := range canaries {
		judge.Credential(secret)
	}
	for source, secret := range canaries {
		if masks[secret] != 1 {
			t.Errorf("the canary of %s has %d masks", source, masks[secret])
		}
	}
	for where, text := range left {
		for source, secret := range canaries {
			if strings.Contains(text, secret) {
				t.Errorf("the canary of %s is in %s:\n%s", source, where, around(text, secret))
			}
		}
		if judge.Holds(text) {
			t.Errorf("a canary in some spelling is in %s", where)
		}
	}
	if _, code := gitHub.file("driftline/main", "driftline/driftline_sqs.tf"); !code && !strings.Contains(left["requests to GitHub"], "driftline_sqs.tf") {
		t.Error("no code was published: nothing was looked at")
	}
}

func unpacked(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if packed, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
		if data, err = io.ReadAll(packed); err != nil {
			t.Fatal(err)
		}
	}
	return string(data)
}

func around(text, secret string) string {
	at := strings.Index(text, secret)
	return text[max(0, at-100):min(len(text), at+100)]
}

// masked divides what a workflow is told into the secrets that it is to mask, with how often, and the rest.
func masked(stdout string) (masks map[string]int, rest string) {
	masks = map[string]int{}
	for line := range strings.Lines(stdout) {
		if secret, ok := strings.CutPrefix(line, "::add-mask::"); ok {
			masks[strings.TrimSuffix(secret, "\n")]++
		} else {
			rest += line
		}
	}
	return masks, rest
}

// TestRunHidesItsCredentials gives the program secrets in every way in which it takes them, and a server that repeats all
// of them in its answer, as an echoing proxy does. Only masks may hold them.
func TestRunHidesItsCredentials(t *testing.T) {
	const (
		tfToken, webhook, proxyPassword = "cobalt.plinth.tf-token", "https://hooks.example.com/services/umber-gully", "sorrel-pass-tundra"
		backendKey, sasSignature        = "backend+mallow/quarry", "fathom/sas+sig/delta"
		profileKey                      = "profile/heron+basalt"
	)
	profile := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(profile, []byte("[default]\naws_access_key_id = AKIAPUBLIC\naws_secret_access_key = "+profileKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": fakeToken, "INPUT_NOTIFY_WEBHOOK": webhook,
		"AWS_SECRET_ACCESS_KEY": canaries["AWS_SECRET_ACCESS_KEY"], "HTTPS_PROXY": "http://me:" + proxyPassword + "@proxy.example.com:3128",
		"ARM_SAS_TOKEN": "?sv=2024&sig=" + url.QueryEscape(sasSignature),
	}
	secrets := []string{fakeToken, canaries["AWS_SECRET_ACCESS_KEY"], tfToken, webhook, proxyPassword, sasSignature, backendKey, profileKey}
	const signature, password = "6f1c0ffee6f1c0ffee6f1c0ffee6f1c0", "pebble-in-a-url"
	everything := strings.Join(secrets, " ") + " https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=" + signature + " https://me:" + password + "@git.example.com/modules.git"
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<Error><Code>AccessDenied</Code><Message>%s</Message></Error>", html.EscapeString(everything))
	}))
	defer echo.Close()
	// What the SDKs and Terraform look for by themselves. PATH is empty: no provider is fetched.
	for name, value := range map[string]string{
		"TF_TOKEN_example_com": tfToken, "AWS_SHARED_CREDENTIALS_FILE": profile, "AWS_CONFIG_FILE": os.DevNull, "AWS_PROFILE": "", "AWS_ACCESS_KEY_ID": "",
		"AWS_SECRET_ACCESS_KEY": "", "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": echo.URL, "PATH": "",
	} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	backend := fmt.Sprintf("terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n    region = \"us-east-1\"\n    access_key = \"AKIAPUBLIC\"\n    secret_key = %q\n    use_path_style = true\n    endpoints = { s3 = %q }\n  }\n}\n", backendKey, echo.URL)
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(backend), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := driftline(t, func(name string) string { return environment[name] }, "run", "--dry-run", "--root", dir, "--log-level", "debug")
	if code == exitDone {
		t.Errorf("a state that may not be read was read")
	}
	masks, told := masked(stdout)
	for _, secret := range secrets {
		if masks[secret] != 1 {
			t.Errorf("%d masks of %s", masks[secret], secret)
		}
	}
	for _, secret := range append(secrets, signature, password) {
		if strings.Contains(told+stderr, secret) {
			t.Errorf("%s is told:\n%s%s", secret, told, stderr)
		}
	}
	if !strings.Contains(told+stderr, "AccessDenied") && !strings.Contains(told+stderr, redact.Placeholder) {
		t.Errorf("nothing to hide came up:\n%s%s", told, stderr)
	}
}

func TestCrashIsTold(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	code := run(t.Context(), []string{"version"}, func(string) string { return "" }, panicking{}, &log)
	if code != exitNotDone || !strings.Contains(log.String(), "crashed: no more") || !strings.Contains(log.String(), "redaction.go") {
		t.Errorf("code %d, told %s", code, log.String())
	}
}

// panicking is an output that panics.
type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("no more") }
