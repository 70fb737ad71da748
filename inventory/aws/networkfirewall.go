package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall/types"
)

type networkfirewallAPI interface {
	networkfirewall.ListFirewallPoliciesAPIClient
	networkfirewall.ListFirewallsAPIClient
	networkfirewall.ListRuleGroupsAPIClient
	networkfirewall.ListTagsForResourceAPIClient
}

func (s *scope) networkfirewall() networkfirewallAPI {
	return client(s, "networkfirewall", networkfirewall.NewFromConfig)
}

var networkfirewallRows = []Row{
	{Type: "aws_networkfirewall_firewall", Tested: recorded, Actions: []string{"network-firewall:ListFirewalls", "network-firewall:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[networkfirewall.ListFirewallsOutput, networkfirewall.Options] {
			return networkfirewall.NewListFirewallsPaginator(s.networkfirewall(), &networkfirewall.ListFirewallsInput{})
		},
		func(p *networkfirewall.ListFirewallsOutput) []firewallPart {
			return converted(p.Firewalls, func(v types.FirewallMetadata) firewallPart { return firewallPart{v.FirewallArn, v.FirewallName} })
		}, seeFirewallPart, firewallTags)},
	{Type: "aws_networkfirewall_firewall_policy", Tested: recorded, Actions: []string{"network-firewall:ListFirewallPolicies", "network-firewall:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[networkfirewall.ListFirewallPoliciesOutput, networkfirewall.Options] {
			return networkfirewall.NewListFirewallPoliciesPaginator(s.networkfirewall(), &networkfirewall.ListFirewallPoliciesInput{})
		},
		func(p *networkfirewall.ListFirewallPoliciesOutput) []firewallPart {
			return converted(p.FirewallPolicies, func(v types.FirewallPolicyMetadata) firewallPart { return firewallPart{v.Arn, v.Name} })
		}, seeFirewallPart, firewallTags)},
	{Type: "aws_networkfirewall_rule_group", Tested: recorded, Actions: []string{"network-firewall:ListRuleGroups", "network-firewall:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[networkfirewall.ListRuleGroupsOutput, networkfirewall.Options] {
			own := &networkfirewall.ListRuleGroupsInput{Scope: types.ResourceManagedStatusAccount}
			return networkfirewall.NewListRuleGroupsPaginator(s.networkfirewall(), own)
		},
		func(p *networkfirewall.ListRuleGroupsOutput) []firewallPart {
			return converted(p.RuleGroups, func(v types.RuleGroupMetadata) firewallPart { return firewallPart{v.Arn, v.Name} })
		}, seeFirewallPart, firewallTags)},
}

// firewallPart is what the summaries of every listing have.
type firewallPart struct{ arn, name *string }

// seeFirewallPart: what is shared by another account has that account in its ARN.
func seeFirewallPart(_ *scope, v firewallPart) found {
	return found{id: awssdk.ToString(v.arn), name: awssdk.ToString(v.name), facts: facts("owner_id", accountOf(v.arn))}
}

func firewallTags(ctx context.Context, s *scope, v firewallPart) (map[string]string, error) {
	tags, err := all(ctx, s, networkfirewall.NewListTagsForResourcePaginator(s.networkfirewall(), &networkfirewall.ListTagsForResourceInput{ResourceArn: v.arn}),
		func(p *networkfirewall.ListTagsForResourceOutput) []types.Tag { return p.Tags })
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
}
