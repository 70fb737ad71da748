package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	sestypes "github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

type (
	sesAPI interface {
		ses.ListIdentitiesAPIClient
		DescribeReceiptRuleSet(context.Context, *ses.DescribeReceiptRuleSetInput, ...func(*ses.Options)) (*ses.DescribeReceiptRuleSetOutput, error)
		ListConfigurationSets(context.Context, *ses.ListConfigurationSetsInput, ...func(*ses.Options)) (*ses.ListConfigurationSetsOutput, error)
		ListReceiptRuleSets(context.Context, *ses.ListReceiptRuleSetsInput, ...func(*ses.Options)) (*ses.ListReceiptRuleSetsOutput, error)
		ListTemplates(context.Context, *ses.ListTemplatesInput, ...func(*ses.Options)) (*ses.ListTemplatesOutput, error)
	}
	sesv2API interface {
		sesv2.ListContactListsAPIClient
		sesv2.ListDedicatedIpPoolsAPIClient
		GetEmailIdentityPolicies(context.Context, *sesv2.GetEmailIdentityPoliciesInput, ...func(*sesv2.Options)) (*sesv2.GetEmailIdentityPoliciesOutput, error)
		ListTagsForResource(context.Context, *sesv2.ListTagsForResourceInput, ...func(*sesv2.Options)) (*sesv2.ListTagsForResourceOutput, error)
	}
)

func (s *scope) ses() sesAPI { return client(s, "ses", ses.NewFromConfig) }

func (s *scope) sesv2() sesv2API { return client(s, "sesv2", sesv2.NewFromConfig) }

// sesRows: identities and configuration sets have types of both API versions, and are listed as the newer; the older
// API lists both alike. Receiving mail, and its templates, are of the older only.
var sesRows = []Row{
	{Type: "aws_ses_receipt_rule", ID: "{rule_set_name}:{name}", Actions: []string{"ses:ListReceiptRuleSets", "ses:DescribeReceiptRuleSet"}, list: listReceiptRules},
	{Type: "aws_ses_receipt_rule_set", ID: "{rule_set_name}", Actions: []string{"ses:ListReceiptRuleSets"}, list: paged(openRuleSets, ruleSets,
		func(_ *scope, v sestypes.ReceiptRuleSetMetadata) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)}
		})},
	{Type: "aws_ses_template", ID: "{name}", Actions: []string{"ses:ListTemplates"}, list: paged(
		func(s *scope) pager[ses.ListTemplatesOutput, ses.Options] {
			in := &ses.ListTemplatesInput{}
			return byToken(s.ses().ListTemplates, in, &in.NextToken, func(out *ses.ListTemplatesOutput) *string { return out.NextToken })
		},
		func(p *ses.ListTemplatesOutput) []sestypes.TemplateMetadata { return p.TemplatesMetadata },
		func(_ *scope, v sestypes.TemplateMetadata) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)}
		})},
	{Type: "aws_sesv2_configuration_set", ID: "{configuration_set_name}", Tested: recorded, Actions: []string{"ses:ListConfigurationSets", "ses:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[ses.ListConfigurationSetsOutput, ses.Options] {
			in := &ses.ListConfigurationSetsInput{}
			return byToken(s.ses().ListConfigurationSets, in, &in.NextToken, func(out *ses.ListConfigurationSetsOutput) *string { return out.NextToken })
		},
		func(p *ses.ListConfigurationSetsOutput) []string {
			return converted(p.ConfigurationSets, func(v sestypes.ConfigurationSet) string { return awssdk.ToString(v.Name) })
		}, seeMailName, mailTags("configuration-set"))},
	{Type: "aws_sesv2_contact_list", ID: "{contact_list_name}", Tested: recorded, Actions: []string{"ses:ListContactLists", "ses:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[sesv2.ListContactListsOutput, sesv2.Options] {
			return sesv2.NewListContactListsPaginator(s.sesv2(), &sesv2.ListContactListsInput{})
		},
		func(p *sesv2.ListContactListsOutput) []string {
			return converted(p.ContactLists, func(v types.ContactList) string { return awssdk.ToString(v.ContactListName) })
		}, seeMailName, mailTags("contact-list"))},
	{Type: "aws_sesv2_dedicated_ip_pool", ID: "{pool_name}", Actions: []string{"ses:ListDedicatedIpPools", "ses:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[sesv2.ListDedicatedIpPoolsOutput, sesv2.Options] {
			return sesv2.NewListDedicatedIpPoolsPaginator(s.sesv2(), &sesv2.ListDedicatedIpPoolsInput{})
		},
		func(p *sesv2.ListDedicatedIpPoolsOutput) []string {
			// Shared and default pools are AWS's.
			return where(p.DedicatedIpPools, func(name string) bool {
				return name != "ses-shared-pool" && name != "ses-default-dedicated-pool"
			})
		}, seeMailName, mailTags("dedicated-ip-pool"))},
	{Type: "aws_sesv2_email_identity", ID: "{email_identity}", Actions: []string{"ses:ListIdentities", "ses:ListTagsForResource"}, list: tagged(openIdentities, identities, seeMailName, mailTags("identity"))},
	{Type: "aws_sesv2_email_identity_policy", ID: "{email_identity}|{policy_name}", Actions: []string{"ses:ListIdentities", "ses:ListTagsForResource", "ses:GetEmailIdentityPolicies"}, list: listIdentityPolicies},
}

