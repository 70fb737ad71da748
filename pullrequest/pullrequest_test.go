package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v53/github"

	"github.com/seed-e90528ae/driftline/drift"
)

func files(pairs ...string) (out []drift.File) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, drift.File{Path: pairs[i], Content: []byte(pairs[i+1])})
	}
	return out
}

func (f *fakeGitHub) options(files ...drift.File) Options {
	return Options{Token: secret, APIURL: f.server.URL, Repository: "o/r", Title: fmt.Sprintf("Import %d files", len(files)),
		Body: "What this is.", Comment: func(int) string { return fmt.Sprintf("report of %d files", len(files)) },
		Labels: []string{"drift"}, Reviewers: []string{"ann"}, Assignees: []string{"bob"}, Files: files, Pause: time.Millisecond, Log: func(s string) { f.t.Log(s) }}
}

// publish publishes and says how many writes it took.
func (f *fakeGitHub) publish(o Options) (Result, int) {
	f.t.Helper()
	before := f.writes
	r, err := Publish(context.Background(), o)
	if err != nil {
		f.t.Fatal(err)
	}
	return r, f.writes - before
}

func (f *fakeGitHub) wantFiles(branch string, pairs ...string) {
	f.t.Helper()
	want := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		want[pairs[i]] = pairs[i+1]
	}
	if diff := cmp.Diff(want, f.files(branch)); diff != "" {
		f.t.Errorf("files on %s (-want +got):\n%s", branch, diff)
	}
}

const rolling = "driftline/main"

func TestCreateThenNothingThenUpdate(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(files("net/s3.tf", "a\n", "app/x/y/sqs.tf", "b\n")...)

	r, _ := f.publish(o)
	if want := (Result{Number: 1, URL: "https://github.com/o/r/pull/1", Operation: Created}); !cmp.Equal(r, want) {
		t.Errorf("got %+v, want %+v", r, want)
	}
	f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "net/s3.tf", "a\n", "app/x/y/sqs.tf", "b\n")
	pr := f.pulls[0]
	if pr.Comments[0].Body != reportMarker+"\nreport of 2 files" || len(pr.Labels) != 1 || !strings.Contains(pr.Body, "What this is.") {
		t.Errorf("pull request is %+v with comment %q", pr, pr.Comments[0].Body)
	}

	r, writes := f.publish(o)
	if r.Operation != Unchanged || r.Number != 1 || writes != 0 {
		t.Errorf("second run: %+v with %d writes, want no write", r, writes)
	}

	pr.Labels = append(pr.Labels, "team") // someone else's
	r, _ = f.publish(f.options(files("net/s3.tf", "a2\n")...))
	if r.Operation != Updated || r.Number != 1 {
		t.Errorf("third run: %+v", r)
	}
	f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "net/s3.tf", "a2\n")
	if len(pr.Comments) != 1 || pr.Comments[0].Body != reportMarker+"\nreport of 1 files" || len(pr.Labels) != 2 || pr.Title != "Import 1 files" {
		t.Errorf("pull request is %+v with %d comments", pr, len(pr.Comments))
	}
}

func TestCloseAndOpenAgain(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(files("s3.tf", "a\n")...)
	if r, writes := f.publish(f.options()); r.Operation != None || writes != 0 {
		t.Errorf("nothing to publish: %+v, %d writes", r, writes)
	}
	f.publish(o)
	r, _ := f.publish(f.options())
	if r.Operation != Closed || r.Number != 1 || f.pulls[0].State != "closed" || len(f.pulls[0].Comments) != 2 {
		t.Errorf("got %+v, pull request %+v", r, f.pulls[0])
	}
	if r, writes := f.publish(f.options()); r.Operation != None || writes != 0 {
		t.Errorf("still nothing to publish: %+v, %d writes", r, writes)
	}
	if r, _ := f.publish(o); r.Operation != Created || r.Number != 2 {
		t.Errorf("the same comes back: %+v", r)
	}

	// A person closes it: it stays closed until there is news.
	f.pulls[1].State = "closed"
	if r, writes := f.publish(o); r.Operation != None || r.Number != 2 || writes != 0 {
		t.Errorf("closed by a person: %+v, %d writes", r, writes)
	}
	if r, _ := f.publish(f.options(files("s3.tf", "b\n")...)); r.Operation != Created || r.Number != 3 {
		t.Errorf("news after a person closed it: %+v", r)
	}
}

