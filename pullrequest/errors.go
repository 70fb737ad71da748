package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofri/go-github-ratelimit/v2/github_ratelimit/github_primary_ratelimit"
	"github.com/google/go-github/v53/github"
)

// Error is a refusal or failure of GitHub's, with what to do about it.
type Error struct {
	Doing   string // "create the pull request in owner/name"
	Status  int    // HTTP status; 0 where there was no answer
	Message string // GitHub's words
	Hint    string // what a person can do; "" where we know nothing better than the message
	State   string // what GitHub looks like now: "nothing has been changed"; "" where nothing was to be changed
	Err     error  // cause

	unanswered bool // a write that got no answer, and may have been carried out all the same
}

func (e *Error) Error() string {
	s := e.Doing + ": " + e.Message
	if e.Status != 0 {
		s = fmt.Sprintf("%s: GitHub answered %d: %s", e.Doing, e.Status, e.Message)
	}
	for _, more := range []string{e.Hint, e.State} {
		if more != "" {
			s += "\n" + more
		}
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// errRace says that the branch moved between our reading and our writing it.
var errRace = errors.New("the branch moved meanwhile")

const permissionsHint = "give the job `permissions: { contents: write, pull-requests: write }`; " +
	"a workflow run for a fork's pull request has a read-only token whatever it asks for: there, use publish: none"

// hints is what to do by status and by a part of GitHub's message, "" for any. The first that fits is taken.
var hints = []struct {
	status int
	part   string
	hint   string
}{
	{0, "not permitted to create or approve pull requests", "allow it under Settings > Actions > General > Workflow permissions: " +
		"\"Allow GitHub Actions to create and approve pull requests\" (of the organization, too, if it is greyed out), or use an App's token"},
	{0, "resource not accessible by", permissionsHint},
	{403, "saml", "authorize the token for the organization's single sign-on"},
	{403, "archived", "the repository is read-only until it is unarchived"},
	{0, "protected branch", "exempt the rolling branch from protection, or choose another one with the input branch"},
	{0, "repository rule violations", "exempt the rolling branch from the repository's rulesets, or choose another one with the input branch"},
	{422, "draft pull requests are not supported", "leave out draft: private repositories on a free plan have none"},
	{409, "empty", "push a first commit to the repository"},
	{401, "", "the token is wrong, expired or revoked: pass `github_token: ${{ github.token }}` or a fresh one"},
	{403, "", permissionsHint},
	{404, "", "check the names of repository and base branch, and that the token may see the repository"},
}

// failed makes an Error of what a call came back with.
func (p *publisher) failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	var ours *Error
	if errors.As(err, &ours) {
		return err
	}
	e := &Error{Doing: doing + " in " + p.Repository, Message: err.Error(), Err: err}
	var answered *github.ErrorResponse
	var unreached *url.Error
	e.unanswered = errors.As(err, &unreached) && unreached.Op != "Get" && !limitReached(err)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Message, e.Hint = "stopped before it was done", "running again finishes it"
	case limitReached(err):
		e.Hint = "GitHub limits how much one token may ask for: wait until the time above, or use an App's token"
	case errors.As(err, &answered):
		e.Status, e.Message = answered.Response.StatusCode, said(answered)
		e.unanswered = e.Status >= 500 && answered.Response.Request != nil && answered.Response.Request.Method != http.MethodGet
		e.Hint = hint(e.Status, e.Message)
	case errors.As(err, &unreached):
		e.Hint = "check the network and GITHUB_API_URL; running again finishes the work"
	}
	return e
}

// said is GitHub's message with the details that it hides in a list.
func said(r *github.ErrorResponse) string {
	parts := []string{r.Message}
	for _, e := range r.Errors {
		if e.Message != "" && !strings.Contains(r.Message, e.Message) {
			parts = append(parts, e.Message)
		}
	}
	if parts[0] == "" {
		parts[0] = http.StatusText(r.Response.StatusCode)
	}
	return strings.Join(parts, ": ")
}

func hint(status int, message string) string {
	message = strings.ToLower(message)
	for _, h := range hints {
		if (h.status == 0 || h.status == status) && strings.Contains(message, h.part) {
			return h.hint
		}
	}
	return ""
}

func limitReached(err error) bool {
	var primary *github_primary_ratelimit.RateLimitReachedError
	var counted *github.RateLimitError
	var secondary *github.AbuseRateLimitError
	return errors.As(err, &primary) || errors.As(err, &counted) || errors.As(err, &secondary)
}

// answer tells whether err is GitHub's answer of this status, with this part in its message.
func answer(err error, status int, part string) bool {
	var r *github.ErrorResponse
	return errors.As(err, &r) && r.Response.StatusCode == status &&
		strings.Contains(strings.ToLower(said(r)), strings.ToLower(part))
}

// ended says in err what GitHub looks like after it, without the token.
func (p *publisher) ended(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.State = "nothing has been changed on GitHub"
		if len(p.done) > 0 {
			e.State = "done before that: " + strings.Join(p.done, "; ") + ": running again does the rest"
		}
		if e.unanswered {
			e.State += "; whether the last request was carried out is not known"
		}
	}
	return redacted(err, p.Token)
}

// redacted keeps the token out of err, should a server or proxy have sent it back.
func redacted(err error, token string) error {
	if err == nil || token == "" || !strings.Contains(err.Error(), token) {
		return err
	}
	hide := func(s string) string { return strings.ReplaceAll(s, token, "***") }
	var e *Error
	if !errors.As(err, &e) {
		return errors.New(hide(err.Error()))
	}
	return &Error{Doing: hide(e.Doing), Status: e.Status, Message: hide(e.Message), Hint: e.Hint, State: hide(e.State)}
}
