package aws

import (
	"cmp"
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

type rdsAPI interface {
	rds.DescribeDBClusterEndpointsAPIClient
	rds.DescribeDBClusterParameterGroupsAPIClient
	rds.DescribeDBClusterSnapshotsAPIClient
	rds.DescribeDBClustersAPIClient
	rds.DescribeDBInstancesAPIClient
	rds.DescribeDBParameterGroupsAPIClient
	rds.DescribeDBProxiesAPIClient
	rds.DescribeDBProxyEndpointsAPIClient
	rds.DescribeDBSnapshotsAPIClient
	rds.DescribeDBSubnetGroupsAPIClient
	rds.DescribeEventSubscriptionsAPIClient
	rds.DescribeGlobalClustersAPIClient
	rds.DescribeOptionGroupsAPIClient
	ListTagsForResource(context.Context, *rds.ListTagsForResourceInput, ...func(*rds.Options)) (*rds.ListTagsForResourceOutput, error)
}

func (s *scope) rds() rdsAPI { return client(s, "rds", rds.NewFromConfig) }

// Aurora, Neptune and DocumentDB share these listings; Terraform has types of their own for each.
var rdsRows = []Row{
	{Type: "aws_db_cluster_snapshot", Actions: []string{"rds:DescribeDBClusterSnapshots"}, list: listClusterSnapshots(rdsEngine)},
	{Type: "aws_db_event_subscription", Actions: []string{"rds:DescribeEventSubscriptions", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeEventSubscriptionsOutput, rds.Options] {
			return rds.NewDescribeEventSubscriptionsPaginator(s.rds(), &rds.DescribeEventSubscriptionsInput{})
		},
		func(page *rds.DescribeEventSubscriptionsOutput) []rdsGroup {
			return converted(page.EventSubscriptionsList, func(v types.EventSubscription) rdsGroup {
				return rdsGroup{arn: v.EventSubscriptionArn, name: v.CustSubscriptionId}
			})
		}, seeGroup, rdsGroupTags)},
	{Type: "aws_db_instance", ID: "{identifier}", Actions: []string{"rds:DescribeDBInstances"}, list: paged(openDatabases,
		func(page *rds.DescribeDBInstancesOutput) []types.DBInstance {
			return where(livingDatabases(page), func(i types.DBInstance) bool { return memberOf(i) == "" })
		}, seeDatabase)},
	{Type: "aws_db_option_group", Tested: recorded, Actions: []string{"rds:DescribeOptionGroups", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeOptionGroupsOutput, rds.Options] {
			return rds.NewDescribeOptionGroupsPaginator(s.rds(), &rds.DescribeOptionGroupsInput{})
		},
		func(page *rds.DescribeOptionGroupsOutput) []rdsGroup {
			return converted(page.OptionGroupsList, func(g types.OptionGroup) rdsGroup { return rdsGroup{g.OptionGroupArn, g.OptionGroupName, g.EngineName} })
		}, seeGroup, rdsGroupTags)},
	{Type: "aws_db_parameter_group", Actions: []string{"rds:DescribeDBParameterGroups", "rds:ListTagsForResource"}, list: listParameterGroups(rdsEngine)},
	{Type: "aws_db_proxy", Actions: []string{"rds:DescribeDBProxies", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeDBProxiesOutput, rds.Options] {
			return rds.NewDescribeDBProxiesPaginator(s.rds(), &rds.DescribeDBProxiesInput{})
		},
		func(page *rds.DescribeDBProxiesOutput) []rdsGroup {
			living := where(page.DBProxies, func(v types.DBProxy) bool { return !ends(string(v.Status)) })
			return converted(living, func(v types.DBProxy) rdsGroup { return rdsGroup{arn: v.DBProxyArn, name: v.DBProxyName} })
		}, seeGroup, rdsGroupTags)},
	{Type: "aws_db_proxy_endpoint", ID: "{db_proxy_name}/{db_proxy_endpoint_name}", Tested: recorded, Actions: []string{"rds:DescribeDBProxyEndpoints", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeDBProxyEndpointsOutput, rds.Options] {
			return rds.NewDescribeDBProxyEndpointsPaginator(s.rds(), &rds.DescribeDBProxyEndpointsInput{})
		},
		func(page *rds.DescribeDBProxyEndpointsOutput) []types.DBProxyEndpoint {
			return where(page.DBProxyEndpoints, func(e types.DBProxyEndpoint) bool { // each proxy comes with one
				return !awssdk.ToBool(e.IsDefault) && !ends(string(e.Status))
			})
		},
		func(_ *scope, e types.DBProxyEndpoint) found {
			proxy, name := awssdk.ToString(e.DBProxyName), awssdk.ToString(e.DBProxyEndpointName)
			return found{id: proxy + "/" + name, name: name, facts: facts("parent", proxy, "parent_type", "aws_db_proxy")}
		},
		func(ctx context.Context, s *scope, e types.DBProxyEndpoint) (map[string]string, error) {
			return rdsGroupTags(ctx, s, rdsGroup{arn: e.DBProxyEndpointArn})
		})},
	{Type: "aws_db_snapshot", Actions: []string{"rds:DescribeDBSnapshots"}, list: paged(
		func(s *scope) pager[rds.DescribeDBSnapshotsOutput, rds.Options] {
			return rds.NewDescribeDBSnapshotsPaginator(s.rds(), &rds.DescribeDBSnapshotsInput{SnapshotType: awssdk.String("manual")})
		},
		func(page *rds.DescribeDBSnapshotsOutput) []types.DBSnapshot {
			return where(page.DBSnapshots, func(v types.DBSnapshot) bool { return awssdk.ToString(v.SnapshotType) == "manual" })
		},
		func(_ *scope, v types.DBSnapshot) found { return rdsFound(v.DBSnapshotIdentifier, v.TagList) })},
	{Type: "aws_db_subnet_group", Actions: []string{"rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeDBSubnetGroupsOutput, rds.Options] {
			return rds.NewDescribeDBSubnetGroupsPaginator(s.rds(), &rds.DescribeDBSubnetGroupsInput{})
		},
		func(page *rds.DescribeDBSubnetGroupsOutput) []types.DBSubnetGroup { return page.DBSubnetGroups },
		seeSubnetGroup,
		func(ctx context.Context, s *scope, g types.DBSubnetGroup) (map[string]string, error) {
			return rdsGroupTags(ctx, s, rdsGroup{arn: g.DBSubnetGroupArn})
		})},
	{Type: "aws_docdb_cluster", ID: "{cluster_identifier}", Tested: recorded, Actions: []string{"rds:DescribeDBClusters"}, list: listDatabaseClusters("docdb")},
	{Type: "aws_docdb_cluster_instance", ID: "{identifier}", Tested: recorded, Actions: []string{"rds:DescribeDBInstances"}, list: listMembers("docdb")},
	{Type: "aws_docdb_cluster_parameter_group", Tested: recorded, Actions: []string{"rds:DescribeDBClusterParameterGroups", "rds:ListTagsForResource"}, list: listClusterParameterGroups("docdb")},
	{Type: "aws_docdb_cluster_snapshot", Tested: recorded, Actions: []string{"rds:DescribeDBClusterSnapshots"}, list: listClusterSnapshots("docdb")},
	{Type: "aws_neptune_cluster", ID: "{cluster_identifier}", Actions: []string{"rds:DescribeDBClusters"}, list: listDatabaseClusters("neptune")},
	{Type: "aws_neptune_cluster_instance", ID: "{identifier}", Actions: []string{"rds:DescribeDBInstances"}, list: listMembers("neptune")},
	{Type: "aws_neptune_cluster_parameter_group", Actions: []string{"rds:DescribeDBClusterParameterGroups", "rds:ListTagsForResource"}, list: listClusterParameterGroups("neptune")},
	{Type: "aws_neptune_cluster_snapshot", Tested: recorded, Actions: []string{"rds:DescribeDBClusterSnapshots"}, list: listClusterSnapshots("neptune")},
	{Type: "aws_neptune_parameter_group", Actions: []string{"rds:DescribeDBParameterGroups", "rds:ListTagsForResource"}, list: listParameterGroups("neptune")},
	{Type: "aws_rds_cluster", ID: "{cluster_identifier}", Actions: []string{"rds:DescribeDBClusters"}, list: listDatabaseClusters(rdsEngine)},
	{Type: "aws_rds_cluster_endpoint", ID: "{cluster_endpoint_identifier}", Tested: recorded, Actions: []string{"rds:DescribeDBClusterEndpoints", "rds:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[rds.DescribeDBClusterEndpointsOutput, rds.Options] {
			return rds.NewDescribeDBClusterEndpointsPaginator(s.rds(), &rds.DescribeDBClusterEndpointsInput{})
		},
		func(page *rds.DescribeDBClusterEndpointsOutput) []rdsGroup {
			custom := where(page.DBClusterEndpoints, func(e types.DBClusterEndpoint) bool { // the others come with the cluster
				return awssdk.ToString(e.EndpointType) == "CUSTOM" && !ends(awssdk.ToString(e.Status))
			})
			return converted(custom, func(e types.DBClusterEndpoint) rdsGroup {
				return rdsGroup{arn: e.DBClusterEndpointArn, name: e.DBClusterEndpointIdentifier}
			})
		}, seeGroup, rdsGroupTags)},
	{Type: "aws_rds_cluster_instance", ID: "{identifier}", Actions: []string{"rds:DescribeDBInstances"}, list: listMembers(rdsEngine)},
	{Type: "aws_rds_cluster_parameter_group", Actions: []string{"rds:DescribeDBClusterParameterGroups", "rds:ListTagsForResource"}, list: listClusterParameterGroups(rdsEngine)},
	{Type: "aws_rds_global_cluster", Actions: []string{"rds:DescribeGlobalClusters"}, list: func(ctx context.Context, s *scope, out *sink) error {
		clusters, err := all(ctx, s, rds.NewDescribeGlobalClustersPaginator(s.rds(), &rds.DescribeGlobalClustersInput{}),
			func(page *rds.DescribeGlobalClustersOutput) []types.GlobalCluster { return page.GlobalClusters })
		for _, c := range clusters {
			if engineOf(c.Engine) == rdsEngine && isHome(s, c) {
				out.add(rdsFound(c.GlobalClusterIdentifier, c.TagList))
			}
		}
		return err
	}},
}