func TestMerged(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"fast-forward", "squash"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.publish(f.options(files("s3.tf", "a\n")...))
			if how == "squash" {
				f.commit("refs/heads/main", "Import (#1)", map[string]string{"s3.tf": "a\n"})
			} else {
				f.refs["refs/heads/main"] = f.refs["refs/heads/"+rolling]
			}
			f.pulls[0].State, f.pulls[0].Merged = "closed", true

			if r, writes := f.publish(f.options(files("s3.tf", "a\n")...)); r.Operation != None || writes != 0 {
				t.Errorf("all merged: %+v, %d writes", r, writes)
			}
			f.commit("refs/heads/main", "more", map[string]string{"other.txt": "x\n"})
			if r, _ := f.publish(f.options(files("s3.tf", "a\nb\n")...)); r.Operation != Created || r.Number != 2 {
				t.Errorf("news after a merge: %+v", r)
			}
			f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "other.txt", "x\n", "s3.tf", "a\nb\n")
		})
	}
}

func TestMovedBase(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(files("net/main.tf", "# net\nours\n", "s3.tf", "a\n")...)
	f.publish(o)

	f.commit("refs/heads/main", "elsewhere", map[string]string{"app.txt": "x\n"})
	if r, writes := f.publish(o); r.Operation != Unchanged || writes != 0 {
		t.Errorf("base moved elsewhere: %+v with %d writes", r, writes)
	}

	f.commit("refs/heads/main", "same file", map[string]string{"net/main.tf": "# net 2\n"})
	if r, _ := f.publish(f.options(files("net/main.tf", "# net 2\nours\n", "s3.tf", "a\n")...)); r.Operation != Updated {
		t.Errorf("base moved under us: %+v", r)
	}
	f.wantFiles(rolling, "README.md", "hello\n", "app.txt", "x\n", "net/main.tf", "# net 2\nours\n", "s3.tf", "a\n")
	if !f.ancestors(f.refs["refs/heads/"+rolling])[f.refs["refs/heads/main"]] {
		t.Error("the branch does not contain its base: the pull request would conflict")
	}
}

func TestPersonsCommitsAreKept(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.publish(f.options(files("s3.tf", "a\n", "sqs.tf", "b\n", "gone.tf", "c\n")...))
	theirs := f.commit("refs/heads/"+rolling, "Rename the bucket", map[string]string{"s3.tf": "renamed\n", "notes.txt": "n\n"})

	r, _ := f.publish(f.options(files("s3.tf", "a2\n", "sqs.tf", "b2\n")...))
	if diff := cmp.Diff(Result{Number: 1, URL: "https://github.com/o/r/pull/1", Operation: Updated, Kept: []string{"s3.tf"}}, r); diff != "" {
		t.Error(diff)
	}
	want := []string{"README.md", "hello\n", "net/main.tf", "# net\n", "s3.tf", "renamed\n", "sqs.tf", "b2\n", "notes.txt", "n\n"}
	f.wantFiles(rolling, want...)
	if !strings.Contains(f.pulls[0].Comments[0].Body, "Someone has changed `s3.tf`") {
		t.Errorf("the comment does not say so: %s", f.pulls[0].Comments[0].Body)
	}

	// The next night, our own commit is the newest: the file is still theirs.
	f.commit("refs/heads/main", "elsewhere", map[string]string{"app.txt": "x\n"})
	if r, writes := f.publish(f.options(files("s3.tf", "a2\n", "sqs.tf", "b2\n")...)); r.Operation != Unchanged || writes != 0 {
		t.Errorf("second night: %+v, %d writes", r, writes)
	}
	f.publish(f.options(files("s3.tf", "a3\n", "sqs.tf", "b3\n")...))
	want[7] = "b3\n"
	f.wantFiles(rolling, want...)
	if !f.ancestors(f.refs["refs/heads/"+rolling])[theirs] {
		t.Error("their commit is lost")
	}

	// Nothing is left to import: their work is not closed.
	if r, _ := f.publish(f.options()); r.Operation != Updated || f.pulls[0].State != "open" {
		t.Errorf("nothing left, but theirs: %+v, %s", r, f.pulls[0].State)
	}
	f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "s3.tf", "renamed\n", "notes.txt", "n\n")
}

