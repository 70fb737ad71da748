package publication

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/pullrequest"
)

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
func (p *Publication) split(ctx context.Context, files []drift.File) ([]target, error) {
	if p.Config.Split == config.SplitNone {
		return []target{{branch: p.options.Branch, title: p.options.Title, found: p.found, files: files}}, nil
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
	roots := rootsOf(p.found)
	for _, root := range roots {
		part := p.found.Only(func(r string) bool { return r == root })
		t := target{branch: branchOf(rolling, root), title: p.options.Title + " in " + root, found: part}
		for _, f := range files {
			if path.Dir(f.Path) == path.Join(p.Prefix, root) || changedFor(part, p.Prefix, f.Path) && !slices.Contains(roots, relativeTo(p.Prefix, path.Dir(f.Path))) {
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
		none := p.found.Only(func(string) bool { return false })
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
