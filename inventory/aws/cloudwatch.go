package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
)

type cloudwatchAPI interface {
	cloudwatch.DescribeAlarmsAPIClient
	cloudwatch.ListDashboardsAPIClient
	ListTagsForResource(context.Context, *cloudwatch.ListTagsForResourceInput, ...func(*cloudwatch.Options)) (*cloudwatch.ListTagsForResourceOutput, error)
}

// cloudwatch speaks JSON, which CloudWatch answers as well as the SDK's default, CBOR: emulators of AWS know no CBOR.
func (s *scope) cloudwatch() cloudwatchAPI {
	return client(s, "cloudwatch", func(config awssdk.Config, options ...func(*cloudwatch.Options)) *cloudwatch.Client {
		return cloudwatch.NewFromConfig(config, append(options, func(o *cloudwatch.Options) {
			o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801)
		})...)
	})
}

var cloudwatchRows = []Row{
	{Type: "aws_cloudwatch_composite_alarm", ID: "{alarm_name}", Tested: recorded, Actions: []string{"cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"}, list: tagged(
		openAlarms(types.AlarmTypeCompositeAlarm),
		func(page *cloudwatch.DescribeAlarmsOutput) []types.CompositeAlarm { return page.CompositeAlarms },
		func(_ *scope, a types.CompositeAlarm) found {
			return found{id: awssdk.ToString(a.AlarmName), name: awssdk.ToString(a.AlarmName)}
		},
		func(ctx context.Context, s *scope, a types.CompositeAlarm) (map[string]string, error) {
			return alarmTags(ctx, s, a.AlarmArn)
		})},
	{Type: "aws_cloudwatch_dashboard", ID: "{dashboard_name}", Global: true, Actions: []string{"cloudwatch:ListDashboards"}, list: paged(
		func(s *scope) pager[cloudwatch.ListDashboardsOutput, cloudwatch.Options] {
			return cloudwatch.NewListDashboardsPaginator(s.cloudwatch(), &cloudwatch.ListDashboardsInput{})
		},
		func(page *cloudwatch.ListDashboardsOutput) []types.DashboardEntry { return page.DashboardEntries },
		func(_ *scope, v types.DashboardEntry) found {
			return found{id: awssdk.ToString(v.DashboardName), name: awssdk.ToString(v.DashboardName)}
		})},
	{Type: "aws_cloudwatch_metric_alarm", ID: "{alarm_name}", Actions: []string{"cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"}, list: tagged(
		openAlarms(types.AlarmTypeMetricAlarm),
		func(page *cloudwatch.DescribeAlarmsOutput) []types.MetricAlarm { return page.MetricAlarms },
		seeAlarm,
		func(ctx context.Context, s *scope, a types.MetricAlarm) (map[string]string, error) {
			return alarmTags(ctx, s, a.AlarmArn)
		})},
}

func openAlarms(of types.AlarmType) func(*scope) pager[cloudwatch.DescribeAlarmsOutput, cloudwatch.Options] {
	return func(s *scope) pager[cloudwatch.DescribeAlarmsOutput, cloudwatch.Options] {
		return cloudwatch.NewDescribeAlarmsPaginator(s.cloudwatch(), &cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{of}})
	}
}

func alarmTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	out, err := call(ctx, s, s.cloudwatch().ListTagsForResource, &cloudwatch.ListTagsForResourceInput{ResourceARN: arn})
	if err != nil {
		return nil, err
	}
	return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
}

// seeAlarm: the alarms that a target tracking policy makes for itself say in their description that they are not to
// be touched, and name the policy.
func seeAlarm(_ *scope, a types.MetricAlarm) found {
	name := awssdk.ToString(a.AlarmName)
	f := found{id: name, name: name}
	if strings.HasPrefix(awssdk.ToString(a.AlarmDescription), "DO NOT EDIT OR DELETE. For TargetTrackingScalingPolicy ") {
		f.facts = facts("managed_by", "its target tracking scaling policy")
	}
	return f
}