func TestPersonsCommitsThatHadTheirPullRequest(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T) *fakeGitHub {
		f := newFake(t)
		f.publish(f.options(files("s3.tf", "a\n")...))
		f.commit("refs/heads/"+rolling, "theirs", map[string]string{"s3.tf": "theirs\n", "notes.txt": "n\n"})
		f.pulls[0].State = "closed"
		return f
	}
	t.Run("squashed", func(t *testing.T) {
		t.Parallel()
		f := prepare(t)
		f.commit("refs/heads/main", "Import (#1)", map[string]string{"s3.tf": "theirs\n", "notes.txt": "n\n"})
		f.commit("refs/heads/main", "Tidy up", map[string]string{"notes.txt": ""})
		f.pulls[0].Merged = true
		if r, writes := f.publish(f.options(files("s3.tf", "theirs\n")...)); r.Operation != None || writes != 0 {
			t.Errorf("no news: %+v, %d writes", r, writes)
		}
		if r, _ := f.publish(f.options(files("s3.tf", "theirs\n", "sqs.tf", "b\n")...)); r.Operation != Created || r.Number != 2 {
			t.Errorf("news: %+v", r)
		}
		f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "s3.tf", "theirs\n", "sqs.tf", "b\n")
	})
	t.Run("closed", func(t *testing.T) {
		t.Parallel()
		f := prepare(t)
		if r, writes := f.publish(f.options(files("s3.tf", "a\n")...)); r.Operation != None || r.Number != 1 || writes != 0 {
			t.Errorf("no news: %+v, %d writes", r, writes)
		}
		if r, _ := f.publish(f.options(files("s3.tf", "a\n", "sqs.tf", "b\n")...)); r.Operation != Created || r.Number != 2 {
			t.Errorf("news: %+v", r)
		}
		f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "s3.tf", "a\n", "sqs.tf", "b\n")
	})
	t.Run("none ever", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.refs["refs/heads/"+rolling] = f.refs["refs/heads/main"]
		f.commit("refs/heads/"+rolling, "theirs", map[string]string{"notes.txt": "n\n"})
		if r, writes := f.publish(f.options()); r.Operation != None || writes != 0 || len(f.pulls) != 0 {
			t.Errorf("nothing of ours: %+v, %d writes", r, writes)
		}
	})
}

func TestUnrelatedBranch(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.commit("refs/heads/"+rolling, "another root", map[string]string{"x": "y"})
	_, err := Publish(context.Background(), f.options(files("s3.tf", "a\n")...))
	if err == nil || !strings.Contains(err.Error(), "no history in common") || f.writes != 0 {
		t.Errorf("%d writes, error %v", f.writes, err)
	}
}

func TestDeletedByAPersonStaysDeleted(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(files("s3.tf", "a\n", "sqs.tf", "b\n")...)
	f.publish(o)
	f.commit("refs/heads/"+rolling, "Not this one", map[string]string{"s3.tf": ""})
	r, _ := f.publish(o)
	if diff := cmp.Diff([]string{"s3.tf"}, r.Kept); diff != "" {
		t.Error(diff)
	}
	f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "sqs.tf", "b\n")
}

func TestAmendedCommitIsAPersons(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.publish(f.options(files("s3.tf", "a\n")...))
	ours := f.commits[f.refs["refs/heads/"+rolling]]
	f.refs["refs/heads/"+rolling] = f.refs["refs/heads/main"] // git commit --amend && git push --force
	f.commit("refs/heads/"+rolling, ours.Message, map[string]string{"s3.tf": "amended\n"})
	if r, _ := f.publish(f.options(files("s3.tf", "a2\n")...)); !cmp.Equal(r.Kept, []string{"s3.tf"}) {
		t.Errorf("got %+v", r)
	}
	if f.files(rolling)["s3.tf"] != "amended\n" {
		t.Errorf("their text is lost: %q", f.files(rolling)["s3.tf"])
	}
}

