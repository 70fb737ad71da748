package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

type ecrAPI interface {
	ecr.DescribeRepositoriesAPIClient
	ListTagsForResource(context.Context, *ecr.ListTagsForResourceInput, ...func(*ecr.Options)) (*ecr.ListTagsForResourceOutput, error)
}

func (s *scope) ecr() ecrAPI { return client(s, "ecr", ecr.NewFromConfig) }

var ecrRows = []Row{
	{Type: "aws_ecr_repository", ID: "{name}", Actions: []string{"ecr:DescribeRepositories", "ecr:ListTagsForResource"}, list: listRepositories},
}

func listRepositories(ctx context.Context, s *scope, out *sink) error {
	client := s.ecr()
	for page, err := range pages(ctx, s, ecr.NewDescribeRepositoriesPaginator(client, &ecr.DescribeRepositoriesInput{})) {
		if err != nil {
			return err
		}
		each(ctx, page.Repositories, func(v types.Repository) {
			f := found{id: awssdk.ToString(v.RepositoryName), name: awssdk.ToString(v.RepositoryName)}
			answer, err := call(ctx, s, client.ListTagsForResource, &ecr.ListTagsForResourceInput{ResourceArn: v.RepositoryArn})
			if err == nil {
				f.tags = tagMap(answer.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
			out.addTagged(f, err, "RepositoryNotFoundException")
		})
	}
	return nil
}
