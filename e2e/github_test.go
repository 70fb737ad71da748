package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/e2e/internal/github"
	"github.com/seed-e90528ae/driftline/internal/peers"
)

// hub is a GitHub that the built program publishes to, playing the demo's recording back: the cloud changes by what is
// left out of it.
type hub struct {
	*github.GitHub
	binary, recording, dir string
	denied                 string // the recording of a night that may not list buckets
}

// TestGitHub is what becomes of reports on GitHub, by the built program. Every request is held against GitHub's published
// description of its API.
func TestGitHub(t *testing.T) {
	peers.E2E(t)
	dir := t.TempDir()
	binary, recording, denied := filepath.Join(dir, "driftline"), filepath.Join(dir, "demo.json.gz"), filepath.Join(dir, "denied.json.gz")
	writeFile(t, recording, seen(t, ""))
	writeFile(t, denied, seen(t, "aws_s3_bucket"))
	timed(t, "go build", func() {
		if _, err := executeWithin(t.Context(), time.Hour, source, os.Environ(), "go", "build", "-trimpath", "-tags=grpcnotrace", "-buildvcs=false", "-o", binary, "."); err != nil {
			t.Fatal(err)
		}
	})
	for name, check := range map[string]func(*testing.T, *hub){"life": checkLife, "split": checkSplit, "events": checkEvents} {
		t.Run(name, func(t *testing.T) {
			check(t, &hub{GitHub: github.Start(t), binary: binary, recording: recording, denied: denied, dir: t.TempDir()})
		})
	}
}

