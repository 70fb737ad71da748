package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type dynamodbAPI interface {
	dynamodb.ListTablesAPIClient
	DescribeTable(context.Context, *dynamodb.DescribeTableInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error)
	ListTagsOfResource(context.Context, *dynamodb.ListTagsOfResourceInput, ...func(*dynamodb.Options)) (*dynamodb.ListTagsOfResourceOutput, error)
}

func (s *scope) dynamodb() dynamodbAPI { return client(s, "dynamodb", dynamodb.NewFromConfig) }

var dynamodbRows = []Row{
	{Type: "aws_dynamodb_table", ID: "{name}", Actions: []string{"dynamodb:ListTables", "dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"}, list: listTables},
}

// listTables describes each table, for its ARN and because the listing keeps the names of those that are being deleted.
func listTables(ctx context.Context, s *scope, out *sink) error {
	for page, err := range pages(ctx, s, dynamodb.NewListTablesPaginator(s.dynamodb(), &dynamodb.ListTablesInput{})) {
		if err != nil {
			return err
		}
		each(ctx, page.TableNames, func(name string) {
			table := found{id: name, name: name}
			described, err := call(ctx, s, s.dynamodb().DescribeTable, &dynamodb.DescribeTableInput{TableName: &name})
			switch {
			case notFound(err):
			case err != nil:
				out.failed(name, err)
				out.add(table)
			case described.Table.TableStatus == types.TableStatusDeleting:
			default:
				out.addWithTags(table, func() (map[string]string, error) { return tableTags(ctx, s, described.Table.TableArn) })
			}
		})
	}
	return nil
}

func tableTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	in := &dynamodb.ListTagsOfResourceInput{ResourceArn: arn}
	tags, err := all(ctx, s, byToken(s.dynamodb().ListTagsOfResource, in, &in.NextToken, func(o *dynamodb.ListTagsOfResourceOutput) *string { return o.NextToken }),
		func(o *dynamodb.ListTagsOfResourceOutput) []types.Tag { return o.Tags })
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
}
