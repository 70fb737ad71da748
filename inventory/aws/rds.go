package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

type rdsAPI interface {
	rds.DescribeDBClustersAPIClient
	rds.DescribeDBClusterParameterGroupsAPIClient
	rds.DescribeDBInstancesAPIClient
	rds.DescribeDBParameterGroupsAPIClient
	rds.DescribeDBSubnetGroupsAPIClient
	ListTagsForResource(context.Context, *rds.ListTagsForResourceInput, ...func(*rds.Options)) (*rds.ListTagsForResourceOutput, error)
}

func (s *scope) rds() rdsAPI { return client(s, "rds", rds.NewFromConfig) }

var rdsRows = []Row{
	{Type: "aws_db_instance", ID: "{identifier}", Actions: []string{"rds:DescribeDBInstances"}, list: paged(
		func(s *scope) pager[rds.DescribeDBInstancesOutput, rds.Options] {
			return rds.NewDescribeDBInstancesPaginator(s.rds(), &rds.DescribeDBInstancesInput{})
		},
		func(page *rds.DescribeDBInstancesOutput) []types.DBInstance {
			return where(livingDatabases(page), func(i types.DBInstance) bool { return !auroraMember(i) })
		}, seeDatabase)},
	{Type: "aws_db_parameter_group", Actions: []string{"rds:DescribeDBParameterGroups", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeDBParameterGroupsOutput, rds.Options] {
			return rds.NewDescribeDBParameterGroupsPaginator(s.rds(), &rds.DescribeDBParameterGroupsInput{})
		},
		func(page *rds.DescribeDBParameterGroupsOutput) []rdsGroup {
			return where(converted(page.DBParameterGroups, func(g types.DBParameterGroup) rdsGroup {
				return rdsGroup{g.DBParameterGroupArn, g.DBParameterGroupName, g.DBParameterGroupFamily}
			}), ofRDS)
		}, seeGroup, rdsGroupTags)},
	{Type: "aws_db_subnet_group", Actions: []string{"rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeDBSubnetGroupsOutput, rds.Options] {
			return rds.NewDescribeDBSubnetGroupsPaginator(s.rds(), &rds.DescribeDBSubnetGroupsInput{})
		},
		func(page *rds.DescribeDBSubnetGroupsOutput) []types.DBSubnetGroup { return page.DBSubnetGroups },
		seeSubnetGroup,
		func(ctx context.Context, s *scope, g types.DBSubnetGroup) (map[string]string, error) {
			return rdsGroupTags(ctx, s, rdsGroup{arn: g.DBSubnetGroupArn})
		})},
	{Type: "aws_rds_cluster", ID: "{cluster_identifier}", Actions: []string{"rds:DescribeDBClusters"}, list: paged(
		func(s *scope) pager[rds.DescribeDBClustersOutput, rds.Options] {
			return rds.NewDescribeDBClustersPaginator(s.rds(), &rds.DescribeDBClustersInput{})
		},
		func(page *rds.DescribeDBClustersOutput) []types.DBCluster {
			return where(page.DBClusters, func(c types.DBCluster) bool {
				return awssdk.ToString(c.Status) != "deleting" && ofRDS(rdsGroup{family: c.Engine})
			})
		},
		func(_ *scope, c types.DBCluster) found {
			name := awssdk.ToString(c.DBClusterIdentifier)
			return found{id: name, name: name, tags: rdsTags(c.TagList), facts: facts("state", awssdk.ToString(c.Status))}
		})},
	{Type: "aws_rds_cluster_instance", ID: "{identifier}", Actions: []string{"rds:DescribeDBInstances"}, list: paged(
		func(s *scope) pager[rds.DescribeDBInstancesOutput, rds.Options] {
			return rds.NewDescribeDBInstancesPaginator(s.rds(), &rds.DescribeDBInstancesInput{})
		},
		func(page *rds.DescribeDBInstancesOutput) []types.DBInstance {
			return where(livingDatabases(page), auroraMember)
		},
		func(s *scope, i types.DBInstance) found {
			f := seeDatabase(s, i)
			f.facts = facts("parent", awssdk.ToString(i.DBClusterIdentifier), "parent_type", "aws_rds_cluster", "state", awssdk.ToString(i.DBInstanceStatus))
			return f
		})},
	{Type: "aws_rds_cluster_parameter_group", Actions: []string{"rds:DescribeDBClusterParameterGroups", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeDBClusterParameterGroupsOutput, rds.Options] {
			return rds.NewDescribeDBClusterParameterGroupsPaginator(s.rds(), &rds.DescribeDBClusterParameterGroupsInput{})
		},
		func(page *rds.DescribeDBClusterParameterGroupsOutput) []rdsGroup {
			return where(converted(page.DBClusterParameterGroups, func(g types.DBClusterParameterGroup) rdsGroup {
				return rdsGroup{g.DBClusterParameterGroupArn, g.DBClusterParameterGroupName, g.DBParameterGroupFamily}
			}), ofRDS)
		}, seeGroup, rdsGroupTags)},
}

