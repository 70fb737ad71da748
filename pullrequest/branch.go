package pullrequest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/go-github/v53/github"
)

// Every commit of ours names its own tree, the files it wrote and those it left to a person, as trailers
// (git-interpret-trailers(1)). A commit is ours when it bears its tree's name: one that a person has amended or made
// with our message copied has another tree.
const (
	trailerTree = "Driftline-Tree: "
	trailerFile = "Driftline-File: "
	trailerKept = "Driftline-Kept: "
)

// Most entries, and most bytes of content, that one tree is asked for.
const (
	chunkEntries = 100
	chunkBytes   = 4 << 20
	inlineBytes  = 1 << 20 // larger files are uploaded by themselves
)

// commit is what we need to know of one.
type commit struct{ sha, tree, message string }

func (c commit) ours() bool { return slices.Equal(trailers(c.message, trailerTree), []string{c.tree}) }

func trailers(message, name string) []string {
	var values []string
	for _, line := range strings.Split(message, "\n") {
		if v, ok := strings.CutPrefix(strings.TrimSuffix(line, "\r"), name); ok {
			values = append(values, v)
		}
	}
	return values
}

// branch is what is to become of the rolling branch.
type branch struct {
	head        *commit          // where it stands; nil when it does not exist
	parents     []string         // of the commit to be made; the head is an ancestor of it, always
	onto        string           // tree that edits are made to
	edits       map[string]entry // what differs from onto
	wanted      string           // tree as it should be
	write       bool             // wanted is not there yet
	nothingLeft bool             // the base has it all
	foreign     bool             // a person has commits on it
	kept        []string         // files that a person changed
}

// note is what the comment says of a person's commits; "" without any.
func (b *branch) note() string {
	switch {
	case len(b.kept) > 0:
		var files []string
		for _, f := range b.kept {
			files = append(files, "`"+strings.ReplaceAll(f, "`", "'")+"`")
		}
		return "> [!NOTE]\n> Someone has changed " + strings.Join(files, ", ") + " on this branch: left as they are. " +
			"What was found since for these files is in the report, but not in the code.\n"
	case b.foreign:
		return "> [!NOTE]\n> Someone has added commits to this branch: they are kept, and generated files are updated on top of them.\n"
	default:
		return ""
	}
}

// plan reads where base and branch stand and works out the commit that is missing, if any.
//
// Without commits of a person's, the branch is the base's tree with our files. With them, it is the branch's own tree
// with our files, except those that the person has changed. When the base has moved on, the branch follows by a merge,
// but only if the base touched a file of ours: every night's push would dismiss reviews and start workflows for nothing.
func (p *publisher) plan(ctx context.Context, open, last *github.PullRequest) (*branch, error) {
	base, err := p.tip(ctx, p.Base)
	if err != nil {
		return nil, p.failed("read the base branch "+p.Base, err)
	}
	if base == nil {
		return nil, &Error{Doing: "read the base branch in " + p.Repository, Status: http.StatusNotFound,
			Message: fmt.Sprintf("there is no branch %q", p.Base), Hint: "name the branch to merge into with the input base"}
	}
	head, err := p.tip(ctx, p.Branch)
	if err != nil {
		return nil, p.failed("read the branch "+p.Branch, err)
	}
	if head == nil {
		return p.planned(p.rebuilt(ctx, &branch{parents: []string{base.sha}}, base))
	}
	h, err := p.history(ctx, base, head)
	if err != nil {
		return nil, err
	}
	if h.foreign() {
		b := &branch{head: head, parents: []string{head.sha}, foreign: true, nothingLeft: open == nil && len(p.Files) == 0}
		if err := p.onTop(ctx, b, h); err != nil || !over(open, last, head, b) {
			return p.planned(b, err)
		}
	}
	b := &branch{head: head}
	switch {
	case len(h.ahead) == 0:
		b.parents = []string{base.sha}
		return p.planned(p.rebuilt(ctx, b, base))
	case h.mergeBase.sha == base.sha:
		b.parents = []string{head.sha}
	default:
		b.parents = []string{head.sha, base.sha}
	}
	if quiet, err := p.quiet(ctx, base, head, h); err != nil || quiet {
		b.wanted = head.tree
		return p.planned(b, err)
	}
	return p.planned(p.rebuilt(ctx, b, base))
}

func (p *publisher) planned(b *branch, err error) (*branch, error) {
	return b, p.failed("compare the files", err)
}

// over tells whether a person's commits have had their pull request: it was merged as they stand, or closed, and there
// is news since. The branch then starts again from its base; the commits stay in its history.
func over(open, last *github.PullRequest, head *commit, b *branch) bool {
	if open != nil || last == nil || last.GetHead().GetSHA() != head.sha {
		return false
	}
	return last.MergedAt != nil || b.write
}

