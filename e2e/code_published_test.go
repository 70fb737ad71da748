package e2e

import (
	"encoding/base64"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/e2e/internal/github"
	"github.com/seed-e90528ae/driftline/internal/peers"
)

// smallEstate is what is managed beside awsModule where that need not be much.
const smallEstate = `
resource "aws_s3_bucket" "kept" {
  bucket = "small-kept"
}

resource "aws_s3_bucket" "gone" {
  bucket = "small-gone"
}

resource "aws_sns_topic" "drifted" {
  name         = "small-drifted"
  display_name = "as it was"
}
`

// behindSmallEstate changes the one and deletes the other.
const behindSmallEstate = `
import boto3
topic = boto3.client("sns").create_topic(Name="small-drifted")["TopicArn"]
boto3.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="as it is")
boto3.client("s3").delete_bucket(Bucket="small-gone")
`

// TestCodePublished is the way out of a drift through GitHub: what on_drift and on_deleted write into files that are there
// already is in the pull request's branch, each file once, beside the code of what was not managed; and the next night,
// while nobody has merged it, changes nothing.
func TestCodePublished(t *testing.T) {
	peers.E2E(t)
	w := newAWSWorld(t)
	dir := filepath.Join(w.checkout, awsRoot)
	writeFile(t, filepath.Join(dir, "main.tf"), []byte(awsModule+smallEstate))
	w.initialise(t, dir)
	if _, err := w.terraform(t.Context(), dir, "apply", "-auto-approve", "-input=false", "-no-color"); err != nil {
		t.Fatal(err)
	}
	w.python(t, "-c", behindSmallEstate)
	h := &hub{GitHub: github.Start(t), binary: w.binary, dir: w.checkout}
	args := []string{"--region", "us-east-1", "--include", "aws_s3_bucket,aws_sns_topic", "--on-drift", "accept", "--on-deleted", "removed"}

	p := h.run(t, w.env, args...)
	p.want(t, "the first night", map[string]string{"pull_request_operation": "created"})
	var changed []string
	for i, write := range p.writes {
		if write != "POST /git/trees" {
			continue
		}
		var tree struct{ Tree []struct{ Path string } }
		decode(t, []byte(p.bodies[i]), &tree)
		for _, entry := range tree.Tree {
			changed = append(changed, entry.Path)
		}
	}
	same(t, "files of the commit", changed, []string{awsRoot + "/main.tf", awsRoot + "/driftline_removed.tf", awsRoot + "/driftline_s3.tf"})
	for path, want := range map[string][]string{
		"main.tf":              {`"as it is"`, `"small-kept"`, "!small-gone", "!as it was"},
		"driftline_removed.tf": {"from = aws_s3_bucket.gone", "destroy = false"},
		"driftline_s3.tf":      {`"` + stateBucket + `"`},
	} {
		text := h.file(t, awsRoot+"/"+path, "driftline/main")
		for _, words := range want {
			unwanted, absent := strings.CutPrefix(words, "!")
			if strings.Contains(text, unwanted) == absent {
				t.Errorf("%s in the branch: %s (no, with an exclamation mark):\n%s", path, words, text)
			}
		}
	}

	p = h.run(t, w.env, args...)
	p.want(t, "the second night", map[string]string{"pull_request_operation": "unchanged"})
	if len(p.writes) > 0 {
		t.Errorf("nothing has changed, and written: %q", p.writes)
	}
	if n := len(slices.DeleteFunc(h.pulls(t), func(p issueOrPull) bool { return p.State != "open" })); n != 1 {
		t.Errorf("%d pull requests are open", n)
	}
}

// file is what a branch has at a path.
func (h *hub) file(t *testing.T, path, branch string) string {
	t.Helper()
	var content struct{ Content string }
	if err := h.Get(repository+"/contents/"+path+"?ref="+branch, &content); err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(content.Content, "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
