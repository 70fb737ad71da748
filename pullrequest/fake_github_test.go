package pullrequest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

const secret = "ghs_0123456789abcdefSECRET"

// fakeGitHub is ours: the part of GitHub's REST API that this package speaks, after docs.github.com, with the
// refusals that emulators leave out (422 on duplicates, no forced update, limits on length) and with faults.
type fakeGitHub struct {
	t      *testing.T
	server *httptest.Server

	contract *peers.Contract // that every request is checked by; nil in make test, which has it not

	mu       sync.Mutex
	blobs    map[string][]byte
	trees    map[string]map[string]entry
	commits  map[string]fakeCommit
	refs     map[string]string // refs/heads/main → commit
	pulls    []*fakePull
	issues   []*fakePull // numbered from 101
	changed  []string    // files of any pull request
	sarif    []byte      // uploaded last, as it was sent
	requests []string    // "POST /repos/o/r/pulls", in order
	writes   int         // requests that were not reads
	pageSize int         // most comments that one page has

	// fault is asked before each request, numbered from 1.
	fault func(n int, r *http.Request) fault
}

type fault struct {
	dropBefore, dropAfter bool // cut the connection before or after doing what is asked
	status                int  // answer this instead
	header                map[string]string
	body                  string
}

type fakeCommit struct {
	SHA, Tree, Message string
	Parents            []string
}

type fakePull struct {
	Number             int
	State, Title, Body string
	HeadSHA            string
	Head, Base         string
	Merged, Draft      bool
	Labels             []string
	Asked, Assignees   []string
	reason             string
	Comments           []*fakeComment
	commented          int
}

type fakeComment struct {
	ID   int64
	Body string
}

func newFake(t *testing.T) *fakeGitHub {
	t.Helper()
	f := &fakeGitHub{t: t, blobs: map[string][]byte{}, trees: map[string]map[string]entry{emptyTree: {}},
		commits: map[string]fakeCommit{}, refs: map[string]string{}, pageSize: 2}
	if os.Getenv("DRIFTLINE_E2E") != "" {
		f.contract = peers.GitHubContract(t)
	}
	f.commit("refs/heads/main", "first", map[string]string{"README.md": "hello\n", "net/main.tf": "# net\n"})
	f.server = httptest.NewServer(f)
	t.Cleanup(f.server.Close)
	return f
}

// commit puts files on top of a branch, as a person's push does. An empty content removes the file.
func (f *fakeGitHub) commit(ref, message string, files map[string]string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	tree, parents := emptyTree, []string{}
	if head, ok := f.refs[ref]; ok {
		tree, parents = f.commits[head].Tree, []string{head}
	}
	edits := map[string]entry{}
	for path, content := range files {
		edits[path] = remove
		if content != "" {
			edits[path] = entry{mode: modeFile, sha: f.blob([]byte(content))}
		}
	}
	tree, err := f.edit(tree, edits)
	if err != nil {
		f.t.Fatal(err)
	}
	f.setRef(ref, f.newCommit(tree, message, parents))
	return f.refs[ref]
}

func (f *fakeGitHub) blob(content []byte) string {
	sha := blobSHA(content)
	f.blobs[sha] = content
	return sha
}

func (f *fakeGitHub) edit(root string, edits map[string]entry) (string, error) {
	t := &trees{seen: f.trees, get: func(_ context.Context, sha string) (map[string]entry, error) {
		return nil, fmt.Errorf("no tree %s", sha)
	}}
	return t.edited(context.Background(), root, edits)
}

func (f *fakeGitHub) newCommit(tree, message string, parents []string) string {
	sha := objectSHA("commit", fmt.Appendf(nil, "%s %q %v %d", tree, message, parents, len(f.commits)))
	f.commits[sha] = fakeCommit{sha, tree, message, parents}
	return sha
}

// setRef moves a branch and the heads of its open pull requests.
func (f *fakeGitHub) setRef(ref, sha string) {
	f.refs[ref] = sha
	for _, p := range f.pulls {
		if p.State == "open" && "refs/heads/"+p.Head == ref {
			p.HeadSHA = sha
		}
	}
}

