package drift_test

import (
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

// Two nights on which the same thing fails give the same report: request IDs differ each time.
func TestReasonsHoldNoRequestIDs(t *testing.T) {
	t.Parallel()
	report := func(id string) drift.Report {
		reason := "operation error EC2: DescribeVpcs, https response error StatusCode: 403, RequestID: " + id + ", HostID: " + id + "x, api error Denied: no"
		r := drift.Report{
			Skipped:   []drift.Skipped{{What: "aws_vpc", Reason: reason}},
			Unmanaged: []drift.Unmanaged{{Differences: []drift.Difference{{Reason: "status code: 400, request id: " + id}}}},
		}
		r.Finish()
		return r
	}
	one, two := report("11111111-aaaa"), report("22222222-bbbb")
	if one.Skipped[0].Reason != two.Skipped[0].Reason || one.Unmanaged[0].Differences[0].Reason != two.Unmanaged[0].Differences[0].Reason {
		t.Errorf("%q and %q, %q and %q", one.Skipped[0].Reason, two.Skipped[0].Reason,
			one.Unmanaged[0].Differences[0].Reason, two.Unmanaged[0].Differences[0].Reason)
	}
	if want := "operation error EC2: DescribeVpcs, https response error StatusCode: 403 api error Denied: no"; one.Skipped[0].Reason != want {
		t.Errorf("reason is %q, want %q", one.Skipped[0].Reason, want)
	}
}
