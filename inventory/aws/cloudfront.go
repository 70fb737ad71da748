package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
)

type cloudfrontAPI interface {
	cloudfront.ListDistributionsAPIClient
	cloudfront.ListOriginAccessControlsAPIClient
	cloudfront.ListPublicKeysAPIClient
	ListKeyGroups(context.Context, *cloudfront.ListKeyGroupsInput, ...func(*cloudfront.Options)) (*cloudfront.ListKeyGroupsOutput, error)
	ListTagsForResource(context.Context, *cloudfront.ListTagsForResourceInput, ...func(*cloudfront.Options)) (*cloudfront.ListTagsForResourceOutput, error)
}

func (s *scope) cloudfront() cloudfrontAPI {
	return client(s, "cloudfront", cloudfront.NewFromConfig)
}

var cloudfrontRows = []Row{
	{Type: "aws_cloudfront_distribution", Global: true, Actions: []string{"cloudfront:ListDistributions", "cloudfront:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[cloudfront.ListDistributionsOutput, cloudfront.Options] {
			return cloudfront.NewListDistributionsPaginator(s.cloudfront(), &cloudfront.ListDistributionsInput{})
		},
		func(p *cloudfront.ListDistributionsOutput) []types.DistributionSummary {
			if p.DistributionList == nil {
				return nil
			}
			return p.DistributionList.Items
		},
		func(_ *scope, v types.DistributionSummary) found { return found{id: awssdk.ToString(v.Id)} },
		func(ctx context.Context, s *scope, v types.DistributionSummary) (map[string]string, error) {
			out, err := call(ctx, s, s.cloudfront().ListTagsForResource, &cloudfront.ListTagsForResourceInput{Resource: v.ARN})
			if err != nil || out.Tags == nil {
				return nil, err
			}
			return tagMap(out.Tags.Items, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})},
	{Type: "aws_cloudfront_key_group", Global: true, Actions: []string{"cloudfront:ListKeyGroups"}, list: paged(
		func(s *scope) pager[cloudfront.ListKeyGroupsOutput, cloudfront.Options] {
			in := &cloudfront.ListKeyGroupsInput{}
			return byToken(s.cloudfront().ListKeyGroups, in, &in.Marker, func(out *cloudfront.ListKeyGroupsOutput) *string {
				if out.KeyGroupList == nil {
					return nil
				}
				return out.KeyGroupList.NextMarker
			})
		},
		func(p *cloudfront.ListKeyGroupsOutput) []types.KeyGroupSummary {
			if p.KeyGroupList == nil {
				return nil
			}
			return where(p.KeyGroupList.Items, func(v types.KeyGroupSummary) bool { return v.KeyGroup != nil })
		},
		func(_ *scope, v types.KeyGroupSummary) found {
			f := found{id: awssdk.ToString(v.KeyGroup.Id)}
			if v.KeyGroup.KeyGroupConfig != nil {
				f.name = awssdk.ToString(v.KeyGroup.KeyGroupConfig.Name)
			}
			return f
		})},
	{Type: "aws_cloudfront_origin_access_control", Global: true, Actions: []string{"cloudfront:ListOriginAccessControls"}, list: paged(
		func(s *scope) pager[cloudfront.ListOriginAccessControlsOutput, cloudfront.Options] {
			return cloudfront.NewListOriginAccessControlsPaginator(s.cloudfront(), &cloudfront.ListOriginAccessControlsInput{})
		},
		func(p *cloudfront.ListOriginAccessControlsOutput) []types.OriginAccessControlSummary {
			if p.OriginAccessControlList == nil {
				return nil
			}
			return p.OriginAccessControlList.Items
		},
		func(_ *scope, v types.OriginAccessControlSummary) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name)}
		})},
	{Type: "aws_cloudfront_public_key", Global: true, Actions: []string{"cloudfront:ListPublicKeys"}, list: paged(
		func(s *scope) pager[cloudfront.ListPublicKeysOutput, cloudfront.Options] {
			return cloudfront.NewListPublicKeysPaginator(s.cloudfront(), &cloudfront.ListPublicKeysInput{})
		},
		func(p *cloudfront.ListPublicKeysOutput) []types.PublicKeySummary {
			if p.PublicKeyList == nil {
				return nil
			}
			return p.PublicKeyList.Items
		},
		func(_ *scope, v types.PublicKeySummary) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name)}
		})},
}
