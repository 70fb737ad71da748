package main

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

const fakeToken = "ghs_0123456789abcdefSECRET"

// fakeGitHub is as much of GitHub's REST API as publishing twice needs, after docs.github.com. It is ours; the room that
// speaks to GitHub is examined with a larger one, and with an emulator that is not ours.
type fakeGitHub struct {
	refuse func(r *http.Request) (status int, message string) // status 0: go on

	mu       sync.Mutex
	requests []string
	trees    map[string]map[string]string // tree → path below it → content
	commits  map[string]fakeCommit
	refs     map[string]string
	pulls    []map[string]any
	comments []map[string]any
	issues   []map[string]any // numbered from 101
	changed  []string         // files of any pull request
}

type fakeCommit struct {
	tree, message string
	parents       []string
}

// gitName is git's name for an object: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func gitName(kind, content string) string {
	sum := sha1.Sum([]byte(fmt.Sprintf("%s %d\x00%s", kind, len(content), content)))
	return hex.EncodeToString(sum[:])
}

// reset makes it a repository with one commit.
func (g *fakeGitHub) reset(refuse func(*http.Request) (int, string)) {
	g.refuse = refuse
	g.trees, g.commits, g.refs = map[string]map[string]string{}, map[string]fakeCommit{}, map[string]string{}
	g.refs["refs/heads/main"] = g.commit(g.tree(map[string]string{"README.md": "hello\n"}), "first", nil)
}

func (g *fakeGitHub) commit(tree, message string, parents []string) string {
	sha := gitName("commit", fmt.Sprint(tree, message, parents))
	g.commits[sha] = fakeCommit{tree, message, parents}
	return sha
}

// tree remembers a directory and all below it, and gives its name.
func (g *fakeGitHub) tree(files map[string]string) string {
	var content strings.Builder
	for _, e := range g.entries(files) {
		raw, _ := hex.DecodeString(e["sha"])
		fmt.Fprintf(&content, "%s %s\x00%s", strings.TrimPrefix(e["mode"], "0"), e["path"], raw)
	}
	sha := gitName("tree", content.String())
	g.trees[sha] = files
	return sha
}

// entries are what stands in a directory itself, in git's order: a directory's name counts as if it ended in a slash.
func (g *fakeGitHub) entries(files map[string]string) []map[string]string {
	below := map[string]map[string]string{}
	for path, content := range files {
		first, rest, deeper := strings.Cut(path, "/")
		if deeper {
			first += "/"
		}
		if below[first] == nil {
			below[first] = map[string]string{}
		}
		below[first][rest] = content
	}
	var entries []map[string]string
	for _, name := range slices.Sorted(maps.Keys(below)) {
		dir, isDir := strings.CutSuffix(name, "/")
		if isDir {
			entries = append(entries, map[string]string{"path": dir, "mode": "040000", "type": "tree", "sha": g.tree(below[name])})
			continue
		}
		entries = append(entries, map[string]string{"path": name, "mode": "100644", "type": "blob", "sha": gitName("blob", below[name][""])})
	}
	return entries
}

func (g *fakeGitHub) blob(sha string) (int, any) {
	for _, files := range g.trees {
		for _, content := range files {
			if gitName("blob", content) == sha {
				return http.StatusOK, map[string]any{"sha": sha, "encoding": "base64", "content": base64.StdEncoding.EncodeToString([]byte(content))}
			}
		}
	}
	return refused(http.StatusNotFound, "Not Found")
}

// file is a file's content on a branch.
func (g *fakeGitHub) file(branch, path string) (string, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	content, ok := g.trees[g.commits[g.refs["refs/heads/"+branch]].tree][path]
	return content, ok
}

