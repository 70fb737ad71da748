package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codecommit"
	"github.com/aws/aws-sdk-go-v2/service/codecommit/types"
	"github.com/aws/aws-sdk-go-v2/service/codestarconnections"
	connectiontypes "github.com/aws/aws-sdk-go-v2/service/codestarconnections/types"
)

type (
	codecommitAPI interface {
		codecommit.ListRepositoriesAPIClient
		ListTagsForResource(context.Context, *codecommit.ListTagsForResourceInput, ...func(*codecommit.Options)) (*codecommit.ListTagsForResourceOutput, error)
	}
	codestarconnectionsAPI interface {
		codestarconnections.ListConnectionsAPIClient
		ListTagsForResource(context.Context, *codestarconnections.ListTagsForResourceInput, ...func(*codestarconnections.Options)) (*codestarconnections.ListTagsForResourceOutput, error)
	}
)

func (s *scope) codecommit() codecommitAPI {
	return client(s, "codecommit", codecommit.NewFromConfig)
}

func (s *scope) codestarconnections() codestarconnectionsAPI {
	return client(s, "codestar-connections", codestarconnections.NewFromConfig)
}

// codecommitRows are where code comes from: repositories of AWS's own, and connections to others.
var codecommitRows = []Row{
	{Type: "aws_codecommit_repository", ID: "{repository_name}", Tested: recorded, Actions: []string{"codecommit:ListRepositories", "codecommit:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[codecommit.ListRepositoriesOutput, codecommit.Options] {
			return codecommit.NewListRepositoriesPaginator(s.codecommit(), &codecommit.ListRepositoriesInput{})
		},
		func(p *codecommit.ListRepositoriesOutput) []types.RepositoryNameIdPair { return p.Repositories },
		func(_ *scope, v types.RepositoryNameIdPair) found {
			return found{id: awssdk.ToString(v.RepositoryName), name: awssdk.ToString(v.RepositoryName)}
		},
		func(ctx context.Context, s *scope, v types.RepositoryNameIdPair) (map[string]string, error) {
			arn := s.arn("codecommit", awssdk.ToString(v.RepositoryName))
			out, err := call(ctx, s, s.codecommit().ListTagsForResource, &codecommit.ListTagsForResourceInput{ResourceArn: &arn})
			if err != nil {
				return nil, err
			}
			return out.Tags, nil
		})},
	{Type: "aws_codestarconnections_connection", Tested: recorded, Actions: []string{"codestar-connections:ListConnections", "codestar-connections:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[codestarconnections.ListConnectionsOutput, codestarconnections.Options] {
			return codestarconnections.NewListConnectionsPaginator(s.codestarconnections(), &codestarconnections.ListConnectionsInput{})
		},
		func(p *codestarconnections.ListConnectionsOutput) []connectiontypes.Connection { return p.Connections },
		func(_ *scope, v connectiontypes.Connection) found {
			return found{id: awssdk.ToString(v.ConnectionArn), name: awssdk.ToString(v.ConnectionName), facts: facts("owner_id", awssdk.ToString(v.OwnerAccountId))}
		},
		func(ctx context.Context, s *scope, v connectiontypes.Connection) (map[string]string, error) {
			out, err := call(ctx, s, s.codestarconnections().ListTagsForResource, &codestarconnections.ListTagsForResourceInput{ResourceArn: v.ConnectionArn})
			if err != nil {
				return nil, err
			}
			return tagMap(out.Tags, func(t connectiontypes.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})},
}
