package aws

import (
	"cmp"
	"context"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type sqsAPI interface {
	sqs.ListQueuesAPIClient
	ListQueueTags(context.Context, *sqs.ListQueueTagsInput, ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error)
}

func (s *scope) sqs() sqsAPI { return client(s, "sqs", sqs.NewFromConfig) }

var sqsRows = []Row{
	{Type: "aws_sqs_queue", identify: func(a map[string]any) string { return queueURL(text(a, "id")) }, Actions: []string{"sqs:ListQueues", "sqs:ListQueueTags"}, list: tagged(
		func(s *scope) pager[sqs.ListQueuesOutput, sqs.Options] {
			// Without MaxResults SQS gives 1,000 queues and no token for the rest (API reference, ListQueues).
			return sqs.NewListQueuesPaginator(s.sqs(), &sqs.ListQueuesInput{}, func(o *sqs.ListQueuesPaginatorOptions) { o.Limit = 1000 })
		},
		func(page *sqs.ListQueuesOutput) []string { return page.QueueUrls },
		func(_ *scope, url string) found { return found{id: queueURL(url), name: path.Base(url)} },
		func(ctx context.Context, s *scope, url string) (map[string]string, error) {
			out, err := call(ctx, s, s.sqs().ListQueueTags, &sqs.ListQueueTagsInput{QueueUrl: &url})
			if err != nil {
				return nil, err
			}
			return out.Tags, nil
		})},
}

// queueURL is the spelling of today of a queue's URL: states written years ago hold REGION.queue.amazonaws.com, or
// queue.amazonaws.com for us-east-1, which SQS still understands (AWS General Reference, legacy endpoints).
func queueURL(url string) string {
	host, rest, _ := strings.Cut(strings.TrimPrefix(url, "https://"), "/")
	region, legacy := strings.CutSuffix(host, "queue.amazonaws.com")
	if !legacy {
		return url
	}
	return "https://sqs." + cmp.Or(strings.TrimSuffix(region, "."), "us-east-1") + ".amazonaws.com/" + rest
}
