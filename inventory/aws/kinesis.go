package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

type kinesisAPI interface {
	kinesis.ListStreamConsumersAPIClient
	kinesis.ListStreamsAPIClient
	ListTagsForStream(context.Context, *kinesis.ListTagsForStreamInput, ...func(*kinesis.Options)) (*kinesis.ListTagsForStreamOutput, error)
}

func (s *scope) kinesis() kinesisAPI { return client(s, "kinesis", kinesis.NewFromConfig) }

var kinesisRows = []Row{
	{Type: "aws_kinesis_stream", ID: "{name}", Actions: []string{"kinesis:ListStreams", "kinesis:ListTagsForStream"}, list: tagged(
		func(s *scope) pager[kinesis.ListStreamsOutput, kinesis.Options] {
			return kinesis.NewListStreamsPaginator(s.kinesis(), &kinesis.ListStreamsInput{Limit: awssdk.Int32(100)})
		}, livingStreams,
		func(_ *scope, name string) found { return found{id: name, name: name} },
		func(ctx context.Context, s *scope, name string) (map[string]string, error) {
			// A stream has at most 50 tags, and a page holds 50.
			out, err := call(ctx, s, s.kinesis().ListTagsForStream, &kinesis.ListTagsForStreamInput{StreamName: &name, Limit: awssdk.Int32(50)})
			if err != nil {
				return nil, err
			}
			return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})},
	{Type: "aws_kinesis_stream_consumer", ARN: "id", Actions: []string{"kinesis:ListStreams", "kinesis:ListStreamConsumers"}, list: listStreamConsumers},
}

func listStreamConsumers(ctx context.Context, s *scope, out *sink) error {
	for page, err := range pages(ctx, s, kinesis.NewListStreamsPaginator(s.kinesis(), &kinesis.ListStreamsInput{Limit: awssdk.Int32(100)})) {
		if err != nil {
			return err
		}
		each(ctx, page.StreamSummaries, func(stream types.StreamSummary) {
			name := awssdk.ToString(stream.StreamName)
			consumers, err := all(ctx, s, kinesis.NewListStreamConsumersPaginator(s.kinesis(), &kinesis.ListStreamConsumersInput{StreamARN: stream.StreamARN}),
				func(page *kinesis.ListStreamConsumersOutput) []types.Consumer { return page.Consumers })
			if err != nil && !notFound(err) {
				out.failed(name, err)
			}
			for _, consumer := range consumers {
				if consumer.ConsumerStatus != types.ConsumerStatusDeleting {
					out.add(found{id: awssdk.ToString(consumer.ConsumerARN), name: awssdk.ToString(consumer.ConsumerName),
						facts: facts("parent", name, "parent_type", "aws_kinesis_stream")})
				}
			}
		})
	}
	return nil
}

func livingStreams(page *kinesis.ListStreamsOutput) []string {
	deleting := map[string]bool{}
	for _, stream := range page.StreamSummaries {
		deleting[awssdk.ToString(stream.StreamName)] = stream.StreamStatus == types.StreamStatusDeleting
	}
	var names []string
	for _, name := range page.StreamNames {
		if !deleting[name] {
			names = append(names, name)
		}
	}
	return names
}
