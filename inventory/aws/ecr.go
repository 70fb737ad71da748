package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

type ecrAPI interface {
	ecr.DescribePullThroughCacheRulesAPIClient
	ecr.DescribeRepositoriesAPIClient
	DescribeRegistry(context.Context, *ecr.DescribeRegistryInput, ...func(*ecr.Options)) (*ecr.DescribeRegistryOutput, error)
	GetLifecyclePolicy(context.Context, *ecr.GetLifecyclePolicyInput, ...func(*ecr.Options)) (*ecr.GetLifecyclePolicyOutput, error)
	GetRegistryPolicy(context.Context, *ecr.GetRegistryPolicyInput, ...func(*ecr.Options)) (*ecr.GetRegistryPolicyOutput, error)
	GetRegistryScanningConfiguration(context.Context, *ecr.GetRegistryScanningConfigurationInput, ...func(*ecr.Options)) (*ecr.GetRegistryScanningConfigurationOutput, error)
	GetRepositoryPolicy(context.Context, *ecr.GetRepositoryPolicyInput, ...func(*ecr.Options)) (*ecr.GetRepositoryPolicyOutput, error)
	ListTagsForResource(context.Context, *ecr.ListTagsForResourceInput, ...func(*ecr.Options)) (*ecr.ListTagsForResourceOutput, error)
}

func (s *scope) ecr() ecrAPI { return client(s, "ecr", ecr.NewFromConfig) }

// A registry is an account's in a region; its settings are known by the account's number.
var ecrRows = []Row{
	{Type: "aws_ecr_lifecycle_policy", ID: "{repository}", Actions: []string{"ecr:DescribeRepositories", "ecr:ListTagsForResource", "ecr:GetLifecyclePolicy"}, list: ofRepositories(hasLifecyclePolicy)},
	{Type: "aws_ecr_pull_through_cache_rule", ID: "{ecr_repository_prefix}", Tested: recorded, Actions: []string{"ecr:DescribePullThroughCacheRules"}, list: paged(
		func(s *scope) pager[ecr.DescribePullThroughCacheRulesOutput, ecr.Options] {
			return ecr.NewDescribePullThroughCacheRulesPaginator(s.ecr(), &ecr.DescribePullThroughCacheRulesInput{})
		},
		func(p *ecr.DescribePullThroughCacheRulesOutput) []types.PullThroughCacheRule {
			return p.PullThroughCacheRules
		},
		func(_ *scope, v types.PullThroughCacheRule) found {
			return found{id: awssdk.ToString(v.EcrRepositoryPrefix), name: awssdk.ToString(v.EcrRepositoryPrefix)}
		})},
	{Type: "aws_ecr_registry_policy", Actions: []string{"ecr:GetRegistryPolicy"}, list: ofRegistry(func(ctx context.Context, s *scope) (bool, error) {
		_, err := call(ctx, s, s.ecr().GetRegistryPolicy, &ecr.GetRegistryPolicyInput{})
		return true, err
	})},
	{Type: "aws_ecr_registry_scanning_configuration", Actions: []string{"ecr:GetRegistryScanningConfiguration"}, list: ofRegistry(func(ctx context.Context, s *scope) (bool, error) {
		answer, err := call(ctx, s, s.ecr().GetRegistryScanningConfiguration, &ecr.GetRegistryScanningConfigurationInput{})
		if err != nil || answer.ScanningConfiguration == nil {
			return false, err
		}
		return answer.ScanningConfiguration.ScanType == types.ScanTypeEnhanced || len(answer.ScanningConfiguration.Rules) > 0, nil
	})},
	{Type: "aws_ecr_replication_configuration", Actions: []string{"ecr:DescribeRegistry"}, list: ofRegistry(func(ctx context.Context, s *scope) (bool, error) {
		answer, err := call(ctx, s, s.ecr().DescribeRegistry, &ecr.DescribeRegistryInput{})
		return err == nil && answer.ReplicationConfiguration != nil && len(answer.ReplicationConfiguration.Rules) > 0, err
	})},
	{Type: "aws_ecr_repository", ID: "{name}", Actions: []string{"ecr:DescribeRepositories", "ecr:ListTagsForResource"}, list: listRepositories},
	{Type: "aws_ecr_repository_policy", ID: "{repository}", Actions: []string{"ecr:DescribeRepositories", "ecr:ListTagsForResource", "ecr:GetRepositoryPolicy"}, list: ofRepositories(hasRepositoryPolicy)},
}

// ofRegistry is the lister of a setting that the registry has, or has not as it was made.
func ofRegistry(set func(context.Context, *scope) (bool, error)) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		is, err := set(ctx, s)
		if notFound(err) {
			return nil
		}
		if is && err == nil {
			out.add(found{id: s.account})
		}
		return err
	}
}

// repository is one with its tags, or the reason why they are not known.
type repository struct {
	name, arn string
	tags      map[string]string
	tagsErr   error
}

func (s *scope) repositories(ctx context.Context) ([]*repository, error) {
	return shared(s, "repositories", func() ([]*repository, error) {
		client := s.ecr()
		repositories, err := all(ctx, s, ecr.NewDescribeRepositoriesPaginator(client, &ecr.DescribeRepositoriesInput{}),
			func(p *ecr.DescribeRepositoriesOutput) []*repository {
				list := make([]*repository, len(p.Repositories))
				for i, v := range p.Repositories {
					list[i] = &repository{name: awssdk.ToString(v.RepositoryName), arn: awssdk.ToString(v.RepositoryArn)}
				}
				return list
			})
		each(ctx, repositories, func(r *repository) {
			answer, err := call(ctx, s, client.ListTagsForResource, &ecr.ListTagsForResourceInput{ResourceArn: &r.arn})
			if r.tagsErr = err; err == nil {
				r.tags = tagMap(answer.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		})
		return where(repositories, func(r *repository) bool { return !notFound(r.tagsErr) }), err
	})
}

func listRepositories(ctx context.Context, s *scope, out *sink) error {
	repositories, err := s.repositories(ctx)
	for _, r := range repositories {
		out.addTagged(found{id: r.name, name: r.name, tags: r.tags}, r.tagsErr)
	}
	return err
}

// ofRepositories is the lister of something that a repository has or has not; has answers with "not found" when it has
// not.
func ofRepositories(has func(ctx context.Context, s *scope, repository *string) error) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		repositories, err := s.repositories(ctx)
		each(ctx, repositories, func(r *repository) {
			switch err := has(ctx, s, &r.name); {
			case notFound(err):
			case err != nil:
				out.failed(r.name, err)
			default:
				out.addTagged(found{id: r.name, name: r.name, facts: parentTags(r.tags)}, r.tagsErr)
			}
		})
		return err
	}
}

func hasLifecyclePolicy(ctx context.Context, s *scope, repository *string) error {
	_, err := call(ctx, s, s.ecr().GetLifecyclePolicy, &ecr.GetLifecyclePolicyInput{RepositoryName: repository})
	return err
}

func hasRepositoryPolicy(ctx context.Context, s *scope, repository *string) error {
	_, err := call(ctx, s, s.ecr().GetRepositoryPolicy, &ecr.GetRepositoryPolicyInput{RepositoryName: repository})
	return err
}