// rdsGroup is what parameter groups of either kind have.
type rdsGroup struct{ arn, name, family *string }

// ofRDS tells what is RDS's from what Neptune and DocumentDB keep in the same listings, and Terraform in types of
// their own.
func ofRDS(g rdsGroup) bool {
	family := awssdk.ToString(g.family)
	return !strings.HasPrefix(family, "neptune") && !strings.HasPrefix(family, "docdb")
}

// seeGroup: RDS makes a default group (default.postgres16) for each engine in use; no other may be named so.
func seeGroup(_ *scope, g rdsGroup) found {
	name := awssdk.ToString(g.name)
	return found{id: name, name: name, facts: facts("default", flag(strings.HasPrefix(name, "default.")))}
}

func rdsGroupTags(ctx context.Context, s *scope, g rdsGroup) (map[string]string, error) {
	out, err := call(ctx, s, s.rds().ListTagsForResource, &rds.ListTagsForResourceInput{ResourceName: g.arn})
	if err != nil {
		return nil, err
	}
	return rdsTags(out.TagList), nil
}

func rdsTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func livingDatabases(page *rds.DescribeDBInstancesOutput) []types.DBInstance {
	return where(page.DBInstances, func(i types.DBInstance) bool { return awssdk.ToString(i.DBInstanceStatus) != "deleting" })
}

// auroraMember tells the instances that are an aws_rds_cluster_instance from those that are an aws_db_instance.
func auroraMember(i types.DBInstance) bool {
	return i.DBClusterIdentifier != nil && strings.HasPrefix(awssdk.ToString(i.Engine), "aurora")
}

// seeDatabase: members of Multi-AZ, Neptune and DocumentDB clusters are in this listing too, and name their cluster.
func seeDatabase(_ *scope, i types.DBInstance) found {
	name, vpc := awssdk.ToString(i.DBInstanceIdentifier), ""
	if i.DBSubnetGroup != nil {
		vpc = awssdk.ToString(i.DBSubnetGroup.VpcId)
	}
	return found{id: name, name: name, tags: rdsTags(i.TagList), facts: facts(
		"cluster", awssdk.ToString(i.DBClusterIdentifier), "state", awssdk.ToString(i.DBInstanceStatus), "vpc_id", vpc)}
}

// seeSubnetGroup: "default" is reserved to RDS (API reference, CreateDBSubnetGroup), and the console makes one named
// default-vpc-… for each VPC that a database is put into without a group.
func seeSubnetGroup(_ *scope, g types.DBSubnetGroup) found {
	name := awssdk.ToString(g.DBSubnetGroupName)
	return found{id: name, name: name, facts: facts("vpc_id", awssdk.ToString(g.VpcId),
		"default", flag(name == "default" || strings.HasPrefix(name, "default-vpc-")))}
}
