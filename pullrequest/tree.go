package pullrequest

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/go-github/v53/github"
)

const (
	modeFile       = "100644"
	modeExecutable = "100755"
	modeTree       = "040000"
)

// entry is a member of a git tree; content only where it is ours and not yet on GitHub.
type entry struct {
	mode, sha string
	content   []byte
}

// remove is the entry of a path that should not be there.
var remove = entry{}

// trees reads git trees, each directory once, and computes what trees would be called after an edit: so it is known
// what is to be written, and whether anything is, without writing. Directories are read one by one: a recursive
// listing of a large repository comes back truncated.
type trees struct {
	get  func(ctx context.Context, sha string) (map[string]entry, error)
	seen map[string]map[string]entry
}

func newTrees(client *github.Client, o Options) *trees {
	return &trees{seen: map[string]map[string]entry{emptyTree: {}}, get: func(ctx context.Context, sha string) (map[string]entry, error) {
		t, _, err := client.Git.GetTree(ctx, o.owner(), o.name(), sha, false)
		if err != nil {
			return nil, err
		}
		if t.GetTruncated() {
			return nil, fmt.Errorf("directory %s has too many files for GitHub's API", sha)
		}
		entries := make(map[string]entry, len(t.Entries))
		for _, e := range t.Entries {
			entries[e.GetPath()] = entry{mode: e.GetMode(), sha: e.GetSHA()}
		}
		return entries, nil
	}}
}

func (t *trees) entries(ctx context.Context, sha string) (map[string]entry, error) {
	if found, ok := t.seen[sha]; ok {
		return found, nil
	}
	found, err := t.get(ctx, sha)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", sha, err)
	}
	t.seen[sha] = found
	return found, nil
}

// find is what stands at path under the tree root, remove when nothing does.
func (t *trees) find(ctx context.Context, root, path string) (entry, error) {
	for {
		entries, err := t.entries(ctx, root)
		if err != nil {
			return remove, err
		}
		first, rest, deeper := strings.Cut(path, "/")
		e, ok := entries[first]
		if !ok || !deeper {
			return e, nil
		}
		if e.mode != modeTree {
			return remove, nil
		}
		root, path = e.sha, rest
	}
}

// edited is the name of the tree root after edits by path.
func (t *trees) edited(ctx context.Context, root string, edits map[string]entry) (string, error) {
	old, err := t.entries(ctx, root)
	if err != nil {
		return "", err
	}
	entries := maps.Clone(old)
	inner := map[string]map[string]entry{}
	for path, e := range edits {
		first, rest, deeper := strings.Cut(path, "/")
		switch {
		case deeper && inner[first] == nil:
			inner[first] = map[string]entry{rest: e}
		case deeper:
			inner[first][rest] = e
		case e.sha == "":
			delete(entries, first)
		case entries[first].mode == modeTree:
			return "", &Error{Doing: "write " + path, Message: "it is a directory in the repository",
				Hint: "rename one of the two"}
		default:
			entries[first] = entry{mode: e.mode, sha: e.sha}
		}
	}
	for dir, edits := range inner {
		child, ok := entries[dir]
		if ok && child.mode != modeTree {
			return "", &Error{Doing: "write into " + dir, Message: "it is not a directory in the repository",
				Hint: "choose another directory for generated code"}
		}
		if !ok {
			child.sha = emptyTree
		}
		sha, err := t.edited(ctx, child.sha, edits)
		if err != nil {
			return "", err
		}
		entries[dir] = entry{mode: modeTree, sha: sha}
		if sha == emptyTree {
			delete(entries, dir)
		}
	}
	sha, err := treeSHA(entries)
	if err != nil {
		return "", err
	}
	t.seen[sha] = entries
	return sha, nil
}

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

// blobSHA is git's name for content.
func blobSHA(content []byte) string { return objectSHA("blob", content) }

// treeSHA is git's name for a directory: its entries ordered by name, a directory's name as if it ended in a slash
// (git's tree format, gitformat-pack(5) and fsck's "not properly sorted").
func treeSHA(entries map[string]entry) (string, error) {
	key := func(name string) string {
		if entries[name].mode == modeTree {
			return name + "/"
		}
		return name
	}
	names := slices.SortedFunc(maps.Keys(entries), func(a, b string) int { return strings.Compare(key(a), key(b)) })
	var b bytes.Buffer
	for _, name := range names {
		raw, err := hex.DecodeString(entries[name].sha)
		if err != nil {
			return "", fmt.Errorf("%s has %q for a SHA: %w", name, entries[name].sha, err)
		}
		fmt.Fprintf(&b, "%s %s\x00", strings.TrimPrefix(entries[name].mode, "0"), name)
		b.Write(raw)
	}
	return objectSHA("tree", b.Bytes()), nil
}

func objectSHA(kind string, content []byte) string {
	h := sha1.New()
	fmt.Fprintf(h, "%s %d\x00", kind, len(content))
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}
