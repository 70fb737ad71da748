package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dax"
	"github.com/aws/aws-sdk-go-v2/service/dax/types"
)

type daxAPI interface {
	DescribeClusters(context.Context, *dax.DescribeClustersInput, ...func(*dax.Options)) (*dax.DescribeClustersOutput, error)
	DescribeParameterGroups(context.Context, *dax.DescribeParameterGroupsInput, ...func(*dax.Options)) (*dax.DescribeParameterGroupsOutput, error)
	DescribeSubnetGroups(context.Context, *dax.DescribeSubnetGroupsInput, ...func(*dax.Options)) (*dax.DescribeSubnetGroupsOutput, error)
	ListTags(context.Context, *dax.ListTagsInput, ...func(*dax.Options)) (*dax.ListTagsOutput, error)
}

func (s *scope) dax() daxAPI { return client(s, "dax", dax.NewFromConfig) }

var daxRows = []Row{
	{Type: "aws_dax_cluster", Actions: []string{"dax:DescribeClusters", "dax:ListTags"}, list: tagged(
		func(s *scope) pager[dax.DescribeClustersOutput, dax.Options] {
			in := &dax.DescribeClustersInput{}
			return byToken(s.dax().DescribeClusters, in, &in.NextToken, func(o *dax.DescribeClustersOutput) *string { return o.NextToken })
		},
		func(p *dax.DescribeClustersOutput) []types.Cluster {
			return where(p.Clusters, func(c types.Cluster) bool { return !ends(awssdk.ToString(c.Status)) })
		},
		func(_ *scope, c types.Cluster) found {
			return found{id: awssdk.ToString(c.ClusterName), name: awssdk.ToString(c.ClusterName)}
		},
		func(ctx context.Context, s *scope, c types.Cluster) (map[string]string, error) {
			in := &dax.ListTagsInput{ResourceName: c.ClusterArn}
			tags, err := all(ctx, s, byToken(s.dax().ListTags, in, &in.NextToken, func(o *dax.ListTagsOutput) *string { return o.NextToken }),
				func(o *dax.ListTagsOutput) []types.Tag { return o.Tags })
			return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
		})},
	{Type: "aws_dax_parameter_group", Tested: recorded, Actions: []string{"dax:DescribeParameterGroups"}, list: paged(
		func(s *scope) pager[dax.DescribeParameterGroupsOutput, dax.Options] {
			in := &dax.DescribeParameterGroupsInput{}
			return byToken(s.dax().DescribeParameterGroups, in, &in.NextToken, func(o *dax.DescribeParameterGroupsOutput) *string { return o.NextToken })
		},
		func(p *dax.DescribeParameterGroupsOutput) []types.ParameterGroup { return p.ParameterGroups },
		func(_ *scope, g types.ParameterGroup) found {
			return found{id: awssdk.ToString(g.ParameterGroupName), name: awssdk.ToString(g.ParameterGroupName), facts: presetGroup(g.ParameterGroupName)}
		})},
	{Type: "aws_dax_subnet_group", Tested: recorded, Actions: []string{"dax:DescribeSubnetGroups"}, list: paged(
		func(s *scope) pager[dax.DescribeSubnetGroupsOutput, dax.Options] {
			in := &dax.DescribeSubnetGroupsInput{}
			return byToken(s.dax().DescribeSubnetGroups, in, &in.NextToken, func(o *dax.DescribeSubnetGroupsOutput) *string { return o.NextToken })
		},
		func(p *dax.DescribeSubnetGroupsOutput) []types.SubnetGroup { return p.SubnetGroups },
		func(_ *scope, g types.SubnetGroup) found {
			return found{id: awssdk.ToString(g.SubnetGroupName), name: awssdk.ToString(g.SubnetGroupName), facts: presetGroup(g.SubnetGroupName)}
		})},
}
