package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

type rdsAPI interface {
	rds.DescribeDBInstancesAPIClient
	rds.DescribeDBSubnetGroupsAPIClient
	ListTagsForResource(context.Context, *rds.ListTagsForResourceInput, ...func(*rds.Options)) (*rds.ListTagsForResourceOutput, error)
}

func (s *scope) rds() rdsAPI { return client(s, "rds", rds.NewFromConfig) }

var rdsRows = []Row{
	{Type: "aws_db_instance", ID: "{identifier}", Actions: []string{"rds:DescribeDBInstances"}, list: paged(
		func(s *scope) pager[rds.DescribeDBInstancesOutput, rds.Options] {
			return rds.NewDescribeDBInstancesPaginator(s.rds(), &rds.DescribeDBInstancesInput{})
		}, livingDatabases, seeDatabase)},
	{Type: "aws_db_subnet_group", Actions: []string{"rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeDBSubnetGroupsOutput, rds.Options] {
			return rds.NewDescribeDBSubnetGroupsPaginator(s.rds(), &rds.DescribeDBSubnetGroupsInput{})
		},
		func(page *rds.DescribeDBSubnetGroupsOutput) []types.DBSubnetGroup { return page.DBSubnetGroups },
		seeSubnetGroup,
		func(ctx context.Context, s *scope, g types.DBSubnetGroup) (map[string]string, error) {
			out, err := call(ctx, s, s.rds().ListTagsForResource, &rds.ListTagsForResourceInput{ResourceName: g.DBSubnetGroupArn})
			if err != nil {
				return nil, err
			}
			return rdsTags(out.TagList), nil
		})},
}

func rdsTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func livingDatabases(page *rds.DescribeDBInstancesOutput) []types.DBInstance {
	return where(page.DBInstances, func(i types.DBInstance) bool { return awssdk.ToString(i.DBInstanceStatus) != "deleting" })
}

// seeDatabase: members of Aurora, Neptune and DocumentDB clusters are in this listing too, and name their cluster.
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