// seen is the demo's recording without what its simulator could not list (while something is unseen, nothing is closed), but
// with a type that may not be listed, unless it is "".
func seen(t *testing.T, denied string) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(readFile(t, filepath.Join(source, "testdata", "replay", "demo.json.gz"))))
	if err != nil {
		t.Fatal(err)
	}
	var recording map[string]json.RawMessage
	if err := json.NewDecoder(r).Decode(&recording); err != nil {
		t.Fatal(err)
	}
	delete(recording, "skipped")
	if denied != "" {
		var listed []map[string]any
		decode(t, recording["listed"], &listed)
		recording["listed"] = encode(t, slices.DeleteFunc(listed, func(l map[string]any) bool { return l["type"] == denied }))
		recording["skipped"] = encode(t, []map[string]any{{"what": denied, "type": denied, "reason": "denied", "remedy": "allow it"}})
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if err := json.NewEncoder(w).Encode(recording); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// published is what one run did.
type published struct {
	outputs map[string]string
	writes  []string // METHOD /path below the repository
	bodies  []string
	log     string
	summary string
}

// run is `driftline run` in a workflow, with what the event adds to its environment.
func (h *hub) run(t *testing.T, event []string, args ...string) published {
	t.Helper()
	dir := t.TempDir()
	output, summary := filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	env := append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "RUNNER_TEMP=" + dir, "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + h.dir,
		"GITHUB_OUTPUT=" + output, "GITHUB_STEP_SUMMARY=" + summary, "GITHUB_TOKEN=" + h.Token, "GITHUB_API_URL=" + h.URL,
		"GITHUB_REPOSITORY=" + github.Owner + "/" + github.Repository, "GITHUB_REF=refs/heads/main", "GITHUB_SHA=" + strings.Repeat("a", 40),
	}, event...)
	h.Take()
	if h.recording != "" {
		args = append([]string{"--replay", h.recording}, args...)
	}
	log, err := execute(t.Context(), h.dir, env, h.binary, append([]string{"run"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	p := published{log: string(log), outputs: map[string]string{}, summary: string(readFile(t, summary))}
	for _, set := range strings.Split(string(readFile(t, output)), "\n") {
		if name, rest, ok := strings.Cut(set, "<<"); ok { // NAME<<DELIMITER, the value, DELIMITER
			delimiter := rest
			_, after, _ := strings.Cut(string(readFile(t, output)), set+"\n")
			value, _, _ := strings.Cut(after, "\n"+delimiter)
			p.outputs[name] = value
		}
	}
	for _, r := range h.Take() {
		if r.Write() {
			p.writes = append(p.writes, r.Method+" "+strings.TrimPrefix(r.Path, repository))
			p.bodies = append(p.bodies, r.Body)
		}
		if r.Status >= 400 && r.Status != 404 {
			t.Errorf("%s %s was answered %d", r.Method, r.Path, r.Status)
		}
	}
	if strings.Contains(strings.ReplaceAll(p.log, "::add-mask::"+h.Token, ""), h.Token) {
		t.Error("the token is in the log")
	}
	return p
}

func (p published) want(t *testing.T, what string, outputs map[string]string) {
	t.Helper()
	for name, want := range outputs {
		if p.outputs[name] != want {
			t.Errorf("%s: %s is %q, want %q; the run wrote %q\n%s", what, name, p.outputs[name], want, p.writes, p.log)
		}
	}
}

type issueOrPull struct {
	Number       int
	State, Title string
	Body         string
	Draft        bool
	Labels       []struct{ Name string }
	Assignees    []struct{ Login string }
}

func (h *hub) pulls(t *testing.T) (list []issueOrPull) {
	t.Helper()
	if err := h.Get(repository+"/pulls?state=all&sort=created&direction=asc", &list); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(list, func(a, b issueOrPull) int { return a.Number - b.Number })
	return list
}

func (h *hub) comments(t *testing.T, number int) (bodies []string) {
	t.Helper()
	var list []struct{ Body string }
	if err := h.Get(fmt.Sprintf("%s/issues/%d/comments", repository, number), &list); err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		bodies = append(bodies, c.Body)
	}
	return bodies
}

// checkLife is the life of the rolling pull request, and of the issue.
func checkLife(t *testing.T, h *hub) {
	nothing := []string{"--only", "unmanaged", "--include", "aws_none_*"}

	p := h.run(t, nil, nothing...)
	p.want(t, "nothing to tell", map[string]string{"pull_request_operation": "none"})
	if len(p.writes) > 0 {
		t.Errorf("nothing to tell, and written: %q", p.writes)
	}

	few := []string{"--only", "unmanaged", "--include", "aws_s3_*", "--draft", "--labels", "drift,nightly", "--reviewers", "octocat",
		"--assignees", "octocat", "--title", "What is not ours yet", "--commit-message", "Import buckets"}
	p = h.run(t, nil, few...)
	p.want(t, "created", map[string]string{"pull_request_operation": "created"})
	pulls := h.pulls(t)
	if len(pulls) != 1 || !pulls[0].Draft || pulls[0].Title != "What is not ours yet" || len(pulls[0].Labels) != 2 {
		t.Fatalf("pull requests are %+v", pulls)
	}
	if !slices.ContainsFunc(p.bodies, func(b string) bool { return strings.Contains(b, "Import buckets") }) {
		t.Error("no commit has the message")
	}
	first := pulls[0].Number
	if c := h.comments(t, first); len(c) != 1 || !strings.HasPrefix(c[0], "<!-- driftline:report -->\n<!-- driftline:memory v1 ") {
		t.Errorf("comments are %q", c)
	}

	p = h.run(t, nil, few...)
	p.want(t, "once more", map[string]string{"pull_request_operation": "unchanged"})
	if len(p.writes) > 0 {
		t.Errorf("nothing has changed, and written: %q", p.writes)
	}

	p = h.run(t, nil, "--upload-sarif", "--title", "What is not ours yet")
	p.want(t, "more", map[string]string{"pull_request_operation": "updated", "pull_request_number": fmt.Sprint(first)})
	checkSARIF(t, p)
	if !strings.Contains(h.comments(t, first)[0], "drifted") || !strings.Contains(p.summary, "drifted") {
		t.Error("the report does not speak of drift")
	}

	blind := *h
	blind.recording = h.denied
	p = blind.run(t, nil, "--title", "What is not ours yet")
	p.want(t, "buckets unseen", map[string]string{"pull_request_operation": "updated", "complete": "false"})
	if c := h.comments(t, first)[0]; !strings.Contains(c, "Not seen is not gone: the code for `") || slices.ContainsFunc(p.writes, func(w string) bool { return strings.Contains(w, "/git/") }) {
		t.Errorf("buckets were not seen: wrote %q, and the comment is\n%s", p.writes, c)
	}

	p = h.run(t, nil, nothing...)
	p.want(t, "nothing left", map[string]string{"pull_request_operation": "closed"})
	if c := h.comments(t, first); h.pulls(t)[0].State != "closed" || len(c) != 2 || !strings.Contains(c[1], "Nothing is left here to import") {
		t.Errorf("it is %s, comments are %q", h.pulls(t)[0].State, c)
	}

	p = h.run(t, nil, few...)
	p.want(t, "it comes back", map[string]string{"pull_request_operation": "created"})
	if pulls := h.pulls(t); len(pulls) != 2 || pulls[1].State != "open" {
		t.Errorf("pull requests are %+v", pulls)
	}
	h.run(t, nil, nothing...)

	drift := []string{"--only", "drifted"}
	p = h.run(t, nil, drift...)
	p.want(t, "drift alone", map[string]string{"issue_operation": "created"})
	h.run(t, nil, drift...).want(t, "drift alone, again", map[string]string{"issue_operation": "unchanged"})
	h.run(t, nil, nothing...).want(t, "no drift", map[string]string{"issue_operation": "closed"})
}

// checkSARIF unpacks what was handed to code scanning.
func checkSARIF(t *testing.T, p published) {
	t.Helper()
	at := slices.Index(p.writes, "POST /code-scanning/sarifs")
	if at < 0 {
		t.Errorf("no upload among %q", p.writes)
		return
	}
	var sent struct{ SARIF, Ref string }
	decode(t, []byte(p.bodies[at]), &sent)
	raw, err := base64.StdEncoding.DecodeString(sent.SARIF)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	var log struct {
		Version string
		Runs    []struct{ Results []json.RawMessage }
	}
	if err != nil || json.Unmarshal(text, &log) != nil || log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Results) == 0 || sent.Ref != "refs/heads/main" {
		t.Errorf("uploaded for %s (%v): %.300s", sent.Ref, err, text)
	}
}

