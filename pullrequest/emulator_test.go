package pullrequest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v53/github"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// The GitHub emulator of npm: an implementation of the API that is not ours. What it leaves out (it takes any token,
// knows no 422 for a second pull request or a long comment, and a pull request's head does not follow the branch) is
// in fakeGitHub.
const emulatorVersion = "emulate@0.11.2"

const emulatorToken = "tok_driftline"

// startEmulator serves one repository octocat/infra with a README on main and returns the API's URL.
func startEmulator(t *testing.T) string {
	t.Helper()
	peers.E2E(t)
	bin := filepath.Join(peers.NPM(t, emulatorVersion), ".bin", "emulate")
	seed := filepath.Join(t.TempDir(), "seed.json")
	config := fmt.Sprintf(`{"tokens":{%q:{"login":"octocat","scopes":["repo"]}},
		"github":{"users":[{"login":"octocat"}],"repos":[{"owner":"octocat","name":"infra","auto_init":true}]}}`, emulatorToken)
	if err := os.WriteFile(seed, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	port := peers.FreePort(t)
	var log bytes.Buffer
	cmd := exec.Command(bin, "start", "--service", "github", "--port", port, "--seed", seed)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	url := "http://127.0.0.1:" + port
	for range 100 {
		if resp, err := http.Get(url + "/repos/octocat/infra"); err == nil {
			_ = resp.Body.Close()
			return url
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the emulator does not answer")
	return ""
}

// counting lets requests through and counts those that are not reads.
type counting struct{ writes int }

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		c.writes++
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestAgainstTheEmulator(t *testing.T) {
	t.Parallel()
	url := startEmulator(t)
	ctx := context.Background()
	publish := func(paths ...string) (Result, int) {
		t.Helper()
		through := &counting{}
		o := Options{Token: emulatorToken, APIURL: url, Repository: "octocat/infra", Title: fmt.Sprintf("Import %d", len(paths)),
			Body: "About.", Comment: func(int) string { return fmt.Sprintf("found %q", paths) }, Labels: []string{"drift"},
			Transport: through, Log: func(s string) { t.Log(s) }}
		for _, p := range paths {
			o.Files = append(o.Files, files(p, "# "+p+"\n")...)
		}
		r, err := Publish(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		return r, through.writes
	}

	client, err := newClient(Options{Token: emulatorToken, APIURL: url})
	if err != nil {
		t.Fatal(err)
	}
	// see is the pull request, its comments and the files on its branch, asked for by other calls than ours.
	see := func(number int, want ...string) *github.PullRequest {
		t.Helper()
		pr, _, err := client.PullRequests.Get(ctx, "octocat", "infra", number)
		if err != nil {
			t.Fatal(err)
		}
		ref, _, err := client.Git.GetRef(ctx, "octocat", "infra", "heads/"+pr.GetHead().GetRef())
		if err != nil {
			t.Fatal(err)
		}
		tree, _, err := client.Git.GetTree(ctx, "octocat", "infra", ref.GetObject().GetSHA(), true)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range tree.Entries {
			if e.GetType() != "blob" {
				continue
			}
			got = append(got, e.GetPath())
			blob, _, err := client.Git.GetBlob(ctx, "octocat", "infra", e.GetSHA())
			if err != nil {
				t.Fatal(err)
			}
			content, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(blob.GetContent(), "\n", ""))
			if err != nil || !strings.HasPrefix(string(content), "# ") {
				t.Errorf("%s holds %q (%v)", e.GetPath(), content, err)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("files are %q, want %q", got, want)
		}
		return pr
	}

	if r, writes := publish(); r.Operation != None || writes != 0 {
		t.Errorf("nothing to publish: %+v, %d writes", r, writes)
	}
	r, _ := publish("net/s3.tf", "app/sqs.tf")
	if r.Operation != Created || r.Number == 0 || r.URL == "" {
		t.Fatalf("first run: %+v", r)
	}
	pr := see(r.Number, "README.md", "app/sqs.tf", "net/s3.tf")
	if pr.GetTitle() != "Import 2" || !strings.Contains(pr.GetBody(), "About.") || len(pr.Labels) != 1 {
		t.Errorf("the pull request is %s", mustJSON(t, pr))
	}
	number := r.Number
	if r, writes := publish("net/s3.tf", "app/sqs.tf"); r.Operation != Unchanged || r.Number != number || writes != 0 {
		t.Errorf("second run: %+v, %d writes", r, writes)
	}
	if r, _ := publish("net/s3.tf", "app/sns.tf"); r.Operation != Updated || r.Number != number {
		t.Errorf("third run: %+v", r)
	}
	see(number, "README.md", "app/sns.tf", "net/s3.tf")
	comments, _, err := client.Issues.ListComments(ctx, "octocat", "infra", number, nil)
	if err != nil || len(comments) != 1 || comments[0].GetBody() != reportMarker+"\n"+`found ["net/s3.tf" "app/sns.tf"]` {
		t.Errorf("comments are %s (%v)", mustJSON(t, comments), err)
	}
	if r, _ := publish(); r.Operation != Closed || r.Number != number {
		t.Errorf("nothing left: %+v", r)
	}
	if r, _ := publish("net/s3.tf", "app/sns.tf"); r.Operation != Created || r.Number == number {
		t.Errorf("it comes back: %+v", r)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
