package publication

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/carry"
	"github.com/seed-e90528ae/driftline/pullrequest"
)

// keepUnseen leaves in a target's files the code of an earlier run for what tonight's could not see. files are those of all
// targets, in the repository.
func (p *Publication) keepUnseen(ctx context.Context, t *target, files []drift.File) error {
	if p.where != config.PublishPullRequest || p.found.Complete {
		return nil
	}
	written, err := pullrequest.Written(ctx, p.optionsOf(*t))
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, f := range slices.Concat(t.files, written) {
		ours[f.Path] = true
	}
	all, kept := carry.Over(p.found, below(p.Prefix, files), below(p.Prefix, written), p.Checkout)
	if len(kept.Addresses) > 0 {
		p.Console.Info(fmt.Sprintf("code for %d resources that were not seen stays as an earlier run wrote it", len(kept.Addresses)))
		t.files = slices.DeleteFunc(inPlace(p.Prefix, all), func(f drift.File) bool { return !ours[f.Path] })
		t.note += fmt.Sprintf("> [!NOTE]\n> Not seen is not gone: the code for %s stays as an earlier run wrote it.\n", someOf(kept.Addresses))
	}
	if len(kept.Lost) > 0 {
		t.note += fmt.Sprintf("> [!NOTE]\n> %s could not be seen in full, and the code for it could not stay: what it refers to is gone, or its group was seen in part. It comes back when it is seen.\n", someOf(kept.Lost))
	}
	return nil
}

// inPlace are files of the checkout with their paths in the repository.
func inPlace(prefix string, files []drift.File) []drift.File {
	placed := make([]drift.File, len(files))
	for n, f := range files {
		placed[n] = drift.File{Path: path.Join(prefix, f.Path), Content: f.Content}
	}
	return placed
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
