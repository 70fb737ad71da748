package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	scaling "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

type scalingAPI interface {
	scaling.DescribeScalableTargetsAPIClient
	scaling.DescribeScalingPoliciesAPIClient
	ListTagsForResource(context.Context, *scaling.ListTagsForResourceInput, ...func(*scaling.Options)) (*scaling.ListTagsForResourceOutput, error)
}

func (s *scope) scaling() scalingAPI { return client(s, "scaling", scaling.NewFromConfig) }

var appautoscalingRows = []Row{
	{Type: "aws_appautoscaling_policy", ID: "{service_namespace}/{resource_id}/{scalable_dimension}/{name}", Actions: []string{"application-autoscaling:DescribeScalingPolicies"}, list: listAppPolicies},
	{Type: "aws_appautoscaling_target", ID: "{service_namespace}/{resource_id}/{scalable_dimension}", Tested: recorded, Actions: []string{"application-autoscaling:DescribeScalableTargets", "application-autoscaling:ListTagsForResource"}, list: listScalableTargets},
}

// everyNamespace asks service by service, as the API wants it. A region may not have all of them.
func everyNamespace(ask func(types.ServiceNamespace) error) error {
	for _, n := range types.ServiceNamespace("").Values() {
		if err := ask(n); err != nil && !hasCode(err, "ValidationException") {
			return err
		}
	}
	return nil
}

func listAppPolicies(ctx context.Context, s *scope, out *sink) error {
	return everyNamespace(func(n types.ServiceNamespace) error {
		policies, err := all(ctx, s, scaling.NewDescribeScalingPoliciesPaginator(s.scaling(), &scaling.DescribeScalingPoliciesInput{ServiceNamespace: n}),
			func(p *scaling.DescribeScalingPoliciesOutput) []types.ScalingPolicy { return p.ScalingPolicies })
		for _, p := range policies {
			target, name := scaled(n, p.ResourceId, p.ScalableDimension), awssdk.ToString(p.PolicyName)
			out.add(found{id: target + "/" + name, name: name, facts: facts("parent", target, "parent_type", "aws_appautoscaling_target")})
		}
		return err
	})
}

func listScalableTargets(ctx context.Context, s *scope, out *sink) error {
	return everyNamespace(func(n types.ServiceNamespace) error {
		targets, err := all(ctx, s, scaling.NewDescribeScalableTargetsPaginator(s.scaling(), &scaling.DescribeScalableTargetsInput{ServiceNamespace: n}),
			func(p *scaling.DescribeScalableTargetsOutput) []types.ScalableTarget { return p.ScalableTargets })
		each(ctx, targets, func(t types.ScalableTarget) {
			f := found{id: scaled(n, t.ResourceId, t.ScalableDimension), name: awssdk.ToString(t.ResourceId)}
			if t.ScalableTargetARN == nil { // registered before targets had ARNs and tags
				out.add(f)
				return
			}
			out.addWithTags(f, func() (map[string]string, error) {
				answer, err := call(ctx, s, s.scaling().ListTagsForResource, &scaling.ListTagsForResourceInput{ResourceARN: t.ScalableTargetARN})
				if err != nil {
					return nil, err
				}
				return answer.Tags, nil
			})
		})
		return err
	})
}

func scaled(n types.ServiceNamespace, resource *string, dimension types.ScalableDimension) string {
	return string(n) + "/" + awssdk.ToString(resource) + "/" + string(dimension)
}
