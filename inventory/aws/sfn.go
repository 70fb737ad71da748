package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

type sfnAPI interface {
	sfn.ListStateMachinesAPIClient
	ListTagsForResource(context.Context, *sfn.ListTagsForResourceInput, ...func(*sfn.Options)) (*sfn.ListTagsForResourceOutput, error)
}

func (s *scope) sfn() sfnAPI { return client(s, "sfn", sfn.NewFromConfig) }

var sfnRows = []Row{
	{Type: "aws_sfn_state_machine", Actions: []string{"states:ListStateMachines", "states:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[sfn.ListStateMachinesOutput, sfn.Options] {
			return sfn.NewListStateMachinesPaginator(s.sfn(), &sfn.ListStateMachinesInput{})
		},
		func(page *sfn.ListStateMachinesOutput) []types.StateMachineListItem { return page.StateMachines },
		func(_ *scope, m types.StateMachineListItem) found {
			return found{id: awssdk.ToString(m.StateMachineArn), name: awssdk.ToString(m.Name)}
		},
		func(ctx context.Context, s *scope, m types.StateMachineListItem) (map[string]string, error) {
			out, err := call(ctx, s, s.sfn().ListTagsForResource, &sfn.ListTagsForResourceInput{ResourceArn: m.StateMachineArn})
			if err != nil {
				return nil, err
			}
			return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})},
}
