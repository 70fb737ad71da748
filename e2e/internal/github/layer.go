package github

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// Request is one request that was made.
type Request struct {
	Method, Path string
	Body         string
	Status       int // of the answer
}

// Write says whether the request is of a method that changes something.
func (r Request) Write() bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// GitHub is a running emulator with our layer in front.
type GitHub struct {
	URL   string // of the API
	Token string // the one it accepts

	emulator string
	contract *peers.Contract
	mu       sync.Mutex
	requests []Request
}

// maxBody is how many characters a body of an issue, a pull request or a comment may have.
const maxBody = 65_536

// Start runs both until the test ends. The layer is ours; it adds what emulate 0.11.2 leaves out and GitHub does:
// 401 for an unknown token, 422 for a second pull request of the same branches, 422 for a body that is too long, a
// pull request's head SHA that follows its branch, and code scanning, which takes any log. It holds every request against
// GitHub's published description of its API: what is not in there fails the test.
func Start(t testing.TB) *GitHub {
	t.Helper()
	const token = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
	return inFront(t, startEmulator(t, token), token)
}

func inFront(t testing.TB, emulator, token string) *GitHub {
	t.Helper()
	to, err := url.Parse(emulator)
	if err != nil {
		t.Fatal(err)
	}
	g := &GitHub{Token: token, emulator: emulator, contract: peers.GitHubContract(t)}
	onward := &httputil.ReverseProxy{
		Rewrite:        func(p *httputil.ProxyRequest) { p.SetURL(to); p.Out.Header.Del("Accept-Encoding") },
		ModifyResponse: g.followHead,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err := g.contract.Check(r, body); err != nil {
			t.Errorf("not in GitHub's description: %v", err)
		}
		answer := &watched{ResponseWriter: w, status: http.StatusOK}
		status, message := g.refuse(r, body)
		switch {
		case status != 0:
			fail(answer, status, message)
		case codeScanning.MatchString(r.URL.Path):
			answer.Header().Set("Content-Type", "application/json")
			answer.WriteHeader(http.StatusAccepted)
			_, _ = io.WriteString(answer, `{"id":"47177e22-5596-11eb-80a1-c1e54ef945c6"}`)
		default:
			onward.ServeHTTP(answer, r)
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.requests = append(g.requests, Request{Method: r.Method, Path: r.URL.Path, Body: string(body), Status: answer.status})
	}))
	t.Cleanup(server.Close)
	g.URL = server.URL
	return g
}

// Take returns the requests since it was last called.
func (g *GitHub) Take() []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	requests := g.requests
	g.requests = nil
	return requests
}

type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// fail answers as GitHub does. https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body := map[string]any{"message": message}
	if status == http.StatusUnprocessableEntity {
		body = map[string]any{"message": "Validation Failed", "errors": []any{
			map[string]any{"resource": "PullRequest", "code": "custom", "message": message},
		}}
	}
	_ = json.NewEncoder(w).Encode(body)
}

var codeScanning = regexp.MustCompile(`^/repos/[^/]+/[^/]+/code-scanning/sarifs$`)

var pulls = regexp.MustCompile(`^/repos/([^/]+)/([^/]+)/pulls$`)

// refuse is what the emulator should have refused: status and message, 0 for nothing.
func (g *GitHub) refuse(r *http.Request, body []byte) (int, string) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if (scheme != "Bearer" && scheme != "token") || token != g.Token {
		return http.StatusUnauthorized, "Bad credentials"
	}
	if r.Method != http.MethodPost && r.Method != http.MethodPatch {
		return 0, ""
	}
	var sent struct{ Body, Head, Base string }
	_ = json.Unmarshal(body, &sent) // what is no object has none of these
	if utf8.RuneCountInString(sent.Body) > maxBody {
		return http.StatusUnprocessableEntity, fmt.Sprintf("body is too long (maximum is %d characters)", maxBody)
	}
	found := pulls.FindStringSubmatch(r.URL.Path)
	if r.Method != http.MethodPost || found == nil {
		return 0, ""
	}
	head := sent.Head
	if !strings.Contains(head, ":") {
		head = found[1] + ":" + head
	}
	var open []any
	query := url.Values{"state": {"open"}, "head": {head}, "base": {sent.Base}}
	if err := g.Get(r.URL.Path+"?"+query.Encode(), &open); err == nil && len(open) > 0 {
		return http.StatusUnprocessableEntity, "A pull request already exists for " + head + "."
	}
	return 0, ""
}

// Get asks the emulator itself, past the layer: nothing of it is remembered.
func (g *GitHub) Get(path string, into any) error {
	request, err := http.NewRequest(http.MethodGet, g.emulator+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+g.Token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}

var pullOrPulls = regexp.MustCompile(`^/repos/[^/]+/[^/]+/pulls(/[0-9]+)?$`)

// followHead puts the SHA that a branch has now into the pull requests that have it as their head.
func (g *GitHub) followHead(response *http.Response) error {
	path := response.Request.URL.Path
	if !pullOrPulls.MatchString(path) || response.StatusCode >= 300 {
		return nil
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var answer any
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	list, isList := answer.([]any)
	if !isList {
		list = []any{answer}
	}
	for _, pull := range list {
		g.setHead(path, pull)
	}
	if body, err = json.Marshal(answer); err != nil {
		return err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	response.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

func (g *GitHub) setHead(path string, pull any) {
	object, _ := pull.(map[string]any)
	head, _ := object["head"].(map[string]any)
	branch, _ := head["ref"].(string)
	if branch == "" {
		return
	}
	repository, _, _ := strings.Cut(path, "/pulls")
	var ref struct{ Object struct{ SHA string } }
	if err := g.Get(repository+"/git/ref/heads/"+branch, &ref); err == nil {
		head["sha"] = ref.Object.SHA
	}
}
