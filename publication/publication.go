// Package publication decides what of a report and its code goes where on GitHub: which pull request, issue or comment, split
// how, with what stays from the nights before. It renders nothing and speaks to GitHub through pullrequest alone.
package publication

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/internal/event"
	"github.com/seed-e90528ae/driftline/internal/notify"
	"github.com/seed-e90528ae/driftline/prcomment"
	"github.com/seed-e90528ae/driftline/pullrequest"
)

// Options are a run's settings and surroundings.
type Options struct {
	Config    config.Config
	Console   *console.Console
	Getenv    func(string) string
	Checkout  fs.FS             // nil when there is none
	Prefix    string            // the checkout's place in its repository, "" for the whole of it
	Version   string            // Driftline's own
	Transport http.RoundTripper // of requests to GitHub
}

// Publication is what a run is going to publish, and where.
type Publication struct {
	Options
	where   config.Publish // with the workflow's event considered
	number  int            // of the pull request to comment on
	options pullrequest.Options
	targets []target

	found    *drift.Report
	readOnly bool // the workflow's token may only read
	links    []string
}

// target is one rolling branch with its pull request or issue.
type target struct {
	branch, title string
	found         *drift.Report
	files         []drift.File
	memory        prcomment.Memory // of found
	note          string           // what is said above the report
	isNew         bool             // nothing of it is on GitHub yet
}

// Prepare decides where the findings go, reads what was published before, and writes into found since when its
// findings have been there.
func Prepare(ctx context.Context, o Options, found *drift.Report, files []drift.File) (*Publication, error) {
	cfg := o.Config
	p := &Publication{Options: o, where: cfg.Publish, found: found}
	if cfg.Command != config.Run || !cfg.Publish.ToGitHub() && !cfg.UploadSARIF {
		return p, nil
	}
	p.options = pullrequest.Options{
		Token: cfg.GitHubToken.Reveal(), APIURL: cfg.GitHubAPIURL, Repository: cfg.Repository,
		Base: cfg.Base, Branch: cfg.Branch,
		Title: cfg.Title, Body: prcomment.Description, CommitMessage: cfg.CommitMessage, Labels: cfg.Labels, Draft: cfg.Draft,
		Reviewers: cfg.Reviewers, TeamReviewers: cfg.TeamReviewers, Assignees: cfg.Assignees,
		Log: o.Console.Info, Transport: o.Transport,
	}
	if err := p.considerEvent(); err != nil || !p.where.ToGitHub() {
		return p, err
	}
	phase := o.Console.Phase("Read what was published before")
	defer phase.Done()
	if p.where == config.PublishComment {
		return p, p.prepareComment(ctx, found)
	}
	var err error
	if p.where == config.PublishPullRequest {
		files = inPlace(o.Prefix, files)
	} else {
		files = nil
	}
	if p.targets, err = p.split(ctx, files); err != nil {
		return p, err
	}
	var memories []prcomment.Memory
	for i := range p.targets {
		t := &p.targets[i]
		if t.isNew {
			t.memory = prcomment.Memory{}.Update(t.found)
			continue
		}
		if err := p.keepUnseen(ctx, t, files); err != nil {
			return p, err
		}
		texts, err := pullrequest.Previous(ctx, p.optionsOf(*t))
		if err != nil {
			return p, err
		}
		before := prcomment.Recall(texts...)
		memories = append(memories, before)
		t.memory = before.Update(t.found)
	}
	if cfg.Split != config.SplitNone {
		prcomment.Merge(memories).Date(found)
	}
	return p, nil
}

// considerEvent turns to the pull request that the workflow runs for, if it does.
func (p *Publication) considerEvent() error {
	pr, err := event.Read(p.Getenv)
	if err != nil || pr.Number == 0 {
		return err
	}
	rolling := p.options.Branch
	if rolling == "" {
		rolling = config.DefaultBranch(p.options.Base)
	}
	switch {
	case pr.ReadOnly != "":
		p.where, p.readOnly = config.PublishSummary, true
		p.Console.Info(fmt.Sprintf("pull request #%d: %s, so the token may only read: the report is in the job summary alone", pr.Number, pr.ReadOnly))
	case pr.Head == rolling || strings.HasPrefix(pr.Head, rolling+splitMark):
		p.where = config.PublishSummary
		p.Console.Info(fmt.Sprintf("pull request #%d is Driftline's own: its comment is the nightly run's", pr.Number))
	case p.where.ToGitHub():
		p.where, p.number = config.PublishComment, pr.Number
	}
	return nil
}

// prepareComment keeps what touches the root modules that the pull request touches. A change outside of all of them, to
// a shared module for one, may touch any.
func (p *Publication) prepareComment(ctx context.Context, found *drift.Report) error {
	changed, err := pullrequest.ChangedFiles(ctx, p.options, p.number)
	if err != nil {
		return err
	}
	texts, err := pullrequest.Previous(ctx, p.options)
	if err != nil {
		return err
	}
	if before := prcomment.Recall(texts...); before.Day != "" {
		before.Date(found)
	}
	p.targets = []target{{found: touching(found, changed)}}
	return nil
}

// optionsOf are the publication's options for one target.
func (p *Publication) optionsOf(t target) pullrequest.Options {
	o := p.options
	o.Branch, o.Files, o.Note = t.branch, t.files, t.note
	if runes := []rune(t.title); len(runes) > 256 { // GitHub's limit
		t.title = string(runes[:255]) + "…"
	}
	o.Title = t.title
	o.Comment = func(limit int) string {
		options := prcomment.Options{Limit: limit, Marker: true, Memory: t.memory.Line(), FullReport: "the job summary of the latest run"}
		if len(t.files) > 0 {
			options.CodeIn = "this pull request"
		}
		return prcomment.Markdown(t.found, options)
	}
	return o
}

