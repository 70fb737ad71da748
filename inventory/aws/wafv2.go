package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"
)

type wafv2API interface {
	ListWebACLs(context.Context, *wafv2.ListWebACLsInput, ...func(*wafv2.Options)) (*wafv2.ListWebACLsOutput, error)
	ListRuleGroups(context.Context, *wafv2.ListRuleGroupsInput, ...func(*wafv2.Options)) (*wafv2.ListRuleGroupsOutput, error)
	ListRegexPatternSets(context.Context, *wafv2.ListRegexPatternSetsInput, ...func(*wafv2.Options)) (*wafv2.ListRegexPatternSetsOutput, error)
	ListIPSets(context.Context, *wafv2.ListIPSetsInput, ...func(*wafv2.Options)) (*wafv2.ListIPSetsOutput, error)
	ListLoggingConfigurations(context.Context, *wafv2.ListLoggingConfigurationsInput, ...func(*wafv2.Options)) (*wafv2.ListLoggingConfigurationsOutput, error)
	ListResourcesForWebACL(context.Context, *wafv2.ListResourcesForWebACLInput, ...func(*wafv2.Options)) (*wafv2.ListResourcesForWebACLOutput, error)
	ListTagsForResource(context.Context, *wafv2.ListTagsForResourceInput, ...func(*wafv2.Options)) (*wafv2.ListTagsForResourceOutput, error)
}

func (s *scope) wafv2() wafv2API { return client(s, "wafv2", wafv2.NewFromConfig) }

var wafv2Rows = []Row{
	{Type: "aws_wafv2_ip_set", ID: "{id}/{name}/{scope}", Actions: []string{"wafv2:ListIPSets", "wafv2:ListTagsForResource"}, list: webListing(
		func(c wafv2API, scope types.Scope) pager[wafv2.ListIPSetsOutput, wafv2.Options] {
			in := &wafv2.ListIPSetsInput{Scope: scope}
			return byToken(c.ListIPSets, in, &in.NextMarker, func(o *wafv2.ListIPSetsOutput) *string { return o.NextMarker })
		},
		func(o *wafv2.ListIPSetsOutput) []webItem {
			return converted(o.IPSets, func(i types.IPSetSummary) webItem { return webItem{i.ARN, i.Id, i.Name} })
		})},
	{Type: "aws_wafv2_regex_pattern_set", ID: "{id}/{name}/{scope}", Actions: []string{"wafv2:ListRegexPatternSets", "wafv2:ListTagsForResource"}, list: webListing(
		func(c wafv2API, scope types.Scope) pager[wafv2.ListRegexPatternSetsOutput, wafv2.Options] {
			in := &wafv2.ListRegexPatternSetsInput{Scope: scope}
			return byToken(c.ListRegexPatternSets, in, &in.NextMarker, func(o *wafv2.ListRegexPatternSetsOutput) *string { return o.NextMarker })
		},
		func(o *wafv2.ListRegexPatternSetsOutput) []webItem {
			return converted(o.RegexPatternSets, func(i types.RegexPatternSetSummary) webItem { return webItem{i.ARN, i.Id, i.Name} })
		})},
	{Type: "aws_wafv2_rule_group", ID: "{id}/{name}/{scope}", Actions: []string{"wafv2:ListRuleGroups", "wafv2:ListTagsForResource"}, list: webListing(
		func(c wafv2API, scope types.Scope) pager[wafv2.ListRuleGroupsOutput, wafv2.Options] {
			in := &wafv2.ListRuleGroupsInput{Scope: scope}
			return byToken(c.ListRuleGroups, in, &in.NextMarker, func(o *wafv2.ListRuleGroupsOutput) *string { return o.NextMarker })
		},
		func(o *wafv2.ListRuleGroupsOutput) []webItem {
			return converted(o.RuleGroups, func(i types.RuleGroupSummary) webItem { return webItem{i.ARN, i.Id, i.Name} })
		})},
	{Type: "aws_wafv2_web_acl", ID: "{id}/{name}/{scope}", Actions: []string{"wafv2:ListWebACLs", "wafv2:ListTagsForResource"}, list: webListing(
		openWebACLs, func(o *wafv2.ListWebACLsOutput) []webItem {
			return converted(o.WebACLs, func(i types.WebACLSummary) webItem { return webItem{i.ARN, i.Id, i.Name} })
		})},
	{Type: "aws_wafv2_web_acl_association", ID: "{web_acl_arn},{resource_arn}", ARN: "web_acl_arn", Tested: recorded,
		Actions: []string{"wafv2:ListWebACLs", "wafv2:ListTagsForResource", "wafv2:ListResourcesForWebACL"}, list: listWebAssociations},
	{Type: "aws_wafv2_web_acl_logging_configuration", ID: "{resource_arn}", ARN: "resource_arn", Actions: []string{"wafv2:ListLoggingConfigurations", "wafv2:ListTagsForResource"}, list: inWebScopes(listWebLogging)},
}

