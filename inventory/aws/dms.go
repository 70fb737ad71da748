package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	dms "github.com/aws/aws-sdk-go-v2/service/databasemigrationservice"
	"github.com/aws/aws-sdk-go-v2/service/databasemigrationservice/types"
)

type dmsAPI interface {
	dms.DescribeEndpointsAPIClient
	dms.DescribeReplicationInstancesAPIClient
	dms.DescribeReplicationSubnetGroupsAPIClient
	dms.DescribeReplicationTasksAPIClient
	ListTagsForResource(context.Context, *dms.ListTagsForResourceInput, ...func(*dms.Options)) (*dms.ListTagsForResourceOutput, error)
}

func (s *scope) dms() dmsAPI { return client(s, "dms", dms.NewFromConfig) }

var dmsRows = []Row{
	{Type: "aws_dms_endpoint", ID: "{endpoint_id}", ARN: "endpoint_arn", Actions: []string{"dms:DescribeEndpoints", "dms:ListTagsForResource"}, list: listEndpoints(false)},
	{Type: "aws_dms_replication_instance", ID: "{replication_instance_id}", ARN: "replication_instance_arn", Tested: recorded, Actions: []string{"dms:DescribeReplicationInstances", "dms:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[dms.DescribeReplicationInstancesOutput, dms.Options] {
			return dms.NewDescribeReplicationInstancesPaginator(s.dms(), &dms.DescribeReplicationInstancesInput{})
		},
		func(p *dms.DescribeReplicationInstancesOutput) []types.ReplicationInstance {
			return where(p.ReplicationInstances, func(i types.ReplicationInstance) bool { return !ends(awssdk.ToString(i.ReplicationInstanceStatus)) })
		},
		func(_ *scope, i types.ReplicationInstance) found {
			return seeNamed(nil, awssdk.ToString(i.ReplicationInstanceIdentifier))
		},
		func(ctx context.Context, s *scope, i types.ReplicationInstance) (map[string]string, error) {
			return dmsTags(ctx, s, awssdk.ToString(i.ReplicationInstanceArn))
		})},
	{Type: "aws_dms_replication_subnet_group", ID: "{replication_subnet_group_id}", ARN: "replication_subnet_group_arn", Actions: []string{"dms:DescribeReplicationSubnetGroups", "dms:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[dms.DescribeReplicationSubnetGroupsOutput, dms.Options] {
			return dms.NewDescribeReplicationSubnetGroupsPaginator(s.dms(), &dms.DescribeReplicationSubnetGroupsInput{})
		},
		func(p *dms.DescribeReplicationSubnetGroupsOutput) []types.ReplicationSubnetGroup {
			return p.ReplicationSubnetGroups
		},
		func(_ *scope, g types.ReplicationSubnetGroup) found {
			f := seeNamed(nil, awssdk.ToString(g.ReplicationSubnetGroupIdentifier))
			f.facts = facts("vpc_id", awssdk.ToString(g.VpcId))
			return f
		},
		func(ctx context.Context, s *scope, g types.ReplicationSubnetGroup) (map[string]string, error) {
			return dmsTags(ctx, s, s.arn("dms", "subgrp:"+awssdk.ToString(g.ReplicationSubnetGroupIdentifier)))
		})},
	{Type: "aws_dms_replication_task", ID: "{replication_task_id}", ARN: "replication_task_arn", Tested: recorded, Actions: []string{"dms:DescribeReplicationTasks", "dms:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[dms.DescribeReplicationTasksOutput, dms.Options] {
			return dms.NewDescribeReplicationTasksPaginator(s.dms(), &dms.DescribeReplicationTasksInput{WithoutSettings: awssdk.Bool(true)})
		},
		func(p *dms.DescribeReplicationTasksOutput) []types.ReplicationTask {
			return where(p.ReplicationTasks, func(t types.ReplicationTask) bool { return !ends(awssdk.ToString(t.Status)) })
		},
		func(_ *scope, t types.ReplicationTask) found {
			return seeNamed(nil, awssdk.ToString(t.ReplicationTaskIdentifier))
		},
		func(ctx context.Context, s *scope, t types.ReplicationTask) (map[string]string, error) {
			return dmsTags(ctx, s, awssdk.ToString(t.ReplicationTaskArn))
		})},
	{Type: "aws_dms_s3_endpoint", ID: "{endpoint_id}", ARN: "endpoint_arn", Tested: recorded, Actions: []string{"dms:DescribeEndpoints", "dms:ListTagsForResource"}, list: listEndpoints(true)},
}

// listEndpoints: those that are buckets have a Terraform type of their own.
func listEndpoints(buckets bool) lister {
	return tagged(
		func(s *scope) pager[dms.DescribeEndpointsOutput, dms.Options] {
			return dms.NewDescribeEndpointsPaginator(s.dms(), &dms.DescribeEndpointsInput{})
		},
		func(p *dms.DescribeEndpointsOutput) []types.Endpoint {
			return where(p.Endpoints, func(e types.Endpoint) bool {
				return !ends(awssdk.ToString(e.Status)) && (awssdk.ToString(e.EngineName) == "s3") == buckets
			})
		},
		func(_ *scope, e types.Endpoint) found { return seeNamed(nil, awssdk.ToString(e.EndpointIdentifier)) },
		func(ctx context.Context, s *scope, e types.Endpoint) (map[string]string, error) {
			return dmsTags(ctx, s, awssdk.ToString(e.EndpointArn))
		})
}

func dmsTags(ctx context.Context, s *scope, arn string) (map[string]string, error) {
	out, err := call(ctx, s, s.dms().ListTagsForResource, &dms.ListTagsForResourceInput{ResourceArn: &arn})
	if err != nil {
		return nil, err
	}
	return tagMap(out.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
}
