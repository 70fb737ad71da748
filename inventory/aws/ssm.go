package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

type ssmAPI interface {
	ssm.DescribeParametersAPIClient
	ListTagsForResource(context.Context, *ssm.ListTagsForResourceInput, ...func(*ssm.Options)) (*ssm.ListTagsForResourceOutput, error)
}

func (s *scope) ssm() ssmAPI { return client(s, "ssm", ssm.NewFromConfig) }

var ssmRows = []Row{
	{Type: "aws_ssm_parameter", ID: "{name}", Actions: []string{"ssm:DescribeParameters", "ssm:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[ssm.DescribeParametersOutput, ssm.Options] {
			return ssm.NewDescribeParametersPaginator(s.ssm(), &ssm.DescribeParametersInput{}, func(o *ssm.DescribeParametersPaginatorOptions) { o.Limit = 50 })
		},
		func(page *ssm.DescribeParametersOutput) []types.ParameterMetadata { return page.Parameters },
		func(_ *scope, p types.ParameterMetadata) found {
			name := awssdk.ToString(p.Name)
			return found{id: name, name: name}
		},
		func(ctx context.Context, s *scope, p types.ParameterMetadata) (map[string]string, error) {
			out, err := call(ctx, s, s.ssm().ListTagsForResource, &ssm.ListTagsForResourceInput{
				ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: p.Name})
			if err != nil {
				return nil, err
			}
			return tagMap(out.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})},
}