// tip is the newest commit of a branch, nil when there is no such branch.
func (p *publisher) tip(ctx context.Context, name string) (*commit, error) {
	ref, _, err := p.client.Git.GetRef(ctx, p.owner(), p.name(), "refs/heads/"+name)
	if answer(err, http.StatusNotFound, "") {
		// A missing repository answers like a missing branch: only the former can be told by itself.
		_, _, err = p.client.Repositories.Get(ctx, p.owner(), p.name())
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	c, _, err := p.client.Git.GetCommit(ctx, p.owner(), p.name(), ref.GetObject().GetSHA())
	if err != nil {
		return nil, err
	}
	return &commit{c.GetSHA(), c.GetTree().GetSHA(), c.GetMessage()}, nil
}

// history is what the branch has that the base has not.
type history struct {
	mergeBase commit
	ahead     []commit // oldest first
	more      bool     // there are more than were listed
}

func (h history) foreign() bool {
	return h.more || slices.ContainsFunc(h.ahead, func(c commit) bool { return !c.ours() })
}

func (p *publisher) history(ctx context.Context, base, head *commit) (history, error) {
	c, _, err := p.client.Repositories.CompareCommits(ctx, p.owner(), p.name(), base.sha, head.sha, &github.ListOptions{PerPage: 100})
	if answer(err, http.StatusNotFound, "") {
		return history{}, &Error{Doing: "compare the branches in " + p.Repository, Status: http.StatusNotFound, Err: err,
			Message: fmt.Sprintf("%s has no history in common with %s", p.Branch, p.Base),
			Hint:    "delete it, or choose another one with the input branch"}
	}
	if err != nil {
		return history{}, p.failed("compare "+p.Branch+" with "+p.Base, err)
	}
	h := history{mergeBase: fromList(c.MergeBaseCommit), more: c.GetTotalCommits() > len(c.Commits)}
	for _, one := range c.Commits {
		h.ahead = append(h.ahead, fromList(one))
	}
	return h, nil
}

func fromList(c *github.RepositoryCommit) commit {
	return commit{c.GetSHA(), c.GetCommit().GetTree().GetSHA(), c.GetCommit().GetMessage()}
}

// ourFiles are all generated files as entries.
func (p *publisher) ourFiles() map[string]entry {
	files := make(map[string]entry, len(p.Files))
	for _, f := range p.Files {
		files[f.Path] = entry{modeFile, blobSHA(f.Content), f.Content}
	}
	return files
}

// rebuilt wants the base with our files.
func (p *publisher) rebuilt(ctx context.Context, b *branch, base *commit) (*branch, error) {
	if err := p.want(ctx, b, base.tree, p.ourFiles()); err != nil {
		return b, err
	}
	b.nothingLeft = b.wanted == base.tree
	b.write = b.head == nil || b.wanted != b.head.tree || !slices.Equal(b.parents, []string{b.head.sha})
	return b, nil
}

// quiet tells whether the branch may stay where it is: the base moved, but not where our files are, and the branch
// is our files on the older base.
func (p *publisher) quiet(ctx context.Context, base, head *commit, h history) (bool, error) {
	files := p.ourFiles()
	for path := range files {
		older, err := p.trees.find(ctx, h.mergeBase.tree, path)
		if err != nil {
			return false, err
		}
		newer, err := p.trees.find(ctx, base.tree, path)
		if err != nil {
			return false, err
		}
		if older.sha != newer.sha {
			return false, nil
		}
	}
	older := &branch{}
	if err := p.want(ctx, older, h.mergeBase.tree, files); err != nil {
		return false, err
	}
	return older.wanted == head.tree && head.tree != h.mergeBase.tree, nil
}

// onTop wants the branch with our files but for those that a person changed, and without those of ours that are no
// longer generated.
func (p *publisher) onTop(ctx context.Context, b *branch, h history) error {
	reference, written := h.mergeBase, []string(nil)
	kept := map[string]bool{}
	for _, c := range h.ahead {
		if c.ours() {
			reference, written = c, trailers(c.message, trailerFile)
			kept = set(trailers(c.message, trailerKept))
		}
	}
	edits := p.ourFiles()
	for _, path := range written {
		if _, still := edits[path]; still {
			continue
		}
		before, err := p.trees.find(ctx, h.mergeBase.tree, path)
		if err != nil {
			return err
		}
		edits[path] = before
	}
	for path, e := range edits {
		now, err := p.trees.find(ctx, b.head.tree, path)
		if err != nil {
			return err
		}
		then, err := p.trees.find(ctx, reference.tree, path)
		if err != nil {
			return err
		}
		if now.sha != e.sha && (kept[path] || now.sha != then.sha) {
			b.kept = append(b.kept, path)
			delete(edits, path)
		}
	}
	slices.Sort(b.kept)
	if err := p.want(ctx, b, b.head.tree, edits); err != nil {
		return err
	}
	b.write = b.wanted != b.head.tree
	return nil
}

func set(list []string) map[string]bool {
	s := map[string]bool{}
	for _, v := range list {
		s[v] = true
	}
	return s
}

// want works out the tree that files make of onto, and what of them differs from it. A file that is there keeps its
// mode.
func (p *publisher) want(ctx context.Context, b *branch, onto string, files map[string]entry) (err error) {
	b.onto, b.edits = onto, map[string]entry{}
	for path, e := range files {
		there, err := p.trees.find(ctx, onto, path)
		if err != nil {
			return err
		}
		if there.sha == e.sha {
			continue
		}
		if e.sha != "" && there.mode == modeExecutable {
			e.mode = there.mode
		}
		b.edits[path] = e
	}
	b.wanted, err = p.trees.edited(ctx, onto, b.edits)
	return err
}

// push makes the commit and, when all of it is there, moves the branch to it.
func (p *publisher) push(ctx context.Context, b *branch) error {
	if !b.write {
		return nil
	}
	tree, err := p.createTree(ctx, b)
	if err != nil {
		return err
	}
	if tree != b.wanted {
		p.log("GitHub made tree %s where %s was expected: the next run may write it again", tree, b.wanted)
	}
	message := p.message(b, tree)
	var parents []*github.Commit
	for _, sha := range b.parents {
		parents = append(parents, &github.Commit{SHA: github.String(sha)})
	}
	// Neither author nor committer: so GitHub signs a bot's commit, and it shows as verified.
	c, _, err := p.client.Git.CreateCommit(ctx, p.owner(), p.name(),
		&github.Commit{Message: &message, Tree: &github.Tree{SHA: &tree}, Parents: parents})
	if err != nil {
		return p.failed("create a commit", err)
	}
	return p.move(ctx, b, c.GetSHA())
}

func (p *publisher) message(b *branch, tree string) string {
	lines := []string{trailerTree + tree}
	for _, f := range p.Files {
		if !slices.Contains(b.kept, f.Path) {
			lines = append(lines, trailerFile+f.Path)
		}
	}
	for _, path := range b.kept {
		lines = append(lines, trailerKept+path)
	}
	return strings.TrimSpace(p.CommitMessage) + "\n\n" + strings.Join(lines, "\n") + "\n"
}

// createTree uploads what differs, in chunks each of which builds on the one before.
func (p *publisher) createTree(ctx context.Context, b *branch) (string, error) {
	tree := b.onto
	var chunk []*github.TreeEntry
	size := 0
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		t, _, err := p.client.Git.CreateTree(ctx, p.owner(), p.name(), tree, chunk)
		if err != nil {
			return p.failed("create a tree", err)
		}
		tree, chunk, size = t.GetSHA(), nil, 0
		return nil
	}
	for _, path := range slices.Sorted(maps.Keys(b.edits)) {
		e, err := p.treeEntry(ctx, path, b.edits[path])
		if err != nil {
			return "", err
		}
		if size += len(e.GetContent()); len(chunk) == chunkEntries || size > chunkBytes {
			if err := flush(); err != nil {
				return "", err
			}
			size = len(e.GetContent())
		}
		chunk = append(chunk, e)
	}
	return tree, flush()
}

