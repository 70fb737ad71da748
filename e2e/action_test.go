package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/e2e/internal/github"
	"github.com/seed-e90528ae/driftline/internal/peers"
)

// workflow is what a user would write, but for the emulator's address.
const workflow = `name: driftline
on: workflow_dispatch
permissions:
  contents: write
  pull-requests: write
jobs:
  driftline:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@%s
      - uses: ./
        id: driftline
        with:
          root: estate
          region: |
            us-east-1
            us-west-2
          exclude: %s
          github_token: ${{ secrets.GITHUB_TOKEN }}
          github_api_url: ${{ env.EMULATOR }}
          repository: octocat/infra
          base: main
      - shell: bash
        env:
          OUTPUTS: ${{ toJSON(steps.driftline.outputs) }}
        run: printf '%%s' "$OUTPUTS" > "$OUTPUTS_FILE"
`

// setupGo stands in for actions/setup-go, which cannot be fetched everywhere: the machine has Go already. It is ours.
const setupGo = `name: setup-go
description: Stands in for actions/setup-go
inputs:
  go-version-file: { required: false }
  cache: { required: false }
runs:
  using: composite
  steps:
    - run: go version
      shell: bash
`

// action is a repository with a workflow that uses Driftline on the estate.
type action struct {
	w        *world
	hub      *github.GitHub
	act      string
	checkout string
	standIn  string // directory of setupGo
	setupGo  string // actions/setup-go@SHA as action.yml names it
	pull     int
}

// outputs are those of action.yml.
type outputs struct {
	Number     string `json:"pull_request_number"`
	URL        string `json:"pull_request_url"`
	Operation  string `json:"pull_request_operation"`
	Unmanaged  string `json:"unmanaged_count"`
	Deleted    string `json:"deleted_count"`
	Drifted    string `json:"drifted_count"`
	Skipped    string `json:"skipped_count"`
	Coverage   string `json:"coverage"`
	Complete   string `json:"complete"`
	ReportJSON string `json:"report_json"`
	Markdown   string `json:"report_markdown"`
}

// checkAction: act runs a workflow with the action in it; the pull request and its comment appear; a second run, after
// something has changed, updates the same one; a third, with nothing changed, writes nothing.
func checkAction(t *testing.T, w *world) {
	a := newAction(t, w)
	first := a.run(t, "created")
	comment := a.comment(t)
	checkCounts(t, w, first.outputs)
	for _, line := range []string{"Drift", "aws_security_group.web"} {
		if !strings.Contains(comment, line) {
			t.Errorf("the comment does not speak of %q:\n%s", line, comment)
		}
	}

	w.mutate(t, "again")
	w.note(t, w.created(t, "plant.py", "again"))
	second := a.run(t, "updated")
	checkCounts(t, w, second.outputs)
	if second.outputs.Number != first.outputs.Number || a.comment(t) == comment {
		t.Errorf("the second run did not bring the pull request up to date: %+v, then %+v", first.outputs, second.outputs)
	}
	if !slices.ContainsFunc(a.branch(t), func(text string) bool { return strings.Contains(text, "/planted/again") }) {
		t.Error("the second run's resource is not on the branch")
	}

	before := a.comment(t)
	third := a.run(t, "unchanged")
	for _, r := range third.writes {
		t.Errorf("nothing had changed, and the third run wrote: %s %s", r.Method, r.Path)
	}
	same(t, "lines of the comment", lines(a.comment(t)), lines(before))
}

func lines(text string) []string { return strings.Split(text, "\n") }

func newAction(t *testing.T, w *world) *action {
	t.Helper()
	estate := map[string][]byte{}
	for name, content := range files(t, w.checkout) {
		if !strings.Contains(name, ".terraform/") && !strings.HasSuffix(name, ".plan") {
			estate["estate/"+name] = content
		}
	}
	a := inAct(t, estate, func(checkout string) []byte {
		return fmt.Appendf(nil, workflow, checkout, strings.Join(notInMoto(), ","))
	})
	a.w = w
	return a
}

