package pullrequest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tell publishes an issue and says how many writes it took.
func (f *fakeGitHub) tell(o Options, want Issue) (Result, int) {
	f.t.Helper()
	before := f.writes
	r, err := PublishIssue(context.Background(), o, want)
	if err != nil {
		f.t.Fatal(err)
	}
	return r, f.writes - before
}

// says are options whose report is text.
func (f *fakeGitHub) says(text string) Options {
	o := f.options()
	o.Comment = func(int) string { return reportMarker + "\n" + text }
	return o
}

func TestIssueLives(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	over := Issue{Close: "All is well."}
	if r, writes := f.tell(f.says("nothing"), over); r.Operation != None || writes != 0 {
		t.Errorf("nothing to tell: %+v, %d writes", r, writes)
	}
	r, writes := f.tell(f.says("one drifted"), Issue{Findings: "a"})
	if want := (Result{Number: 101, URL: "https://github.com/o/r/issues/101", Operation: Created}); !cmp.Equal(r, want) || writes != 1 {
		t.Errorf("got %+v in %d writes, want %+v in one", r, writes, want)
	}
	i := f.issues[0]
	if !slices.Equal(i.Labels, []string{IssueLabel, "drift"}) || !slices.Equal(i.Assignees, []string{"bob"}) || !strings.HasSuffix(i.Body, "-->\none drifted") {
		t.Errorf("issue is %+v", i)
	}
	if r, writes := f.tell(f.says("one drifted"), Issue{Findings: "a"}); r.Operation != Unchanged || writes != 0 {
		t.Errorf("nothing new: %+v, %d writes", r, writes)
	}
	if r, _ := f.tell(f.says("two drifted"), Issue{Findings: "ab"}); r.Operation != Updated || r.Number != 101 || !strings.Contains(i.Body, "two") {
		t.Errorf("news: %+v, %q", r, i.Body)
	}
	r, _ = f.tell(f.says("nothing"), over)
	if r.Operation != Closed || i.State != "closed" || i.reason != "completed" || len(i.Comments) != 1 || !strings.Contains(i.Comments[0].Body, "All is well.") {
		t.Errorf("nothing left: %+v, %+v", r, i)
	}
	if r, writes := f.tell(f.says("nothing"), over); r.Operation != None || writes != 0 {
		t.Errorf("still nothing: %+v, %d writes", r, writes)
	}
	if r, _ := f.tell(f.says("two drifted"), Issue{Findings: "ab"}); r.Operation != Created || r.Number != 102 {
		t.Errorf("the same comes back: %+v", r)
	}
}

func TestIssueClosedByAPersonStaysClosed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.tell(f.says("one drifted of 10"), Issue{Findings: "a"})
	f.issues[0].State = "closed"
	if r, writes := f.tell(f.says("one drifted of 11"), Issue{Findings: "a"}); r.Operation != None || writes != 0 {
		t.Errorf("no news: %+v, %d writes", r, writes)
	}
	if r, _ := f.tell(f.says("two drifted of 11"), Issue{Findings: "ab"}); r.Operation != Created || r.Number != 102 {
		t.Errorf("news: %+v", r)
	}
}

func TestIssuesOfOtherBranchesAndPeople(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	a, b := f.says("a"), f.says("b")
	a.Branch, b.Branch = "driftline/a", "driftline/b"
	f.tell(a, Issue{Findings: "a"})
	f.tell(b, Issue{Findings: "b"})
	f.issues = append(f.issues, &fakePull{Number: 103, State: "open", Labels: []string{IssueLabel}, Body: "> " + f.issues[0].Body})
	if r, writes := f.tell(a, Issue{Findings: "a"}); r.Number != 101 || writes != 0 {
		t.Errorf("%+v, %d writes", r, writes)
	}
	names, err := Rolling(context.Background(), a, "driftline/")
	if want := []string{"driftline/a", "driftline/b"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("rolling are %q, %v; want %q", names, err, want)
	}
}

func TestIssueCutAtEveryRequest(t *testing.T) {
	t.Parallel()
	scenes := map[string]struct{ first, then Issue }{
		"create": {then: Issue{Findings: "b"}},
		"update": {Issue{Findings: "a"}, Issue{Findings: "b"}},
		"close":  {Issue{Findings: "a"}, Issue{Close: "Done."}},
	}
	for name, scene := range scenes {
		prepare := func(t *testing.T) *fakeGitHub {
			f := newFake(t)
			if scene.first.Findings != "" {
				f.tell(f.says(scene.first.Findings), scene.first)
			}
			f.requests = nil
			return f
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calm := prepare(t)
			calm.tell(calm.says(scene.then.Findings), scene.then)
			for k := 1; k <= len(calm.requests); k++ {
				for _, done := range []bool{false, true} {
					f := prepare(t)
					f.fault = func(n int, _ *http.Request) fault {
						return fault{dropBefore: n > k || n == k && !done, dropAfter: n == k && done}
					}
					if _, err := PublishIssue(context.Background(), f.says(scene.then.Findings), scene.then); err == nil {
						t.Fatalf("cut at request %d, and no error", k)
					}
					f.fault = nil
					f.tell(f.says(scene.then.Findings), scene.then)
					if diff := cmp.Diff(seen(calm.issues), seen(f.issues)); diff != "" {
						t.Fatalf("cut at request %d (done: %v), run again (-calm +got):\n%s", k, done, diff)
					}
				}
			}
		})
	}
}

