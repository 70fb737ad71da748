package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/memorydb"
	"github.com/aws/aws-sdk-go-v2/service/memorydb/types"
)

type memorydbAPI interface {
	memorydb.DescribeACLsAPIClient
	memorydb.DescribeClustersAPIClient
	memorydb.DescribeParameterGroupsAPIClient
	memorydb.DescribeSnapshotsAPIClient
	memorydb.DescribeSubnetGroupsAPIClient
	memorydb.DescribeUsersAPIClient
	ListTags(context.Context, *memorydb.ListTagsInput, ...func(*memorydb.Options)) (*memorydb.ListTagsOutput, error)
}

func (s *scope) memorydb() memorydbAPI { return client(s, "memorydb", memorydb.NewFromConfig) }

// memorydbItem is what every kind of MemoryDB resource has.
type memorydbItem struct {
	arn, name *string
	facts     map[string]string
}

func seeMemoryDB(_ *scope, i memorydbItem) found {
	return found{id: awssdk.ToString(i.name), name: awssdk.ToString(i.name), facts: i.facts}
}

func memorydbTags(ctx context.Context, s *scope, i memorydbItem) (map[string]string, error) {
	out, err := call(ctx, s, s.memorydb().ListTags, &memorydb.ListTagsInput{ResourceArn: i.arn})
	if err != nil {
		return nil, err
	}
	return tagMap(out.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
}

var memorydbRows = []Row{
	{Type: "aws_memorydb_acl", Tested: recorded, Actions: []string{"memorydb:DescribeACLs", "memorydb:ListTags"}, list: tagged(
		func(s *scope) pager[memorydb.DescribeACLsOutput, memorydb.Options] {
			return memorydb.NewDescribeACLsPaginator(s.memorydb(), &memorydb.DescribeACLsInput{})
		},
		func(p *memorydb.DescribeACLsOutput) []memorydbItem {
			return converted(p.ACLs, func(a types.ACL) memorydbItem {
				return memorydbItem{a.ARN, a.Name, facts("default", flag(awssdk.ToString(a.Name) == "open-access"))}
			})
		}, seeMemoryDB, memorydbTags)},
	{Type: "aws_memorydb_cluster", Actions: []string{"memorydb:DescribeClusters", "memorydb:ListTags"}, list: tagged(
		func(s *scope) pager[memorydb.DescribeClustersOutput, memorydb.Options] {
			return memorydb.NewDescribeClustersPaginator(s.memorydb(), &memorydb.DescribeClustersInput{})
		},
		func(p *memorydb.DescribeClustersOutput) []memorydbItem {
			living := where(p.Clusters, func(c types.Cluster) bool { return !ends(awssdk.ToString(c.Status)) })
			return converted(living, func(c types.Cluster) memorydbItem { return memorydbItem{c.ARN, c.Name, nil} })
		}, seeMemoryDB, memorydbTags)},
	{Type: "aws_memorydb_parameter_group", Tested: recorded, Actions: []string{"memorydb:DescribeParameterGroups", "memorydb:ListTags"}, list: tagged(
		func(s *scope) pager[memorydb.DescribeParameterGroupsOutput, memorydb.Options] {
			return memorydb.NewDescribeParameterGroupsPaginator(s.memorydb(), &memorydb.DescribeParameterGroupsInput{})
		},
		func(p *memorydb.DescribeParameterGroupsOutput) []memorydbItem {
			return converted(p.ParameterGroups, func(g types.ParameterGroup) memorydbItem { return memorydbItem{g.ARN, g.Name, presetGroup(g.Name)} })
		}, seeMemoryDB, memorydbTags)},
	{Type: "aws_memorydb_snapshot", Actions: []string{"memorydb:DescribeSnapshots", "memorydb:ListTags"}, list: tagged(
		func(s *scope) pager[memorydb.DescribeSnapshotsOutput, memorydb.Options] {
			return memorydb.NewDescribeSnapshotsPaginator(s.memorydb(), &memorydb.DescribeSnapshotsInput{})
		},
		func(p *memorydb.DescribeSnapshotsOutput) []memorydbItem {
			manual := where(p.Snapshots, func(v types.Snapshot) bool { return awssdk.ToString(v.Source) != "automated" })
			return converted(manual, func(v types.Snapshot) memorydbItem { return memorydbItem{v.ARN, v.Name, nil} })
		}, seeMemoryDB, memorydbTags)},
	{Type: "aws_memorydb_subnet_group", Actions: []string{"memorydb:DescribeSubnetGroups", "memorydb:ListTags"}, list: tagged(
		func(s *scope) pager[memorydb.DescribeSubnetGroupsOutput, memorydb.Options] {
			return memorydb.NewDescribeSubnetGroupsPaginator(s.memorydb(), &memorydb.DescribeSubnetGroupsInput{})
		},
		func(p *memorydb.DescribeSubnetGroupsOutput) []memorydbItem {
			return converted(p.SubnetGroups, func(g types.SubnetGroup) memorydbItem { return memorydbItem{g.ARN, g.Name, presetGroup(g.Name)} })
		}, seeMemoryDB, memorydbTags)},
	{Type: "aws_memorydb_user", ID: "{user_name}", Tested: recorded, Actions: []string{"memorydb:DescribeUsers", "memorydb:ListTags"}, list: tagged(
		func(s *scope) pager[memorydb.DescribeUsersOutput, memorydb.Options] {
			return memorydb.NewDescribeUsersPaginator(s.memorydb(), &memorydb.DescribeUsersInput{})
		},
		func(p *memorydb.DescribeUsersOutput) []memorydbItem {
			return converted(p.Users, func(u types.User) memorydbItem { return memorydbItem{u.ARN, u.Name, presetGroup(u.Name)} })
		}, seeMemoryDB, memorydbTags)},
}
