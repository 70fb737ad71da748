package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

type sfnAPI interface {
	sfn.ListActivitiesAPIClient
	sfn.ListStateMachinesAPIClient
	ListTagsForResource(context.Context, *sfn.ListTagsForResourceInput, ...func(*sfn.Options)) (*sfn.ListTagsForResourceOutput, error)
}

func (s *scope) sfn() sfnAPI { return client(s, "sfn", sfn.NewFromConfig) }

var sfnRows = []Row{
	{Type: "aws_sfn_activity", ARN: "id", Actions: []string{"states:ListActivities", "states:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[sfn.ListActivitiesOutput, sfn.Options] {
			return sfn.NewListActivitiesPaginator(s.sfn(), &sfn.ListActivitiesInput{})
		},
		func(page *sfn.ListActivitiesOutput) []types.ActivityListItem { return page.Activities },
		func(_ *scope, a types.ActivityListItem) found {
			return found{id: awssdk.ToString(a.ActivityArn), name: awssdk.ToString(a.Name)}
		},
		func(ctx context.Context, s *scope, a types.ActivityListItem) (map[string]string, error) {
			return sfnTags(ctx, s, a.ActivityArn)
		})},
	{Type: "aws_sfn_state_machine", Actions: []string{"states:ListStateMachines", "states:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[sfn.ListStateMachinesOutput, sfn.Options] {
			return sfn.NewListStateMachinesPaginator(s.sfn(), &sfn.ListStateMachinesInput{})
		},
		func(page *sfn.ListStateMachinesOutput) []types.StateMachineListItem { return page.StateMachines },
		func(_ *scope, m types.StateMachineListItem) found {
			return found{id: awssdk.ToString(m.StateMachineArn), name: awssdk.ToString(m.Name)}
		},
		func(ctx context.Context, s *scope, m types.StateMachineListItem) (map[string]string, error) {
			return sfnTags(ctx, s, m.StateMachineArn)
		})},
}

func sfnTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	out, err := call(ctx, s, s.sfn().ListTagsForResource, &sfn.ListTagsForResourceInput{ResourceArn: arn})
	if err != nil {
		return nil, err
	}
	return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
}
