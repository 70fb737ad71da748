package aws

import (
	"context"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
)

type elbAPI interface {
	elb.DescribeLoadBalancersAPIClient
	DescribeTags(context.Context, *elb.DescribeTagsInput, ...func(*elb.Options)) (*elb.DescribeTagsOutput, error)
}

func (s *scope) elb() elbAPI { return client(s, "classic elb", elb.NewFromConfig) }

// elbRows are the load balancers of the first generation.
var elbRows = []Row{
	{Type: "aws_elb", ID: "{name}", Tested: recorded, Actions: []string{"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags"}, list: listClassicBalancers},
}

// balancersPerCall is the most whose tags one call describes (Elastic Load Balancing API reference, 2012-06-01).
const balancersPerCall = 20

func listClassicBalancers(ctx context.Context, s *scope, out *sink) error {
	balancers, err := all(ctx, s, elb.NewDescribeLoadBalancersPaginator(s.elb(), &elb.DescribeLoadBalancersInput{}),
		func(p *elb.DescribeLoadBalancersOutput) []types.LoadBalancerDescription {
			return p.LoadBalancerDescriptions
		})
	for batch := range slices.Chunk(balancers, balancersPerCall) {
		names := converted(batch, func(v types.LoadBalancerDescription) string { return awssdk.ToString(v.LoadBalancerName) })
		answer, err := call(ctx, s, s.elb().DescribeTags, &elb.DescribeTagsInput{LoadBalancerNames: names})
		tags := map[string]map[string]string{}
		if err != nil {
			out.tagsFailed(err)
		} else {
			for _, v := range answer.TagDescriptions {
				tags[awssdk.ToString(v.LoadBalancerName)] = tagMap(v.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		for n, v := range batch {
			out.add(found{id: names[n], name: names[n], tags: tags[names[n]], facts: facts("vpc_id", awssdk.ToString(v.VPCId))})
		}
	}
	return err
}