func openRuleSets(s *scope) pager[ses.ListReceiptRuleSetsOutput, ses.Options] {
	in := &ses.ListReceiptRuleSetsInput{}
	return byToken(s.ses().ListReceiptRuleSets, in, &in.NextToken, func(out *ses.ListReceiptRuleSetsOutput) *string { return out.NextToken })
}

func ruleSets(p *ses.ListReceiptRuleSetsOutput) []sestypes.ReceiptRuleSetMetadata { return p.RuleSets }

func listReceiptRules(ctx context.Context, s *scope, out *sink) error {
	sets, err := all(ctx, s, openRuleSets(s), ruleSets)
	if err != nil {
		return err
	}
	each(ctx, sets, func(set sestypes.ReceiptRuleSetMetadata) {
		answer, err := call(ctx, s, s.ses().DescribeReceiptRuleSet, &ses.DescribeReceiptRuleSetInput{RuleSetName: set.Name})
		switch {
		case notFound(err):
		case err != nil:
			out.failed(awssdk.ToString(set.Name), err)
		default:
			for _, v := range answer.Rules {
				out.add(found{id: awssdk.ToString(set.Name) + ":" + awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)})
			}
		}
	})
	return nil
}

func openIdentities(s *scope) pager[ses.ListIdentitiesOutput, ses.Options] {
	return ses.NewListIdentitiesPaginator(s.ses(), &ses.ListIdentitiesInput{})
}

func identities(p *ses.ListIdentitiesOutput) []string { return p.Identities }

func seeMailName(_ *scope, name string) found { return found{id: name, name: name} }

// mailTags asks for the tags of what has a name only: its ARN is put together.
func mailTags(kind string) func(context.Context, *scope, string) (map[string]string, error) {
	return func(ctx context.Context, s *scope, name string) (map[string]string, error) {
		arn := s.arn("ses", kind+"/"+name)
		return sharedTags(s, arn, func() (map[string]string, error) {
			out, err := call(ctx, s, s.sesv2().ListTagsForResource, &sesv2.ListTagsForResourceInput{ResourceArn: &arn})
			if err != nil {
				return nil, err
			}
			return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})
	}
}

func listIdentityPolicies(ctx context.Context, s *scope, out *sink) error {
	names, err := all(ctx, s, openIdentities(s), identities)
	if err != nil {
		return err
	}
	each(ctx, names, func(name string) {
		answer, err := call(ctx, s, s.sesv2().GetEmailIdentityPolicies, &sesv2.GetEmailIdentityPoliciesInput{EmailIdentity: &name})
		if notFound(err) {
			return
		}
		if err != nil {
			out.failed(name, err)
			return
		}
		if len(answer.Policies) == 0 {
			return
		}
		f, there := out.partFacts("aws_sesv2_email_identity", name, func() (map[string]string, error) { return mailTags("identity")(ctx, s, name) })
		for policy := range answer.Policies {
			if there {
				out.add(found{id: name + "|" + policy, name: policy, facts: f})
			}
		}
	})
	return nil
}
