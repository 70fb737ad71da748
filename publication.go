package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-e90528ae/driftline/attribution"
	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/carry"
	"github.com/seed-e90528ae/driftline/internal/blocks"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/internal/event"
	"github.com/seed-e90528ae/driftline/internal/notify"
	"github.com/seed-e90528ae/driftline/prcomment"
	"github.com/seed-e90528ae/driftline/pullrequest"
)

// publication is what a run is going to publish, and where.
type publication struct {
	cfg     config.Config
	say     *console.Console
	where   config.Publish // with the workflow's event considered
	number  int            // of the pull request to comment on
	options pullrequest.Options
	targets []target

	found    *drift.Report
	getenv   func(string) string
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

// prepare decides where the findings go, reads what was published before, and writes into found since when its
// findings have been there.
func prepare(ctx context.Context, cfg config.Config, say *console.Console, getenv func(string) string, checkout fs.FS, found *drift.Report, files []drift.File) (*publication, error) {
	p := &publication{cfg: cfg, say: say, where: cfg.Publish, found: found, getenv: getenv}
	if cfg.Command != config.Run || !cfg.Publish.ToGitHub() && !cfg.UploadSARIF {
		return p, nil
	}
	p.options = pullrequest.Options{
		Token: cfg.GitHubToken.Reveal(), APIURL: cfg.GitHubAPIURL, Repository: cfg.Repository,
		Base: cfg.Base, Branch: cfg.Branch,
		Title: cfg.Title, Body: prcomment.Description, CommitMessage: cfg.CommitMessage, Labels: cfg.Labels, Draft: cfg.Draft,
		Reviewers: cfg.Reviewers, TeamReviewers: cfg.TeamReviewers, Assignees: cfg.Assignees,
		Log: say.Info,
	}
	if err := p.considerEvent(getenv); err != nil || !p.where.ToGitHub() {
		return p, err
	}
	phase := say.Phase("Read what was published before")
	defer phase.Done()
	if p.where == config.PublishComment {
		return p, p.prepareComment(ctx, found)
	}
	var err error
	if p.where == config.PublishPullRequest {
		if files, err = inPlace(cfg.Root, getenv, files); err != nil {
			return p, err
		}
	} else {
		files = nil
	}
	if p.targets, err = p.split(ctx, found, files, inRepositoryOrRoot(cfg.Root, getenv)); err != nil {
		return p, err
	}
	var memories []prcomment.Memory
	for i := range p.targets {
		t := &p.targets[i]
		if t.isNew {
			t.memory = prcomment.Memory{}.Update(t.found)
			continue
		}
		if err := p.keepUnseen(ctx, t, checkout, files); err != nil {
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

// keepUnseen leaves in a target's files the code of an earlier run for what tonight's could not see. files are those of all
// targets, in the repository.
func (p *publication) keepUnseen(ctx context.Context, t *target, checkout fs.FS, files []drift.File) error {
	if p.where != config.PublishPullRequest || p.found.Complete {
		return nil
	}
	written, err := pullrequest.Written(ctx, p.optionsOf(*t))
	if err != nil {
		return err
	}
	prefix := inRepositoryOrRoot(p.cfg.Root, p.getenv)
	ours := map[string]bool{}
	for _, f := range slices.Concat(t.files, written) {
		ours[f.Path] = true
	}
	all, kept := carry.Over(p.found, below(prefix, files), below(prefix, written), checkout)
	if all, err = inPlace(p.cfg.Root, p.getenv, all); err != nil {
		return err
	}
	if len(kept.Addresses) > 0 {
		t.files = slices.DeleteFunc(all, func(f drift.File) bool { return !ours[f.Path] })
		t.note += fmt.Sprintf("> [!NOTE]\n> Not seen is not gone: the code for %s stays as an earlier run wrote it.\n", someOf(kept.Addresses))
	}
	if len(kept.Lost) > 0 {
		t.note += fmt.Sprintf("> [!NOTE]\n> %s could not be seen in full, and the code for it could not stay: what it refers to is gone, or its group was seen in part. It comes back when it is seen.\n", someOf(kept.Lost))
	}
	return nil
}

// below are the files below a directory of the repository, with their paths in it.
func below(prefix string, files []drift.File) []drift.File {
	var out []drift.File
	for _, f := range files {
		if name := relativeTo(prefix, f.Path); path.Join(prefix, name) == f.Path {
			out = append(out, drift.File{Path: name, Content: f.Content})
		}
	}
	return out
}

// someOf are the first of a list, as Markdown, and how many there are besides.
func someOf(addresses []string) string {
	const shown = 10
	var list []string
	for _, a := range addresses[:min(shown, len(addresses))] {
		list = append(list, "`"+strings.ReplaceAll(a, "`", "'")+"`")
	}
	text := strings.Join(list, ", ")
	if len(addresses) > shown {
		text += fmt.Sprintf(" and %d more", len(addresses)-shown)
	}
	return text
}

// considerEvent turns to the pull request that the workflow runs for, if it does.
func (p *publication) considerEvent(getenv func(string) string) error {
	pr, err := event.Read(getenv)
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
		p.say.Info(fmt.Sprintf("pull request #%d: %s, so the token may only read: the report is in the job summary alone", pr.Number, pr.ReadOnly))
	case pr.Head == rolling || strings.HasPrefix(pr.Head, rolling+splitMark):
		p.where = config.PublishSummary
		p.say.Info(fmt.Sprintf("pull request #%d is Driftline's own: its comment is the nightly run's", pr.Number))
	case p.where.ToGitHub():
		p.where, p.number = config.PublishComment, pr.Number
	}
	return nil
}

// prepareComment keeps what touches the root modules that the pull request touches. A change outside of all of them, to
// a shared module for one, may touch any.
func (p *publication) prepareComment(ctx context.Context, found *drift.Report) error {
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

// attribute asks who did it, when asked to. A recording has no trail.
func attribute(ctx context.Context, cfg config.Config, say *console.Console, w *world, found *drift.Report) error {
	if !cfg.Attribution || cfg.Replay != "" || found.Summary.Findings() == 0 {
		return nil
	}
	phase := say.Phase("Ask who did it")
	defer phase.Done()
	trails, err := attribution.AWS(ctx)
	if err != nil {
		return err
	}
	return attribution.Attribute(ctx, found, attribution.Options{Trails: trails, Account: w.account})
}

// locate writes into found where the blocks of its findings stand: in the checkout, or in the files just generated.
func locate(checkout fs.FS, found *drift.Report, files []drift.File) {
	finder := blocks.New(checkout)
	find := func(m *drift.Managed) {
		if m.RootModule == "" {
			return
		}
		if place, ok := finder.Find(m.RootModule, m.Address.Module, m.Address.Type, m.Address.Name); ok {
			m.File, m.Line = place.File, place.Line
		}
	}
	for i := range found.Drifted {
		find(&found.Drifted[i].Managed)
	}
	for i := range found.Deleted {
		find(&found.Deleted[i])
	}
	lines := map[string]int{} // file and address → line; a block that is not verified is commented out
	header := regexp.MustCompile(`^(?:# ?)?resource "([^"]+)" "([^"]+)" \{`)
	for _, f := range files {
		for n, line := range strings.Split(string(f.Content), "\n") {
			if m := header.FindStringSubmatch(line); m != nil {
				lines[f.Path+"\x00"+m[1]+"."+m[2]] = n + 1
			}
		}
	}
	references := map[string]map[string][]string{}
	for _, f := range files {
		references[f.Path] = blocks.References(f.Content, f.Path)
	}
	for i, u := range found.Unmanaged {
		block, _, _ := strings.Cut(u.SuggestedAddress, "[") // one block stands for all of a for_each
		found.Unmanaged[i].References = references[u.File][block]
		found.Unmanaged[i].Line = lines[u.File+"\x00"+block]
	}
}

// touching is found, but for root modules none of whose files is among changed. Only Terraform's own files count.
func touching(found *drift.Report, changed []string) *drift.Report {
	roots := rootsOf(found)
	touched := map[string]bool{}
	for _, file := range changed {
		if !slices.Contains([]string{".tf", ".json", ".hcl", ".tfvars", ".tofu"}, path.Ext(file)) {
			continue
		}
		within := slices.DeleteFunc(slices.Clone(roots), func(root string) bool {
			return root != "." && !strings.HasPrefix(file, root+"/")
		})
		if len(within) == 0 {
			return found
		}
		slices.SortFunc(within, func(a, b string) int { return len(b) - len(a) })
		touched[within[0]] = true
	}
	return found.Only(func(root string) bool { return touched[root] })
}

// rootsOf are the root modules that a report speaks of.
func rootsOf(found *drift.Report) []string {
	var roots []string
	for _, m := range slices.Concat(found.Managed, found.Deleted) {
		roots = append(roots, m.RootModule)
	}
	for _, u := range found.Unmanaged {
		roots = append(roots, u.RootModule)
	}
	slices.Sort(roots)
	return slices.DeleteFunc(slices.Compact(roots), func(r string) bool { return r == "" })
}

// inPlace are the files with their paths in the repository.
func inPlace(root string, getenv func(string) string, files []drift.File) ([]drift.File, error) {
	prefix, err := inRepository(root, getenv)
	if err != nil {
		return nil, err
	}
	placed := make([]drift.File, len(files))
	for n, f := range files {
		placed[n] = drift.File{Path: path.Join(prefix, f.Path), Content: f.Content}
	}
	return placed, nil
}

func inRepositoryOrRoot(root string, getenv func(string) string) string {
	prefix, err := inRepository(root, getenv)
	if err != nil {
		return ""
	}
	return prefix
}

// splitMark stands between the rolling branch's name and a root module's.
const splitMark = "--"

// plainRoot is a root module whose name with its slashes doubled as hyphens is like no other's.
var plainRoot = regexp.MustCompile(`^[A-Za-z0-9_]+([-/][A-Za-z0-9_]+)*$`)

// branchOf is the branch of a root module: no slash is added, because git can't have a branch below another.
func branchOf(rolling, root string) string {
	name := strings.ReplaceAll(root, "/", splitMark)
	if !plainRoot.MatchString(root) {
		sum := sha256.Sum256([]byte(root))
		name = regexp.MustCompile(`[^A-Za-z0-9_]+`).ReplaceAllString(root, "-") + "-" + hex.EncodeToString(sum[:3])
		name = strings.Trim(name, "-")
	}
	return rolling + splitMark + name
}

// split makes one target of everything, or one for each root module that has findings or had some.
func (p *publication) split(ctx context.Context, found *drift.Report, files []drift.File, prefix string) ([]target, error) {
	if p.cfg.Split == config.SplitNone {
		return []target{{branch: p.options.Branch, title: p.options.Title, found: found, files: files}}, nil
	}
	rolling := p.options.Branch
	if rolling == "" {
		base, err := pullrequest.DefaultBase(ctx, p.options)
		if err != nil {
			return nil, err
		}
		rolling = config.DefaultBranch(base)
	}
	there, err := pullrequest.Rolling(ctx, p.options, rolling+splitMark)
	if err != nil {
		return nil, err
	}
	var targets []target
	for _, root := range rootsOf(found) {
		part := found.Only(func(r string) bool { return r == root })
		t := target{branch: branchOf(rolling, root), title: p.options.Title + " in " + root, found: part}
		for _, f := range files {
			if path.Dir(f.Path) == path.Join(prefix, root) || changedFor(part, prefix, f.Path) && !slices.Contains(rootsOf(found), relativeTo(prefix, path.Dir(f.Path))) {
				t.files = append(t.files, f)
			}
		}
		i := slices.Index(there, t.branch)
		if t.isNew = i < 0; !t.isNew {
			there = slices.Delete(there, i, i+1)
		}
		if !t.isNew || len(t.files) > 0 || part.Summary.Findings() > 0 {
			targets = append(targets, t)
		}
	}
	for _, branch := range there { // of root modules that are gone, or of which nothing is left
		none := found.Only(func(string) bool { return false })
		targets = append(targets, target{branch: branch, title: p.options.Title, found: none})
	}
	return targets, nil
}

// changedFor says that a file outside of all root modules, in a module that they call, was changed for a report's resources.
func changedFor(part *drift.Report, prefix, file string) bool {
	for _, d := range part.Drifted {
		for _, c := range d.Changes {
			if c.Origin != nil && c.Origin.Accepted && path.Join(prefix, c.Origin.File) == file {
				return true
			}
		}
	}
	return slices.ContainsFunc(part.Deleted, func(m drift.Managed) bool { return m.Settled != "" && path.Join(prefix, m.File) == file })
}

// relativeTo is a directory of the repository as one of the checkout.
func relativeTo(prefix, dir string) string {
	if prefix == "" {
		return dir
	}
	return strings.TrimPrefix(strings.TrimPrefix(dir, prefix), "/")
}

// optionsOf are the publication's options for one target.
func (p *publication) optionsOf(t target) pullrequest.Options {
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

// publish brings GitHub up to date.
func (p *publication) publish(ctx context.Context) error {
	if err := p.upload(ctx); err != nil {
		return err
	}
	if len(p.targets) == 0 {
		return nil
	}
	phase := p.say.Phase("Publish")
	defer phase.Done()
	if p.where == config.PublishComment {
		return p.comment(ctx)
	}
	var told told
	for _, t := range p.targets {
		if err := p.bring(ctx, t, &told); err != nil {
			told.outputs(p.say)
			return err
		}
	}
	told.outputs(p.say)
	for _, r := range []pullrequest.Result{told.pulls, told.issues} {
		if r.URL != "" && (r.Operation == pullrequest.Created || r.Operation == pullrequest.Updated) {
			p.links = append(p.links, r.URL)
		}
	}
	return nil
}

// notify tells the webhook of news: that something was opened or updated, in counts and links. No name from the cloud is
// among them. A webhook that fails is worth a warning.
func (p *publication) notify(ctx context.Context, transport http.RoundTripper) {
	address := p.cfg.NotifyWebhook.Reveal()
	if address == "" || p.cfg.DryRun || len(p.links) == 0 {
		return
	}
	if err := notify.Post(ctx, transport, address, prcomment.Title(p.found)+"\n"+strings.Join(p.links, "\n")); err != nil {
		p.say.Warn(err.Error())
	}
}

// upload hands the results that have a place in a file to code scanning.
func (p *publication) upload(ctx context.Context) error {
	if !p.cfg.UploadSARIF || p.cfg.DryRun || p.cfg.Command != config.Run {
		return nil
	}
	if p.readOnly {
		p.say.Info("the token may only read: nothing is uploaded to code scanning")
		return nil
	}
	log, err := prcomment.SARIF(p.found, prcomment.SARIFOptions{Prefix: inRepositoryOrRoot(p.cfg.Root, p.getenv), Version: version(), Placed: true})
	if err != nil {
		return err
	}
	if err := pullrequest.UploadSARIF(ctx, p.options, p.getenv("GITHUB_SHA"), p.getenv("GITHUB_REF"), log); err != nil {
		return err
	}
	p.say.Info("uploaded the results to code scanning")
	return nil
}

func (p *publication) comment(ctx context.Context) error {
	t := p.targets[0]
	result, err := pullrequest.Comment(ctx, p.optionsOf(target{found: t.found, title: p.options.Title}), p.number, t.found.Summary.Findings() > 0)
	if err == nil {
		p.say.Info(fmt.Sprintf("comment on pull request #%d: %s", p.number, result.Operation))
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
func (p *publication) bring(ctx context.Context, t target, told *told) error {
	o := p.optionsOf(t)
	note := allSettled
	if p.where == config.PublishPullRequest && (len(t.files) > 0 || t.found.Complete && !t.isNew) {
		result, err := pullrequest.Publish(ctx, o)
		told.pull(p.say, result)
		if err != nil {
			return err
		}
		if len(t.files) > 0 {
			note = fmt.Sprintf(inPullNote, result.Number)
		}
	} else if p.where == config.PublishPullRequest && !t.isNew {
		p.say.Warn("nothing new was found, but parts of the cloud were not seen: the pull request is left as it is")
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
	told.issue(p.say, result)
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
