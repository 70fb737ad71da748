package pullrequest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/go-github/v53/github"
)

// Hidden first lines by which comments of ours are found again. A comment of a person's that quotes one of them
// does not begin with it.
const (
	reportMarker = "<!-- driftline:report -->"
	closedMarker = "<!-- driftline:closed -->"
)

// Our part of a pull request's text stands between two hidden lines; what a person writes around it stays, and so
// does a title that a person has changed: the first line bears a digest of the title we gave.
const bodyEnd = "<!-- /driftline:body -->"

var bodyPart = regexp.MustCompile(`(?s)<!-- driftline:body title=([0-9a-f]*) -->.*?` + regexp.QuoteMeta(bodyEnd))

const closingNote = closedMarker + "\nNothing is left here to import, so this pull request is closed. " +
	"A new one is opened when something comes up again. Nothing on the branch is lost.\n"

// find is the open pull request of the rolling branch and the newest one, open or not; nil where there is none.
func (p *publisher) find(ctx context.Context) (open, last *github.PullRequest, err error) {
	// The filter wants owner:branch; without the owner GitHub ignores it and lists everything.
	list, _, err := p.client.PullRequests.List(ctx, p.owner(), p.name(), &github.PullRequestListOptions{
		State: "all", Head: p.owner() + ":" + p.Branch, Base: p.Base, Sort: "created", Direction: "desc",
		ListOptions: github.ListOptions{PerPage: 100}})
	if err != nil {
		return nil, nil, p.failed("look for the pull request", err)
	}
	for _, pr := range list {
		if pr.GetHead().GetRef() != p.Branch {
			continue
		}
		if last == nil {
			last = pr
		}
		if open == nil && pr.GetState() == "open" {
			open = pr
		}
	}
	return open, last, nil
}

// rejected tells whether a person has closed the very same proposal: it is not made again until something changes.
func (p *publisher) rejected(ctx context.Context, open, last *github.PullRequest, b *branch) (bool, error) {
	if open != nil || last == nil || b.write || last.MergedAt != nil || last.GetHead().GetSHA() != b.head.sha {
		return false, nil
	}
	note, err := p.comment(ctx, last.GetNumber(), closedMarker)
	if err != nil || note != nil {
		return false, err
	}
	p.log("#%d was closed by a person and nothing is new since: not opened again; "+
		"ignore what is not wanted, or reopen it", last.GetNumber())
	return true, nil
}

// create opens a pull request, or finds the one that another run has opened meanwhile.
func (p *publisher) create(ctx context.Context) (pr *github.PullRequest, isNew bool, err error) {
	pr, _, err = p.client.PullRequests.Create(ctx, p.owner(), p.name(), &github.NewPullRequest{
		Title: &p.Title, Head: &p.Branch, Base: &p.Base, Body: github.String(p.ourBody(p.Title)),
		Draft: &p.Draft})
	if answer(err, http.StatusUnprocessableEntity, "a pull request already exists") {
		open, _, err := p.find(ctx)
		if err != nil || open != nil {
			return open, false, err
		}
	}
	if err != nil {
		return nil, false, p.failed("create the pull request", err)
	}
	p.did("created #%d", pr.GetNumber())
	return pr, true, nil
}