// rdsEngine stands for every engine but Neptune and DocumentDB.
const rdsEngine = "rds"

// engineOf says whose type a thing is, from its engine (docdb, aurora-postgresql) or family (neptune1.3, postgres16).
func engineOf(engine *string) string {
	for _, other := range []string{"docdb", "neptune"} {
		if strings.HasPrefix(awssdk.ToString(engine), other) {
			return other
		}
	}
	return rdsEngine
}

// memberOf tells the engine of an instance that is a cluster's member and has a type as such. The members of a
// Multi-AZ cluster of PostgreSQL or MySQL have none: the cluster makes and keeps them.
func memberOf(i types.DBInstance) string {
	engine := engineOf(i.Engine)
	aurora := strings.HasPrefix(awssdk.ToString(i.Engine), "aurora")
	if i.DBClusterIdentifier == nil || engine == rdsEngine && !aurora {
		return ""
	}
	return engine
}

func listDatabaseClusters(engine string) lister {
	return paged(
		func(s *scope) pager[rds.DescribeDBClustersOutput, rds.Options] {
			return rds.NewDescribeDBClustersPaginator(s.rds(), &rds.DescribeDBClustersInput{})
		},
		func(page *rds.DescribeDBClustersOutput) []types.DBCluster {
			return where(page.DBClusters, func(c types.DBCluster) bool {
				return !ends(awssdk.ToString(c.Status)) && engineOf(c.Engine) == engine
			})
		},
		func(_ *scope, c types.DBCluster) found {
			f := rdsFound(c.DBClusterIdentifier, c.TagList)
			f.facts = facts("state", awssdk.ToString(c.Status))
			return f
		})
}

