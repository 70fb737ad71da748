package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

type logsAPI interface {
	cloudwatchlogs.DescribeLogGroupsAPIClient
	ListTagsForResource(context.Context, *cloudwatchlogs.ListTagsForResourceInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.ListTagsForResourceOutput, error)
}

func (s *scope) logs() logsAPI { return client(s, "logs", cloudwatchlogs.NewFromConfig) }

var logsRows = []Row{
	{Type: "aws_cloudwatch_log_group", ID: "{name}", Actions: []string{"logs:DescribeLogGroups", "logs:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[cloudwatchlogs.DescribeLogGroupsOutput, cloudwatchlogs.Options] {
			return cloudwatchlogs.NewDescribeLogGroupsPaginator(s.logs(), &cloudwatchlogs.DescribeLogGroupsInput{})
		},
		func(page *cloudwatchlogs.DescribeLogGroupsOutput) []types.LogGroup { return page.LogGroups },
		func(_ *scope, g types.LogGroup) found {
			name := awssdk.ToString(g.LogGroupName)
			return found{id: name, name: name}
		},
		func(ctx context.Context, s *scope, g types.LogGroup) (map[string]string, error) {
			// The ARN of the listing ends with :*, which the tagging API refuses.
			arn := strings.TrimSuffix(awssdk.ToString(g.Arn), ":*")
			out, err := call(ctx, s, s.logs().ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &arn})
			if err != nil {
				return nil, err
			}
			return out.Tags, nil
		})},
}
