package aws

import (
	"context"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ram"
	"github.com/aws/aws-sdk-go-v2/service/ram/types"
)

type ramAPI interface {
	ram.GetResourceShareAssociationsAPIClient
	ram.GetResourceSharesAPIClient
}

func (s *scope) ram() ramAPI { return client(s, "ram", ram.NewFromConfig) }

var ramRows = []Row{
	{Type: "aws_ram_principal_association", ID: "{resource_share_arn},{principal}", Actions: []string{"ram:GetResourceShares", "ram:GetResourceShareAssociations"}, list: listShareAssociations(types.ResourceShareAssociationTypePrincipal)},
	{Type: "aws_ram_resource_association", ID: "{resource_share_arn},{resource_arn}", Actions: []string{"ram:GetResourceShares", "ram:GetResourceShareAssociations"}, list: listShareAssociations(types.ResourceShareAssociationTypeResource)},
	{Type: "aws_ram_resource_share", ID: "{arn}", Actions: []string{"ram:GetResourceShares"}, list: listShares},
}

// shares are the account's own. A deleted one stays listed for a while.
func (s *scope) shares(ctx context.Context) ([]types.ResourceShare, error) {
	return shared(s, "resource shares", func() ([]types.ResourceShare, error) {
		shares, err := all(ctx, s, ram.NewGetResourceSharesPaginator(s.ram(), &ram.GetResourceSharesInput{ResourceOwner: types.ResourceOwnerSelf}),
			func(p *ram.GetResourceSharesOutput) []types.ResourceShare { return p.ResourceShares })
		return where(shares, func(v types.ResourceShare) bool {
			return v.Status != types.ResourceShareStatusDeleted && v.Status != types.ResourceShareStatusDeleting
		}), err
	})
}

func shareTags(v types.ResourceShare) map[string]string {
	return tagMap(v.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

// shareKeeper: a resource's own policy makes a share of its own.
func shareKeeper(v types.ResourceShare) string {
	if v.FeatureSet == types.ResourceShareFeatureSetCreatedFromPolicy {
		return "a resource policy"
	}
	return ""
}

func listShares(ctx context.Context, s *scope, out *sink) error {
	shares, err := s.shares(ctx)
	for _, v := range shares {
		out.add(found{id: awssdk.ToString(v.ResourceShareArn), name: awssdk.ToString(v.Name), tags: shareTags(v), facts: facts("managed_by", shareKeeper(v))})
	}
	return err
}

func listShareAssociations(kind types.ResourceShareAssociationType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		shares, err := s.shares(ctx)
		if err != nil || len(shares) == 0 {
			return err
		}
		associations, err := all(ctx, s, ram.NewGetResourceShareAssociationsPaginator(s.ram(), &ram.GetResourceShareAssociationsInput{AssociationType: kind}),
			func(p *ram.GetResourceShareAssociationsOutput) []types.ResourceShareAssociation {
				return p.ResourceShareAssociations
			})
		for _, v := range associations {
			share := slices.IndexFunc(shares, func(of types.ResourceShare) bool {
				return awssdk.ToString(of.ResourceShareArn) == awssdk.ToString(v.ResourceShareArn)
			})
			gone := v.Status == types.ResourceShareAssociationStatusDisassociated || v.Status == types.ResourceShareAssociationStatusDisassociating || v.Status == types.ResourceShareAssociationStatusFailed
			if share < 0 || gone {
				continue
			}
			f := parentTags(shareTags(shares[share]))
			if by := shareKeeper(shares[share]); by != "" {
				f["managed_by"] = by
			}
			out.add(found{id: commas(awssdk.ToString(v.ResourceShareArn), awssdk.ToString(v.AssociatedEntity)), facts: f})
		}
		return err
	}
}
