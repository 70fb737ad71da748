package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver/types"
)

type resolverAPI interface {
	route53resolver.ListResolverDnssecConfigsAPIClient
	route53resolver.ListResolverEndpointsAPIClient
	route53resolver.ListResolverQueryLogConfigAssociationsAPIClient
	route53resolver.ListResolverQueryLogConfigsAPIClient
	route53resolver.ListResolverRuleAssociationsAPIClient
	route53resolver.ListResolverRulesAPIClient
	route53resolver.ListTagsForResourceAPIClient
}

func (s *scope) resolver() resolverAPI {
	return client(s, "route53resolver", route53resolver.NewFromConfig)
}

var resolverRows = []Row{
	{Type: "aws_route53_resolver_dnssec_config", Actions: []string{"route53resolver:ListResolverDnssecConfigs"}, list: paged(
		func(s *scope) pager[route53resolver.ListResolverDnssecConfigsOutput, route53resolver.Options] {
			return route53resolver.NewListResolverDnssecConfigsPaginator(s.resolver(), &route53resolver.ListResolverDnssecConfigsInput{})
		},
		func(p *route53resolver.ListResolverDnssecConfigsOutput) []types.ResolverDnssecConfig {
			return where(p.ResolverDnssecConfigs, func(v types.ResolverDnssecConfig) bool {
				return v.ValidationStatus == types.ResolverDNSSECValidationStatusEnabled || v.ValidationStatus == types.ResolverDNSSECValidationStatusEnabling
			})
		},
		func(_ *scope, v types.ResolverDnssecConfig) found {
			return found{id: awssdk.ToString(v.Id), facts: facts("vpc_id", awssdk.ToString(v.ResourceId), "owner_id", awssdk.ToString(v.OwnerId))}
		})},
	{Type: "aws_route53_resolver_endpoint", Actions: []string{"route53resolver:ListResolverEndpoints", "route53resolver:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[route53resolver.ListResolverEndpointsOutput, route53resolver.Options] {
			return route53resolver.NewListResolverEndpointsPaginator(s.resolver(), &route53resolver.ListResolverEndpointsInput{})
		},
		func(p *route53resolver.ListResolverEndpointsOutput) []types.ResolverEndpoint {
			return where(p.ResolverEndpoints, func(v types.ResolverEndpoint) bool { return v.Status != types.ResolverEndpointStatusDeleting })
		},
		func(_ *scope, v types.ResolverEndpoint) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), facts: facts("vpc_id", awssdk.ToString(v.HostVPCId))}
		},
		func(ctx context.Context, s *scope, v types.ResolverEndpoint) (map[string]string, error) {
			return resolverTags(ctx, s, v.Arn)
		})},
	{Type: "aws_route53_resolver_query_log_config", Tested: recorded, Actions: []string{"route53resolver:ListResolverQueryLogConfigs", "route53resolver:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[route53resolver.ListResolverQueryLogConfigsOutput, route53resolver.Options] {
			return route53resolver.NewListResolverQueryLogConfigsPaginator(s.resolver(), &route53resolver.ListResolverQueryLogConfigsInput{})
		},
		func(p *route53resolver.ListResolverQueryLogConfigsOutput) []types.ResolverQueryLogConfig {
			return where(p.ResolverQueryLogConfigs, func(v types.ResolverQueryLogConfig) bool {
				return v.Status != types.ResolverQueryLogConfigStatusDeleting
			})
		},
		func(_ *scope, v types.ResolverQueryLogConfig) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), facts: facts("owner_id", awssdk.ToString(v.OwnerId))}
		},
		func(ctx context.Context, s *scope, v types.ResolverQueryLogConfig) (map[string]string, error) {
			return resolverTags(ctx, s, v.Arn)
		})},
	{Type: "aws_route53_resolver_query_log_config_association", Actions: []string{"route53resolver:ListResolverQueryLogConfigAssociations"}, list: paged(
		func(s *scope) pager[route53resolver.ListResolverQueryLogConfigAssociationsOutput, route53resolver.Options] {
			return route53resolver.NewListResolverQueryLogConfigAssociationsPaginator(s.resolver(), &route53resolver.ListResolverQueryLogConfigAssociationsInput{})
		},
		func(p *route53resolver.ListResolverQueryLogConfigAssociationsOutput) []types.ResolverQueryLogConfigAssociation {
			return where(p.ResolverQueryLogConfigAssociations, func(v types.ResolverQueryLogConfigAssociation) bool {
				return v.Status != types.ResolverQueryLogConfigAssociationStatusDeleting
			})
		},
		func(_ *scope, v types.ResolverQueryLogConfigAssociation) found {
			return found{id: awssdk.ToString(v.Id), facts: facts("vpc_id", awssdk.ToString(v.ResourceId))}
		})},
	{Type: "aws_route53_resolver_rule", Actions: []string{"route53resolver:ListResolverRules", "route53resolver:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[route53resolver.ListResolverRulesOutput, route53resolver.Options] {
			return route53resolver.NewListResolverRulesPaginator(s.resolver(), &route53resolver.ListResolverRulesInput{})
		}, ownResolverRules,
		func(_ *scope, v types.ResolverRule) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), facts: facts("owner_id", awssdk.ToString(v.OwnerId))}
		},
		func(ctx context.Context, s *scope, v types.ResolverRule) (map[string]string, error) {
			return resolverTags(ctx, s, v.Arn)
		})},
	{Type: "aws_route53_resolver_rule_association", Actions: []string{"route53resolver:ListResolverRuleAssociations"}, list: paged(
		func(s *scope) pager[route53resolver.ListResolverRuleAssociationsOutput, route53resolver.Options] {
			return route53resolver.NewListResolverRuleAssociationsPaginator(s.resolver(), &route53resolver.ListResolverRuleAssociationsInput{})
		},
		func(p *route53resolver.ListResolverRuleAssociationsOutput) []types.ResolverRuleAssociation {
			return where(p.ResolverRuleAssociations, func(v types.ResolverRuleAssociation) bool {
				return v.Status != types.ResolverRuleAssociationStatusDeleting && !isAutodefined(v.Id)
			})
		},
		func(_ *scope, v types.ResolverRuleAssociation) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), facts: facts("vpc_id", awssdk.ToString(v.VPCId))}
		})},
}

// isAutodefined knows the rules that each VPC has, and their associations, by their IDs.
func isAutodefined(id *string) bool {
	return strings.HasPrefix(awssdk.ToString(id), "rslvr-autodefined-")
}

func ownResolverRules(p *route53resolver.ListResolverRulesOutput) []types.ResolverRule {
	return where(p.ResolverRules, func(v types.ResolverRule) bool {
		return v.Status != types.ResolverRuleStatusDeleting && !isAutodefined(v.Id)
	})
}

func resolverTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	tags, err := all(ctx, s, route53resolver.NewListTagsForResourcePaginator(s.resolver(), &route53resolver.ListTagsForResourceInput{ResourceArn: arn}),
		func(p *route53resolver.ListTagsForResourceOutput) []types.Tag { return p.Tags })
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
}