func TestPersonsTitleAndText(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(files("s3.tf", "a\n")...)
	f.publish(o)
	pr := f.pulls[0]
	pr.Title = "INFRA-7 import"
	pr.Body = "Mine.\r\n\r\n" + strings.ReplaceAll(pr.Body, "\n", "\r\n") + "\r\nMine, too."
	if r, writes := f.publish(o); r.Operation != Unchanged || writes != 0 {
		t.Errorf("after a person's edit: %+v, %d writes", r, writes)
	}
	o.Body = "New words."
	o.Title = "Import another"
	f.publish(o)
	if pr.Title != "INFRA-7 import" || !strings.Contains(pr.Body, "Mine.") || !strings.Contains(pr.Body, "Mine, too.") ||
		!strings.Contains(pr.Body, "New words.") || strings.Contains(pr.Body, "What this is.") {
		t.Errorf("title %q, body:\n%s", pr.Title, pr.Body)
	}
	pr.Body = "All mine."
	if r, writes := f.publish(o); writes != 0 || pr.Body != "All mine." {
		t.Errorf("%+v, %d writes, body %q", r, writes, pr.Body)
	}
}

func TestStickyCommentAmongOthers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.publish(f.options(files("s3.tf", "a\n")...))
	pr := f.pulls[0]
	sticky := pr.Comments[0]
	pr.Comments = nil
	for i := range 5 { // three pages of two
		pr.comment(fmt.Sprintf("> %s\nquoted %d", reportMarker, i))
	}
	pr.Comments = append(pr.Comments, sticky)
	f.publish(f.options(files("s3.tf", "b\n", "sqs.tf", "c\n")...))
	if len(pr.Comments) != 6 || sticky.Body != reportMarker+"\nreport of 2 files" {
		t.Errorf("%d comments, sticky %q", len(pr.Comments), sticky.Body)
	}
}

func TestCommentIsBounded(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(files("s3.tf", "a\n")...)
	o.Comment = func(limit int) string { return strings.Repeat("x", limit) }
	f.publish(o)
	if n := len(f.pulls[0].Comments[0].Body); n != commentLimit {
		t.Errorf("%d characters", n)
	}
	if _, writes := f.publish(o); writes != 0 {
		t.Errorf("%d writes on the second run", writes)
	}
}

func TestManyFilesAndBinaries(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var many []drift.File
	want := map[string]string{"README.md": "hello\n", "net/main.tf": "# net\n"}
	for i := range 250 {
		content := fmt.Sprintf("é %d\n", i)
		if i%50 == 0 {
			content = fmt.Sprintf("\xff\x00%d", i) // not text: uploaded by itself
		}
		many = append(many, drift.File{Path: fmt.Sprintf("d%d/f%d.tf", i%7, i), Content: []byte(content)})
		want[many[i].Path] = content
	}
	_, writes := f.publish(f.options(many...))
	if diff := cmp.Diff(want, f.files(rolling)); diff != "" {
		t.Error(diff)
	}
	// 5 blobs, 3 trees, commit, ref, pull request, labels, reviewer, assignee, comment.
	if writes != 15 {
		t.Errorf("%d writes", writes)
	}
	if _, writes := f.publish(f.options(many...)); writes != 0 {
		t.Errorf("%d writes on the second run", writes)
	}
}

func TestAnotherRunWasFaster(t *testing.T) {
	t.Parallel()
	t.Run("pull request", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.fault = func(n int, r *http.Request) fault {
			if r.Method == "POST" && r.URL.Path == "/repos/o/r/pulls" && len(f.pulls) == 0 {
				f.pulls = append(f.pulls, &fakePull{Number: 1, State: "open", Title: "theirs", Head: rolling, Base: "main"})
			}
			return fault{}
		}
		r, _ := f.publish(f.options(files("s3.tf", "a\n")...))
		if r.Operation != Updated || r.Number != 1 || len(f.pulls) != 1 || f.pulls[0].Title != "Import 1 files" {
			t.Errorf("got %+v and %+v", r, f.pulls[0])
		}
	})
	for _, exists := range []bool{false, true} {
		t.Run(fmt.Sprintf("branch exists %v", exists), func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			if exists {
				f.publish(f.options(files("s3.tf", "a\n")...))
			}
			once := false
			f.fault = func(n int, r *http.Request) fault {
				if strings.HasPrefix(r.URL.Path, "/repos/o/r/git/refs") && !once {
					once = true
					f.mu.Unlock()
					if !exists {
						f.mu.Lock()
						f.refs["refs/heads/"+rolling] = f.refs["refs/heads/main"]
						f.mu.Unlock()
					}
					f.commit("refs/heads/"+rolling, "pushed meanwhile", map[string]string{"theirs.txt": "t\n"})
					f.mu.Lock()
				}
				return fault{}
			}
			f.publish(f.options(files("s3.tf", "b\n")...))
			f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "s3.tf", "b\n", "theirs.txt", "t\n")
		})
	}
}