// inAct is a repository of Driftline's own source with files besides, and a workflow that is told the commit of
// actions/checkout.
func inAct(t *testing.T, besides map[string][]byte, workflow func(checkout string) []byte) *action {
	t.Helper()
	a := &action{
		act: peers.Program(t, "act", "DRIFTLINE_ACT"), hub: github.Start(t),
		checkout: filepath.Join(t.TempDir(), "infra"), standIn: filepath.Join(t.TempDir(), "setup-go"),
	}
	writeFile(t, filepath.Join(a.standIn, "action.yml"), []byte(setupGo))
	tracked, err := execute(t.Context(), source, os.Environ(), "git", "ls-files", "-z")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Split(strings.TrimRight(string(tracked), "\x00"), "\x00") {
		if content, err := os.ReadFile(filepath.Join(source, name)); err == nil && !strings.HasPrefix(name, ".github/") {
			writeFile(t, filepath.Join(a.checkout, name), content)
		}
	}
	for name, content := range besides {
		writeFile(t, filepath.Join(a.checkout, name), content)
	}
	a.setupGo = pinned(t, filepath.Join(a.checkout, "action.yml"), "actions/setup-go")
	checkoutPin := pinned(t, filepath.Join(a.checkout, "examples", "workflows", "nightly.yml"), "actions/checkout")
	writeFile(t, filepath.Join(a.checkout, ".github", "workflows", "driftline.yml"), workflow(strings.TrimPrefix(checkoutPin, "actions/checkout@")))
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main"},
		{"add", "--all"},
		{"-c", "user.name=Octocat", "-c", "user.email=octocat@example.com", "commit", "--quiet", "--message=Estate"},
		{"remote", "add", "origin", "https://github.com/" + github.Owner + "/" + github.Repository + ".git"},
	} {
		if _, err := execute(t.Context(), a.checkout, os.Environ(), "git", args...); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// command are the arguments by which act runs the workflow, which leaves its outputs in a file.
func (a *action) command(t *testing.T, outputs string, settings ...string) []string {
	t.Helper()
	args := []string{
		"workflow_dispatch", "-P", "ubuntu-latest=-self-hosted", "--no-cache-server", "--pull=false", "--json",
		"--local-repository", a.setupGo + "=" + a.standIn,
		"-s", "GITHUB_TOKEN=" + a.hub.Token,
		"--env", "EMULATOR=" + a.hub.URL, "--env", "OUTPUTS_FILE=" + outputs,
	}
	for _, setting := range append(settings, a.fromGo(t)...) {
		args = append(args, "--env", setting)
	}
	return args
}

// pinned is how a file names an action: with a commit, never with a tag that can move.
func pinned(t *testing.T, file, name string) string {
	t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(name) + `@[0-9a-f]{40}`).Find(readFile(t, file))
	if found == nil {
		t.Fatalf("%s does not pin %s by its commit", file, name)
	}
	return string(found)
}

// workflowRun is what one run of the workflow did.
type workflowRun struct {
	outputs outputs
	writes  []github.Request
	log     string
}

// run has act run the workflow, and checks what every run must do.
func (a *action) run(t *testing.T, operation string) workflowRun {
	t.Helper()
	file := filepath.Join(t.TempDir(), "outputs.json")
	args := a.command(t, file, peers.AWSEnv(a.w.proxy.URL)...)
	a.hub.Take()
	a.w.proxy.Take()
	// act keeps its copies of repositories in the user's cache.
	env := append(a.w.env, "XDG_CACHE_HOME="+t.TempDir())
	var done workflowRun
	timed(t, "act", func() {
		ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
		defer cancel()
		log, err := execute(ctx, a.checkout, env, a.act, args...)
		if err != nil {
			t.Fatal(err)
		}
		done.log = spoken(t, log)
	})
	decode(t, readFile(t, file), &done.outputs)
	if done.outputs.Operation != operation {
		t.Errorf("the pull request was %q, want %q", done.outputs.Operation, operation)
	}
	texts := map[string]string{"the log": done.log}
	for n, r := range a.hub.Take() {
		texts[fmt.Sprintf("request %d, %s %s", n, r.Method, r.Path)] = unpacked(r.Body)
		if r.Write() {
			done.writes = append(done.writes, r)
		}
	}
	t.Run("leaks, "+operation, func(t *testing.T) { checkLeaks(t, a.w, texts) })
	if strings.Contains(done.log, a.hub.Token) {
		t.Error("the token stands in the log")
	}
	for _, call := range a.w.proxy.Take() {
		if call.Mutating {
			t.Errorf("a call that changes something: %+v", call)
		}
	}
	return done
}

