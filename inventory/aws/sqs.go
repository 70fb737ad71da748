package aws

import (
	"context"
	"path"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

type sqsAPI interface {
	sqs.ListQueuesAPIClient
	ListQueueTags(context.Context, *sqs.ListQueueTagsInput, ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error)
}

func (s *scope) sqs() sqsAPI { return sqs.NewFromConfig(s.config) }

var sqsRows = []Row{
	{Type: "aws_sqs_queue", Actions: []string{"sqs:ListQueues", "sqs:ListQueueTags"}, list: listQueues},
}

// listQueues asks for each queue's tags as well: owners are told by tags. A queue whose tags are denied is still there.
func listQueues(ctx context.Context, s *scope, out *sink) error {
	client := s.sqs()
	for page, err := range pages(ctx, s, sqs.NewListQueuesPaginator(client, &sqs.ListQueuesInput{})) {
		if err != nil {
			return err
		}
		for _, url := range page.QueueUrls {
			tags, err := call(ctx, s, client.ListQueueTags, &sqs.ListQueueTagsInput{QueueUrl: &url})
			if err != nil {
				out.failed("tags of "+url, err)
				tags = &sqs.ListQueueTagsOutput{}
			}
			out.add(found{id: url, name: path.Base(url), tags: tags.Tags})
		}
	}
	return nil
}
