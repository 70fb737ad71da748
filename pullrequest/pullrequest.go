// Package pullrequest keeps one rolling pull request on GitHub in step with a set of generated files and a report.
// It knows nothing of clouds, Terraform or how a report is written, never merges or approves anything, and never
// forces a branch over a commit: the branch only ever moves forward.
package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/go-github/v53/github"

	"github.com/seed-e90528ae/driftline/drift"
)

// Limits of GitHub's, in characters.
const (
	commentLimit = 65_536 // of a comment's and a pull request's body
	labelLimit   = 50     // of a label's name
	titleLimit   = 256    // of a pull request's title
)

// Options say what to publish and where. Token, Repository and Title are required.
type Options struct {
	Token      string // of GitHub Actions, an App or a person; needs contents: write and pull-requests: write
	APIURL     string // GITHUB_API_URL; "" for https://api.github.com
	Repository string // owner/name, as in GITHUB_REPOSITORY
	Base       string // branch to merge into; "" for the repository's default branch
	Branch     string // rolling branch; "" for driftline/<base>

	Title         string
	Body          string                 // of the pull request, Markdown: what it is and how to use it
	Comment       func(limit int) string // the report as Markdown of at most limit bytes; nil for no comment
	Note          string                 // Markdown above the report; "" for none
	CommitMessage string                 // "" for Title
	Labels        []string               // added to those that are there
	Draft         bool                   // of a new pull request; later it is a person's to change
	Reviewers     []string               // logins asked for a review when the pull request is new
	TeamReviewers []string               // slugs of teams, likewise; needs an App's or a person's token
	Assignees     []string               // logins, likewise

	// Files are the whole set of generated files, each with its whole content. None means that nothing is left to
	// publish: an open pull request is closed with a note.
	Files []drift.File

	Transport http.RoundTripper // nil for one of our own, which honours HTTPS_PROXY
	MaxWait   time.Duration     // longest wait that GitHub may ask for at once; 0 for two minutes
	Pause     time.Duration     // before the first repetition of a failed call, doubled each time; 0 for one second
	Log       func(string)      // told of each thing done, one line; nil for silence
}

// Operation is what became of the pull request.
type Operation string

const (
	Created   Operation = "created"
	Updated   Operation = "updated"
	Unchanged Operation = "unchanged" // it was as it should be: nothing was written
	Closed    Operation = "closed"    // nothing is left to publish
	None      Operation = "none"      // there is nothing to publish, and no open pull request
)

// Result names the pull request. Number is 0 and URL "" where there is none.
type Result struct {
	Number    int
	URL       string
	Operation Operation
	Kept      []string // generated files that a person has changed on the branch, left as they are
	Warnings  []string // what was refused without harm to the rest: a reviewer who is no collaborator
}

// How often a lost race for the branch is run again.
const races = 3

// Publish makes the branch, the pull request and its comment say what Options say, and writes only what differs.
// Everything is prepared before the one update of the branch, so that a failure at any point leaves either the old
// branch or the new one; the error says which, and running again finishes the work. Wrong options come back all at once, before anything is
// asked; a refusal or failure of GitHub's is an *Error, and Result then tells what was reached.
func Publish(ctx context.Context, o Options) (Result, error) {
	for i := 1; ; i++ {
		p, err := newPublisher(o)
		if err != nil {
			return Result{}, err
		}
		result, err := p.publish(ctx)
		if err == nil || !errors.Is(err, errRace) || i == races {
			return result, p.ended(err)
		}
		p.log("another run moved %s meanwhile: starting over", o.Branch)
	}
}

// publisher is one attempt.
type publisher struct {
	Options
	client   *github.Client
	trees    *trees
	done     []string // what has been written, a line each
	warnings []string
}

// newPublisher is an attempt with checked options.
func newPublisher(o Options) (*publisher, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	client, err := newClient(o)
	if err != nil {
		return nil, err
	}
	return &publisher{Options: o, client: client, trees: newTrees(client, o)}, nil
}

func (p *publisher) log(format string, args ...any) {
	if p.Log != nil {
		p.Log(fmt.Sprintf(format, args...))
	}
}

// did notes something that others can see by now.
func (p *publisher) did(format string, args ...any) {
	p.done = append(p.done, fmt.Sprintf(format, args...))
	p.log(format, args...)
}

func (p *publisher) publish(ctx context.Context) (Result, error) {
	if err := p.defaults(ctx); err != nil {
		return Result{Operation: None}, err
	}
	open, last, err := p.find(ctx)
	if err != nil {
		return Result{Operation: None}, err
	}
	b, err := p.plan(ctx, open, last)
	if err != nil {
		return result(open, None), err
	}
	if b.nothingLeft {
		return p.close(ctx, open)
	}
	if rejected, err := p.rejected(ctx, open, last, b); err != nil || rejected {
		return result(last, None), err
	}
	if err := p.push(ctx, b); err != nil {
		return result(open, None), err
	}
	return p.present(ctx, open, b)
}

// present makes title, text, labels and comment of the pull request right.
func (p *publisher) present(ctx context.Context, pr *github.PullRequest, b *branch) (Result, error) {
	operation := Updated
	if pr == nil {
		created, isNew, err := p.create(ctx)
		if err != nil {
			return Result{Operation: None}, err
		}
		pr = created
		if isNew {
			operation = Created
		}
	}
	r := result(pr, operation)
	r.Kept = b.kept
	for _, step := range []func() error{
		func() error { return p.describe(ctx, pr) },
		func() error { return p.label(ctx, pr) },
		func() error { return p.report(ctx, pr, p.Note+b.note()) },
	} {
		if err := step(); err != nil {
			return r, err
		}
	}
	r.Warnings = p.warnings
	if len(p.done) == 0 {
		r.Operation = Unchanged
	}
	return r, nil
}

func result(pr *github.PullRequest, op Operation) Result {
	return Result{Number: pr.GetNumber(), URL: pr.GetHTMLURL(), Operation: op}
}

// defaults fills in what only the repository knows.
func (p *publisher) defaults(ctx context.Context) error {
	if p.Base == "" {
		repo, _, err := p.client.Repositories.Get(ctx, p.owner(), p.name())
		if err != nil {
			return p.failed("read the repository", err)
		}
		p.Base = repo.GetDefaultBranch()
	}
	if p.Branch == "" {
		p.Branch = "driftline/" + p.Base
	}
	if p.Branch == p.Base {
		return &Error{Doing: "choose a branch", Message: fmt.Sprintf("branch and base are both %q", p.Base),
			Hint: "give the pull request a branch of its own"}
	}
	return nil
}
