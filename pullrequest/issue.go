package pullrequest

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/google/go-github/v53/github"
)

// IssueLabel is the label that every issue of ours bears: by it they are found again, without reading all others.
const IssueLabel = "driftline"

// An issue's first line names the branch that it stands for, and a digest of the findings that it told of last, or
// settled. A person's issue that quotes one of ours does not begin with it.
var issueMarker = regexp.MustCompile(`^<!-- driftline:issue (\S+) findings=([0-9a-z]+) -->\r?$`)

const settled = "none"

// Issue is what an issue is to say. Options.Comment is its text, Options.Title its title, Options.Branch its key.
type Issue struct {
	Findings string // the same for the same findings: one that a person has closed is not opened again until it differs
	Close    string // close it, leaving this note: why there is nothing to tell any more; "" to keep it open
}

// PublishIssue keeps one issue for each branch in step with the report, where there is no code to propose: opened,
// updated in place, closed with a note. Nothing is written when nothing changed.
func PublishIssue(ctx context.Context, o Options, want Issue) (Result, error) {
	p, err := newPublisher(o)
	if err != nil {
		return Result{}, err
	}
	result, err := p.issue(ctx, want)
	return result, p.ended(err)
}

func (p *publisher) issue(ctx context.Context, want Issue) (Result, error) {
	if err := p.defaults(ctx); err != nil {
		return Result{Operation: None}, err
	}
	issues, err := p.issues(ctx)
	if err != nil {
		return Result{Operation: None}, err
	}
	open, last := pick(issues, p.Branch)
	switch {
	case want.Close != "" && open == nil:
		return Result{Operation: None}, nil
	case want.Close != "":
		return p.closeIssue(ctx, open, want.Close)
	case open != nil:
		return p.updateIssue(ctx, open, want.Findings)
	case last != nil && findingsOf(last) == digest(want.Findings):
		p.log("issue #%d was closed by a person and nothing is new since: not opened again", last.GetNumber())
		return issueResult(last, None), nil
	}
	return p.createIssue(ctx, want.Findings)
}

// issues are all that bear our label, newest first.
func (p *publisher) issues(ctx context.Context) ([]*github.Issue, error) {
	var all []*github.Issue
	page := &github.IssueListByRepoOptions{State: "all", Labels: []string{IssueLabel}, Sort: "created", Direction: "desc",
		ListOptions: github.ListOptions{PerPage: 100}}
	for {
		list, resp, err := p.client.Issues.ListByRepo(ctx, p.owner(), p.name(), page)
		if err != nil {
			return nil, p.issueFailed("look for the issue", err)
		}
		for _, i := range list {
			if !i.IsPullRequest() && issueMarker.MatchString(firstLine(i.GetBody())) {
				all = append(all, i)
			}
		}
		if resp.NextPage == 0 {
			return all, nil
		}
		page.ListOptions.Page = resp.NextPage
	}
}

// pick is the open issue of a branch and its newest one; nil where there is none.
func pick(issues []*github.Issue, branch string) (open, last *github.Issue) {
	for _, i := range issues {
		if issueMarker.FindStringSubmatch(firstLine(i.GetBody()))[1] != branch {
			continue
		}
		if last == nil {
			last = i
		}
		if open == nil && i.GetState() == "open" {
			open = i
		}
	}
	return open, last
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func findingsOf(i *github.Issue) string {
	return issueMarker.FindStringSubmatch(firstLine(i.GetBody()))[2]
}

func issueResult(i *github.Issue, op Operation) Result {
	return Result{Number: i.GetNumber(), URL: i.GetHTMLURL(), Operation: op}
}

// issueBody is the report under the line that the issue is found by.
func (p *publisher) issueBody(findings string) string {
	head := "<!-- driftline:issue " + p.Branch + " findings=" + findings + " -->\n"
	report := ""
	if p.Comment != nil {
		report = strings.TrimPrefix(p.Comment(commentLimit-len(head)), reportMarker+"\n")
	}
	return clean(head+report, commentLimit)
}

func (p *publisher) createIssue(ctx context.Context, findings string) (Result, error) {
	labels := append([]string{IssueLabel}, p.Labels...)
	request := &github.IssueRequest{Title: &p.Title, Body: github.String(p.issueBody(digest(findings))), Labels: &labels}
	if len(p.Assignees) > 0 {
		request.Assignees = &p.Assignees
	}
	i, _, err := p.client.Issues.Create(ctx, p.owner(), p.name(), request)
	if err != nil {
		return Result{Operation: None}, p.issueFailed("open an issue", err)
	}
	p.did("opened issue #%d", i.GetNumber())
	return issueResult(i, Created), nil
}

func (p *publisher) updateIssue(ctx context.Context, open *github.Issue, findings string) (Result, error) {
	body := p.issueBody(digest(findings))
	if same(body, open.GetBody()) {
		return issueResult(open, Unchanged), nil
	}
	_, _, err := p.client.Issues.Edit(ctx, p.owner(), p.name(), open.GetNumber(), &github.IssueRequest{Body: &body})
	if err != nil {
		return issueResult(open, None), p.issueFailed("update the issue", err)
	}
	p.did("updated issue #%d", open.GetNumber())
	return issueResult(open, Updated), nil
}

// closeIssue leaves the note first: a run that is cut in between finds it again, and closes.
func (p *publisher) closeIssue(ctx context.Context, open *github.Issue, note string) (Result, error) {
	r := issueResult(open, Closed)
	if err := p.stick(ctx, open.GetNumber(), closedMarker, closedMarker+"\n"+note+"\n"); err != nil {
		return r, err
	}
	_, _, err := p.client.Issues.Edit(ctx, p.owner(), p.name(), open.GetNumber(), &github.IssueRequest{
		Body: github.String(p.issueBody(settled)), State: github.String("closed"), StateReason: github.String("completed")})
	if err != nil {
		return r, p.issueFailed("close the issue", err)
	}
	p.did("closed issue #%d", open.GetNumber())
	return r, nil
}

const issuesHint = "give the job `permissions: { issues: write }`"

// issueFailed names the permission and the setting that issues need.
func (p *publisher) issueFailed(doing string, err error) error {
	err = p.failed(doing, err)
	if e, ok := err.(*Error); ok { //nolint:errorlint // failed gives it unwrapped
		switch {
		case e.Status == http.StatusGone:
			e.Hint = "switch issues on under Settings > General > Features, or use publish: summary"
		case e.Hint == permissionsHint:
			e.Hint = issuesHint
		}
	}
	return err
}

// Refused tells whether GitHub said that the token may not, or that the repository has no issues.
func Refused(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Status == http.StatusForbidden || e.Status == http.StatusGone)
}