// TestCutAtEveryRequest cuts the connection for good at each request in turn, before and after it took effect, as when
// the runner is killed; what others see is the old state or the new one; a second run ends where a calm one does.
func TestCutAtEveryRequest(t *testing.T) {
	t.Parallel()
	old := files("s3.tf", "a\n", "sqs.tf", "b\n")
	scenes := map[string]struct {
		first, then []drift.File
		foreign     bool
	}{
		"create": {nil, old, false},
		"update": {old, files("s3.tf", "a2\n", "net/sns.tf", "c\n", "b.tf", "\xff"), false},
		"close":  {old, nil, false},
		"kept":   {old, files("s3.tf", "a2\n", "sqs.tf", "b2\n"), true},
	}
	for name, scene := range scenes {
		prepare := func(t *testing.T) *fakeGitHub {
			f := newFake(t)
			if scene.first != nil {
				f.publish(f.options(scene.first...))
			}
			if scene.foreign {
				f.commit("refs/heads/"+rolling, "theirs", map[string]string{"s3.tf": "theirs\n"})
			}
			f.requests = nil
			return f
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calm := prepare(t)
			before := calm.files(rolling)
			calm.publish(calm.options(scene.then...))
			want, after := calm.outcome(), calm.files(rolling)
			total := len(calm.requests)
			if total < 8 {
				t.Fatalf("only %d requests: not the run that was meant", total)
			}
			for k := 1; k <= total; k++ {
				for _, done := range []bool{false, true} {
					f := prepare(t)
					f.fault = func(n int, _ *http.Request) fault {
						return fault{dropBefore: n > k || n == k && !done, dropAfter: n == k && done}
					}
					if _, err := Publish(context.Background(), f.options(scene.then...)); err == nil {
						t.Fatalf("cut at request %d, and no error", k)
					}
					if got := f.files(rolling); !maps.Equal(got, before) && !maps.Equal(got, after) {
						t.Fatalf("cut at request %d (done: %v): half a state: %v", k, done, got)
					}
					f.fault = nil
					f.publish(f.options(scene.then...))
					if diff := cmp.Diff(want, f.outcome()); diff != "" {
						t.Fatalf("cut at request %d (done: %v), run again (-calm +got):\n%s", k, done, diff)
					}
					if _, writes := f.publish(f.options(scene.then...)); writes != 0 {
						t.Fatalf("cut at request %d: a third run still writes %d times", k, writes)
					}
				}
			}
		})
	}
}

// outcome is all that a person sees on GitHub.
func (f *fakeGitHub) outcome() map[string]any {
	out := map[string]any{"files": f.files(rolling), "main": f.files("main"), "pulls": len(f.pulls), "issues": seen(f.issues), "sarif": string(f.sarif)}
	for _, p := range f.pulls {
		var comments []string
		for _, c := range p.Comments {
			comments = append(comments, c.Body)
		}
		out[fmt.Sprint(p.Number)] = []any{p.State, p.Title, p.Body, p.Labels, p.Asked, p.Assignees, comments}
	}
	return out
}

