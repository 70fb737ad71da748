package pullrequest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
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

// ChangedFiles are the paths that a pull request adds, changes, removes or renames, at most the 3,000 that GitHub lists.
// https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
func ChangedFiles(ctx context.Context, o Options, number int) ([]string, error) {
	p, err := newPublisher(o)
	if err != nil {
		return nil, err
	}
	var paths []string
	page := &github.ListOptions{PerPage: 100}
	for {
		files, resp, err := p.client.PullRequests.ListFiles(ctx, p.owner(), p.name(), number, page)
		if err != nil {
			return nil, redacted(p.failed(fmt.Sprintf("read the files of #%d", number), err), o.Token)
		}
		for _, f := range files {
			paths = append(paths, f.GetFilename())
			if before := f.GetPreviousFilename(); before != "" {
				paths = append(paths, before)
			}
		}
		if resp.NextPage == 0 {
			return paths, nil
		}
		page.Page = resp.NextPage
	}
}

// Previous are the reports that were published last for the branch: the rolling pull request's comment and the
// issue's text, open ones first. Empty when there is none.
func Previous(ctx context.Context, o Options) ([]string, error) {
	p, err := newPublisher(o)
	if err != nil {
		return nil, err
	}
	texts, err := p.previous(ctx)
	return texts, redacted(err, o.Token)
}

func (p *publisher) previous(ctx context.Context) ([]string, error) {
	if err := p.defaults(ctx); err != nil {
		return nil, err
	}
	var texts []string
	open, last, err := p.find(ctx)
	if err != nil {
		return nil, err
	}
	if open == nil {
		open = last
	}
	if open != nil {
		c, err := p.comment(ctx, open.GetNumber(), reportMarker)
		if err != nil {
			return nil, err
		}
		texts = append(texts, c.GetBody())
	}
	issues, err := p.issues(ctx)
	if answer(err, http.StatusGone, "") || answer(err, http.StatusForbidden, "") {
		return texts, nil // a token for pull requests alone: there is no issue of ours to be read
	}
	if err != nil {
		return nil, err
	}
	openIssue, lastIssue := pick(issues, p.Branch)
	if openIssue == nil {
		openIssue = lastIssue
	}
	if openIssue != nil {
		texts = append(texts, openIssue.GetBody())
	}
	return texts, nil
}

// Rolling are the branches that begin with prefix, and those that an open issue of ours stands for.
func Rolling(ctx context.Context, o Options, prefix string) ([]string, error) {
	p, err := newPublisher(o)
	if err != nil {
		return nil, err
	}
	names, err := p.rolling(ctx, prefix)
	return names, redacted(err, o.Token)
}

func (p *publisher) rolling(ctx context.Context, prefix string) ([]string, error) {
	found := map[string]bool{}
	page := &github.ReferenceListOptions{Ref: "heads/" + prefix} // GitHub's description knows no pages of these
	for {
		refs, resp, err := p.client.Git.ListMatchingRefs(ctx, p.owner(), p.name(), page)
		if err != nil {
			return nil, p.failed("list the branches", err)
		}
		for _, r := range refs {
			found[strings.TrimPrefix(r.GetRef(), "refs/heads/")] = true
		}
		if resp.NextPage == 0 {
			break
		}
		page.ListOptions.Page = resp.NextPage
	}
	issues, err := p.issues(ctx)
	if err != nil && !answer(err, http.StatusGone, "") && !answer(err, http.StatusForbidden, "") {
		return nil, err
	}
	for _, i := range issues {
		key := issueMarker.FindStringSubmatch(firstLine(i.GetBody()))[1]
		if i.GetState() == "open" && strings.HasPrefix(key, prefix) {
			found[key] = true
		}
	}
	return sortedKeys(found), nil
}

// DefaultBase is the branch that Options without one are for.
func DefaultBase(ctx context.Context, o Options) (string, error) {
	p, err := newPublisher(o)
	if err != nil {
		return "", err
	}
	err = p.defaults(ctx)
	return p.Base, redacted(err, o.Token)
}

// UploadSARIF hands a SARIF log to code scanning, as the analysis of a commit on a ref (refs/heads/main).
// The token needs security-events: write. GitHub takes at most 10 MB, compressed.
// https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
func UploadSARIF(ctx context.Context, o Options, commit, ref string, sarif []byte) error {
	p, err := newPublisher(o)
	if err != nil {
		return err
	}
	packed, err := packed(sarif)
	if err != nil {
		return err
	}
	if len(packed) > sarifLimit {
		return &Error{Doing: "upload the SARIF log", Message: fmt.Sprintf("it has %d bytes, and GitHub takes %d", len(packed), sarifLimit),
			Hint: "leave types out with exclude, or run once per root module"}
	}
	_, _, err = p.client.CodeScanning.UploadSarif(ctx, p.owner(), p.name(), &github.SarifAnalysis{
		CommitSHA: &commit, Ref: &ref, Sarif: github.String(base64.StdEncoding.EncodeToString(packed)), ToolName: github.String("Driftline")})
	if _, accepted := err.(*github.AcceptedError); accepted { //nolint:errorlint // 202 is this call's answer, and go-github's error
		err = nil
	}
	err = p.failed("upload the SARIF log", err)
	if e, ok := err.(*Error); ok && (e.Status == http.StatusForbidden || e.Status == http.StatusNotFound) { //nolint:errorlint // as above
		e.Hint = "give the job `permissions: { security-events: write }`; a private repository needs GitHub Code Security besides"
	}
	return redacted(err, o.Token)
}

// sarifLimit is the most that GitHub takes of a compressed log, in bytes.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
const sarifLimit = 10 << 20
