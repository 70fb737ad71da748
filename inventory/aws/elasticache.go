package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

type elasticacheAPI interface {
	elasticache.DescribeCacheClustersAPIClient
	elasticache.DescribeCacheParameterGroupsAPIClient
	elasticache.DescribeCacheSubnetGroupsAPIClient
	elasticache.DescribeReplicationGroupsAPIClient
	elasticache.DescribeServerlessCachesAPIClient
	elasticache.DescribeUserGroupsAPIClient
	elasticache.DescribeUsersAPIClient
	ListTagsForResource(context.Context, *elasticache.ListTagsForResourceInput, ...func(*elasticache.Options)) (*elasticache.ListTagsForResourceOutput, error)
}

func (s *scope) elasticache() elasticacheAPI {
	return client(s, "elasticache", elasticache.NewFromConfig)
}

var elasticacheRows = []Row{
	{Type: "aws_elasticache_cluster", Actions: []string{"elasticache:DescribeCacheClusters", "elasticache:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[elasticache.DescribeCacheClustersOutput, elasticache.Options] {
			return elasticache.NewDescribeCacheClustersPaginator(s.elasticache(), &elasticache.DescribeCacheClustersInput{})
		},
		func(p *elasticache.DescribeCacheClustersOutput) []types.CacheCluster {
			return where(p.CacheClusters, func(c types.CacheCluster) bool { return !ends(awssdk.ToString(c.CacheClusterStatus)) })
		},
		func(_ *scope, c types.CacheCluster) found {
			return cacheFound(c.CacheClusterId, facts("replication_group", awssdk.ToString(c.ReplicationGroupId)))
		},
		func(ctx context.Context, s *scope, c types.CacheCluster) (map[string]string, error) {
			return cacheTags(ctx, s, c.ARN)
		})},
	{Type: "aws_elasticache_parameter_group", Tested: recorded, Actions: []string{"elasticache:DescribeCacheParameterGroups", "elasticache:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[elasticache.DescribeCacheParameterGroupsOutput, elasticache.Options] {
			return elasticache.NewDescribeCacheParameterGroupsPaginator(s.elasticache(), &elasticache.DescribeCacheParameterGroupsInput{})
		},
		func(p *elasticache.DescribeCacheParameterGroupsOutput) []types.CacheParameterGroup {
			return p.CacheParameterGroups
		},
		func(_ *scope, g types.CacheParameterGroup) found {
			return cacheFound(g.CacheParameterGroupName, presetGroup(g.CacheParameterGroupName))
		},
		func(ctx context.Context, s *scope, g types.CacheParameterGroup) (map[string]string, error) {
			return cacheTags(ctx, s, g.ARN)
		})},
	{Type: "aws_elasticache_replication_group", Actions: []string{"elasticache:DescribeReplicationGroups", "elasticache:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[elasticache.DescribeReplicationGroupsOutput, elasticache.Options] {
			return elasticache.NewDescribeReplicationGroupsPaginator(s.elasticache(), &elasticache.DescribeReplicationGroupsInput{})
		},
		func(p *elasticache.DescribeReplicationGroupsOutput) []types.ReplicationGroup {
			return where(p.ReplicationGroups, func(g types.ReplicationGroup) bool { return !ends(awssdk.ToString(g.Status)) })
		},
		func(_ *scope, g types.ReplicationGroup) found { return cacheFound(g.ReplicationGroupId, nil) },
		func(ctx context.Context, s *scope, g types.ReplicationGroup) (map[string]string, error) {
			return cacheTags(ctx, s, g.ARN)
		})},
	{Type: "aws_elasticache_serverless_cache", ID: "{name}", Tested: recorded, Actions: []string{"elasticache:DescribeServerlessCaches", "elasticache:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[elasticache.DescribeServerlessCachesOutput, elasticache.Options] {
			return elasticache.NewDescribeServerlessCachesPaginator(s.elasticache(), &elasticache.DescribeServerlessCachesInput{})
		},
		func(p *elasticache.DescribeServerlessCachesOutput) []types.ServerlessCache {
			return where(p.ServerlessCaches, func(c types.ServerlessCache) bool { return !ends(awssdk.ToString(c.Status)) })
		},
		func(_ *scope, c types.ServerlessCache) found { return cacheFound(c.ServerlessCacheName, nil) },
		func(ctx context.Context, s *scope, c types.ServerlessCache) (map[string]string, error) {
			return cacheTags(ctx, s, c.ARN)
		})},
	{Type: "aws_elasticache_subnet_group", Actions: []string{"elasticache:DescribeCacheSubnetGroups", "elasticache:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[elasticache.DescribeCacheSubnetGroupsOutput, elasticache.Options] {
			return elasticache.NewDescribeCacheSubnetGroupsPaginator(s.elasticache(), &elasticache.DescribeCacheSubnetGroupsInput{})
		},
		func(p *elasticache.DescribeCacheSubnetGroupsOutput) []types.CacheSubnetGroup {
			return p.CacheSubnetGroups
		},
		func(_ *scope, g types.CacheSubnetGroup) found {
			f := cacheFound(g.CacheSubnetGroupName, presetGroup(g.CacheSubnetGroupName))
			f.facts["vpc_id"] = awssdk.ToString(g.VpcId)
			return f
		},
		func(ctx context.Context, s *scope, g types.CacheSubnetGroup) (map[string]string, error) {
			return cacheTags(ctx, s, g.ARN)
		})},
	{Type: "aws_elasticache_user", Actions: []string{"elasticache:DescribeUsers", "elasticache:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[elasticache.DescribeUsersOutput, elasticache.Options] {
			return elasticache.NewDescribeUsersPaginator(s.elasticache(), &elasticache.DescribeUsersInput{})
		},
		func(p *elasticache.DescribeUsersOutput) []types.User {
			return where(p.Users, func(u types.User) bool { return !ends(awssdk.ToString(u.Status)) })
		},
		func(_ *scope, u types.User) found { return cacheFound(u.UserId, presetGroup(u.UserId)) },
		func(ctx context.Context, s *scope, u types.User) (map[string]string, error) {
			return cacheTags(ctx, s, u.ARN)
		})},
	{Type: "aws_elasticache_user_group", Tested: recorded, Actions: []string{"elasticache:DescribeUserGroups", "elasticache:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[elasticache.DescribeUserGroupsOutput, elasticache.Options] {
			return elasticache.NewDescribeUserGroupsPaginator(s.elasticache(), &elasticache.DescribeUserGroupsInput{})
		},
		func(p *elasticache.DescribeUserGroupsOutput) []types.UserGroup {
			return where(p.UserGroups, func(g types.UserGroup) bool { return !ends(awssdk.ToString(g.Status)) })
		},
		func(_ *scope, g types.UserGroup) found { return cacheFound(g.UserGroupId, nil) },
		func(ctx context.Context, s *scope, g types.UserGroup) (map[string]string, error) {
			return cacheTags(ctx, s, g.ARN)
		})},
}

func cacheFound(name *string, facts map[string]string) found {
	return found{id: awssdk.ToString(name), name: awssdk.ToString(name), facts: facts}
}

func cacheTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	out, err := call(ctx, s, s.elasticache().ListTagsForResource, &elasticache.ListTagsForResourceInput{ResourceName: arn})
	if err != nil {
		return nil, err
	}
	return tagMap(out.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
}
