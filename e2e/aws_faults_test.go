package e2e

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/e2e/internal/recorder"
)

// throttling and failing are the shares of calls, in a hundred, that a bad day refuses.
const (
	throttling = 30
	failing    = 5
)

// checkBadDay: with 30 % of all calls throttled and 5 % answered with a 5xx, the result is that of the calm run. Which
// calls are struck is drawn anew for each by its number among its kind, so that every run strikes alike.
func checkBadDay(t *testing.T, w *world, calm *report) {
	count, struck := map[string]int{}, map[string]int{}
	w.proxy.Fault(func(c recorder.Call) http.Handler {
		count[c.String()]++ // the proxy asks for one call at a time
		switch drawn := draw(fmt.Sprint(c, count[c.String()])); {
		case c.Service == "sts":
			return nil // who we are is asked once, before there is anything to lose
		case drawn < throttling:
			struck["throttled"]++
			return recorder.Throttled(c)
		case drawn < throttling+failing:
			struck["failed"]++
			return recorder.Refusal(c, http.StatusServiceUnavailable, "ServiceUnavailable")
		}
		struck["answered"]++
		return nil
	})
	bad, _ := w.driftline(t, "scan", "--region", "us-east-1")
	w.proxy.Fault(nil)
	want, got := findings(t, calm, nil), findings(t, &bad.report, nil)
	for _, list := range []string{"managed", "unmanaged", "deleted", "drifted", "owned", "skipped"} {
		same(t, list, got[list], want[list])
	}
	if struck["throttled"] < 100 || struck["failed"] < 20 {
		t.Errorf("only %v", struck)
	}
	t.Logf("%v", struck)
}

// draw is a number below 100, the same for the same text.
func draw(text string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return int(h.Sum32() % 100)
}

// denials are calls, one or two of a service, and the first letters of the types that each of them costs at most. Whole
// runs are too slow to deny every action of the catalogue: the inventory's own test does that, on recorded answers.
var denials = []struct{ call, types string }{
	{"ec2 DescribeVpcs", "aws_vpc aws_default_vpc"},
	{"iam ListRoles", "aws_iam_role"},
	{"sqs ListQueues", "aws_sqs_queue"},
	{"sns ListTopics", "aws_sns_topic"},
	{"kms ListKeys", "aws_kms_"},
	{"dynamodb ListTables", "aws_dynamodb_ aws_appautoscaling"},
	{"rds DescribeDBInstances", "aws_db_instance aws_rds_cluster_instance"},
	{"ecr DescribeRepositories", "aws_ecr_"},
	{"logs DescribeLogGroups", "aws_cloudwatch_log_"},
	{"elasticloadbalancing DescribeTargetGroups", "aws_lb aws_alb"},
	{"lambda GET /2015-03-31/functions/", "aws_lambda_"},
	{"secretsmanager ListSecrets", "aws_secretsmanager_"},
}

// checkDenied: each of a sample of actions denied, all in one run since no two of them cost the same type: their types are
// skipped with the action that is missing, and no other result changes.
func checkDenied(t *testing.T, w *world, calm *report) {
	struck := map[string]bool{}
	w.proxy.Fault(func(c recorder.Call) http.Handler {
		for _, d := range denials {
			if c.String() == d.call && !isProvider(c.Agent) {
				struck[d.call] = true
				return recorder.Denied(c)
			}
		}
		return nil
	})
	denied, _ := w.driftline(t, "scan", "--region", "us-east-1", "--only", "unmanaged")
	w.proxy.Fault(nil)

	costs := func(types string) func(string) bool {
		return func(typ string) bool {
			return slices.ContainsFunc(strings.Fields(types), func(prefix string) bool { return strings.HasPrefix(typ, prefix) })
		}
	}
	var every []string
	for _, d := range denials {
		every = append(every, d.types)
		if !struck[d.call] {
			t.Errorf("%s was never called: nothing was denied", d.call)
		}
		named := func(s skipped) bool {
			return costs(d.types)(s.Type) && strings.Contains(s.Reason, "was denied") && strings.HasPrefix(s.Remedy, "allow the role to use ")
		}
		if !slices.ContainsFunc(denied.report.Skipped, named) {
			t.Errorf("%s was denied, and nothing of %q is skipped for it", d.call, d.types)
		}
	}
	touched := costs(strings.Join(every, " "))
	want, got := findings(t, calm, touched), findings(t, &denied.report, touched)
	for _, list := range []string{"managed", "unmanaged", "owned"} {
		same(t, list, got[list], want[list])
	}
	for _, list := range slices.Sorted(maps.Keys(got)) {
		if list == "skipped" {
			for _, s := range got[list] {
				if !slices.Contains(want[list], s) {
					t.Errorf("skipped beside what was denied: %s", s)
				}
			}
		}
	}
	before := findings(t, calm, nil)["unmanaged"]
	for _, u := range findings(t, &denied.report, nil)["unmanaged"] {
		if !slices.Contains(before, u) {
			t.Errorf("a denial has made this unmanaged: %s", u)
		}
	}
}

// checkHanging: an endpoint that never answers costs its types, after the deadline of a call, and nothing else.
func checkHanging(t *testing.T, w *world, calm *report) {
	struck := 0
	w.proxy.Fault(func(c recorder.Call) http.Handler {
		if c.Service == "kinesis" && !isProvider(c.Agent) {
			struck++
			return w.proxy.Never()
		}
		return nil
	})
	hanging, _ := w.driftline(t, "scan", "--region", "us-east-1", "--only", "unmanaged", "--call-timeout", "20s")
	w.proxy.Fault(nil)
	kinesis := func(typ string) bool { return strings.HasPrefix(typ, "aws_kinesis_stream") }
	told := func(s skipped) bool { return kinesis(s.Type) && strings.Contains(s.Reason, "gave no answer in 20s") }
	if struck == 0 || !slices.ContainsFunc(hanging.report.Skipped, told) {
		t.Errorf("%d calls of Kinesis hung, and it is not skipped for that: %+v", struck, hanging.report.Skipped)
	}
	want, got := findings(t, calm, kinesis), findings(t, &hanging.report, kinesis)
	for _, list := range []string{"managed", "unmanaged", "owned"} {
		same(t, list, got[list], want[list])
	}
}
