package e2e

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/recorder"
	"github.com/seed-e90528ae/driftline/inventory/aws"
)

// throttling and failing are the shares of calls, in a hundred, that a bad day refuses.
const (
	throttling = 30
	failing    = 5
)

// checkBadDay: with 30 % of all calls throttled and 5 % answered with a 5xx, the result is that of the calm run. The
// provider makes many calls in a row to read one resource, and may take the time that they need on such a day. Which
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
	bad, _ := w.driftline(t, "scan", awsScope("--call-timeout", "5m")...)
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

// denials are calls, one or two of a service, and the actions that allow them. Whole runs are too slow to deny every action
// of the catalogue: the inventory's own test does that, from memory.
var denials = []struct{ call, action string }{
	{"ec2 DescribeVpcs", "ec2:DescribeVpcs"},
	{"iam ListInstanceProfiles", "iam:ListInstanceProfiles"},
	{"sqs ListQueues", "sqs:ListQueues"},
	{"sns ListTopics", "sns:ListTopics"},
	{"kms ListKeys", "kms:ListKeys"},
	{"dynamodb ListTables", "dynamodb:ListTables"},
	{"rds DescribeDBInstances", "rds:DescribeDBInstances"},
	{"ecr DescribeRepositories", "ecr:DescribeRepositories"},
	{"logs DescribeLogGroups", "logs:DescribeLogGroups"},
	{"elasticloadbalancing DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroups"},
	{"lambda GET /2015-03-31/functions", "lambda:ListFunctions"},
	{"secretsmanager ListSecrets", "secretsmanager:ListSecrets"},
}

// hanging is the service that never answers; its IAM prefix is the name that its requests are signed for.
const hanging = "kinesis"

// checkDenied: a sample of actions denied in one run, and one service that never answers: their types, by the catalogue,
// are skipped with the action that is missing, or after the deadline of a call, and no other result changes.
func checkDenied(t *testing.T, w *world, calm *report) {
	struck := map[string]bool{}
	w.proxy.Fault(func(c recorder.Call) http.Handler {
		if isProvider(c.Agent) {
			return nil
		}
		if c.Service == hanging {
			struck[c.Service] = true
			return w.proxy.Never()
		}
		for _, d := range denials {
			if strings.TrimSuffix(c.String(), "/") == d.call {
				struck[d.call] = true
				return recorder.Denied(c)
			}
		}
		return nil
	})
	denied, _ := w.driftline(t, "scan", awsScope("--only", "unmanaged", "--call-timeout", "20s")...)
	w.proxy.Fault(nil)

	touched := map[string]bool{}
	for _, d := range denials {
		if !struck[d.call] {
			t.Errorf("%s was never called: nothing was denied", d.call)
		}
		for _, row := range aws.Catalogue() {
			if !slices.Contains(row.Actions, d.action) {
				continue
			}
			touched[row.Type] = true
			named := func(s skipped) bool {
				return s.Type == row.Type && strings.Contains(s.Reason, "was denied") && s.Remedy == "allow the role to use "+d.action
			}
			if !slices.ContainsFunc(denied.report.Skipped, named) {
				t.Errorf("%s was denied, and %s is not skipped for it", d.action, row.Type)
			}
		}
	}
	for _, row := range aws.Catalogue() {
		if !slices.ContainsFunc(row.Actions, func(action string) bool { return strings.HasPrefix(action, hanging+":") }) {
			continue
		}
		touched[row.Type] = true
		late := func(s skipped) bool { return s.Type == row.Type && strings.Contains(s.Reason, "gave no answer in 20s") }
		if !struck[hanging] || !slices.ContainsFunc(denied.report.Skipped, late) {
			t.Errorf("%s does not answer (asked: %v), and %s is not skipped for it", hanging, struck[hanging], row.Type)
		}
	}
	leave := func(typ string) bool { return touched[typ] }
	want, got := findings(t, calm, leave), findings(t, &denied.report, leave)
	for _, list := range []string{"managed", "unmanaged", "owned"} {
		same(t, list, got[list], want[list])
	}
	for _, s := range got["skipped"] {
		if !slices.Contains(want["skipped"], s) {
			t.Errorf("skipped beside what was denied: %s", s)
		}
	}
	before := findings(t, calm, nil)["unmanaged"]
	for _, u := range findings(t, &denied.report, nil)["unmanaged"] {
		if !slices.Contains(before, u) {
			t.Errorf("a denial has made this unmanaged: %s", u)
		}
	}
}

// findings are the entries of a report that say something about resources, as JSON by list. Those that leave out says
// to leave out, by their type, are not among them.
func findings(t *testing.T, r *report, leave func(typ string) bool) map[string][]string {
	t.Helper()
	lists := map[string][]string{}
	add := func(list, typ string, entry any) {
		if leave == nil || !leave(typ) {
			lists[list] = append(lists[list], string(encode(t, entry)))
		}
	}
	for _, m := range r.Managed {
		add("managed", m.Type, m)
	}
	for _, u := range r.Unmanaged {
		add("unmanaged", u.Type, u.resource)
	}
	for _, d := range r.Deleted {
		add("deleted", d.Type, d)
	}
	for _, d := range r.Drifted {
		add("drifted", d.Type, d)
	}
	for _, o := range r.Owned {
		add("owned", o.Type, o)
	}
	for _, s := range r.Skipped {
		add("skipped", s.Type, s)
	}
	return lists
}