// files is a branch's whole content.
func (f *fakeGitHub) files(branch string) map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]string{}
	if sha, ok := f.refs["refs/heads/"+branch]; ok {
		f.walk(f.commits[sha].Tree, "", out)
	}
	return out
}

func (f *fakeGitHub) walk(tree, prefix string, out map[string]string) {
	for name, e := range f.trees[tree] {
		if e.mode == modeTree {
			f.walk(e.sha, prefix+name+"/", out)
			continue
		}
		out[prefix+name] = string(f.blobs[e.sha])
	}
}

func (f *fakeGitHub) ancestors(sha string) map[string]bool {
	seen := map[string]bool{}
	for todo := []string{sha}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		if !seen[next] {
			seen[next] = true
			todo = append(todo, f.commits[next].Parents...)
		}
	}
	return seen
}

func (f *fakeGitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, r.Method+" "+r.URL.Path)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	if f.contract != nil {
		if err := f.contract.Check(r, body); err != nil {
			f.t.Error(err)
		}
	}
	var ft fault
	if f.fault != nil {
		ft = f.fault(len(f.requests), r)
	}
	if ft.dropBefore {
		panic(http.ErrAbortHandler)
	}
	if ft.status != 0 {
		for k, v := range ft.header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(ft.status)
		_, _ = io.WriteString(w, ft.body)
		return
	}
	if r.Method != http.MethodGet {
		f.writes++
	}
	status, answer := f.answer(w, r, body)
	if ft.dropAfter {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

type object = map[string]any

func refuse(status int, message string, details ...string) (int, any) {
	errs := []object{}
	for _, d := range details {
		errs = append(errs, object{"code": "custom", "message": d})
	}
	return status, object{"message": message, "errors": errs, "documentation_url": "https://docs.github.com/rest"}
}

func (f *fakeGitHub) answer(w http.ResponseWriter, r *http.Request, raw []byte) (int, any) {
	if r.Header.Get("Authorization") != "Bearer "+secret {
		return refuse(401, "Bad credentials")
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/repos/o/r")
	if !ok {
		return refuse(404, "Not Found")
	}
	var in struct {
		Content, Encoding, Message, Tree, Ref, SHA, Title, Head, Base, Body, State *string

		Parents           []string
		Force, Draft      bool
		Author, Committer any
	}
	switch {
	case r.Method == "POST" && path == "/git/trees":
		return f.postTree(raw)
	case r.Method == "POST" && strings.HasSuffix(path, "/labels"):
		return f.postLabels(path, raw)
	case len(raw) > 0:
		if err := json.Unmarshal(raw, &in); err != nil {
			return refuse(400, "Problems parsing JSON")
		}
	}
	part := strings.Split(strings.TrimPrefix(path, "/"), "/")
	switch key := r.Method + " " + strings.Join(part[:min(2, len(part))], "/"); {
	case path == "":
		return 200, object{"default_branch": "main", "full_name": "o/r"}
	case key == "GET git/ref":
		ref := "refs/" + strings.Join(part[2:], "/")
		if sha, ok := f.refs[ref]; ok {
			return 200, object{"ref": ref, "object": object{"sha": sha, "type": "commit"}}
		}
		return refuse(404, "Not Found")
	case key == "GET git/commits":
		c, ok := f.commits[part[2]]
		if !ok {
			return refuse(404, "Not Found")
		}
		return 200, object{"sha": c.SHA, "message": c.Message, "tree": object{"sha": c.Tree}}
	case key == "GET git/trees":
		return f.getTree(part[2])
	case strings.HasPrefix(key, "GET compare/"):
		base, head, _ := strings.Cut(part[1], "...")
		return f.compare(base, head)
	case key == "GET git/blobs":
		content, ok := f.blobs[part[2]]
		if !ok {
			return refuse(404, "Not Found")
		}
		text := base64.StdEncoding.EncodeToString(content)
		return 200, object{"sha": part[2], "encoding": "base64", "content": text[:len(text)/2] + "\n" + text[len(text)/2:] + "\n"}
	case key == "POST git/blobs":
		content, err := base64.StdEncoding.DecodeString(*in.Content)
		if err != nil || *in.Encoding != "base64" {
			return refuse(422, "bad blob")
		}
		return 201, object{"sha": f.blob(content)}
	case key == "POST git/commits":
		if in.Author != nil || in.Committer != nil {
			f.t.Error("a commit with an author or committer is not signed by GitHub")
		}
		if _, ok := f.trees[*in.Tree]; !ok {
			return refuse(422, "Tree SHA does not exist")
		}
		return 201, object{"sha": f.newCommit(*in.Tree, *in.Message, in.Parents)}
	case key == "POST git/refs":
		if _, ok := f.refs[*in.Ref]; ok {
			return refuse(422, "Reference already exists")
		}
		f.setRef(*in.Ref, *in.SHA)
		return 201, object{"ref": *in.Ref, "object": object{"sha": *in.SHA}}
	case key == "PATCH git/refs":
		ref := "refs/" + strings.Join(part[2:], "/")
		old, ok := f.refs[ref]
		switch {
		case !ok:
			return refuse(422, "Reference does not exist")
		case in.Force:
			f.t.Error("a reference was forced")
		case !f.ancestors(*in.SHA)[old]:
			return refuse(422, "Update is not a fast forward")
		}
		f.setRef(ref, *in.SHA)
		return 200, object{"ref": ref, "object": object{"sha": *in.SHA}}
	case r.Method == "GET" && path == "/pulls":
		return f.listPulls(r)
	case r.Method == "POST" && path == "/pulls":
		for _, p := range f.pulls {
			if p.State == "open" && p.Head == *in.Head && p.Base == *in.Base {
				return refuse(422, "Validation Failed", "A pull request already exists for o:"+p.Head+".")
			}
		}
		head, ok := f.refs["refs/heads/"+*in.Head]
		if !ok || f.ancestors(f.refs["refs/heads/"+*in.Base])[head] {
			return refuse(422, "Validation Failed", "No commits between "+*in.Base+" and "+*in.Head)
		}
		p := &fakePull{Number: len(f.pulls) + 1, State: "open", Title: *in.Title, Body: *in.Body, Head: *in.Head,
			Base: *in.Base, HeadSHA: head, Draft: in.Draft}
		f.pulls = append(f.pulls, p)
		return 201, p.json()
	case len(part) == 2 && key == "PATCH pulls/"+part[1]:
		p := f.pull(part[1])
		set := func(to *string, v *string) {
			if v != nil {
				*to = *v
			}
		}
		set(&p.Title, in.Title)
		set(&p.Body, in.Body)
		set(&p.State, in.State)
		return 200, p.json()
	case r.Method == "GET" && strings.HasSuffix(path, "/files"):
		return f.listFiles(w, r)
	case r.Method == "POST" && strings.HasSuffix(path, "/requested_reviewers"), r.Method == "POST" && strings.HasSuffix(path, "/assignees"):
		return f.invite(f.pull(part[1]), raw)
	case key == "GET git/matching-refs":
		refs := []object{}
		for _, ref := range slices.Sorted(maps.Keys(f.refs)) {
			if strings.HasPrefix(ref, "refs/"+strings.Join(part[2:], "/")) {
				refs = append(refs, object{"ref": ref, "object": object{"sha": f.refs[ref]}})
			}
		}
		return 200, refs
	case r.Method == "POST" && path == "/code-scanning/sarifs":
		f.sarif = raw
		return 202, object{"id": "1"}
	case path == "/issues" && r.Method == "GET":
		return f.listIssues(r)
	case path == "/issues" && r.Method == "POST":
		i := &fakePull{Number: 101 + len(f.issues), State: "open"}
		f.issues = append(f.issues, i)
		return 201, i.edit(raw)
	case r.Method == "PATCH" && part[0] == "issues" && len(part) == 2:
		return 200, f.pull(part[1]).edit(raw)
	case r.Method == "PATCH" && strings.HasPrefix(path, "/issues/comments/"):
		for _, p := range slices.Concat(f.pulls, f.issues) {
			for _, c := range p.Comments {
				if strconv.FormatInt(c.ID, 10) == part[2] {
					c.Body = *in.Body
					return 200, object{"id": c.ID, "body": c.Body}
				}
			}
		}
		return refuse(404, "Not Found")
	case strings.HasSuffix(path, "/comments") && r.Method == "POST":
		if len([]rune(*in.Body)) > commentLimit {
			return refuse(422, "Validation Failed", "Body is too long (maximum is 65536 characters)")
		}
		c := f.pull(part[1]).comment(*in.Body)
		return 201, object{"id": c.ID, "body": c.Body}
	case strings.HasSuffix(path, "/comments") && r.Method == "GET":
		return f.listComments(w, r, f.pull(part[1]))
	}
	f.t.Errorf("the fake does not know %s %s", r.Method, r.URL)
	return refuse(404, "Not Found")
}

func (f *fakeGitHub) pull(number string) *fakePull {
	n, _ := strconv.Atoi(number)
	if n > 100 {
		return f.issues[n-101]
	}
	return f.pulls[n-1]
}

// edit takes an issue's fields as they are sent.
func (p *fakePull) edit(raw []byte) object {
	var in struct {
		Title, Body, State *string
		StateReason        string `json:"state_reason"`
		Labels, Assignees  []string
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		panic(err)
	}
	for to, v := range map[*string]*string{&p.Title: in.Title, &p.Body: in.Body, &p.State: in.State} {
		if v != nil {
			*to = *v
		}
	}
	p.Labels, p.Assignees = append(p.Labels, in.Labels...), append(p.Assignees, in.Assignees...)
	p.reason = in.StateReason
	return p.issue()
}

func (p *fakePull) issue() object {
	return object{"number": p.Number, "state": p.State, "title": p.Title, "body": p.Body,
		"html_url": fmt.Sprintf("https://github.com/o/r/issues/%d", p.Number)}
}

func (f *fakeGitHub) listIssues(r *http.Request) (int, any) {
	q := r.URL.Query()
	out := []object{}
	for _, i := range slices.Backward(f.issues) {
		if slices.Contains(i.Labels, q.Get("labels")) && (q.Get("state") == "all" || q.Get("state") == i.State) {
			out = append(out, i.issue())
		}
	}
	return 200, out
}

func (f *fakeGitHub) listFiles(w http.ResponseWriter, r *http.Request) (int, any) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = max(page, 1)
	out := []object{}
	for _, name := range f.changed[(page-1)*f.pageSize : min(page*f.pageSize, len(f.changed))] {
		out = append(out, object{"filename": name})
	}
	if page*f.pageSize < len(f.changed) {
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=%d>; rel="next"`, r.Host, r.URL.Path, page+1))
	}
	return 200, out
}

// invite knows no login "stranger", and, as GITHUB_TOKEN's GitHub, no team.
func (f *fakeGitHub) invite(p *fakePull, raw []byte) (int, any) {
	var in struct {
		Reviewers, Assignees []string
		Teams                []string `json:"team_reviewers"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return refuse(400, "Problems parsing JSON")
	}
	if slices.Contains(in.Reviewers, "stranger") || len(in.Teams) > 0 {
		return refuse(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the o/r repository.")
	}
	for _, login := range in.Reviewers {
		if !slices.Contains(p.Asked, login) {
			p.Asked = append(p.Asked, login)
		}
	}
	for _, login := range in.Assignees {
		if !slices.Contains(p.Assignees, login) {
			p.Assignees = append(p.Assignees, login)
		}
	}
	return 201, p.json()
}

func (p *fakePull) comment(body string) *fakeComment {
	p.commented++
	c := &fakeComment{ID: int64(1000*p.Number + p.commented), Body: body}
	p.Comments = append(p.Comments, c)
	return c
}

func (p *fakePull) json() object {
	labels := []object{}
	for _, l := range p.Labels {
		labels = append(labels, object{"name": l})
	}
	out := object{"number": p.Number, "state": p.State, "title": p.Title, "body": p.Body, "labels": labels, "draft": p.Draft,
		"html_url": fmt.Sprintf("https://github.com/o/r/pull/%d", p.Number),
		"head":     object{"ref": p.Head, "sha": p.HeadSHA}, "base": object{"ref": p.Base}}
	if p.Merged {
		out["merged_at"] = "2024-01-01T00:00:00Z"
	}
	return out
}

func (f *fakeGitHub) listPulls(r *http.Request) (int, any) {
	q := r.URL.Query()
	out := []object{}
	for _, p := range slices.Backward(f.pulls) {
		if q.Get("head") == "o:"+p.Head && q.Get("base") == p.Base && (q.Get("state") == "all" || q.Get("state") == p.State) {
			out = append(out, p.json())
		}
	}
	return 200, out
}

func (f *fakeGitHub) listComments(w http.ResponseWriter, r *http.Request, p *fakePull) (int, any) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = max(page, 1)
	out := []object{}
	for i := (page - 1) * f.pageSize; i < min(page*f.pageSize, len(p.Comments)); i++ {
		out = append(out, object{"id": p.Comments[i].ID, "body": p.Comments[i].Body})
	}
	if page*f.pageSize < len(p.Comments) {
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=%d>; rel="next"`, r.Host, r.URL.Path, page+1))
	}
	return 200, out
}

func (f *fakeGitHub) postLabels(path string, raw []byte) (int, any) {
	var labels []string
	if err := json.Unmarshal(raw, &labels); err != nil {
		return refuse(400, "Problems parsing JSON")
	}
	p := f.pull(strings.Split(path, "/")[2])
	p.Labels = append(p.Labels, labels...)
	return 200, []object{}
}

func (f *fakeGitHub) getTree(sha string) (int, any) {
	entries, ok := f.trees[sha]
	if !ok {
		return refuse(404, "Not Found")
	}
	out := []object{}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		e, kind := entries[name], "blob"
		if e.mode == modeTree {
			kind = "tree"
		}
		out = append(out, object{"path": name, "mode": e.mode, "type": kind, "sha": e.sha})
	}
	return 200, object{"sha": sha, "tree": out, "truncated": false}
}

func (f *fakeGitHub) postTree(raw []byte) (int, any) {
	var in struct {
		BaseTree string `json:"base_tree"`
		Tree     []struct {
			Path, Mode, Type string
			SHA, Content     *string
		}
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return refuse(400, "Problems parsing JSON")
	}
	if len(in.Tree) > chunkEntries {
		f.t.Errorf("a tree of %d entries at once", len(in.Tree))
	}
	edits := map[string]entry{}
	for _, e := range in.Tree {
		switch {
		case e.Content != nil:
			edits[e.Path] = entry{mode: e.Mode, sha: f.blob([]byte(*e.Content))}
		case e.SHA != nil:
			if _, ok := f.blobs[*e.SHA]; !ok {
				return refuse(422, "tree.sha "+*e.SHA+" is not a valid blob")
			}
			edits[e.Path] = entry{mode: e.Mode, sha: *e.SHA}
		default:
			edits[e.Path] = remove
		}
	}
	sha, err := f.edit(in.BaseTree, edits)
	if err != nil {
		return refuse(422, err.Error())
	}
	return 201, object{"sha": sha}
}

func (f *fakeGitHub) compare(base, head string) (int, any) {
	ofBase, ofHead := f.ancestors(base), f.ancestors(head)
	var ahead []object
	var mergeBase string
	for todo, seen := []string{head}, map[string]bool{}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		switch {
		case seen[next]:
		case ofBase[next]:
			// The newest common ancestor: the one that has all others.
			if mergeBase == "" || len(f.ancestors(next)) > len(f.ancestors(mergeBase)) {
				mergeBase = next
			}
		default:
			ahead = append(ahead, f.listed(next))
			todo = append(todo, f.commits[next].Parents...)
		}
		seen[next] = true
	}
	if mergeBase == "" {
		return refuse(404, "No common ancestor between "+base+" and "+head+".")
	}
	slices.Reverse(ahead)
	behind := 0
	for sha := range ofBase {
		if !ofHead[sha] {
			behind++
		}
	}
	return 200, object{"merge_base_commit": f.listed(mergeBase), "ahead_by": len(ahead), "behind_by": behind,
		"total_commits": len(ahead), "commits": ahead[:min(len(ahead), 100)]}
}

func (f *fakeGitHub) listed(sha string) object {
	c := f.commits[sha]
	return object{"sha": sha, "commit": object{"message": c.Message, "tree": object{"sha": c.Tree}}}
}
