package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/vpclattice"
	"github.com/aws/aws-sdk-go-v2/service/vpclattice/types"
)

type latticeAPI interface {
	vpclattice.ListServiceNetworksAPIClient
	vpclattice.ListServicesAPIClient
	vpclattice.ListTargetGroupsAPIClient
	ListTagsForResource(context.Context, *vpclattice.ListTagsForResourceInput, ...func(*vpclattice.Options)) (*vpclattice.ListTagsForResourceOutput, error)
}

func (s *scope) lattice() latticeAPI { return client(s, "vpclattice", vpclattice.NewFromConfig) }

// latticeRows keep the owner, whom the ARN names: what another account shares is listed too.
var latticeRows = []Row{
	{Type: "aws_vpclattice_service", Actions: []string{"vpc-lattice:ListServices", "vpc-lattice:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[vpclattice.ListServicesOutput, vpclattice.Options] {
			return vpclattice.NewListServicesPaginator(s.lattice(), &vpclattice.ListServicesInput{})
		},
		func(p *vpclattice.ListServicesOutput) []types.ServiceSummary { return p.Items },
		func(_ *scope, v types.ServiceSummary) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), facts: facts("owner_id", accountOf(v.Arn))}
		},
		func(ctx context.Context, s *scope, v types.ServiceSummary) (map[string]string, error) {
			return latticeTags(ctx, s, v.Arn)
		})},
	{Type: "aws_vpclattice_service_network", Actions: []string{"vpc-lattice:ListServiceNetworks", "vpc-lattice:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[vpclattice.ListServiceNetworksOutput, vpclattice.Options] {
			return vpclattice.NewListServiceNetworksPaginator(s.lattice(), &vpclattice.ListServiceNetworksInput{})
		},
		func(p *vpclattice.ListServiceNetworksOutput) []types.ServiceNetworkSummary { return p.Items },
		func(_ *scope, v types.ServiceNetworkSummary) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), facts: facts("owner_id", accountOf(v.Arn))}
		},
		func(ctx context.Context, s *scope, v types.ServiceNetworkSummary) (map[string]string, error) {
			return latticeTags(ctx, s, v.Arn)
		})},
	{Type: "aws_vpclattice_target_group", Actions: []string{"vpc-lattice:ListTargetGroups", "vpc-lattice:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[vpclattice.ListTargetGroupsOutput, vpclattice.Options] {
			return vpclattice.NewListTargetGroupsPaginator(s.lattice(), &vpclattice.ListTargetGroupsInput{})
		},
		func(p *vpclattice.ListTargetGroupsOutput) []types.TargetGroupSummary {
			return where(p.Items, func(v types.TargetGroupSummary) bool { return v.Status != types.TargetGroupStatusDeleteInProgress })
		},
		func(_ *scope, v types.TargetGroupSummary) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), facts: facts("owner_id", accountOf(v.Arn))}
		},
		func(ctx context.Context, s *scope, v types.TargetGroupSummary) (map[string]string, error) {
			return latticeTags(ctx, s, v.Arn)
		})},
}

func latticeTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	out, err := call(ctx, s, s.lattice().ListTagsForResource, &vpclattice.ListTagsForResourceInput{ResourceArn: arn})
	if err != nil {
		return nil, err
	}
	return out.Tags, nil
}
