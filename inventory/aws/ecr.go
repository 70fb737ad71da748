package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

type ecrAPI interface {
	ecr.DescribeRepositoriesAPIClient
	GetLifecyclePolicy(context.Context, *ecr.GetLifecyclePolicyInput, ...func(*ecr.Options)) (*ecr.GetLifecyclePolicyOutput, error)
	GetRepositoryPolicy(context.Context, *ecr.GetRepositoryPolicyInput, ...func(*ecr.Options)) (*ecr.GetRepositoryPolicyOutput, error)
	ListTagsForResource(context.Context, *ecr.ListTagsForResourceInput, ...func(*ecr.Options)) (*ecr.ListTagsForResourceOutput, error)
}

func (s *scope) ecr() ecrAPI { return client(s, "ecr", ecr.NewFromConfig) }

var ecrRows = []Row{
	{Type: "aws_ecr_lifecycle_policy", ID: "{repository}", Actions: []string{"ecr:DescribeRepositories", "ecr:ListTagsForResource", "ecr:GetLifecyclePolicy"}, list: ofRepositories(hasLifecyclePolicy)},
	{Type: "aws_ecr_repository", ID: "{name}", Actions: []string{"ecr:DescribeRepositories", "ecr:ListTagsForResource"}, list: listRepositories},
	{Type: "aws_ecr_repository_policy", ID: "{repository}", Actions: []string{"ecr:DescribeRepositories", "ecr:ListTagsForResource", "ecr:GetRepositoryPolicy"}, list: ofRepositories(hasRepositoryPolicy)},
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