func listMembers(engine string) lister {
	return paged(openDatabases,
		func(page *rds.DescribeDBInstancesOutput) []types.DBInstance {
			return where(livingDatabases(page), func(i types.DBInstance) bool { return memberOf(i) == engine })
		},
		func(s *scope, i types.DBInstance) found {
			f := seeDatabase(s, i)
			f.facts = facts("parent", awssdk.ToString(i.DBClusterIdentifier), "parent_type", "aws_"+engine+"_cluster", "state", awssdk.ToString(i.DBInstanceStatus))
			return f
		})
}

// listClusterSnapshots leaves out what RDS and AWS Backup take by themselves.
func listClusterSnapshots(engine string) lister {
	return paged(
		func(s *scope) pager[rds.DescribeDBClusterSnapshotsOutput, rds.Options] {
			return rds.NewDescribeDBClusterSnapshotsPaginator(s.rds(), &rds.DescribeDBClusterSnapshotsInput{SnapshotType: awssdk.String("manual")})
		},
		func(page *rds.DescribeDBClusterSnapshotsOutput) []types.DBClusterSnapshot {
			return where(page.DBClusterSnapshots, func(v types.DBClusterSnapshot) bool {
				return awssdk.ToString(v.SnapshotType) == "manual" && engineOf(v.Engine) == engine
			})
		},
		func(_ *scope, v types.DBClusterSnapshot) found {
			return rdsFound(v.DBClusterSnapshotIdentifier, v.TagList)
		})
}

