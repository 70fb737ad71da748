package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/appsync"
	"github.com/aws/aws-sdk-go-v2/service/appsync/types"
)

type appsyncAPI interface {
	appsync.ListDataSourcesAPIClient
	appsync.ListFunctionsAPIClient
	appsync.ListGraphqlApisAPIClient
	appsync.ListResolversAPIClient
	appsync.ListTypesAPIClient
}

func (s *scope) appsync() appsyncAPI { return client(s, "appsync", appsync.NewFromConfig) }

// An API's keys are not listed: AWS tells them apart by the keys themselves.
var appsyncRows = []Row{
	{Type: "aws_appsync_datasource", Tested: recorded, Actions: []string{"appsync:ListGraphqlApis", "appsync:ListDataSources"}, list: under(
		graphqlAPIs, graphqlID,
		func(s *scope, api types.GraphqlApi) pager[appsync.ListDataSourcesOutput, appsync.Options] {
			return appsync.NewListDataSourcesPaginator(s.appsync(), &appsync.ListDataSourcesInput{ApiId: api.ApiId})
		},
		func(p *appsync.ListDataSourcesOutput) []types.DataSource { return p.DataSources },
		func(_ context.Context, _ *scope, out *sink, api types.GraphqlApi, v types.DataSource) {
			out.add(partOfGraphql(api, awssdk.ToString(v.Name), awssdk.ToString(v.Name)))
		})},
	{Type: "aws_appsync_function", Tested: recorded, Actions: []string{"appsync:ListGraphqlApis", "appsync:ListFunctions"}, list: under(
		graphqlAPIs, graphqlID,
		func(s *scope, api types.GraphqlApi) pager[appsync.ListFunctionsOutput, appsync.Options] {
			return appsync.NewListFunctionsPaginator(s.appsync(), &appsync.ListFunctionsInput{ApiId: api.ApiId})
		},
		func(p *appsync.ListFunctionsOutput) []types.FunctionConfiguration { return p.Functions },
		func(_ context.Context, _ *scope, out *sink, api types.GraphqlApi, v types.FunctionConfiguration) {
			out.add(partOfGraphql(api, awssdk.ToString(v.FunctionId), awssdk.ToString(v.Name)))
		})},
	{Type: "aws_appsync_graphql_api", Actions: []string{"appsync:ListGraphqlApis"}, list: func(ctx context.Context, s *scope, out *sink) error {
		apis, err := graphqlAPIs(ctx, s)
		for _, v := range apis {
			out.add(found{id: graphqlID(v), name: awssdk.ToString(v.Name), tags: v.Tags, facts: facts("owner_id", awssdk.ToString(v.Owner))})
		}
		return err
	}},
	{Type: "aws_appsync_resolver", Tested: recorded, Actions: []string{"appsync:ListGraphqlApis", "appsync:ListTypes", "appsync:ListResolvers"}, list: under(
		graphqlAPIs, graphqlID,
		func(s *scope, api types.GraphqlApi) pager[appsync.ListTypesOutput, appsync.Options] {
			return appsync.NewListTypesPaginator(s.appsync(), &appsync.ListTypesInput{ApiId: api.ApiId, Format: types.TypeDefinitionFormatSdl})
		},
		func(p *appsync.ListTypesOutput) []types.Type { return p.Types }, addResolvers)},
}

func graphqlAPIs(ctx context.Context, s *scope) ([]types.GraphqlApi, error) {
	return shared(s, "graphql apis", func() ([]types.GraphqlApi, error) {
		return all(ctx, s, appsync.NewListGraphqlApisPaginator(s.appsync(), &appsync.ListGraphqlApisInput{}),
			func(p *appsync.ListGraphqlApisOutput) []types.GraphqlApi { return p.GraphqlApis })
	})
}

func graphqlID(api types.GraphqlApi) string { return awssdk.ToString(api.ApiId) }

func partOfGraphql(api types.GraphqlApi, id, name string) found {
	f := found{id: graphqlID(api) + "-" + id, name: name, facts: partOf("aws_appsync_graphql_api", graphqlID(api), api.Tags)}
	if owner := awssdk.ToString(api.Owner); owner != "" {
		f.facts["owner_id"] = owner
	}
	return f
}

// addResolvers reports those of one type of an API's schema.
func addResolvers(ctx context.Context, s *scope, out *sink, api types.GraphqlApi, of types.Type) {
	in := &appsync.ListResolversInput{ApiId: api.ApiId, TypeName: of.Name}
	resolvers, err := all(ctx, s, appsync.NewListResolversPaginator(s.appsync(), in), func(p *appsync.ListResolversOutput) []types.Resolver { return p.Resolvers })
	if err != nil && !notFound(err) {
		out.failed(graphqlID(api)+" "+awssdk.ToString(of.Name), err)
	}
	for _, v := range resolvers {
		at := awssdk.ToString(v.TypeName) + "-" + awssdk.ToString(v.FieldName)
		out.add(partOfGraphql(api, at, at))
	}
}
