package pullrequest

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-github/v53/github"

	"github.com/seed-e90528ae/driftline/drift"
)

// What is read before anything is published.

// DefaultBase is the branch that Options without one are for.
func DefaultBase(ctx context.Context, o Options) (string, error) {
	p, err := newPublisher(o)
	if err != nil {
		return "", err
	}
	err = p.defaults(ctx)
	return p.Base, redacted(err, o.Token)
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
	if pull := cmp.Or(open, last); pull != nil {
		c, err := p.comment(ctx, pull.GetNumber(), reportMarker)
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
	if issue := cmp.Or(pick(issues, p.Branch)); issue != nil {
		texts = append(texts, issue.GetBody())
	}
	return texts, nil
}

// Written are the files that an earlier run wrote, as the rolling branch has them now. There are none where nothing is
// proposed: its pull request was merged, or closed since nothing was left.
func Written(ctx context.Context, o Options) ([]drift.File, error) {
	p, err := newPublisher(o)
	if err != nil {
		return nil, err
	}
	files, err := p.written(ctx)
	return files, redacted(err, o.Token)
}

func (p *publisher) written(ctx context.Context) ([]drift.File, error) {
	if err := p.defaults(ctx); err != nil {
		return nil, err
	}
	if proposed, err := p.proposed(ctx); err != nil || !proposed {
		return nil, err
	}
	base, err := p.tip(ctx, p.Base)
	if err != nil || base == nil {
		return nil, p.failed("read the base branch "+p.Base, err)
	}
	head, err := p.tip(ctx, p.Branch)
	if err != nil || head == nil {
		return nil, p.failed("read the branch "+p.Branch, err)
	}
	h, err := p.history(ctx, base, head)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range h.ahead {
		if c.ours() {
			names = trailers(c.message, trailerFile)
		}
	}
	var files []drift.File
	for _, name := range names {
		content, err := p.content(ctx, head.tree, name)
		if err != nil {
			return nil, p.failed("read "+name+" on the branch "+p.Branch, err)
		}
		if content != nil {
			files = append(files, drift.File{Path: name, Content: content})
		}
	}
	return files, nil
}

// proposed says that the branch's pull request waits for a decision, or was closed by a person's.
func (p *publisher) proposed(ctx context.Context) (bool, error) {
	open, last, err := p.find(ctx)
	if err != nil || open != nil || last == nil || last.MergedAt != nil {
		return open != nil, err
	}
	note, err := p.comment(ctx, last.GetNumber(), closedMarker)
	return note == nil, err
}

// content is a file below a tree, nil when there is none.
func (p *publisher) content(ctx context.Context, tree, name string) ([]byte, error) {
	e, err := p.trees.find(ctx, tree, name)
	if err != nil || e.sha == "" || e.mode == modeTree {
		return nil, err
	}
	blob, _, err := p.client.Git.GetBlob(ctx, p.owner(), p.name(), e.sha)
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(strings.ReplaceAll(blob.GetContent(), "\n", "")) // in lines of 60
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
	return slices.Sorted(maps.Keys(found)), nil
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