func listParameterGroups(engine string) lister {
	return tagged(
		func(s *scope) pager[rds.DescribeDBParameterGroupsOutput, rds.Options] {
			return rds.NewDescribeDBParameterGroupsPaginator(s.rds(), &rds.DescribeDBParameterGroupsInput{})
		},
		func(page *rds.DescribeDBParameterGroupsOutput) []rdsGroup {
			groups := converted(page.DBParameterGroups, func(g types.DBParameterGroup) rdsGroup {
				return rdsGroup{g.DBParameterGroupArn, g.DBParameterGroupName, g.DBParameterGroupFamily}
			})
			return where(groups, func(g rdsGroup) bool { return engineOf(g.family) == engine })
		}, seeGroup, rdsGroupTags)
}

func listClusterParameterGroups(engine string) lister {
	return tagged(
		func(s *scope) pager[rds.DescribeDBClusterParameterGroupsOutput, rds.Options] {
			return rds.NewDescribeDBClusterParameterGroupsPaginator(s.rds(), &rds.DescribeDBClusterParameterGroupsInput{})
		},
		func(page *rds.DescribeDBClusterParameterGroupsOutput) []rdsGroup {
			groups := converted(page.DBClusterParameterGroups, func(g types.DBClusterParameterGroup) rdsGroup {
				return rdsGroup{g.DBClusterParameterGroupArn, g.DBClusterParameterGroupName, g.DBParameterGroupFamily}
			})
			return where(groups, func(g rdsGroup) bool { return engineOf(g.family) == engine })
		}, seeGroup, rdsGroupTags)
}

// isHome says whether a global cluster, which each region of its members shows, is this region's: where it is written,
// or, where nothing says that, where its first member is.
func isHome(s *scope, c types.GlobalCluster) bool {
	home := ""
	for _, m := range c.GlobalClusterMembers {
		cluster, err := arn.Parse(awssdk.ToString(m.DBClusterArn))
		if err != nil {
			continue
		}
		if awssdk.ToBool(m.IsWriter) {
			return cluster.Region == s.region
		}
		home = cmp.Or(home, cluster.Region)
	}
	return home == "" || home == s.region
}

func rdsFound(name *string, tags []types.Tag) found {
	return found{id: awssdk.ToString(name), name: awssdk.ToString(name), tags: rdsTags(tags)}
}

// rdsGroup is what parameter groups and other small things have in common.
type rdsGroup struct{ arn, name, family *string }

// seeGroup: RDS makes a default group (default.postgres16, default:mysql-8-0) for each engine in use; no other may be
// named so.
func seeGroup(_ *scope, g rdsGroup) found {
	name := awssdk.ToString(g.name)
	return found{id: name, name: name, facts: facts("default", flag(strings.HasPrefix(name, "default.") || strings.HasPrefix(name, "default:")))}
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

func openDatabases(s *scope) pager[rds.DescribeDBInstancesOutput, rds.Options] {
	return rds.NewDescribeDBInstancesPaginator(s.rds(), &rds.DescribeDBInstancesInput{})
}

func livingDatabases(page *rds.DescribeDBInstancesOutput) []types.DBInstance {
	return where(page.DBInstances, func(i types.DBInstance) bool { return awssdk.ToString(i.DBInstanceStatus) != "deleting" })
}

// seeDatabase: members of Multi-AZ clusters are in this listing too, and name their cluster.
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
