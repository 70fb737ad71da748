package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
)

type cloudfrontAPI interface {
	cloudfront.ListCloudFrontOriginAccessIdentitiesAPIClient
	cloudfront.ListDistributionsAPIClient
	cloudfront.ListOriginAccessControlsAPIClient
	cloudfront.ListPublicKeysAPIClient
	ListCachePolicies(context.Context, *cloudfront.ListCachePoliciesInput, ...func(*cloudfront.Options)) (*cloudfront.ListCachePoliciesOutput, error)
	ListFunctions(context.Context, *cloudfront.ListFunctionsInput, ...func(*cloudfront.Options)) (*cloudfront.ListFunctionsOutput, error)
	ListOriginRequestPolicies(context.Context, *cloudfront.ListOriginRequestPoliciesInput, ...func(*cloudfront.Options)) (*cloudfront.ListOriginRequestPoliciesOutput, error)
	ListResponseHeadersPolicies(context.Context, *cloudfront.ListResponseHeadersPoliciesInput, ...func(*cloudfront.Options)) (*cloudfront.ListResponseHeadersPoliciesOutput, error)
	ListKeyGroups(context.Context, *cloudfront.ListKeyGroupsInput, ...func(*cloudfront.Options)) (*cloudfront.ListKeyGroupsOutput, error)
	ListTagsForResource(context.Context, *cloudfront.ListTagsForResourceInput, ...func(*cloudfront.Options)) (*cloudfront.ListTagsForResourceOutput, error)
}

func (s *scope) cloudfront() cloudfrontAPI {
	return client(s, "cloudfront", cloudfront.NewFromConfig)
}

var cloudfrontRows = []Row{
	{Type: "aws_cloudfront_cache_policy", Global: true, Tested: recorded, Actions: []string{"cloudfront:ListCachePolicies"}, list: paged(
		func(s *scope) pager[cloudfront.ListCachePoliciesOutput, cloudfront.Options] {
			in := &cloudfront.ListCachePoliciesInput{Type: types.CachePolicyTypeCustom} // AWS has managed ones as well
			return byToken(s.cloudfront().ListCachePolicies, in, &in.Marker, func(o *cloudfront.ListCachePoliciesOutput) *string {
				if o.CachePolicyList == nil {
					return nil
				}
				return o.CachePolicyList.NextMarker
			})
		},
		func(p *cloudfront.ListCachePoliciesOutput) []types.CachePolicySummary {
			if p.CachePolicyList == nil {
				return nil
			}
			return where(p.CachePolicyList.Items, func(v types.CachePolicySummary) bool { return v.CachePolicy != nil })
		},
		func(_ *scope, v types.CachePolicySummary) found {
			f := found{id: awssdk.ToString(v.CachePolicy.Id)}
			if config := v.CachePolicy.CachePolicyConfig; config != nil {
				f.name = awssdk.ToString(config.Name)
			}
			return f
		})},
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
	{Type: "aws_cloudfront_function", Global: true, ID: "{name}", Tested: recorded, Actions: []string{"cloudfront:ListFunctions"}, list: paged(
		func(s *scope) pager[cloudfront.ListFunctionsOutput, cloudfront.Options] {
			in := &cloudfront.ListFunctionsInput{Stage: types.FunctionStageDevelopment} // every function has one
			return byToken(s.cloudfront().ListFunctions, in, &in.Marker, func(o *cloudfront.ListFunctionsOutput) *string {
				if o.FunctionList == nil {
					return nil
				}
				return o.FunctionList.NextMarker
			})
		},
		func(p *cloudfront.ListFunctionsOutput) []types.FunctionSummary {
			if p.FunctionList == nil {
				return nil
			}
			return p.FunctionList.Items
		},
		func(_ *scope, v types.FunctionSummary) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)}
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
	{Type: "aws_cloudfront_origin_access_identity", Global: true, Tested: recorded, Actions: []string{"cloudfront:ListCloudFrontOriginAccessIdentities"}, list: paged(
		func(s *scope) pager[cloudfront.ListCloudFrontOriginAccessIdentitiesOutput, cloudfront.Options] {
			return cloudfront.NewListCloudFrontOriginAccessIdentitiesPaginator(s.cloudfront(), &cloudfront.ListCloudFrontOriginAccessIdentitiesInput{})
		},
		func(p *cloudfront.ListCloudFrontOriginAccessIdentitiesOutput) []types.CloudFrontOriginAccessIdentitySummary {
			if p.CloudFrontOriginAccessIdentityList == nil {
				return nil
			}
			return p.CloudFrontOriginAccessIdentityList.Items
		},
		func(_ *scope, v types.CloudFrontOriginAccessIdentitySummary) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Comment)}
		})},
	{Type: "aws_cloudfront_origin_request_policy", Global: true, Tested: recorded, Actions: []string{"cloudfront:ListOriginRequestPolicies"}, list: paged(
		func(s *scope) pager[cloudfront.ListOriginRequestPoliciesOutput, cloudfront.Options] {
			in := &cloudfront.ListOriginRequestPoliciesInput{Type: types.OriginRequestPolicyTypeCustom} // AWS has managed ones as well
			return byToken(s.cloudfront().ListOriginRequestPolicies, in, &in.Marker, func(o *cloudfront.ListOriginRequestPoliciesOutput) *string {
				if o.OriginRequestPolicyList == nil {
					return nil
				}
				return o.OriginRequestPolicyList.NextMarker
			})
		},
		func(p *cloudfront.ListOriginRequestPoliciesOutput) []types.OriginRequestPolicySummary {
			if p.OriginRequestPolicyList == nil {
				return nil
			}
			return where(p.OriginRequestPolicyList.Items, func(v types.OriginRequestPolicySummary) bool { return v.OriginRequestPolicy != nil })
		},
		func(_ *scope, v types.OriginRequestPolicySummary) found {
			f := found{id: awssdk.ToString(v.OriginRequestPolicy.Id)}
			if config := v.OriginRequestPolicy.OriginRequestPolicyConfig; config != nil {
				f.name = awssdk.ToString(config.Name)
			}
			return f
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
	{Type: "aws_cloudfront_response_headers_policy", Global: true, Tested: recorded, Actions: []string{"cloudfront:ListResponseHeadersPolicies"}, list: paged(
		func(s *scope) pager[cloudfront.ListResponseHeadersPoliciesOutput, cloudfront.Options] {
			in := &cloudfront.ListResponseHeadersPoliciesInput{Type: types.ResponseHeadersPolicyTypeCustom} // AWS has managed ones as well
			return byToken(s.cloudfront().ListResponseHeadersPolicies, in, &in.Marker, func(o *cloudfront.ListResponseHeadersPoliciesOutput) *string {
				if o.ResponseHeadersPolicyList == nil {
					return nil
				}
				return o.ResponseHeadersPolicyList.NextMarker
			})
		},
		func(p *cloudfront.ListResponseHeadersPoliciesOutput) []types.ResponseHeadersPolicySummary {
			if p.ResponseHeadersPolicyList == nil {
				return nil
			}
			return where(p.ResponseHeadersPolicyList.Items, func(v types.ResponseHeadersPolicySummary) bool { return v.ResponseHeadersPolicy != nil })
		},
		func(_ *scope, v types.ResponseHeadersPolicySummary) found {
			f := found{id: awssdk.ToString(v.ResponseHeadersPolicy.Id)}
			if config := v.ResponseHeadersPolicy.ResponseHeadersPolicyConfig; config != nil {
				f.name = awssdk.ToString(config.Name)
			}
			return f
		})},
}
