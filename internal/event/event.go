// Package event tells what a GitHub workflow runs for. It reads the runner's event file and asks nobody; it does not
// know what is done about it.
package event

import (
	"fmt"
	"io"
	"strings"

	"github.com/sethvargo/go-githubactions"
)

// PullRequest is the one that a workflow runs for.
type PullRequest struct {
	Number   int    // 0 when the workflow runs for something else
	Head     string // branch that it comes from
	ReadOnly string // why the workflow's token may only read; "" when it may write
}

// Read reads GITHUB_EVENT_NAME and the file at GITHUB_EVENT_PATH. Outside of a workflow there is no pull request.
func Read(getenv func(string) string) (PullRequest, error) {
	name := getenv("GITHUB_EVENT_NAME")
	if getenv("GITHUB_ACTIONS") != "true" || name != "pull_request" && name != "pull_request_target" {
		return PullRequest{}, nil
	}
	context, err := githubactions.New(githubactions.WithGetenv(getenv), githubactions.WithWriter(io.Discard)).Context()
	if err != nil {
		return PullRequest{}, fmt.Errorf("read the workflow's event: %w", err)
	}
	pull, _ := context.Event["pull_request"].(map[string]any)
	number, _ := pull["number"].(float64)
	if number < 1 {
		return PullRequest{}, fmt.Errorf("the event file of %s names no pull request: is GITHUB_EVENT_PATH the runner's own?", name)
	}
	pr := PullRequest{Number: int(number), Head: text(pull, "head", "ref")}
	head, base := text(pull, "head", "repo", "full_name"), text(pull, "base", "repo", "full_name")
	// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
	switch {
	case name == "pull_request_target": // runs with the base's token
	case !strings.EqualFold(head, base): // a fork that was deleted has no name any more
		pr.ReadOnly = "it comes from a fork"
	case getenv("GITHUB_ACTOR") == "dependabot[bot]":
		pr.ReadOnly = "it comes from Dependabot"
	}
	return pr, nil
}

// text follows keys into a JSON object; "" when they lead nowhere.
func text(object map[string]any, keys ...string) string {
	for _, k := range keys[:len(keys)-1] {
		object, _ = object[k].(map[string]any)
	}
	s, _ := object[keys[len(keys)-1]].(string)
	return s
}