func openWebACLs(c wafv2API, scope types.Scope) pager[wafv2.ListWebACLsOutput, wafv2.Options] {
	in := &wafv2.ListWebACLsInput{Scope: scope}
	return byToken(c.ListWebACLs, in, &in.NextMarker, func(o *wafv2.ListWebACLsOutput) *string { return o.NextMarker })
}

// guardedTypes are what a web ACL of a region stands before, as far as WAF itself tells by its own permission: for the
// others it asks their services. A distribution of CloudFront names its ACL itself.
var guardedTypes = []types.ResourceType{types.ResourceTypeApplicationLoadBalancer, types.ResourceTypeApiGateway, types.ResourceTypeAppsync}

func listWebAssociations(ctx context.Context, s *scope, out *sink) error {
	acls, err := all(ctx, s, openWebACLs(s.wafv2(), types.ScopeRegional), func(o *wafv2.ListWebACLsOutput) []types.WebACLSummary { return o.WebACLs })
	each(ctx, acls, func(acl types.WebACLSummary) {
		var guarded []string
		for _, typ := range guardedTypes {
			answer, err := call(ctx, s, s.wafv2().ListResourcesForWebACL, &wafv2.ListResourcesForWebACLInput{WebACLArn: acl.ARN, ResourceType: typ})
			if notFound(err) {
				return
			}
			if err != nil {
				out.failed(awssdk.ToString(acl.Name), err)
				continue
			}
			guarded = append(guarded, answer.ResourceArns...)
		}
		if len(guarded) == 0 {
			return
		}
		facts, there := out.partFacts("aws_wafv2_web_acl", awssdk.ToString(acl.ARN), func() (map[string]string, error) { return webTags(ctx, s, acl.ARN) })
		for _, resource := range guarded {
			if there {
				out.add(found{id: awssdk.ToString(acl.ARN) + "," + resource, name: awssdk.ToString(acl.Name), facts: facts})
			}
		}
	})
	return err
}

// webACLName is the name in arn:aws:wafv2:REGION:ACCOUNT:SCOPE/webacl/NAME/ID.
func webACLName(arn string) string {
	if parts := strings.Split(arn, "/"); len(parts) == 4 {
		return parts[2]
	}
	return ""
}

func listWebLogging(ctx context.Context, s *scope, out *sink, in types.Scope) error {
	request := &wafv2.ListLoggingConfigurationsInput{Scope: in}
	configurations := byToken(s.wafv2().ListLoggingConfigurations, request, &request.NextMarker, func(o *wafv2.ListLoggingConfigurationsOutput) *string { return o.NextMarker })
	for page, err := range pages(ctx, s, configurations) {
		if err != nil {
			return err
		}
		each(ctx, page.LoggingConfigurations, func(v types.LoggingConfiguration) {
			arn := awssdk.ToString(v.ResourceArn)
			facts, there := out.partFacts("aws_wafv2_web_acl", arn, func() (map[string]string, error) { return webTags(ctx, s, v.ResourceArn) })
			if !there {
				return
			}
			if v.ManagedByFirewallManager {
				facts["managed_by"] = "AWS Firewall Manager"
			}
			out.add(found{id: arn, name: webACLName(arn), facts: facts})
		})
	}
	return nil
}

// cloudFrontRegion is where WAF keeps everything of scope CLOUDFRONT (WAF API reference).
const cloudFrontRegion = "us-east-1"

// inWebScopes lists a WAF type in each scope that a region has.
func inWebScopes(list func(context.Context, *scope, *sink, types.Scope) error) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		if s.region == cloudFrontRegion {
			if err := list(ctx, s, out, types.ScopeCloudfront); err != nil {
				out.failed("scope CLOUDFRONT", err)
			}
		}
		return list(ctx, s, out, types.ScopeRegional)
	}
}

// webItem is what the summaries of every WAF listing have.
type webItem struct{ arn, id, name *string }

// webListing lists one kind of WAF resource in both scopes.
func webListing[Page any](open func(wafv2API, types.Scope) pager[Page, wafv2.Options], items func(*Page) []webItem) lister {
	return inWebScopes(func(ctx context.Context, s *scope, out *sink, in types.Scope) error {
		for page, err := range pages(ctx, s, open(s.wafv2(), in)) {
			if err != nil {
				return err
			}
			each(ctx, items(page), func(item webItem) {
				name := awssdk.ToString(item.name)
				f := found{id: awssdk.ToString(item.id) + "/" + name + "/" + string(in), name: name}
				if strings.HasPrefix(name, "FMManagedWebACLV2-") {
					f.facts = facts("managed_by", "AWS Firewall Manager")
				}
				out.addWithTags(f, func() (map[string]string, error) { return webTags(ctx, s, item.arn) })
			})
		}
		return nil
	})
}

func webTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	in := &wafv2.ListTagsForResourceInput{ResourceARN: arn}
	tags, err := all(ctx, s, byToken(s.wafv2().ListTagsForResource, in, &in.NextMarker, func(o *wafv2.ListTagsForResourceOutput) *string { return o.NextMarker }),
		func(o *wafv2.ListTagsForResourceOutput) []types.Tag {
			if o.TagInfoForResource == nil {
				return nil
			}
			return o.TagInfoForResource.TagList
		})
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
}