// TestOneCutIsRepaired cuts a single connection: what may be repeated is, the rest is an error, nothing is doubled.
func TestOneCutIsRepaired(t *testing.T) {
	t.Parallel()
	calm := newFake(t)
	o := calm.options(files("s3.tf", "a\n", "b.tf", "\xff")...)
	calm.publish(o)
	for k := 1; k <= len(calm.requests); k++ {
		f := newFake(t)
		f.fault = func(n int, _ *http.Request) fault { return fault{dropAfter: n == k} }
		_, err := Publish(context.Background(), f.options(o.Files...))
		method, path, _ := strings.Cut(calm.requests[k-1], " ")
		object := strings.Contains(path, "/git/") && !strings.HasSuffix(path, "/refs")
		if repeatable := method == "GET" || object; repeatable != (err == nil) {
			t.Errorf("%s cut once: error %v", calm.requests[k-1], err)
		}
		f.publish(f.options(o.Files...))
		if diff := cmp.Diff(calm.outcome(), f.outcome()); diff != "" {
			t.Errorf("%s cut once, run again:\n%s", calm.requests[k-1], diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		at     string // request
		status int
		body   string
		want   []string
	}{
		"may not create": {"POST /repos/o/r/pulls", 403, `{"message":"GitHub Actions is not permitted to create or approve pull requests."}`,
			[]string{"not permitted", "Settings > Actions > General > Workflow permissions"}},
		"read-only": {"POST /repos/o/r/git/trees", 403, `{"message":"Resource not accessible by integration"}`,
			[]string{"contents: write", "pull-requests: write", "fork"}},
		"bad token": {"GET /repos/o/r", 401, `{"message":"Bad credentials"}`, []string{"401", "expired"}},
		"no repo":   {"GET /repos/o/r", 404, `{"message":"Not Found"}`, []string{"o/r", "404", "names"}},
		"empty":     {"GET /repos/o/r/git/ref/heads/main", 409, `{"message":"Git Repository is empty."}`, []string{"first commit"}},
		"ruleset": {"POST /repos/o/r/git/refs", 422, `{"message":"Repository rule violations found","errors":[{"message":"Cannot create ref"}]}`,
			[]string{"Cannot create ref", "ruleset"}},
		"detail":   {"POST /repos/o/r/pulls", 422, `{"message":"Validation Failed","errors":[{"code":"custom","message":"Draft pull requests are not supported in this repository."}]}`, []string{"Draft", "leave out draft"}},
		"html":     {"GET /repos/o/r", 502, `<html>Bad gateway</html>`, []string{"502"}},
		"echo":     {"GET /repos/o/r", 400, `{"message":"what is ` + secret + `?"}`, []string{"what is ***?"}},
		"primary":  {"GET /repos/o/r", 403, `{"message":"API rate limit exceeded"}`, []string{"rate limit", "App"}},
		"comments": {"POST /repos/o/r/issues/1/comments", 500, ``, []string{"comment on the pull request", "500"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.fault = func(_ int, r *http.Request) fault {
				if r.Method+" "+r.URL.Path != tt.at {
					return fault{}
				}
				ft := fault{status: tt.status, body: tt.body}
				if name == "primary" {
					ft.header = map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Resource": "core",
						"X-RateLimit-Reset": fmt.Sprint(time.Now().Add(time.Hour).Unix())}
				}
				return ft
			}
			_, err := Publish(context.Background(), f.options(files("s3.tf", "a\n")...))
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %T: %v", err, err)
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in: %v", w, err)
				}
			}
			var inner *github.ErrorResponse
			if errors.As(err, &inner) && inner.Response.Request.Header.Get("Authorization") != "" {
				t.Error("the error's request bears the token")
			}
			if all := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(all, secret) {
				t.Errorf("the token is in the error: %s", all)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	const docs = `"documentation_url":"https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits"`
	for name, ft := range map[string]fault{
		"secondary": {status: 403, header: map[string]string{"Retry-After": "1"}, body: `{"message":"You have exceeded a secondary rate limit.",` + docs + `}`},
		"429":       {status: 429, header: map[string]string{"Retry-After": "1"}, body: `too many`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			hit := false
			f.fault = func(_ int, r *http.Request) fault {
				if r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/git/trees") && !hit {
					hit = true
					return ft
				}
				return fault{}
			}
			start := time.Now()
			f.publish(f.options(files("s3.tf", "a\n")...))
			if waited := time.Since(start); !hit || waited < 900*time.Millisecond {
				t.Errorf("waited %s, not the second that was asked for", waited)
			}
			f.wantFiles(rolling, "README.md", "hello\n", "net/main.tf", "# net\n", "s3.tf", "a\n")
		})
	}
	t.Run("too long", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.fault = func(int, *http.Request) fault {
			return fault{status: 403, header: map[string]string{"Retry-After": "3600"}, body: `{"message":"You have exceeded a secondary rate limit.",` + docs + `}`}
		}
		_, err := Publish(context.Background(), f.options(files("s3.tf", "a\n")...))
		if err == nil || !strings.Contains(err.Error(), "secondary rate limit") {
			t.Errorf("got %v", err)
		}
	})
}

