package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
)

type firehoseAPI interface {
	ListDeliveryStreams(context.Context, *firehose.ListDeliveryStreamsInput, ...func(*firehose.Options)) (*firehose.ListDeliveryStreamsOutput, error)
	ListTagsForDeliveryStream(context.Context, *firehose.ListTagsForDeliveryStreamInput, ...func(*firehose.Options)) (*firehose.ListTagsForDeliveryStreamOutput, error)
}

func (s *scope) firehose() firehoseAPI { return client(s, "firehose", firehose.NewFromConfig) }

var firehoseRows = []Row{
	{Type: "aws_kinesis_firehose_delivery_stream", ID: "{arn}", Actions: []string{"firehose:ListDeliveryStreams", "firehose:ListTagsForDeliveryStream"}, list: tagged(
		func(s *scope) pager[firehose.ListDeliveryStreamsOutput, firehose.Options] {
			in := &firehose.ListDeliveryStreamsInput{}
			return byToken(s.firehose().ListDeliveryStreams, in, &in.ExclusiveStartDeliveryStreamName, lastStream)
		},
		func(p *firehose.ListDeliveryStreamsOutput) []string { return p.DeliveryStreamNames },
		func(s *scope, name string) found {
			return found{id: s.arn("firehose", "deliverystream/"+name), name: name}
		},
		func(ctx context.Context, s *scope, name string) (map[string]string, error) {
			out, err := call(ctx, s, s.firehose().ListTagsForDeliveryStream, &firehose.ListTagsForDeliveryStreamInput{DeliveryStreamName: &name})
			if err != nil {
				return nil, err
			}
			return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})},
}

// lastStream is where the next page begins: after the last name of this one.
func lastStream(p *firehose.ListDeliveryStreamsOutput) *string {
	if !awssdk.ToBool(p.HasMoreDeliveryStreams) || len(p.DeliveryStreamNames) == 0 {
		return nil
	}
	return &p.DeliveryStreamNames[len(p.DeliveryStreamNames)-1]
}
