package event

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The shape is that of the documented pull_request event:
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
const payload = `{"action":"synchronize","number":7,"pull_request":{"number":7,
"head":{"ref":"feature","repo":REPO},"base":{"ref":"main","repo":{"full_name":"o/r"}}}}`

func TestRead(t *testing.T) {
	t.Parallel()
	ours, fork := `{"full_name":"o/r"}`, `{"full_name":"someone/r"}`
	for name, tt := range map[string]struct {
		event, actor, repo string
		want               PullRequest
	}{
		"ours":               {"pull_request", "ann", ours, PullRequest{7, "feature", ""}},
		"fork":               {"pull_request", "ann", fork, PullRequest{7, "feature", "it comes from a fork"}},
		"deleted fork":       {"pull_request", "ann", "null", PullRequest{7, "feature", "it comes from a fork"}},
		"dependabot":         {"pull_request", "dependabot[bot]", ours, PullRequest{7, "feature", "it comes from Dependabot"}},
		"fork, base's token": {"pull_request_target", "ann", fork, PullRequest{7, "feature", ""}},
		"schedule":           {"schedule", "ann", ours, PullRequest{}},
	} {
		file := filepath.Join(t.TempDir(), "event.json")
		if err := os.WriteFile(file, []byte(strings.Replace(payload, "REPO", tt.repo, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		env := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": tt.event, "GITHUB_EVENT_PATH": file, "GITHUB_ACTOR": tt.actor}
		got, err := Read(func(k string) string { return env[k] })
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, tt.want)
		}
	}
}

func TestReadWithoutAPullRequest(t *testing.T) {
	t.Parallel()
	if got, err := Read(func(string) string { return "" }); err != nil || got != (PullRequest{}) {
		t.Errorf("outside of a workflow: %+v, %v", got, err)
	}
	env := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request"}
	if _, err := Read(func(k string) string { return env[k] }); err == nil || !strings.Contains(err.Error(), "names no pull request") {
		t.Errorf("no event file: %v", err)
	}
}
