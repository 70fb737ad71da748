package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/emr"
	"github.com/aws/aws-sdk-go-v2/service/emr/types"
)

type emrAPI interface {
	emr.ListClustersAPIClient
	emr.ListSecurityConfigurationsAPIClient
	emr.ListStudiosAPIClient
	DescribeCluster(context.Context, *emr.DescribeClusterInput, ...func(*emr.Options)) (*emr.DescribeClusterOutput, error)
	DescribeStudio(context.Context, *emr.DescribeStudioInput, ...func(*emr.Options)) (*emr.DescribeStudioOutput, error)
}

func (s *scope) emr() emrAPI { return client(s, "emr", emr.NewFromConfig) }

var emrRows = []Row{
	{Type: "aws_emr_cluster", Tested: recorded, Actions: []string{"elasticmapreduce:ListClusters", "elasticmapreduce:DescribeCluster"}, list: tagged(
		func(s *scope) pager[emr.ListClustersOutput, emr.Options] {
			return emr.NewListClustersPaginator(s.emr(), &emr.ListClustersInput{ClusterStates: []types.ClusterState{
				types.ClusterStateStarting, types.ClusterStateBootstrapping, types.ClusterStateRunning, types.ClusterStateWaiting,
			}})
		},
		func(p *emr.ListClustersOutput) []types.ClusterSummary { return p.Clusters },
		func(_ *scope, c types.ClusterSummary) found {
			return found{id: awssdk.ToString(c.Id), name: awssdk.ToString(c.Name)}
		},
		func(ctx context.Context, s *scope, c types.ClusterSummary) (map[string]string, error) {
			out, err := call(ctx, s, s.emr().DescribeCluster, &emr.DescribeClusterInput{ClusterId: c.Id})
			if err != nil {
				return nil, err
			}
			return emrTags(out.Cluster.Tags), nil
		})},
	{Type: "aws_emr_security_configuration", Tested: recorded, Actions: []string{"elasticmapreduce:ListSecurityConfigurations"}, list: paged(
		func(s *scope) pager[emr.ListSecurityConfigurationsOutput, emr.Options] {
			return emr.NewListSecurityConfigurationsPaginator(s.emr(), &emr.ListSecurityConfigurationsInput{})
		},
		func(p *emr.ListSecurityConfigurationsOutput) []types.SecurityConfigurationSummary {
			return p.SecurityConfigurations
		},
		func(_ *scope, c types.SecurityConfigurationSummary) found {
			return found{id: awssdk.ToString(c.Name), name: awssdk.ToString(c.Name)}
		})},
	{Type: "aws_emr_studio", Tested: recorded, Actions: []string{"elasticmapreduce:ListStudios", "elasticmapreduce:DescribeStudio"}, list: tagged(
		func(s *scope) pager[emr.ListStudiosOutput, emr.Options] {
			return emr.NewListStudiosPaginator(s.emr(), &emr.ListStudiosInput{})
		},
		func(p *emr.ListStudiosOutput) []types.StudioSummary { return p.Studios },
		func(_ *scope, v types.StudioSummary) found {
			return found{id: awssdk.ToString(v.StudioId), name: awssdk.ToString(v.Name)}
		},
		func(ctx context.Context, s *scope, v types.StudioSummary) (map[string]string, error) {
			out, err := call(ctx, s, s.emr().DescribeStudio, &emr.DescribeStudioInput{StudioId: v.StudioId})
			if err != nil {
				return nil, err
			}
			return emrTags(out.Studio.Tags), nil
		})},
}

func emrTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}