// checkSplit gives each root module a pull request of its own; one whose findings go away is closed.
func checkSplit(t *testing.T, h *hub) {
	p := h.run(t, nil, "--split", "root_module")
	open := func() (titles []string) {
		for _, pull := range h.pulls(t) {
			if pull.State == "open" {
				titles = append(titles, pull.Title)
			}
		}
		return titles
	}
	if titles := open(); len(titles) < 2 || !slices.ContainsFunc(titles, func(s string) bool { return strings.HasSuffix(s, " in network") }) {
		t.Fatalf("open are %q\n%s", titles, p.log)
	}
	if p = h.run(t, nil, "--split", "root_module"); len(p.writes) > 0 {
		t.Errorf("nothing has changed, and written: %q", p.writes)
	}
	h.run(t, nil, "--split", "root_module", "--only", "unmanaged", "--include", "aws_none_*")
	if titles := open(); len(titles) > 0 {
		t.Errorf("still open: %q", titles)
	}
}

// checkEvents are runs for somebody's pull request: a comment on it, or on a fork's nothing but the summary.
func checkEvents(t *testing.T, h *hub) {
	p := h.run(t, nil, "--only", "unmanaged", "--include", "aws_s3_*", "--branch", "feature") // any pull request will do
	number := p.outputs["pull_request_number"]
	event := func(head string) []string {
		file := filepath.Join(t.TempDir(), "event.json")
		writeFile(t, file, fmt.Appendf(nil, `{"number":%s,"pull_request":{"number":%s,"head":{"ref":"feature","repo":{"full_name":%q}},"base":{"ref":"main","repo":{"full_name":"octocat/infra"}}}}`,
			number, number, head))
		return []string{"GITHUB_EVENT_NAME=pull_request", "GITHUB_EVENT_PATH=" + file, "GITHUB_BASE_REF=main"}
	}
	p = h.run(t, event("octocat/infra"))
	if len(p.writes) != 1 {
		t.Errorf("for a pull request written: %q\n%s", p.writes, p.log)
	}
	if p = h.run(t, event("octocat/infra")); len(p.writes) > 0 {
		t.Errorf("again, and written: %q", p.writes)
	}
	if p = h.run(t, event("mallory/infra")); len(p.writes) > 0 || !strings.Contains(p.summary, "drifted") {
		t.Errorf("for a fork written: %q; summary %q\n%s", p.writes, p.summary, p.log)
	}
}

// playing is a workflow that plays a recording back.
const playing = `name: driftline
on: workflow_dispatch
jobs:
  driftline:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@%s
      - uses: ./
        id: driftline
        with:
          replay: demo.json.gz
          split: root_module
          upload_sarif: true
          labels: |
            drift
            nightly
          github_token: ${{ secrets.GITHUB_TOKEN }}
          github_api_url: ${{ env.EMULATOR }}
          repository: octocat/infra
          base: main
      - shell: bash
        env:
          OUTPUTS: ${{ toJSON(steps.driftline.outputs) }}
        run: printf '%%s' "$OUTPUTS" > "$OUTPUTS_FILE"
`

// TestGitHubAction has act run the action itself, built from source as on a runner: inputs of every kind reach the
// program, and what it says reaches the outputs, the log and GitHub.
func TestGitHubAction(t *testing.T) {
	peers.E2E(t)
	recording := seen(t, "")
	a := inAct(t, map[string][]byte{"demo.json.gz": recording}, func(checkout string) []byte { return fmt.Appendf(nil, playing, checkout) })
	for _, operation := range []string{"created", "unchanged"} {
		file := filepath.Join(t.TempDir(), "outputs.json")
		a.hub.Take()
		var log string
		timed(t, "act", func() {
			env := append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir()) // act keeps its copies of repositories there
			out, err := execute(t.Context(), a.checkout, env, a.act, a.command(t, file)...)
			if err != nil {
				t.Fatal(err)
			}
			log = spoken(t, out)
		})
		var got outputs
		decode(t, readFile(t, file), &got)
		if got.Operation != operation || got.Unmanaged == "0" || got.Number == "" || got.Complete != "true" || got.Markdown == "" {
			t.Errorf("outputs are %+v, want %s", got, operation)
		}
		if strings.Contains(log, a.hub.Token) || !strings.Contains(log, "Drifted (3)") {
			t.Errorf("the log shows the token, or no report:\n%s", log)
		}
		uploads := 0
		for _, r := range a.hub.Take() {
			if strings.HasSuffix(r.Path, "/code-scanning/sarifs") {
				uploads++
			} else if operation == "unchanged" && r.Write() {
				t.Errorf("nothing has changed, and written: %s %s", r.Method, r.Path)
			}
		}
		if uploads != 1 {
			t.Errorf("%d uploads to code scanning", uploads)
		}
	}
}
