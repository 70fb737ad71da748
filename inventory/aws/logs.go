package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

type logsAPI interface {
	cloudwatchlogs.DescribeDestinationsAPIClient
	cloudwatchlogs.DescribeLogGroupsAPIClient
	cloudwatchlogs.DescribeMetricFiltersAPIClient
	cloudwatchlogs.DescribeSubscriptionFiltersAPIClient
	DescribeResourcePolicies(context.Context, *cloudwatchlogs.DescribeResourcePoliciesInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeResourcePoliciesOutput, error)
	ListTagsForResource(context.Context, *cloudwatchlogs.ListTagsForResourceInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.ListTagsForResourceOutput, error)
}

func (s *scope) logs() logsAPI { return client(s, "logs", cloudwatchlogs.NewFromConfig) }

var logsRows = []Row{
	{Type: "aws_cloudwatch_log_destination", ID: "{name}", Actions: []string{"logs:DescribeDestinations", "logs:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[cloudwatchlogs.DescribeDestinationsOutput, cloudwatchlogs.Options] {
			return cloudwatchlogs.NewDescribeDestinationsPaginator(s.logs(), &cloudwatchlogs.DescribeDestinationsInput{})
		},
		func(page *cloudwatchlogs.DescribeDestinationsOutput) []types.Destination { return page.Destinations },
		func(_ *scope, v types.Destination) found {
			return found{id: awssdk.ToString(v.DestinationName), name: awssdk.ToString(v.DestinationName)}
		},
		func(ctx context.Context, s *scope, v types.Destination) (map[string]string, error) {
			return logTags(ctx, s, awssdk.ToString(v.Arn))
		})},
	{Type: "aws_cloudwatch_log_group", ID: "{name}", Actions: []string{"logs:DescribeLogGroups", "logs:ListTagsForResource"}, list: listLogGroups},
	{Type: "aws_cloudwatch_log_metric_filter", ID: "{log_group_name}:{name}", Actions: []string{"logs:DescribeMetricFilters"}, list: paged(
		func(s *scope) pager[cloudwatchlogs.DescribeMetricFiltersOutput, cloudwatchlogs.Options] {
			return cloudwatchlogs.NewDescribeMetricFiltersPaginator(s.logs(), &cloudwatchlogs.DescribeMetricFiltersInput{})
		},
		func(page *cloudwatchlogs.DescribeMetricFiltersOutput) []types.MetricFilter { return page.MetricFilters },
		func(_ *scope, f types.MetricFilter) found {
			name, group := awssdk.ToString(f.FilterName), awssdk.ToString(f.LogGroupName)
			return found{id: group + ":" + name, name: name, facts: facts("parent", group, "parent_type", "aws_cloudwatch_log_group")}
		})},
	{Type: "aws_cloudwatch_log_resource_policy", ID: "{policy_name}", Actions: []string{"logs:DescribeResourcePolicies"}, list: paged(
		func(s *scope) pager[cloudwatchlogs.DescribeResourcePoliciesOutput, cloudwatchlogs.Options] {
			in := &cloudwatchlogs.DescribeResourcePoliciesInput{}
			return byToken(s.logs().DescribeResourcePolicies, in, &in.NextToken, func(o *cloudwatchlogs.DescribeResourcePoliciesOutput) *string { return o.NextToken })
		},
		func(page *cloudwatchlogs.DescribeResourcePoliciesOutput) []types.ResourcePolicy {
			return page.ResourcePolicies
		},
		func(_ *scope, v types.ResourcePolicy) found {
			return found{id: awssdk.ToString(v.PolicyName), name: awssdk.ToString(v.PolicyName)}
		})},
	{Type: "aws_cloudwatch_log_subscription_filter", ID: "{log_group_name}|{name}",
		Actions: []string{"logs:DescribeLogGroups", "logs:ListTagsForResource", "logs:DescribeSubscriptionFilters"}, list: listSubscriptionFilters},
}

func logGroups(ctx context.Context, s *scope) ([]types.LogGroup, error) {
	return shared(s, "log groups", func() ([]types.LogGroup, error) {
		return all(ctx, s, cloudwatchlogs.NewDescribeLogGroupsPaginator(s.logs(), &cloudwatchlogs.DescribeLogGroupsInput{}),
			func(page *cloudwatchlogs.DescribeLogGroupsOutput) []types.LogGroup { return page.LogGroups })
	})
}

// groupARN: that of the listing ends with :*, which the tagging API refuses.
func groupARN(g types.LogGroup) string { return strings.TrimSuffix(awssdk.ToString(g.Arn), ":*") }

func logTags(ctx context.Context, s *scope, arn string) (map[string]string, error) {
	return sharedTags(s, arn, func() (map[string]string, error) {
		out, err := call(ctx, s, s.logs().ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &arn})
		if err != nil {
			return nil, err
		}
		return out.Tags, nil
	})
}

func listLogGroups(ctx context.Context, s *scope, out *sink) error {
	groups, err := logGroups(ctx, s)
	each(ctx, groups, func(g types.LogGroup) {
		name := awssdk.ToString(g.LogGroupName)
		out.addWithTags(found{id: name, name: name}, func() (map[string]string, error) { return logTags(ctx, s, groupARN(g)) })
	})
	return err
}

func listSubscriptionFilters(ctx context.Context, s *scope, out *sink) error {
	groups, err := logGroups(ctx, s)
	each(ctx, groups, func(g types.LogGroup) {
		group := awssdk.ToString(g.LogGroupName)
		filters, err := all(ctx, s, cloudwatchlogs.NewDescribeSubscriptionFiltersPaginator(s.logs(), &cloudwatchlogs.DescribeSubscriptionFiltersInput{LogGroupName: &group}),
			func(page *cloudwatchlogs.DescribeSubscriptionFiltersOutput) []types.SubscriptionFilter {
				return page.SubscriptionFilters
			})
		if err != nil && !notFound(err) {
			out.failed(group, err)
		}
		if len(filters) == 0 {
			return
		}
		facts, _ := out.partFacts("aws_cloudwatch_log_group", group, func() (map[string]string, error) { return logTags(ctx, s, groupARN(g)) })
		for _, filter := range filters {
			name := awssdk.ToString(filter.FilterName)
			out.add(found{id: group + "|" + name, name: name, facts: facts})
		}
	})
	return err
}