// treeEntry carries a file's content along, or uploads it first when it is large or not text. One call for a hundred
// files keeps clear of the limit on calls that create content (80 a minute).
func (p *publisher) treeEntry(ctx context.Context, path string, e entry) (*github.TreeEntry, error) {
	te := &github.TreeEntry{Path: &path, Type: github.String("blob"), Mode: github.String(modeFile)}
	if e.mode != "" {
		te.Mode = github.String(e.mode)
	}
	switch {
	case e.sha == "": // removes the path
	case e.content == nil && e.sha != blobSHA(nil):
		te.SHA = github.String(e.sha)
	case len(e.content) <= inlineBytes && utf8.Valid(e.content):
		te.Content = github.String(string(e.content))
	default:
		blob, _, err := p.client.Git.CreateBlob(ctx, p.owner(), p.name(), encoded(e.content))
		if err != nil {
			return nil, p.failed("upload "+path, err)
		}
		te.SHA = github.String(blob.GetSHA())
	}
	return te, nil
}

func encoded(content []byte) *github.Blob {
	return &github.Blob{Content: github.String(base64.StdEncoding.EncodeToString(content)), Encoding: github.String("base64")}
}

// move is the one write that others can see. It never forces: GitHub refuses it if the branch is no longer an
// ancestor, which is how a push between our reading and our writing is noticed.
func (p *publisher) move(ctx context.Context, b *branch, sha string) error {
	ref := &github.Reference{Ref: github.String("refs/heads/" + p.Branch), Object: &github.GitObject{SHA: &sha}}
	if b.head == nil {
		_, _, err := p.client.Git.CreateRef(ctx, p.owner(), p.name(), ref)
		if answer(err, http.StatusUnprocessableEntity, "already exists") {
			err = errors.Join(errRace, err)
		}
		return p.moved("create the branch "+p.Branch, err)
	}
	_, _, err := p.client.Git.UpdateRef(ctx, p.owner(), p.name(), ref, false)
	if answer(err, http.StatusUnprocessableEntity, "fast") || answer(err, http.StatusUnprocessableEntity, "does not exist") ||
		answer(err, http.StatusNotFound, "") || answer(err, http.StatusConflict, "") {
		err = errors.Join(errRace, err)
	}
	return p.moved("update the branch "+p.Branch, err)
}

func (p *publisher) moved(doing string, err error) error {
	if err == nil {
		p.did("%s", doing)
	}
	return p.failed(doing, err)
}