func (p *publisher) ourBody(title string) string {
	return "<!-- driftline:body title=" + digest(title) + " -->\n" + clean(p.Body, commentLimit-200) + "\n" + bodyEnd
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// describe updates title and text, as far as they are ours.
func (p *publisher) describe(ctx context.Context, pr *github.PullRequest) error {
	title, body := p.described(pr.GetTitle(), pr.GetBody())
	if title == pr.GetTitle() && same(body, pr.GetBody()) {
		return nil
	}
	_, _, err := p.client.PullRequests.Edit(ctx, p.owner(), p.name(), pr.GetNumber(),
		&github.PullRequest{Title: &title, Body: &body})
	if err != nil {
		return p.failed("update the pull request", err)
	}
	p.did("updated #%d", pr.GetNumber())
	return nil
}

// described is what title and text should be, given what they are.
func (p *publisher) described(title, body string) (string, string) {
	part := bodyPart.FindStringSubmatchIndex(body)
	switch {
	case part == nil && strings.TrimSpace(body) == "":
		return p.Title, p.ourBody(p.Title)
	case part == nil: // all of it is a person's
		return title, body
	case body[part[2]:part[3]] == digest(title):
		return p.Title, body[:part[0]] + p.ourBody(p.Title) + body[part[1]:]
	default: // the title is a person's: it stays so under the digest of the one we last gave
		ours := strings.Replace(p.ourBody(p.Title), digest(p.Title), body[part[2]:part[3]], 1)
		return title, body[:part[0]] + ours + body[part[1]:]
	}
}

// same compares texts as GitHub keeps them: its editor writes CRLF, and it trims.
func same(a, b string) bool { return normal(a) == normal(b) }

func normal(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// clean is Markdown that GitHub takes: without NUL and broken UTF-8, and no longer than limit characters.
func clean(s string, limit int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit])
	}
	return s
}

// label adds the labels that are missing.
func (p *publisher) label(ctx context.Context, pr *github.PullRequest) error {
	missing := slices.DeleteFunc(slices.Clone(p.Labels), func(want string) bool {
		return slices.ContainsFunc(pr.Labels, func(l *github.Label) bool { return strings.EqualFold(l.GetName(), want) })
	})
	if len(missing) == 0 {
		return nil
	}
	if _, _, err := p.client.Issues.AddLabelsToIssue(ctx, p.owner(), p.name(), pr.GetNumber(), missing); err != nil {
		return p.failed("label the pull request", err)
	}
	p.did("labelled #%d: %s", pr.GetNumber(), strings.Join(missing, ", "))
	return nil
}

// report makes the sticky comment say what the report says. A pull request without one is new: people are asked first,
// so that a run that is cut in between asks them next time, and none is asked again who has been taken off.
func (p *publisher) report(ctx context.Context, pr *github.PullRequest, note string) error {
	if p.Comment == nil {
		return nil
	}
	number := pr.GetNumber()
	there, err := p.comment(ctx, number, reportMarker)
	if err != nil {
		return err
	}
	if there == nil {
		if err := p.invite(ctx, pr); err != nil {
			return err
		}
	}
	head := reportMarker + "\n"
	if note != "" {
		head += note + "\n"
	}
	body := strings.TrimPrefix(p.Comment(commentLimit-len(head)), reportMarker+"\n")
	return p.put(ctx, number, there, head+body)
}

// invite asks for reviews and assigns. A name that GitHub refuses is worth a warning, not the run.
func (p *publisher) invite(ctx context.Context, pr *github.PullRequest) error {
	number := pr.GetNumber()
	review := func(request github.ReviewersRequest) func() error {
		return func() error {
			_, _, err := p.client.PullRequests.RequestReviewers(ctx, p.owner(), p.name(), number, request)
			return err
		}
	}
	// GitHub refuses the whole request when its author is among the reviewers.
	reviewers := slices.DeleteFunc(slices.Clone(p.Reviewers), func(login string) bool {
		return strings.EqualFold(login, pr.GetUser().GetLogin())
	})
	for _, ask := range []struct {
		what  string
		names []string
		call  func() error
	}{
		{"ask for a review by", reviewers, review(github.ReviewersRequest{Reviewers: reviewers})},
		{"ask for a review by team", p.TeamReviewers, review(github.ReviewersRequest{TeamReviewers: p.TeamReviewers})},
		{"assign", p.Assignees, func() error {
			_, _, err := p.client.Issues.AddAssignees(ctx, p.owner(), p.name(), number, p.Assignees)
			return err
		}},
	} {
		if len(ask.names) == 0 {
			continue
		}
		doing := ask.what + " " + strings.Join(ask.names, ", ")
		if err := ask.call(); refusal(err) {
			p.warnings = append(p.warnings, redacted(p.failed(doing, err), p.Token).Error())
			continue
		} else if err != nil {
			return p.failed(doing, err)
		}
		p.did("%s on #%d", doing, number)
	}
	return nil
}