// Publish brings GitHub up to date.
func (p *Publication) Publish(ctx context.Context) error {
	if err := p.upload(ctx); err != nil {
		return err
	}
	if len(p.targets) == 0 {
		return nil
	}
	phase := p.Console.Phase("Publish")
	defer phase.Done()
	if p.where == config.PublishComment {
		return p.comment(ctx)
	}
	var told told
	for _, t := range p.targets {
		if err := p.bring(ctx, t, &told); err != nil {
			told.outputs(p.Console)
			return err
		}
	}
	told.outputs(p.Console)
	for _, r := range []pullrequest.Result{told.pulls, told.issues} {
		if r.URL != "" && (r.Operation == pullrequest.Created || r.Operation == pullrequest.Updated) {
			p.links = append(p.links, r.URL)
		}
	}
	return nil
}

// Notify tells the webhook of news: that something was opened or updated, in counts and links. No name from the cloud is
// among them. A webhook that fails is worth a warning.
func (p *Publication) Notify(ctx context.Context, transport http.RoundTripper) {
	address := p.Config.NotifyWebhook.Reveal()
	if address == "" || p.Config.DryRun || len(p.links) == 0 {
		return
	}
	if err := notify.Post(ctx, transport, address, prcomment.Title(p.found)+"\n"+strings.Join(p.links, "\n")); err != nil {
		p.Console.Warn(err.Error())
	}
}

// upload hands the results that have a place in a file to code scanning.
func (p *Publication) upload(ctx context.Context) error {
	if !p.Config.UploadSARIF || p.Config.DryRun || p.Config.Command != config.Run {
		return nil
	}
	if p.readOnly {
		p.Console.Info("the token may only read: nothing is uploaded to code scanning")
		return nil
	}
	log, err := prcomment.SARIF(p.found, prcomment.SARIFOptions{Prefix: p.Prefix, Version: p.Version, Placed: true})
	if err != nil {
		return err
	}
	if err := pullrequest.UploadSARIF(ctx, p.options, p.Getenv("GITHUB_SHA"), p.Getenv("GITHUB_REF"), log); err != nil {
		return err
	}
	p.Console.Info("uploaded the results to code scanning")
	return nil
}

func (p *Publication) comment(ctx context.Context) error {
	t := p.targets[0]
	result, err := pullrequest.Comment(ctx, p.optionsOf(target{found: t.found, title: p.options.Title}), p.number, t.found.Summary.Findings() > 0)
	if err == nil {
		p.Console.Info(fmt.Sprintf("comment on pull request #%d: %s", p.number, result.Operation))
	}
	return err
}

// Why an issue is closed.
const (
	allSettled = "Terraform and the cloud agree again, so this issue is closed. A new one is opened when something comes up."
	inPullNote = "There is code for what was found: it goes on in the pull request #%d."
)

// bring brings one target's pull request and issue up to date. Code goes into a pull request with the report; findings
// without code into an issue. What was not seen in full closes nothing.
func (p *Publication) bring(ctx context.Context, t target, told *told) error {
	o := p.optionsOf(t)
	note := allSettled
	if p.where == config.PublishPullRequest && (len(t.files) > 0 || t.found.Complete && !t.isNew) {
		result, err := pullrequest.Publish(ctx, o)
		told.pull(p.Console, result)
		if err != nil {
			return err
		}
		if len(t.files) > 0 {
			note = fmt.Sprintf(inPullNote, result.Number)
		}
	} else if p.where == config.PublishPullRequest && !t.isNew {
		p.Console.Warn("nothing new was found, but parts of the cloud were not seen: the pull request is left as it is")
	}
	issue := pullrequest.Issue{Findings: prcomment.Fingerprint(t.found)}
	switch settled := len(t.files) > 0 || t.found.Summary.Findings() == 0; {
	case settled && (t.isNew || !t.found.Complete && len(t.files) == 0):
		return nil
	case settled:
		issue.Close = note
	}
	result, err := pullrequest.PublishIssue(ctx, o, issue)
	if issue.Close != "" && pullrequest.Refused(err) {
		return nil // a token that may not see issues has made none
	}
	told.issue(p.Console, result)
	return err
}

// told is what the step's outputs say: of the first pull request and the first issue, where there are several.
type told struct{ pulls, issues pullrequest.Result }

func (t *told) pull(say *console.Console, r pullrequest.Result) {
	for _, w := range r.Warnings {
		say.Warn(w)
	}
	t.pulls = first(t.pulls, r)
	if r.Number != 0 {
		say.Info(fmt.Sprintf("pull request %s: %s", r.Operation, r.URL))
	}
}

func (t *told) issue(say *console.Console, r pullrequest.Result) {
	t.issues = first(t.issues, r)
	if r.Number != 0 {
		say.Info(fmt.Sprintf("issue %s: %s", r.Operation, r.URL))
	}
}

func first(a, b pullrequest.Result) pullrequest.Result {
	if a.Number != 0 {
		return a
	}
	return b
}

func (t *told) outputs(say *console.Console) {
	for prefix, r := range map[string]pullrequest.Result{"pull_request": t.pulls, "issue": t.issues} {
		if r.Operation != "" {
			say.Output(prefix+"_operation", string(r.Operation))
		}
		if r.Number != 0 {
			say.Output(prefix+"_number", strconv.Itoa(r.Number))
			say.Output(prefix+"_url", r.URL)
		}
	}
}
