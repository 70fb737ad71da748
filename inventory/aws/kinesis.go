package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

type kinesisAPI interface {
	kinesis.ListStreamsAPIClient
	ListTagsForStream(context.Context, *kinesis.ListTagsForStreamInput, ...func(*kinesis.Options)) (*kinesis.ListTagsForStreamOutput, error)
}

func (s *scope) kinesis() kinesisAPI { return client(s, "kinesis", kinesis.NewFromConfig) }

var kinesisRows = []Row{
	{Type: "aws_kinesis_stream", ID: "{name}", Actions: []string{"kinesis:ListStreams", "kinesis:ListTagsForStream"}, list: tagged(
		func(s *scope) pager[kinesis.ListStreamsOutput, kinesis.Options] {
			return kinesis.NewListStreamsPaginator(s.kinesis(), &kinesis.ListStreamsInput{})
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