// seen is what a person sees of issues.
func seen(issues []*fakePull) (out []string) {
	for _, i := range issues {
		text := i.State + " " + i.Title + " " + i.Body
		for _, c := range i.Comments {
			text += " " + c.Body
		}
		out = append(out, text)
	}
	return out
}

func TestIssueRefusalsNameTheRemedy(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`403 {"message":"Resource not accessible by integration"}`:            "issues: write",
		`410 {"message":"Issues has been disabled in this repository."}`:      "Settings > General > Features",
		`404 {"message":"Not Found","documentation_url":"https://docs.test"}`: "check the names of repository",
	} {
		f := newFake(t)
		f.fault = func(_ int, r *http.Request) fault {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues") {
				return fault{status: int(body[0]-'0')*100 + int(body[1]-'0')*10 + int(body[2]-'0'), body: body[4:]}
			}
			return fault{}
		}
		_, err := PublishIssue(context.Background(), f.says("x"), Issue{Findings: "a"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", body, err, want)
		}
	}
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(files("s3.tf", "a\n")...)
	o.Reviewers, o.TeamReviewers = []string{"ann"}, []string{"platform"}
	r, _ := f.publish(o)
	pr := f.pulls[0]
	if !slices.Equal(pr.Asked, []string{"ann"}) || !slices.Equal(pr.Assignees, []string{"bob"}) {
		t.Errorf("asked %q, assigned %q", pr.Asked, pr.Assignees)
	}
	if len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "platform") || !strings.Contains(r.Warnings[0], "collaborator") {
		t.Errorf("warnings are %q", r.Warnings)
	}
	pr.Asked = nil // she has reviewed, or was taken off
	o.Files = files("s3.tf", "b\n")
	if r, _ := f.publish(o); len(pr.Asked) != 0 || len(r.Warnings) != 0 {
		t.Errorf("asked again: %q, %q", pr.Asked, r.Warnings)
	}
}

func TestCommentOnAnyPullRequest(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.pulls = append(f.pulls, &fakePull{Number: 1, State: "open", Title: "Theirs", Head: "feature", Base: "main"})
	f.changed = []string{"net/main.tf", "app/main.tf", "README.md"}
	if r, err := Comment(context.Background(), f.says("nothing"), 1, false); err != nil || r.Operation != None || f.writes > 0 {
		t.Errorf("nothing to say: %+v, %v", r, err)
	}
	for n, want := range []Operation{Updated, Unchanged} {
		if r, err := Comment(context.Background(), f.says("two drifted"), 1, true); err != nil || r.Operation != want {
			t.Errorf("run %d: %+v, %v", n, r, err)
		}
	}
	if p := f.pulls[0]; len(p.Comments) != 1 || p.Title != "Theirs" || len(p.Asked)+len(p.Labels) > 0 {
		t.Errorf("pull request is %+v", p)
	}
	got, err := ChangedFiles(context.Background(), f.options(), 1)
	if err != nil || !slices.Equal(got, f.changed) {
		t.Errorf("files are %q, %v", got, err)
	}
}

func TestPreviousReports(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	if texts, err := Previous(context.Background(), f.options()); err != nil || len(texts) != 0 {
		t.Errorf("before anything: %q, %v", texts, err)
	}
	f.publish(f.options(files("s3.tf", "a\n")...))
	f.tell(f.says("as an issue"), Issue{Findings: "a"})
	texts, err := Previous(context.Background(), f.options())
	if err != nil || len(texts) != 2 || !strings.Contains(texts[0], "report of 1 files") || !strings.Contains(texts[1], "as an issue") {
		t.Errorf("got %q, %v", texts, err)
	}
	f.fault = func(_ int, r *http.Request) fault {
		if strings.HasSuffix(r.URL.Path, "/issues") {
			return fault{status: 403, body: `{"message":"Resource not accessible by integration"}`}
		}
		return fault{}
	}
	if texts, err := Previous(context.Background(), f.options()); err != nil || len(texts) != 1 {
		t.Errorf("a token for pull requests alone: %q, %v", texts, err)
	}
}

func TestUploadSARIF(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	if err := UploadSARIF(context.Background(), f.options(), strings.Repeat("a", 40), "refs/heads/main", []byte(`{"version":"2.1.0"}`)); err != nil {
		t.Fatal(err)
	}
	var sent map[string]string
	if err := json.Unmarshal(f.sarif, &sent); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(sent["sarif"])
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil || string(text) != `{"version":"2.1.0"}` || sent["ref"] != "refs/heads/main" || len(sent["commit_sha"]) != 40 {
		t.Errorf("sent %q, %s, %v", sent, text, err)
	}
	f.fault = func(int, *http.Request) fault {
		return fault{status: 403, body: `{"message":"Resource not accessible by integration"}`}
	}
	if err := UploadSARIF(context.Background(), f.options(), strings.Repeat("a", 40), "refs/heads/main", nil); err == nil || !strings.Contains(err.Error(), "security-events: write") {
		t.Errorf("refused: %v", err)
	}
}
