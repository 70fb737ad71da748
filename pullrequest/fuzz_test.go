package pullrequest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// FuzzGitHubResponses answers every request with what a broken proxy, or someone who means harm, may send: nothing
// panics or hangs, no error holds the token, and what is not GitHub's yes is an error.
func FuzzGitHubResponses(f *testing.F) {
	f.Add(200, `{"default_branch":"main"}`, `[]`, "")
	f.Add(200, `{"object":{"sha":"x"},"sha":"x","tree":[{"path":"a","sha":"zz"}],"commits":[{}],"merge_base_commit":null}`, `[{"number":1,"head":{"ref":"driftline/main"}}]`, "")
	f.Add(200, `null`, `null`, `<https://github.test/repos/o/r/x?page=2>; rel="next"`)
	f.Add(200, `[]`, `{}`, `<%zz>; rel="next"`)
	f.Add(403, `{"message":"`+secret+`","errors":[{"message":null}]}`, `[null]`, "")
	f.Add(422, `{"errors":[null,1]}`, `[{"body":null}]`, "")
	f.Add(502, "<html>", "", "")
	f.Add(202, "", "", "")
	f.Add(301, "", "", "")
	f.Fuzz(func(t *testing.T, status int, object, list, link string) {
		if status < 200 || status > 599 {
			return
		}
		asked := 0
		o := Options{Token: secret, Repository: "o/r", APIURL: "https://github.test", Title: "t", Labels: []string{"l"}, Reviewers: []string{"ann"},
			Files: files("a/b.tf", "x\n"), Comment: func(int) string { return "report" }, Pause: time.Nanosecond, MaxWait: time.Nanosecond,
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if asked++; asked > 200 {
					return nil, io.ErrUnexpectedEOF // pages without end are the server's doing
				}
				body := object
				if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "s") {
					body = list
				}
				header := http.Header{"Content-Type": {"application/json"}}
				if link != "" {
					header.Set("Link", link)
				}
				return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
			})}
		ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
		defer stop()
		calls := map[string]func() error{
			"publish":  func() error { _, err := Publish(ctx, o); return err },
			"issue":    func() error { _, err := PublishIssue(ctx, o, Issue{Findings: "x"}); return err },
			"comment":  func() error { _, err := Comment(ctx, o, 1, true); return err },
			"previous": func() error { _, err := Previous(ctx, o); return err },
			"rolling":  func() error { _, err := Rolling(ctx, o, "driftline/"); return err },
			"files":    func() error { _, err := ChangedFiles(ctx, o, 1); return err },
			"sarif":    func() error { return UploadSARIF(ctx, o, strings.Repeat("a", 40), "refs/heads/main", []byte("{}")) },
		}
		for name, call := range calls {
			asked = 0
			err := call()
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the token is in the error: %v", name, err)
			}
			if err == nil && status >= 500 && name != "previous" {
				t.Errorf("%s: GitHub answered %d, and no error", name, status)
			}
		}
		if ctx.Err() != nil {
			t.Error("it hangs")
		}
	})
}
