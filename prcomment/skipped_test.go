package prcomment

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

func TestSkippedAlikeInSeveralRegionsIsSaidOnce(t *testing.T) {
	t.Parallel()
	in := func(what, region, account, reason string) drift.Skipped {
		return drift.Skipped{What: what + " in " + region, Region: region, Account: account, Reason: reason, Remedy: "do something"}
	}
	r := &drift.Report{Skipped: []drift.Skipped{
		in("aws_vpc", "eu-west-1", "1", "denied"), in("aws_vpc", "us-east-1", "1", "denied"), in("aws_vpc", "us-west-1", "1", "throttled"),
		in("aws_vpc", "eu-west-1", "2", "denied"), in("aws_eip", "us-east-1", "1", "denied"),
		{What: "state s3://a", Reason: "denied"}, {What: "state s3://a", Reason: "denied"},
	}}
	var got []string
	for _, s := range alike(r.Skipped) {
		got = append(got, s.What+": "+s.Reason)
	}
	want := []string{
		"aws_vpc in eu-west-1, us-east-1: denied", "aws_vpc in us-west-1: throttled", "aws_vpc in eu-west-1: denied",
		"aws_eip in us-east-1: denied", "state s3://a: denied", "state s3://a: denied",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if r.Skipped[0].What != "aws_vpc in eu-west-1" {
		t.Errorf("the report itself now says %q", r.Skipped[0].What)
	}
	r.Finish()
	for name, shown := range map[string]string{"Markdown": Markdown(r, Options{}), "Terminal": Terminal(r, 0, false), "HTML": htmlOf(t, r)} {
		plain := strings.ReplaceAll(shown, `\`, "")
		if strings.Count(plain, "eu-west-1, us-east-1") != 1 {
			t.Errorf("%s:\n%s", name, shown)
		}
		if name != "HTML" && !strings.Contains(plain, "Skipped (7)") {
			t.Errorf("%s does not count what was skipped:\n%s", name, shown)
		}
	}
}
