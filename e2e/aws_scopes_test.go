package e2e

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// scopeTypes are what the two accounts have. With `region: all`, every type more is a call for each region and account.
var scopeTypes = []string{"aws_cloudwatch_log_group", "aws_ssm_parameter", "aws_sns_topic", "aws_iam_group"}

// TestAWSScopes looks at two accounts and two regions in one run. Terraform and others give the same names to things in
// all four corners, so that whatever is matched in the wrong one shows.
func TestAWSScopes(t *testing.T) {
	peers.E2E(t)
	w := newAWSWorld(t)
	if err := os.CopyFS(w.checkout, os.DirFS(estates("scopes"))); err != nil {
		t.Fatal(err)
	}
	var second string
	decode(t, w.python(t, estates("scopes/beside.py"), "account"), &second)
	role := "arn:aws:iam::" + second + ":role/Auditor"
	w.env = append(w.env, "TF_VAR_role="+role)
	for _, root := range []string{"first", "second"} {
		dir := filepath.Join(w.checkout, root)
		w.initialise(t, dir)
		if out, err := w.terraform(t.Context(), dir, "apply", "-auto-approve", "-input=false", "-no-color"); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	var beside [][4]string
	decode(t, w.python(t, estates("scopes/beside.py"), "resources", role), &beside)
	var want []string
	for _, b := range beside {
		want = append(want, strings.Join(b[:], " "))
	}

	for name, args := range map[string][]string{
		"roles, two regions": {
			"--aws-accounts", "arn:aws:iam::" + peers.Account + ":role/Auditor", "--aws-accounts", role + " external_id=driftline session_name=nightly",
			"--region", "us-east-1", "--region", "us-west-2",
		},
		"organization, all regions": {"--aws-accounts", "organization:Auditor", "--region", "all"},
	} {
		t.Run(name, func(t *testing.T) {
			args = append(args, "--max-provider-processes", "2")
			for _, typ := range scopeTypes {
				args = append(args, "--include", typ)
			}
			seen, _ := w.driftline(t, "scan", args...)
			var got []string
			for _, u := range seen.report.Unmanaged {
				got = append(got, strings.Join([]string{u.Type, u.ImportID, u.Account, u.Region}, " "))
			}
			same(t, "unmanaged", got, want)
			checkCorners(t, &seen.report, second)
			asked := 0
			for _, c := range seen.calls {
				if c.String() == "iam GetAccountAuthorizationDetails" && !isProvider(c.Agent) {
					asked++
				}
			}
			if seen.providers > 2 || seen.providers == 0 && runtime.GOOS == "linux" {
				t.Errorf("%d providers have run at once, want at most the 2 that are allowed, for four places", seen.providers)
			}
			if asked != 2 {
				t.Errorf("IAM was asked %d times, want once for each account", asked)
			}
		})
	}
}

// checkCorners: every managed resource is read in its own account and region, where nothing has happened to it.
func checkCorners(t *testing.T, r *report, second string) {
	t.Helper()
	for _, d := range r.Drifted {
		t.Errorf("%s in %s %s has not changed, and is called drifted: %+v", d.place(), d.Account, d.Region, d.Changes)
	}
	for _, d := range r.Deleted {
		t.Errorf("%s is there, and is called deleted from %s %s", d.place(), d.Account, d.Region)
	}
	for _, s := range r.Skipped {
		t.Errorf("skipped: %+v", s)
	}
	var corners []string
	for _, m := range r.Managed {
		corners = append(corners, strings.Join([]string{m.place(), m.Account, m.Region}, " "))
	}
	first := peers.Account
	same(t, "managed", corners, []string{
		"first:aws_cloudwatch_log_group.app " + first + " us-east-1", "first:aws_ssm_parameter.west " + first + " us-west-2",
		"first:aws_sns_topic.east " + first + " us-east-1", "first:aws_sns_topic.west " + first + " us-west-2",
		"first:aws_iam_group.shared " + first + " global",
		"second:aws_cloudwatch_log_group.app " + second + " us-west-2", "second:aws_ssm_parameter.east " + second + " us-east-1",
		"second:aws_sns_topic.east " + second + " us-east-1", "second:aws_iam_group.shared " + second + " global",
	})
}