// refusal tells an answer of GitHub's that asking again would not change.
func refusal(err error) bool {
	var r *github.ErrorResponse
	return errors.As(err, &r) && slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity}, r.Response.StatusCode)
}

// stick edits the comment that begins with marker, or makes it.
func (p *publisher) stick(ctx context.Context, number int, marker, body string) error {
	there, err := p.comment(ctx, number, marker)
	if err != nil {
		return err
	}
	return p.put(ctx, number, there, body)
}

// put makes a comment of body, of the one that is there, if any.
func (p *publisher) put(ctx context.Context, number int, there *github.IssueComment, body string) (err error) {
	body = clean(body, commentLimit)
	if there != nil && same(there.GetBody(), body) {
		return nil
	}
	comment := &github.IssueComment{Body: &body}
	if there == nil {
		_, _, err = p.client.Issues.CreateComment(ctx, p.owner(), p.name(), number, comment)
	} else {
		_, _, err = p.client.Issues.EditComment(ctx, p.owner(), p.name(), there.GetID(), comment)
	}
	if err != nil {
		return p.failed("comment on the pull request", err)
	}
	p.did("commented on #%d", number)
	return nil
}

// comment is the first comment whose first line is marker, nil when there is none.
func (p *publisher) comment(ctx context.Context, number int, marker string) (*github.IssueComment, error) {
	page := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: 100}}
	for {
		comments, resp, err := p.client.Issues.ListComments(ctx, p.owner(), p.name(), number, page)
		if err != nil {
			return nil, p.failed("read the comments", err)
		}
		for _, c := range comments {
			if first, _, _ := strings.Cut(c.GetBody(), "\n"); strings.TrimSuffix(first, "\r") == marker {
				return c, nil
			}
		}
		if resp.NextPage == 0 {
			return nil, nil
		}
		page.Page = resp.NextPage
	}
}

// close leaves the last report and a note, and closes. The branch stays: it may hold what a person wrote.
func (p *publisher) close(ctx context.Context, pr *github.PullRequest) (Result, error) {
	if pr == nil {
		return Result{Operation: None}, nil
	}
	r := result(pr, Closed)
	if err := p.report(ctx, pr, ""); err != nil {
		return r, err
	}
	if err := p.stick(ctx, pr.GetNumber(), closedMarker, closingNote); err != nil {
		return r, err
	}
	_, _, err := p.client.PullRequests.Edit(ctx, p.owner(), p.name(), pr.GetNumber(), &github.PullRequest{State: github.String("closed")})
	if err != nil {
		return r, p.failed("close the pull request", err)
	}
	p.did("closed #%d: nothing is left", pr.GetNumber())
	return r, nil
}

// Comment makes the sticky comment of any pull request say what Options.Comment says, and touches nothing else of it.
// Where there is none, it makes one only if create says so.
func Comment(ctx context.Context, o Options, number int, create bool) (Result, error) {
	o.Reviewers, o.TeamReviewers, o.Assignees = nil, nil, nil // it is someone else's pull request
	p, err := newPublisher(o)
	if err != nil {
		return Result{}, err
	}
	if !create {
		there, err := p.comment(ctx, number, reportMarker)
		if err != nil || there == nil {
			return Result{Number: number, Operation: None}, p.ended(err)
		}
	}
	if err := p.report(ctx, &github.PullRequest{Number: &number}, ""); err != nil {
		return Result{Number: number, Operation: None}, p.ended(err)
	}
	operation := Unchanged
	if len(p.done) > 0 {
		operation = Updated
	}
	return Result{Number: number, Operation: operation}, nil
}
