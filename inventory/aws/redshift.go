package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshift/types"
)

type redshiftAPI interface {
	redshift.DescribeClusterParameterGroupsAPIClient
	redshift.DescribeClusterSnapshotsAPIClient
	redshift.DescribeClusterSubnetGroupsAPIClient
	redshift.DescribeClustersAPIClient
	redshift.DescribeEventSubscriptionsAPIClient
	redshift.DescribeScheduledActionsAPIClient
	redshift.DescribeSnapshotCopyGrantsAPIClient
	redshift.DescribeSnapshotSchedulesAPIClient
	redshift.DescribeUsageLimitsAPIClient
}

func (s *scope) redshift() redshiftAPI { return client(s, "redshift", redshift.NewFromConfig) }

var redshiftRows = []Row{
	{Type: "aws_redshift_cluster", Actions: []string{"redshift:DescribeClusters"}, list: paged(
		func(s *scope) pager[redshift.DescribeClustersOutput, redshift.Options] {
			return redshift.NewDescribeClustersPaginator(s.redshift(), &redshift.DescribeClustersInput{})
		},
		func(p *redshift.DescribeClustersOutput) []types.Cluster {
			return where(p.Clusters, func(c types.Cluster) bool { return !ends(awssdk.ToString(c.ClusterStatus)) })
		},
		func(_ *scope, c types.Cluster) found {
			return warehouse(c.ClusterIdentifier, c.Tags, facts("vpc_id", awssdk.ToString(c.VpcId)))
		})},
	{Type: "aws_redshift_cluster_snapshot", Actions: []string{"redshift:DescribeClusterSnapshots"}, list: paged(
		func(s *scope) pager[redshift.DescribeClusterSnapshotsOutput, redshift.Options] {
			return redshift.NewDescribeClusterSnapshotsPaginator(s.redshift(), &redshift.DescribeClusterSnapshotsInput{SnapshotType: awssdk.String("manual")})
		},
		func(p *redshift.DescribeClusterSnapshotsOutput) []types.Snapshot {
			return where(p.Snapshots, func(v types.Snapshot) bool { return awssdk.ToString(v.SnapshotType) == "manual" })
		},
		func(_ *scope, v types.Snapshot) found { return warehouse(v.SnapshotIdentifier, v.Tags, nil) })},
	{Type: "aws_redshift_event_subscription", Tested: recorded, Actions: []string{"redshift:DescribeEventSubscriptions"}, list: paged(
		func(s *scope) pager[redshift.DescribeEventSubscriptionsOutput, redshift.Options] {
			return redshift.NewDescribeEventSubscriptionsPaginator(s.redshift(), &redshift.DescribeEventSubscriptionsInput{})
		},
		func(p *redshift.DescribeEventSubscriptionsOutput) []types.EventSubscription {
			return p.EventSubscriptionsList
		},
		func(_ *scope, v types.EventSubscription) found { return warehouse(v.CustSubscriptionId, v.Tags, nil) })},
	{Type: "aws_redshift_parameter_group", Actions: []string{"redshift:DescribeClusterParameterGroups"}, list: paged(
		func(s *scope) pager[redshift.DescribeClusterParameterGroupsOutput, redshift.Options] {
			return redshift.NewDescribeClusterParameterGroupsPaginator(s.redshift(), &redshift.DescribeClusterParameterGroupsInput{})
		},
		func(p *redshift.DescribeClusterParameterGroupsOutput) []types.ClusterParameterGroup {
			return p.ParameterGroups
		},
		func(_ *scope, g types.ClusterParameterGroup) found {
			return warehouse(g.ParameterGroupName, g.Tags, presetGroup(g.ParameterGroupName))
		})},
	{Type: "aws_redshift_scheduled_action", ID: "{name}", Tested: recorded, Actions: []string{"redshift:DescribeScheduledActions"}, list: paged(
		func(s *scope) pager[redshift.DescribeScheduledActionsOutput, redshift.Options] {
			return redshift.NewDescribeScheduledActionsPaginator(s.redshift(), &redshift.DescribeScheduledActionsInput{})
		},
		func(p *redshift.DescribeScheduledActionsOutput) []types.ScheduledAction { return p.ScheduledActions },
		func(_ *scope, v types.ScheduledAction) found { return warehouse(v.ScheduledActionName, nil, nil) })},
	{Type: "aws_redshift_snapshot_copy_grant", Actions: []string{"redshift:DescribeSnapshotCopyGrants"}, list: paged(
		func(s *scope) pager[redshift.DescribeSnapshotCopyGrantsOutput, redshift.Options] {
			return redshift.NewDescribeSnapshotCopyGrantsPaginator(s.redshift(), &redshift.DescribeSnapshotCopyGrantsInput{})
		},
		func(p *redshift.DescribeSnapshotCopyGrantsOutput) []types.SnapshotCopyGrant {
			return p.SnapshotCopyGrants
		},
		func(_ *scope, v types.SnapshotCopyGrant) found {
			return warehouse(v.SnapshotCopyGrantName, v.Tags, nil)
		})},
	{Type: "aws_redshift_snapshot_schedule", ID: "{identifier}", Tested: recorded, Actions: []string{"redshift:DescribeSnapshotSchedules"}, list: paged(
		func(s *scope) pager[redshift.DescribeSnapshotSchedulesOutput, redshift.Options] {
			return redshift.NewDescribeSnapshotSchedulesPaginator(s.redshift(), &redshift.DescribeSnapshotSchedulesInput{})
		},
		func(p *redshift.DescribeSnapshotSchedulesOutput) []types.SnapshotSchedule { return p.SnapshotSchedules },
		func(_ *scope, v types.SnapshotSchedule) found { return warehouse(v.ScheduleIdentifier, v.Tags, nil) })},
	{Type: "aws_redshift_subnet_group", Actions: []string{"redshift:DescribeClusterSubnetGroups"}, list: paged(
		func(s *scope) pager[redshift.DescribeClusterSubnetGroupsOutput, redshift.Options] {
			return redshift.NewDescribeClusterSubnetGroupsPaginator(s.redshift(), &redshift.DescribeClusterSubnetGroupsInput{})
		},
		func(p *redshift.DescribeClusterSubnetGroupsOutput) []types.ClusterSubnetGroup {
			return p.ClusterSubnetGroups
		},
		func(_ *scope, g types.ClusterSubnetGroup) found {
			return warehouse(g.ClusterSubnetGroupName, g.Tags, presetGroup(g.ClusterSubnetGroupName))
		})},
	{Type: "aws_redshift_usage_limit", Tested: recorded, Actions: []string{"redshift:DescribeUsageLimits"}, list: paged(
		func(s *scope) pager[redshift.DescribeUsageLimitsOutput, redshift.Options] {
			return redshift.NewDescribeUsageLimitsPaginator(s.redshift(), &redshift.DescribeUsageLimitsInput{})
		},
		func(p *redshift.DescribeUsageLimitsOutput) []types.UsageLimit { return p.UsageLimits },
		func(_ *scope, v types.UsageLimit) found { return warehouse(v.UsageLimitId, v.Tags, nil) })},
}

func warehouse(name *string, tags []types.Tag, facts map[string]string) found {
	f := found{id: awssdk.ToString(name), name: awssdk.ToString(name), facts: facts}
	f.tags = tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
	return f
}