// spoken is what a log of act shows. Of the command that makes a mask, act repeats the secret beside what it shows.
func spoken(t *testing.T, log []byte) string {
	t.Helper()
	var text strings.Builder
	for line := range strings.Lines(string(log)) {
		var entry struct{ Command, Msg string }
		if json.Unmarshal([]byte(line), &entry) != nil {
			text.WriteString(line)
			continue
		}
		if entry.Command != "add-mask" {
			text.WriteString(line)
		}
		text.WriteString(entry.Msg + "\n")
	}
	return text.String()
}

// fromGo names Go's caches to a runner that has a home of its own.
func (a *action) fromGo(t *testing.T) []string {
	t.Helper()
	var settings []string
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		value, err := execute(t.Context(), source, os.Environ(), "go", "env", name)
		if err != nil {
			t.Fatal(err)
		}
		settings = append(settings, name+"="+strings.TrimSpace(string(value)))
	}
	return settings
}

const repository = "/repos/" + github.Owner + "/" + github.Repository

// comment is the one comment of the one open pull request.
func (a *action) comment(t *testing.T) string {
	t.Helper()
	var pulls []struct{ Number int }
	if err := a.hub.Get(repository+"/pulls?state=all", &pulls); err != nil {
		t.Fatal(err)
	}
	if len(pulls) != 1 {
		t.Fatalf("%d pull requests, want 1", len(pulls))
	}
	a.pull = pulls[0].Number
	var comments []struct{ Body string }
	if err := a.hub.Get(fmt.Sprintf("%s/issues/%d/comments", repository, a.pull), &comments); err != nil {
		t.Fatal(err)
	}
	if len(comments) != 1 {
		t.Fatalf("%d comments, want 1", len(comments))
	}
	return comments[0].Body
}

// branch are the contents of the generated files on the pull request's branch.
func (a *action) branch(t *testing.T) []string {
	t.Helper()
	var pull struct{ Head struct{ Ref string } }
	must := func(path string, into any) {
		t.Helper()
		if err := a.hub.Get(repository+path, into); err != nil {
			t.Fatal(err)
		}
	}
	must(fmt.Sprintf("/pulls/%d", a.pull), &pull)
	var ref struct{ Object struct{ SHA string } }
	must("/git/ref/heads/"+pull.Head.Ref, &ref)
	var tree struct {
		Tree []struct{ Path, Type, SHA string }
	}
	must("/git/trees/"+ref.Object.SHA+"?recursive=1", &tree)
	texts := map[string]string{}
	for _, entry := range tree.Tree {
		if entry.Type != "blob" || !strings.HasPrefix(entry.Path, "estate/") {
			continue
		}
		var blob struct{ Content string }
		must("/git/blobs/"+entry.SHA, &blob)
		content, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(blob.Content, "\n", ""))
		if err != nil {
			t.Fatal(err)
		}
		texts[entry.Path] = string(content)
	}
	return slices.Collect(maps.Values(texts))
}

// checkCounts: the outputs say what the estate has.
func checkCounts(t *testing.T, w *world, o outputs) {
	t.Helper()
	unmanaged := 0
	for _, ids := range w.unmanaged {
		unmanaged += len(ids)
	}
	if o.Unmanaged != fmt.Sprint(unmanaged) || o.Deleted != fmt.Sprint(len(w.deleted)) || o.Number == "" || !strings.HasSuffix(o.URL, "/"+o.Number) {
		t.Errorf("outputs are %+v, want %d unmanaged and %d deleted", o, unmanaged, len(w.deleted))
	}
	if o.Drifted == "" || o.Drifted == "0" || o.Coverage == "" || o.Complete == "" || o.ReportJSON == "" || o.Markdown == "" {
		t.Errorf("outputs are not complete: %+v", o)
	}
}
