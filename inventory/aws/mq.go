package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/mq"
	"github.com/aws/aws-sdk-go-v2/service/mq/types"
)

type mqAPI interface {
	mq.ListBrokersAPIClient
	ListConfigurations(context.Context, *mq.ListConfigurationsInput, ...func(*mq.Options)) (*mq.ListConfigurationsOutput, error)
	ListTags(context.Context, *mq.ListTagsInput, ...func(*mq.Options)) (*mq.ListTagsOutput, error)
}

func (s *scope) mq() mqAPI { return client(s, "mq", mq.NewFromConfig) }

var mqRows = []Row{
	{Type: "aws_mq_broker", Actions: []string{"mq:ListBrokers", "mq:ListTags"}, list: tagged(
		func(s *scope) pager[mq.ListBrokersOutput, mq.Options] {
			return mq.NewListBrokersPaginator(s.mq(), &mq.ListBrokersInput{})
		},
		func(p *mq.ListBrokersOutput) []types.BrokerSummary {
			return where(p.BrokerSummaries, func(b types.BrokerSummary) bool { return !ends(string(b.BrokerState)) })
		},
		func(_ *scope, b types.BrokerSummary) found {
			return found{id: awssdk.ToString(b.BrokerId), name: awssdk.ToString(b.BrokerName)}
		},
		func(ctx context.Context, s *scope, b types.BrokerSummary) (map[string]string, error) {
			out, err := call(ctx, s, s.mq().ListTags, &mq.ListTagsInput{ResourceArn: b.BrokerArn})
			if err != nil {
				return nil, err
			}
			return out.Tags, nil
		})},
	{Type: "aws_mq_configuration", Actions: []string{"mq:ListConfigurations"}, list: paged(
		func(s *scope) pager[mq.ListConfigurationsOutput, mq.Options] {
			in := &mq.ListConfigurationsInput{}
			return byToken(s.mq().ListConfigurations, in, &in.NextToken, func(o *mq.ListConfigurationsOutput) *string { return o.NextToken })
		},
		func(p *mq.ListConfigurationsOutput) []types.Configuration { return p.Configurations },
		func(_ *scope, c types.Configuration) found {
			return found{id: awssdk.ToString(c.Id), name: awssdk.ToString(c.Name), tags: c.Tags}
		})},
}
