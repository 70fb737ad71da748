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
)

// scene is something that is written to GitHub, on a repository in some state.
type scene struct {
	prepare func(f *fakeGitHub)
	run     func(f *fakeGitHub) error
}

// scenes are all that this package writes.
func scenes() map[string]scene {
	old := files("s3.tf", "a\n", "sqs.tf", "b\n")
	changed := files("s3.tf", "a2\n", "net/sns.tf", "c\n", "b.tf", "\xff")
	published := func(f *fakeGitHub) { f.publish(f.options(old...)) }
	publish := func(pairs ...string) func(f *fakeGitHub) error {
		return func(f *fakeGitHub) error {
			_, err := Publish(context.Background(), f.options(files(pairs...)...))
			return err
		}
	}
	issue := func(want Issue) func(f *fakeGitHub) error {
		return func(f *fakeGitHub) error {
			_, err := PublishIssue(context.Background(), f.says(want.Findings), want)
			return err
		}
	}
	told := func(f *fakeGitHub) { f.tell(f.says("a"), Issue{Findings: "a"}) }
	theirs := func(f *fakeGitHub) {
		f.pulls = append(f.pulls, &fakePull{Number: 1, State: "open", Title: "Theirs", Head: "feature", Base: "main"})
	}
	return map[string]scene{
		"create": {nil, publish("s3.tf", "a\n", "sqs.tf", "b\n")},
		"update": {published, func(f *fakeGitHub) error {
			_, err := Publish(context.Background(), f.options(changed...))
			return err
		}},
		"close": {published, publish()},
		"kept": {func(f *fakeGitHub) {
			published(f)
			f.commit("refs/heads/"+rolling, "theirs", map[string]string{"s3.tf": "theirs\n"})
		}, publish("s3.tf", "a2\n", "sqs.tf", "b2\n")},
		"issue create": {nil, issue(Issue{Findings: "b"})},
		"issue update": {told, issue(Issue{Findings: "b"})},
		"issue close":  {told, issue(Issue{Close: "Done."})},
		"comment": {theirs, func(f *fakeGitHub) error {
			_, err := Comment(context.Background(), f.says("two drifted"), 1, true)
			return err
		}},
		"comment update": {func(f *fakeGitHub) {
			theirs(f)
			f.pulls[0].comment(reportMarker + "\none drifted")
		}, func(f *fakeGitHub) error {
			_, err := Comment(context.Background(), f.says("two drifted"), 1, false)
			return err
		}},
		"code scanning": {nil, func(f *fakeGitHub) error {
			return UploadSARIF(context.Background(), f.options(), strings.Repeat("a", 40), "refs/heads/main", []byte(`{"version":"2.1.0"}`))
		}},
	}
}

// faults are the ways in which one request can fail.
func faults() map[string]fault {
	json := func(status int, message string, header map[string]string) fault {
		return fault{status: status, body: fmt.Sprintf(`{"message":%q,"documentation_url":"https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`, message), header: header}
	}
	return map[string]fault{
		"403":        json(403, "Resource not accessible by integration", nil),
		"404":        json(404, "Not Found", nil),
		"409":        json(409, "Conflict", nil),
		"422":        json(422, "Validation Failed", nil),
		"429":        json(429, "Too many requests", map[string]string{"Retry-After": "3600"}),
		"secondary":  json(403, "You have exceeded a secondary rate limit.", map[string]string{"Retry-After": "3600"}),
		"primary":    json(403, "API rate limit exceeded", map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Resource": "core", "X-RateLimit-Reset": fmt.Sprint(time.Now().Add(time.Hour).Unix())}),
		"500":        json(500, "Server Error", nil),
		"503":        {status: 503, body: "<html>Unicorn!</html>"},
		"cut before": {dropBefore: true},
		"cut after":  {dropAfter: true},
	}
}

// TestFaultAtEveryRequest has each request of each scene fail in each way, once. The branch is then the old one or the new
// one, whole; an error says what was being done and what GitHub looks like; and a second run ends where a calm one does.
func TestFaultAtEveryRequest(t *testing.T) {
	t.Parallel()
	for name, s := range scenes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			prepared := func() *fakeGitHub {
				f := newFake(t)
				if s.prepare != nil {
					s.prepare(f)
				}
				f.requests = nil
				return f
			}
			calm := prepared()
			before, branchBefore := calm.outcome(), calm.files(rolling)
			if err := s.run(calm); err != nil {
				t.Fatal(err)
			}
			want, branchAfter := calm.outcome(), calm.files(rolling)
			if calm.writes == 0 {
				t.Fatal("the scene writes nothing")
			}
			for k, request := range calm.requests {
				for kind, ft := range faults() {
					f := prepared()
					f.fault = func(n int, _ *http.Request) fault {
						if n == k+1 {
							return ft
						}
						return fault{}
					}
					at := fmt.Sprintf("%s at request %d, %s", kind, k+1, request)
					err := s.run(f)
					f.fault = nil
					got := f.outcome()
					if branch := f.files(rolling); !maps.Equal(branch, branchBefore) && !maps.Equal(branch, branchAfter) {
						t.Errorf("%s: half a branch: %v", at, branch)
					}
					saysState(t, at, err, cmp.Equal(got, before))
					if err := s.run(f); err != nil {
						t.Errorf("%s, run again: %v", at, err)
					}
					if err == nil && invites(request) {
						continue // a refused invitation is worth a warning: see TestInvitations
					}
					if diff := cmp.Diff(want, f.outcome()); diff != "" {
						t.Errorf("%s, run again (-calm +got):\n%s\nthe first run said: %v", at, diff, err)
					}
				}
			}
		})
	}
}

func invites(request string) bool {
	return strings.HasSuffix(request, "/requested_reviewers") || strings.HasSuffix(request, "/assignees")
}

// saysState checks that an error tells whether anything has been changed.
func saysState(t *testing.T, at string, err error, untouched bool) {
	t.Helper()
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) || e.Doing == "" || e.Message == "" {
		t.Errorf("%s: an error that says nothing: %v", at, err)
		return
	}
	if e.State == "" || strings.Contains(e.State, "is not known") {
		return // it reads only, or cannot know
	}
	if says := strings.Contains(e.State, "nothing has been changed"); says != untouched {
		t.Errorf("%s: GitHub is untouched: %v, and the error says: %v", at, untouched, err)
	}
}
