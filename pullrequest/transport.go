package pullrequest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofri/go-github-ratelimit/v2/github_ratelimit"
	"github.com/gofri/go-github-ratelimit/v2/github_ratelimit/github_secondary_ratelimit"
	"github.com/google/go-github/v53/github"
)

// newClient stacks, from the outside: repetition of what failed on the way, waiting out GitHub's limits, the token.
func newClient(o Options) (*github.Client, error) {
	base, err := url.Parse(strings.TrimSuffix(o.APIURL, "/") + "/")
	if err != nil {
		return nil, fmt.Errorf("API URL: %w", err)
	}
	next := o.Transport
	if next == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.ResponseHeaderTimeout = time.Minute // GitHub itself gives up after ten seconds
		next = t
	}
	limited := github_ratelimit.New(&authorize{next: next, token: o.Token, host: base.Host},
		github_secondary_ratelimit.WithSingleSleepLimit(o.MaxWait, nil),
		github_secondary_ratelimit.WithTotalSleepLimit(5*o.MaxWait, nil))
	client := github.NewClient(&http.Client{Transport: &repeat{next: limited, pause: o.Pause, maxWait: o.MaxWait}})
	client.BaseURL = base
	client.UserAgent = "driftline"
	return client, nil
}

// authorize adds the token, on a copy: neither an error nor a log that holds the request can show it, and a redirect
// to another host does not take it along. It also gives every attempt a fresh body, which the limiter above does not.
type authorize struct {
	next        http.RoundTripper
	token, host string
}

func (t *authorize) RoundTrip(req *http.Request) (*http.Response, error) {
	attempt := req.Clone(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		_ = req.Body.Close()
		attempt.Body = body
	}
	if req.URL.Host == t.host {
		attempt.Header.Set("Authorization", "Bearer "+t.token)
	}
	resp, err := t.next.RoundTrip(attempt)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

// How often a call is made in all.
const tries = 4

// repeat makes a call again when it failed on the way (no answer, 5xx), if making it twice is the same as once, and
// any call that was turned away with 429 and a Retry-After that the limiter did not take for GitHub's own.
// A RoundTripper of our own, because go-retryablehttp's policy is not told the method of a call that got no answer.
type repeat struct {
	next           http.RoundTripper
	pause, maxWait time.Duration
}

func (t *repeat) RoundTrip(req *http.Request) (*http.Response, error) {
	for i := 1; ; i++ {
		resp, err := t.next.RoundTrip(req)
		wait, again := t.again(req, resp, err, i)
		if !again || i == tries {
			return resp, err
		}
		if resp != nil {
			_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can be used again
			_ = resp.Body.Close()
		}
		timer := time.NewTimer(wait)
		select {
		case <-req.Context().Done():
			timer.Stop()
			return nil, req.Context().Err()
		case <-timer.C:
		}
	}
}

func (t *repeat) again(req *http.Request, resp *http.Response, err error, attempt int) (time.Duration, bool) {
	backoff := t.pause << (attempt - 1)
	switch {
	case req.Context().Err() != nil || limitReached(err):
		return 0, false
	case err != nil || resp.StatusCode >= 500:
		return backoff, idempotent(req)
	case resp.StatusCode == http.StatusTooManyRequests:
		wait := retryAfter(resp)
		return wait, wait > 0 && wait <= t.maxWait
	default:
		return 0, false
	}
}

// idempotent tells the calls of ours that may be made twice. Git objects are named by their content; an update says
// what should be there; a new reference, pull request or comment would be a second one.
func idempotent(req *http.Request) bool {
	if req.Method != http.MethodPost {
		return true
	}
	i := strings.Index(req.URL.Path, "/git/")
	return i >= 0 && slices.Contains([]string{"blobs", "trees", "commits"}, req.URL.Path[i+len("/git/"):])
}

// retryAfter reads seconds, the only form GitHub uses.
func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return max(time.Duration(seconds)*time.Second, time.Millisecond)
}
