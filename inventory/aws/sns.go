package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

type snsAPI interface {
	sns.ListTopicsAPIClient
	sns.ListSubscriptionsAPIClient
	ListTagsForResource(context.Context, *sns.ListTagsForResourceInput, ...func(*sns.Options)) (*sns.ListTagsForResourceOutput, error)
}

func (s *scope) sns() snsAPI { return client(s, "sns", sns.NewFromConfig) }

var snsRows = []Row{
	{Type: "aws_sns_topic", Actions: []string{"sns:ListTopics", "sns:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[sns.ListTopicsOutput, sns.Options] {
			return sns.NewListTopicsPaginator(s.sns(), &sns.ListTopicsInput{})
		},
		func(page *sns.ListTopicsOutput) []types.Topic { return page.Topics },
		func(_ *scope, t types.Topic) found {
			arn := awssdk.ToString(t.TopicArn)
			return found{id: arn, name: lastPart(arn, ":")}
		}, topicTags)},
	{Type: "aws_sns_topic_subscription", Actions: []string{"sns:ListSubscriptions"}, list: paged(
		func(s *scope) pager[sns.ListSubscriptionsOutput, sns.Options] {
			return sns.NewListSubscriptionsPaginator(s.sns(), &sns.ListSubscriptionsInput{})
		}, confirmedSubscriptions,
		func(_ *scope, t types.Subscription) found {
			return found{id: awssdk.ToString(t.SubscriptionArn), facts: facts(
				"owner_id", awssdk.ToString(t.Owner), "parent", awssdk.ToString(t.TopicArn), "parent_type", "aws_sns_topic")}
		})},
}

// confirmedSubscriptions leaves out what has no ARN yet or no more: "PendingConfirmation" and "Deleted" stand in its
// place (SNS API reference, Subscription).
func confirmedSubscriptions(page *sns.ListSubscriptionsOutput) []types.Subscription {
	var confirmed []types.Subscription
	for _, s := range page.Subscriptions {
		if strings.HasPrefix(awssdk.ToString(s.SubscriptionArn), "arn:") {
			confirmed = append(confirmed, s)
		}
	}
	return confirmed
}

func topicTags(ctx context.Context, s *scope, t types.Topic) (map[string]string, error) {
	out, err := call(ctx, s, s.sns().ListTagsForResource, &sns.ListTagsForResourceInput{ResourceArn: t.TopicArn})
	if err != nil {
		return nil, err
	}
	return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
}

// lastPart is what stands after the last separator.
func lastPart(s, separator string) string { return s[strings.LastIndex(s, separator)+1:] }
