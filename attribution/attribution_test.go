package attribution

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-e90528ae/driftline/drift"
)

// documented answers with records of the shape that AWS documents (no simulator at hand has LookupEvents):
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
type documented struct {
	events map[string][]types.Event // resource name → newest first, two a page
	err    error
	calls  int
}

func (d *documented) LookupEvents(_ context.Context, in *cloudtrail.LookupEventsInput, _ ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error) {
	d.calls++
	if d.err != nil {
		return nil, d.err
	}
	all := d.events[aws.ToString(in.LookupAttributes[0].AttributeValue)]
	from := 0
	_, _ = fmt.Sscanf(aws.ToString(in.NextToken), "from-%d", &from)
	out := &cloudtrail.LookupEventsOutput{Events: all[from:min(from+2, len(all))]}
	if from+2 < len(all) {
		out.NextToken = aws.String(fmt.Sprintf("from-%d", from+2))
	}
	return out, nil
}

func record(day int, name, agent, extra string) types.Event {
	return types.Event{EventName: &name, EventTime: aws.Time(time.Date(2026, 11, day, 9, 30, 0, 0, time.UTC)), ReadOnly: aws.String("false"), Username: aws.String("ann"),
		CloudTrailEvent: aws.String(fmt.Sprintf(`{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROA:ann",`+
			`"arn":"arn:aws:sts::123456789012:assumed-role/admin/ann","accountId":"123456789012"},"eventName":%q,"userAgent":%q%s}`, name, agent, extra))}
}

func found() *drift.Report {
	res := func(id string) drift.Resource {
		return drift.Resource{Provider: drift.AWS, Type: "aws_security_group", ImportID: id, Region: "eu-west-1", Account: "123456789012"}
	}
	r := &drift.Report{
		Drifted:   []drift.Drifted{{Managed: drift.Managed{Resource: res("sg-drifted")}}},
		Deleted:   []drift.Managed{{Resource: res("sg-deleted")}},
		Unmanaged: []drift.Unmanaged{{Resource: res("https://sqs/123456789012/jobs")}, {Resource: res("nobody-knows")}},
	}
	r.Finish()
	return r
}

func now(context.Context) error { return nil }

func TestAttribute(t *testing.T) {
	t.Parallel()
	read := record(20, "DescribeSecurityGroups", "aws-cli/2", "")
	read.ReadOnly = aws.String("true")
	trail := &documented{events: map[string][]types.Event{
		"sg-drifted": {read, record(19, "AuthorizeSecurityGroupIngress", "aws-cli/2", `,"errorCode":"AccessDenied"`),
			record(18, "AuthorizeSecurityGroupIngress", "Mozilla/5.0", `,"sessionCredentialFromConsole":"true"`)},
		"sg-deleted": {record(17, "DeleteSecurityGroup", "aws-cli/2.15 md/prompt#off", "")},
		"jobs":       {record(16, "SetQueueAttributes", "Boto3/1.34", ""), record(15, "CreateQueue", "aws-sdk-go-v2/1.30 APN/1.0 HashiCorp Terraform/1.9", "")},
	}}
	r := found()
	if err := Attribute(context.Background(), r, Options{Trails: func(string) Trail { return trail }, Wait: now}); err != nil {
		t.Fatal(err)
	}
	who := "arn:aws:sts::123456789012:assumed-role/admin/ann"
	at := func(day int) time.Time { return time.Date(2026, 11, day, 9, 30, 0, 0, time.UTC) }
	got := []*drift.Actor{r.Drifted[0].ChangedBy, r.Deleted[0].ChangedBy, r.Unmanaged[0].ChangedBy, r.Unmanaged[1].ChangedBy}
	want := []*drift.Actor{{Principal: who, Event: "AuthorizeSecurityGroupIngress", Source: "console", Time: at(18)},
		{Principal: who, Event: "DeleteSecurityGroup", Source: "CLI", Time: at(17)}, {Principal: who, Event: "CreateQueue", Source: "Terraform", Time: at(15)}, nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !r.Complete {
		t.Error("the report is no longer complete")
	}
}

func TestTrailThatCannotBeReadIsSkippedOnce(t *testing.T) {
	t.Parallel()
	trail := &documented{err: errors.New("AccessDeniedException: not authorized to perform cloudtrail:LookupEvents")}
	r := found()
	if err := Attribute(context.Background(), r, Options{Trails: func(string) Trail { return trail }, Wait: now}); err != nil {
		t.Fatal(err)
	}
	if trail.calls != 1 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].Remedy, "cloudtrail:LookupEvents") || !r.Complete {
		t.Errorf("%d calls, %+v, complete %t", trail.calls, r.Skipped, r.Complete)
	}
}

func TestAttributionIsBoundedAndPaced(t *testing.T) {
	t.Parallel()
	waits := 0
	trail := &documented{}
	r := found()
	if err := Attribute(context.Background(), r, Options{Trails: func(string) Trail { return trail }, Most: 2, Wait: func(context.Context) error { waits++; return nil }}); err != nil {
		t.Fatal(err)
	}
	if trail.calls != 2 || waits != 1 || len(r.Skipped) != 1 || !strings.Contains(r.Skipped[0].What, "2 more") {
		t.Errorf("%d calls, %d waits, %+v", trail.calls, waits, r.Skipped)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := Attribute(ctx, found(), Options{Trails: func(string) Trail { return trail }}); !errors.Is(err, context.Canceled) || trail.calls != 2 {
		t.Errorf("%v after %d calls", err, trail.calls)
	}
}

func TestOtherAccountsAreSkippedOnce(t *testing.T) {
	t.Parallel()
	trail := &documented{}
	r := found()
	if err := Attribute(context.Background(), r, Options{Trails: func(string) Trail { return trail }, Account: "999999999999", Wait: now}); err != nil {
		t.Fatal(err)
	}
	if trail.calls != 0 || len(r.Skipped) != 1 || r.Skipped[0].Account != "123456789012" {
		t.Errorf("%d calls, %+v", trail.calls, r.Skipped)
	}
}
