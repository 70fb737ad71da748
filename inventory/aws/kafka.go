package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
	"github.com/aws/aws-sdk-go-v2/service/kafka/types"
)

type kafkaAPI interface {
	kafka.ListClustersV2APIClient
	kafka.ListConfigurationsAPIClient
	kafka.ListScramSecretsAPIClient
	GetClusterPolicy(context.Context, *kafka.GetClusterPolicyInput, ...func(*kafka.Options)) (*kafka.GetClusterPolicyOutput, error)
}

func (s *scope) kafka() kafkaAPI { return client(s, "kafka", kafka.NewFromConfig) }

var kafkaRows = []Row{
	{Type: "aws_msk_cluster", ID: "{arn}", Actions: []string{"kafka:ListClustersV2"}, list: listBrokers(types.ClusterTypeProvisioned)},
	{Type: "aws_msk_cluster_policy", ID: "{cluster_arn}", ARN: "cluster_arn", Actions: []string{"kafka:ListClustersV2", "kafka:GetClusterPolicy"}, list: listBrokerPolicies},
	{Type: "aws_msk_configuration", ID: "{arn}", Tested: recorded, Actions: []string{"kafka:ListConfigurations"}, list: paged(
		func(s *scope) pager[kafka.ListConfigurationsOutput, kafka.Options] {
			return kafka.NewListConfigurationsPaginator(s.kafka(), &kafka.ListConfigurationsInput{})
		},
		func(p *kafka.ListConfigurationsOutput) []types.Configuration {
			return where(p.Configurations, func(c types.Configuration) bool { return !ends(string(c.State)) })
		},
		func(_ *scope, c types.Configuration) found {
			return found{id: awssdk.ToString(c.Arn), name: awssdk.ToString(c.Name)}
		})},
	{Type: "aws_msk_scram_secret_association", ID: "{cluster_arn}", ARN: "cluster_arn", Tested: recorded, Actions: []string{"kafka:ListClustersV2", "kafka:ListScramSecrets"}, list: listScramSecrets},
	{Type: "aws_msk_serverless_cluster", ID: "{arn}", Tested: recorded, Actions: []string{"kafka:ListClustersV2"}, list: listBrokers(types.ClusterTypeServerless)},
}

func kafkaClusters(ctx context.Context, s *scope) ([]types.Cluster, error) {
	return shared(s, "kafka clusters", func() ([]types.Cluster, error) {
		return all(ctx, s, kafka.NewListClustersV2Paginator(s.kafka(), &kafka.ListClustersV2Input{}), func(p *kafka.ListClustersV2Output) []types.Cluster {
			return where(p.ClusterInfoList, func(c types.Cluster) bool { return !ends(string(c.State)) })
		})
	})
}

func listBrokers(kind types.ClusterType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		clusters, err := kafkaClusters(ctx, s)
		for _, c := range clusters {
			if c.ClusterType == kind {
				out.add(found{id: awssdk.ToString(c.ClusterArn), name: awssdk.ToString(c.ClusterName), tags: c.Tags})
			}
		}
		return err
	}
}

func listBrokerPolicies(ctx context.Context, s *scope, out *sink) error {
	clusters, err := kafkaClusters(ctx, s)
	each(ctx, clusters, func(c types.Cluster) {
		answer, err := call(ctx, s, s.kafka().GetClusterPolicy, &kafka.GetClusterPolicyInput{ClusterArn: c.ClusterArn})
		switch {
		case notFound(err): // it has no policy
		case err != nil:
			out.failed(awssdk.ToString(c.ClusterArn), err)
		case awssdk.ToString(answer.Policy) != "":
			out.add(found{id: awssdk.ToString(c.ClusterArn), name: awssdk.ToString(c.ClusterName), facts: ofBroker(c)})
		}
	})
	return err
}

// listScramSecrets: one resource holds all the secrets of a cluster.
func listScramSecrets(ctx context.Context, s *scope, out *sink) error {
	clusters, err := kafkaClusters(ctx, s)
	clusters = where(clusters, func(c types.Cluster) bool { return c.ClusterType == types.ClusterTypeProvisioned })
	each(ctx, clusters, func(c types.Cluster) {
		secrets, err := all(ctx, s, kafka.NewListScramSecretsPaginator(s.kafka(), &kafka.ListScramSecretsInput{ClusterArn: c.ClusterArn}),
			func(p *kafka.ListScramSecretsOutput) []string { return p.SecretArnList })
		switch {
		case notFound(err):
		case err != nil:
			out.failed(awssdk.ToString(c.ClusterArn), err)
		case len(secrets) > 0:
			out.add(found{id: awssdk.ToString(c.ClusterArn), name: awssdk.ToString(c.ClusterName), facts: ofBroker(c)})
		}
	})
	return err
}

func ofBroker(c types.Cluster) map[string]string {
	m := parentTags(c.Tags)
	m["parent"], m["parent_type"] = awssdk.ToString(c.ClusterArn), "aws_msk_cluster"
	return m
}