func (g *fakeGitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests = append(g.requests, r.Method+" "+r.URL.Path)
	body, _ := io.ReadAll(r.Body)
	status, answer := g.answer(r, body)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

func refused(status int, message string) (int, any) {
	return status, map[string]any{"message": message, "documentation_url": "https://docs.github.com/rest"}
}

func (g *fakeGitHub) answer(r *http.Request, body []byte) (int, any) {
	if r.Header.Get("Authorization") != "Bearer "+fakeToken {
		return refused(http.StatusUnauthorized, "Bad credentials")
	}
	if status, message := g.refuse(r); status != 0 {
		return refused(status, message)
	}
	path, ours := strings.CutPrefix(r.URL.Path, "/repos/o/r")
	if !ours {
		return refused(http.StatusNotFound, "Not Found")
	}
	var in struct {
		Message, Tree, Ref, SHA, Title, Head, Body string

		State   string
		Parents []string
	}
	if len(body) > 0 && path != "/git/trees" {
		if err := json.Unmarshal(body, &in); err != nil {
			return refused(http.StatusBadRequest, "Problems parsing JSON")
		}
	}
	last := path[strings.LastIndex(path, "/")+1:]
	switch {
	case path == "":
		return http.StatusOK, map[string]any{"default_branch": "main"}
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/git/ref/"):
		ref := "refs/" + strings.TrimPrefix(path, "/git/ref/")
		if g.refs[ref] == "" {
			return refused(http.StatusNotFound, "Not Found")
		}
		return http.StatusOK, reference(ref, g.refs[ref])
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/git/commits/"):
		return http.StatusOK, map[string]any{"sha": last, "message": g.commits[last].message, "tree": map[string]any{"sha": g.commits[last].tree}}
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/git/trees/"):
		return http.StatusOK, map[string]any{"sha": last, "tree": g.entries(g.trees[last])}
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/git/blobs/"):
		return g.blob(last)
	case r.Method == http.MethodPatch && strings.HasPrefix(path, "/git/refs/"):
		g.refs["refs/"+strings.TrimPrefix(path, "/git/refs/")] = in.SHA
		return http.StatusOK, reference("refs/"+strings.TrimPrefix(path, "/git/refs/"), in.SHA)
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/compare/"):
		return http.StatusOK, g.compare(last)
	case r.Method == http.MethodPost && path == "/git/trees":
		return g.postTree(body)
	case r.Method == http.MethodPost && path == "/git/commits":
		return http.StatusCreated, map[string]any{"sha": g.commit(in.Tree, in.Message, in.Parents)}
	case r.Method == http.MethodPost && path == "/git/refs":
		g.refs[in.Ref] = in.SHA
		return http.StatusCreated, reference(in.Ref, in.SHA)
	case r.Method == http.MethodGet && path == "/pulls":
		return http.StatusOK, g.pulls
	case r.Method == http.MethodPost && path == "/pulls":
		pull := map[string]any{"number": len(g.pulls) + 1, "state": "open", "title": in.Title, "body": in.Body,
			"html_url": fmt.Sprintf("https://github.com/o/r/pull/%d", len(g.pulls)+1),
			"head":     map[string]any{"ref": in.Head, "sha": g.refs["refs/heads/"+in.Head]}}
		g.pulls = append(g.pulls, pull)
		return http.StatusCreated, pull
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/comments"):
		return http.StatusOK, g.comments
	case r.Method == http.MethodPost && strings.HasSuffix(path, "/comments"):
		g.comments = append(g.comments, map[string]any{"id": len(g.comments) + 1, "body": in.Body})
		return http.StatusCreated, g.comments[len(g.comments)-1]
	}
	if status, answer := g.answerIssues(r, path, body); status != 0 {
		return status, answer
	}
	return refused(http.StatusNotImplemented, "the fake does not know "+r.Method+" "+path)
}

// answerIssues is for what is no pull request, or not ours.
func (g *fakeGitHub) answerIssues(r *http.Request, path string, body []byte) (int, any) {
	var in map[string]any
	_ = json.Unmarshal(body, &in) // a list or nothing: then there is nothing to take
	number := 0
	_, _ = fmt.Sscanf(path, "/issues/%d", &number)
	switch {
	case r.Method == http.MethodGet && path == "/issues":
		return http.StatusOK, slices.Concat([]map[string]any{}, g.issues)
	case r.Method == http.MethodPost && path == "/issues":
		in["number"], in["state"] = 101+len(g.issues), "open"
		in["html_url"] = fmt.Sprintf("https://github.com/o/r/issues/%d", in["number"])
		delete(in, "labels") // sent as names, answered as objects
		delete(in, "assignees")
		g.issues = append(g.issues, in)
		return http.StatusCreated, in
	case r.Method == http.MethodPatch && number > 100:
		maps.Copy(g.issues[number-101], in)
		return http.StatusOK, g.issues[number-101]
	case r.Method == http.MethodPatch && strings.HasPrefix(path, "/pulls/"):
		_, _ = fmt.Sscanf(path, "/pulls/%d", &number)
		maps.Copy(g.pulls[number-1], in)
		return http.StatusOK, g.pulls[number-1]
	case r.Method == http.MethodPatch && strings.HasPrefix(path, "/issues/comments/"):
		_, _ = fmt.Sscanf(path, "/issues/comments/%d", &number)
		maps.Copy(g.comments[number-1], in)
		return http.StatusOK, g.comments[number-1]
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/files"):
		var files []map[string]any
		for _, name := range g.changed {
			files = append(files, map[string]any{"filename": name})
		}
		return http.StatusOK, files
	case r.Method == http.MethodGet && strings.HasPrefix(path, "/git/matching-refs/"):
		var refs []map[string]any
		for _, ref := range slices.Sorted(maps.Keys(g.refs)) {
			if strings.HasPrefix(ref, "refs/"+strings.TrimPrefix(path, "/git/matching-refs/")) {
				refs = append(refs, reference(ref, g.refs[ref]))
			}
		}
		return http.StatusOK, refs
	case r.Method == http.MethodPost && (strings.HasSuffix(path, "/requested_reviewers") || strings.HasSuffix(path, "/assignees") || strings.HasSuffix(path, "/labels")):
		return http.StatusCreated, []map[string]any{}
	}
	return 0, nil
}

func reference(ref, sha string) map[string]any {
	return map[string]any{"ref": ref, "object": map[string]any{"sha": sha, "type": "commit"}}
}

// compare is of a branch that stands at or one commit ahead of its base.
func (g *fakeGitHub) compare(between string) map[string]any {
	base, head, _ := strings.Cut(between, "...")
	listed := func(sha string) map[string]any {
		c := g.commits[sha]
		return map[string]any{"sha": sha, "commit": map[string]any{"message": c.message, "tree": map[string]any{"sha": c.tree}}}
	}
	ahead := []map[string]any{}
	if base != head {
		ahead = append(ahead, listed(head))
	}
	return map[string]any{"merge_base_commit": listed(base), "total_commits": len(ahead), "commits": ahead}
}

func (g *fakeGitHub) postTree(body []byte) (int, any) {
	var in struct {
		BaseTree string `json:"base_tree"`
		Tree     []struct {
			Path    string
			Content *string
		}
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return refused(http.StatusBadRequest, "Problems parsing JSON")
	}
	files := maps.Clone(g.trees[in.BaseTree])
	for _, e := range in.Tree {
		if e.Content == nil {
			return refused(http.StatusNotImplemented, "the fake takes content only")
		}
		files[e.Path] = *e.Content
	}
	return http.StatusCreated, map[string]any{"sha": g.tree(files)}
}
