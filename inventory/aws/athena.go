package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
)

type athenaAPI interface {
	athena.ListWorkGroupsAPIClient
	athena.ListDataCatalogsAPIClient
	athena.ListNamedQueriesAPIClient
	athena.ListPreparedStatementsAPIClient
	athena.ListTagsForResourceAPIClient
}

func (s *scope) athena() athenaAPI { return client(s, "athena", athena.NewFromConfig) }

var athenaRows = []Row{
	{Type: "aws_athena_data_catalog", Actions: []string{"athena:ListDataCatalogs", "athena:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[athena.ListDataCatalogsOutput, athena.Options] {
			return athena.NewListDataCatalogsPaginator(s.athena(), &athena.ListDataCatalogsInput{})
		},
		func(p *athena.ListDataCatalogsOutput) []types.DataCatalogSummary {
			return where(p.DataCatalogsSummary, func(c types.DataCatalogSummary) bool {
				return awssdk.ToString(c.CatalogName) != "AwsDataCatalog" // Glue's, which has no resource
			})
		},
		func(_ *scope, c types.DataCatalogSummary) found {
			return found{id: awssdk.ToString(c.CatalogName), name: awssdk.ToString(c.CatalogName)}
		},
		func(ctx context.Context, s *scope, c types.DataCatalogSummary) (map[string]string, error) {
			return athenaTags(ctx, s, "datacatalog/"+awssdk.ToString(c.CatalogName))
		})},
	{Type: "aws_athena_named_query", Actions: []string{"athena:ListWorkGroups", "athena:ListNamedQueries", "athena:ListTagsForResource"}, list: under(
		workGroups, itself,
		func(s *scope, group string) pager[athena.ListNamedQueriesOutput, athena.Options] {
			return athena.NewListNamedQueriesPaginator(s.athena(), &athena.ListNamedQueriesInput{WorkGroup: &group})
		},
		func(p *athena.ListNamedQueriesOutput) []string { return p.NamedQueryIds },
		func(ctx context.Context, s *scope, out *sink, group, id string) {
			addToWorkGroup(ctx, s, out, group, id, "")
		})},
	{Type: "aws_athena_prepared_statement", ID: "{workgroup}/{name}", Tested: recorded, Actions: []string{"athena:ListWorkGroups", "athena:ListPreparedStatements", "athena:ListTagsForResource"}, list: under(
		workGroups, itself,
		func(s *scope, group string) pager[athena.ListPreparedStatementsOutput, athena.Options] {
			return athena.NewListPreparedStatementsPaginator(s.athena(), &athena.ListPreparedStatementsInput{WorkGroup: &group})
		},
		func(p *athena.ListPreparedStatementsOutput) []types.PreparedStatementSummary {
			return p.PreparedStatements
		},
		func(ctx context.Context, s *scope, out *sink, group string, p types.PreparedStatementSummary) {
			name := awssdk.ToString(p.StatementName)
			addToWorkGroup(ctx, s, out, group, group+"/"+name, name)
		})},
	{Type: "aws_athena_workgroup", Actions: []string{"athena:ListWorkGroups", "athena:ListTagsForResource"}, list: func(ctx context.Context, s *scope, out *sink) error {
		groups, err := workGroups(ctx, s)
		each(ctx, groups, func(name string) {
			f := found{id: name, name: name, facts: facts("default", flag(name == "primary"))}
			out.addWithTags(f, func() (map[string]string, error) { return athenaTags(ctx, s, "workgroup/"+name) })
		})
		return err
	}},
}

func workGroups(ctx context.Context, s *scope) ([]string, error) {
	return shared(s, "athena workgroups", func() ([]string, error) {
		return all(ctx, s, athena.NewListWorkGroupsPaginator(s.athena(), &athena.ListWorkGroupsInput{}), func(p *athena.ListWorkGroupsOutput) []string {
			return converted(p.WorkGroups, func(g types.WorkGroupSummary) string { return awssdk.ToString(g.Name) })
		})
	})
}

// addToWorkGroup reports what hangs on a workgroup and has no tags of its own.
func addToWorkGroup(ctx context.Context, s *scope, out *sink, group, id, name string) {
	facts, there := out.partFacts("aws_athena_workgroup", group, func() (map[string]string, error) { return athenaTags(ctx, s, "workgroup/"+group) })
	if there {
		out.add(found{id: id, name: name, facts: facts})
	}
}

func athenaTags(ctx context.Context, s *scope, resource string) (map[string]string, error) {
	return sharedTags(s, "athena "+resource, func() (map[string]string, error) {
		arn := s.arn("athena", resource)
		tags, err := all(ctx, s, athena.NewListTagsForResourcePaginator(s.athena(), &athena.ListTagsForResourceInput{ResourceARN: &arn}),
			func(p *athena.ListTagsForResourceOutput) []types.Tag { return p.Tags })
		return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
	})
}
