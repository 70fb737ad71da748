package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestDocumentsFitAndLoseNothing: however many actions there are.
func TestDocumentsFitAndLoseNothing(t *testing.T) {
	t.Parallel()
	need := Need{Type: "aws_much", Known: true}
	for n := range 900 {
		need.List = append(need.List, fmt.Sprintf("service:DescribeThings%04d", n))
	}
	needs := []Need{need, {Type: "aws_ssm_parameter", Read: []string{"ssm:GetParameter"}, Known: true}}
	documents := documents(needs, []string{"s3://states/live/**/terraform.tfstate", "gs://elsewhere/x"})
	var actions []string
	for _, d := range documents {
		if n := size(d); n > Limit {
			t.Errorf("a document of %d characters", n)
		}
		actions = append(actions, d.Statement[0].Action...)
	}
	if want := len(need.List) + 2; len(documents) < 3 || len(slices.Compact(actions)) != want {
		t.Errorf("%d actions in %d documents, want %d", len(actions), len(documents), want)
	}
	var sids []string
	for _, s := range documents[0].Statement {
		sids = append(sids, s.Sid)
	}
	if want := []string{"Read", "ReadValues", "FindStates", "ReadStates"}; !slices.Equal(sids, want) {
		t.Errorf("the first has %q, want %q", sids, want)
	}
	var out bytes.Buffer
	warnings, err := Write(&out, "", needs, nil)
	var all Document
	if err != nil || json.Unmarshal(out.Bytes(), &all) != nil || len(all.Statement[0].Action) != len(actions) {
		t.Errorf("%v: %s", err, out.String())
	}
	if len(warnings) != 2 || !strings.Contains(warnings[0], "ReadValues") || !strings.Contains(warnings[1], "6144") {
		t.Errorf("warnings: %q", warnings)
	}
}