func TestStopsWhenTold(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ctx, cancel := context.WithCancel(context.Background())
	f.fault = func(n int, _ *http.Request) fault {
		cancel()
		return fault{status: 503}
	}
	o := f.options(files("s3.tf", "a\n")...)
	o.Pause = time.Hour
	_, err := Publish(ctx, o)
	if !errors.Is(err, context.Canceled) || len(f.requests) != 1 {
		t.Errorf("%d requests, error %v", len(f.requests), err)
	}
}

func TestServerErrorsAreRepeated(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.fault = func(n int, r *http.Request) fault {
		if n%2 == 1 && r.Method == "GET" {
			return fault{status: 502}
		}
		return fault{}
	}
	if r, _ := f.publish(f.options(files("s3.tf", "a\n")...)); r.Operation != Created {
		t.Errorf("got %+v", r)
	}
}

func TestTokenStaysWithItsHost(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	elsewhere := newFake(t)
	f.fault = func(int, *http.Request) fault {
		return fault{status: 307, header: map[string]string{"Location": elsewhere.server.URL + "/repos/o/r"}}
	}
	_, err := Publish(context.Background(), f.options(files("s3.tf", "a\n")...))
	var e *Error
	if !errors.As(err, &e) || e.Status != 401 {
		t.Errorf("the other host saw a token: %v", err)
	}
}

func TestWrongOptionsAreToldTogether(t *testing.T) {
	t.Parallel()
	_, err := Publish(context.Background(), Options{APIURL: "http://ghe.example.com/api/v3", Repository: "r", Branch: "a..b",
		Labels: []string{strings.Repeat("x", 51)}, Files: files("../x", "", "/x", "", "a/.git/x", "", "ok", "", "ok", "", "a\nb", "")})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"token is empty", `"r" is not owner/name`, "title", `"a..b"`, "51 characters", `"../x"`, `"/x"`,
		`"a/.git/x"`, `"ok" is there twice`, `"a\nb"`, "in the clear"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
}

func TestEnterpriseURL(t *testing.T) {
	t.Parallel()
	var seen []string
	o := Options{Token: secret, Repository: "o/r", Title: "t", APIURL: "https://ghe.example.com/api/v3", Base: "main",
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			seen = append(seen, r.URL.String())
			return nil, errors.New("no network")
		}), Pause: time.Millisecond}
	_, err := Publish(context.Background(), o)
	if err == nil || len(seen) != tries || !strings.HasPrefix(seen[0], "https://ghe.example.com/api/v3/repos/o/r/pulls?") {
		t.Errorf("error %v, requests %v", err, seen)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestWritten: what an earlier run has proposed, while it is proposed.
func TestWritten(t *testing.T) {
	t.Parallel()
	ours := files("net/s3.tf", "a\n", "sqs.tf", "b\n")
	for name, tc := range map[string]struct {
		since func(f *fakeGitHub)
		want  []drift.File
	}{
		"open":      {nil, ours},
		"no branch": {func(f *fakeGitHub) { delete(f.refs, "refs/heads/"+rolling); f.pulls = nil }, nil},
		"a person's commit on top": {func(f *fakeGitHub) {
			f.commit("refs/heads/"+rolling, "theirs", map[string]string{"sqs.tf": "theirs\n", "other.tf": "c\n"})
		}, files("net/s3.tf", "a\n", "sqs.tf", "theirs\n")},
		"closed by a person":            {func(f *fakeGitHub) { f.pulls[0].State = "closed" }, ours},
		"closed since nothing was left": {func(f *fakeGitHub) { f.publish(f.options()) }, nil},
		"merged":                        {func(f *fakeGitHub) { f.pulls[0].State, f.pulls[0].Merged = "closed", true }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.publish(f.options(ours...))
			if tc.since != nil {
				tc.since(f)
			}
			writes := f.writes
			got, err := Written(context.Background(), f.options())
			if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if f.writes != writes {
				t.Error("it writes")
			}
		})
	}
}

// TestNoteStandsAboveTheReport: also above what is said of a person's commits.
func TestNoteStandsAboveTheReport(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	o := f.options(files("s3.tf", "a\n")...)
	o.Note = "> kept\n"
	f.publish(o)
	if want := reportMarker + "\n> kept\n\nreport of 1 files"; f.pulls[0].Comments[0].Body != want {
		t.Errorf("%q", f.pulls[0].Comments[0].Body)
	}
}
