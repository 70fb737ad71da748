package github

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// ask makes one request and decodes its answer.
func (g *GitHub) ask(t *testing.T, method, path, body, token string, into any) int {
	t.Helper()
	request, err := http.NewRequest(method, g.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return response.StatusCode
}

// The layer, on the emulator itself: both must keep working together.
func TestLayer(t *testing.T) {
	peers.E2E(t)
	t.Parallel()
	g := Start(t)
	repository := "/repos/" + Owner + "/" + Repository
	must := func(method, path, body string, want int, into any) {
		t.Helper()
		if got := g.ask(t, method, path, body, g.Token, into); got != want {
			t.Fatalf("%s %s: %d, want %d", method, path, got, want)
		}
	}
	if got := g.ask(t, "GET", repository, "", "another", nil); got != http.StatusUnauthorized {
		t.Errorf("unknown token: %d", got)
	}

	var main struct{ Object struct{ SHA string } }
	must("GET", repository+"/git/ref/heads/main", "", 200, &main)
	commit := func(parent, file string) string {
		t.Helper()
		var tree, made struct{ SHA string }
		must("POST", repository+"/git/trees", fmt.Sprintf(`{"tree":[{"path":%q,"mode":"100644","type":"blob","content":"x"}]}`, file), 201, &tree)
		must("POST", repository+"/git/commits", fmt.Sprintf(`{"message":"m","tree":%q,"parents":[%q]}`, tree.SHA, parent), 201, &made)
		return made.SHA
	}
	first := commit(main.Object.SHA, "a")
	must("POST", repository+"/git/refs", fmt.Sprintf(`{"ref":"refs/heads/side/way","sha":%q}`, first), 201, nil)

	var pull struct {
		Number int
		Head   struct{ SHA string }
	}
	open := `{"title":"t","head":"side/way","base":"main","body":"b"}`
	must("POST", repository+"/pulls", open, 201, &pull)
	if pull.Head.SHA != first {
		t.Errorf("the head is %s, want %s", pull.Head.SHA, first)
	}
	var refusal struct{ Errors []struct{ Message string } }
	must("POST", repository+"/pulls", open, 422, &refusal)
	if len(refusal.Errors) != 1 || !strings.Contains(refusal.Errors[0].Message, "already exists") {
		t.Errorf("second pull request: %+v", refusal)
	}

	second := commit(first, "b")
	must("PATCH", repository+"/git/refs/heads/side/way", fmt.Sprintf(`{"sha":%q}`, second), 200, nil)
	must("GET", fmt.Sprintf("%s/pulls/%d", repository, pull.Number), "", 200, &pull)
	if pull.Head.SHA != second {
		t.Errorf("the head stayed at %s", pull.Head.SHA)
	}

	comments := fmt.Sprintf("%s/issues/%d/comments", repository, pull.Number)
	must("POST", comments, fmt.Sprintf(`{"body":%q}`, strings.Repeat("é", maxBody+1)), 422, nil)
	must("POST", comments, fmt.Sprintf(`{"body":%q}`, strings.Repeat("é", maxBody)), 201, nil)

	writes := 0
	for _, r := range g.Take() {
		if r.Write() {
			writes++
		}
	}
	if writes != 10 {
		t.Errorf("%d writes remembered, want 10", writes)
	}
	if left := g.Take(); len(left) != 0 {
		t.Errorf("remembered twice: %v", left)
	}
}
