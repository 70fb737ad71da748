package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/appsync"
	"github.com/aws/aws-sdk-go-v2/service/appsync/types"
)

type appsyncAPI interface {
	appsync.ListGraphqlApisAPIClient
}

func (s *scope) appsync() appsyncAPI { return client(s, "appsync", appsync.NewFromConfig) }

var appsyncRows = []Row{
	{Type: "aws_appsync_graphql_api", Actions: []string{"appsync:ListGraphqlApis"}, list: paged(
		func(s *scope) pager[appsync.ListGraphqlApisOutput, appsync.Options] {
			return appsync.NewListGraphqlApisPaginator(s.appsync(), &appsync.ListGraphqlApisInput{})
		},
		func(p *appsync.ListGraphqlApisOutput) []types.GraphqlApi { return p.GraphqlApis },
		func(_ *scope, v types.GraphqlApi) found {
			return found{id: awssdk.ToString(v.ApiId), name: awssdk.ToString(v.Name), tags: v.Tags, facts: facts("owner_id", awssdk.ToString(v.Owner))}
		})},
}
