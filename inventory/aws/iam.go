package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

type iamAPI interface {
	iam.GetAccountAuthorizationDetailsAPIClient
	iam.ListPoliciesAPIClient
	iam.ListPolicyTagsAPIClient
	iam.ListInstanceProfilesAPIClient
	iam.ListAccessKeysAPIClient
	iam.ListAccountAliasesAPIClient
	iam.ListOpenIDConnectProviderTagsAPIClient
	GetAccountPasswordPolicy(context.Context, *iam.GetAccountPasswordPolicyInput, ...func(*iam.Options)) (*iam.GetAccountPasswordPolicyOutput, error)
	ListOpenIDConnectProviders(context.Context, *iam.ListOpenIDConnectProvidersInput, ...func(*iam.Options)) (*iam.ListOpenIDConnectProvidersOutput, error)
	ListSAMLProviders(context.Context, *iam.ListSAMLProvidersInput, ...func(*iam.Options)) (*iam.ListSAMLProvidersOutput, error)
	GetSAMLProvider(context.Context, *iam.GetSAMLProviderInput, ...func(*iam.Options)) (*iam.GetSAMLProviderOutput, error)
	GetInstanceProfile(context.Context, *iam.GetInstanceProfileInput, ...func(*iam.Options)) (*iam.GetInstanceProfileOutput, error)
}

func (s *scope) iam() iamAPI { return client(s, "iam", iam.NewFromConfig) }

var iamRows = []Row{
	{Type: "aws_iam_access_key", Global: true, Actions: []string{"iam:GetAccountAuthorizationDetails", "iam:ListAccessKeys"}, list: listAccessKeys},
	{Type: "aws_iam_account_alias", Global: true, Actions: []string{"iam:ListAccountAliases"}, list: paged(openAccountAliases, accountAliases, seeAccountAlias)},
	{Type: "aws_iam_account_password_policy", Global: true, Actions: []string{"iam:GetAccountPasswordPolicy"}, list: listPasswordPolicy},
	{Type: "aws_iam_group", Global: true, ID: "{name}", Actions: accountDetails, list: listHolders(types.EntityTypeGroup)},
	{Type: "aws_iam_group_policy", Global: true, ID: "{group}:{name}", Actions: accountDetails, list: listInlinePolicies(types.EntityTypeGroup)},
	{Type: "aws_iam_group_policy_attachment", Global: true, ID: "{group}/{policy_arn}", Actions: accountDetails, list: listAttachments(types.EntityTypeGroup)},
	{Type: "aws_iam_instance_profile", Global: true, ID: "{name}", Actions: []string{"iam:ListInstanceProfiles", "iam:GetInstanceProfile"}, list: listInstanceProfiles},
	{Type: "aws_iam_openid_connect_provider", Global: true, ID: "{arn}", Actions: []string{"iam:ListOpenIDConnectProviders", "iam:ListOpenIDConnectProviderTags"}, list: listOIDCProviders},
	{Type: "aws_iam_policy", Global: true, ID: "{arn}", Actions: []string{"iam:ListPolicies", "iam:ListPolicyTags"}, list: listPolicies},
	{Type: "aws_iam_role", Global: true, ID: "{name}", Actions: accountDetails, list: listHolders(types.EntityTypeRole)},
	{Type: "aws_iam_role_policy", Global: true, ID: "{role}:{name}", Actions: accountDetails, list: listInlinePolicies(types.EntityTypeRole)},
	{Type: "aws_iam_role_policy_attachment", Global: true, ID: "{role}/{policy_arn}", Actions: accountDetails, list: listAttachments(types.EntityTypeRole)},
	{Type: "aws_iam_saml_provider", Global: true, ID: "{arn}", Actions: []string{"iam:ListSAMLProviders", "iam:GetSAMLProvider"}, list: listSAMLProviders},
	{Type: "aws_iam_user", Global: true, ID: "{name}", Actions: accountDetails, list: listHolders(types.EntityTypeUser)},
	{Type: "aws_iam_user_policy", Global: true, ID: "{user}:{name}", Actions: accountDetails, list: listInlinePolicies(types.EntityTypeUser)},
	{Type: "aws_iam_user_policy_attachment", Global: true, ID: "{user}/{policy_arn}", Actions: accountDetails, list: listAttachments(types.EntityTypeUser)},
}

var accountDetails = []string{"iam:GetAccountAuthorizationDetails"}

func iamTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

// holder is a role, user or group, as far as the rows need it.
type holder struct {
	name, path string
	tags       map[string]string
	policies   []string // names of its inline policies
	attached   []string // ARNs of its attached policies
}

// holders takes all of the account's roles, users or groups with their tags and policies from one paginated call:
// ListRoles gives no tags, and three calls for each role run into IAM's throttling. The policies' texts are let go page
// by page.
func (s *scope) holders(ctx context.Context, entity types.EntityType) ([]holder, error) {
	return shared(s, "holders "+string(entity), func() ([]holder, error) {
		in := &iam.GetAccountAuthorizationDetailsInput{Filter: []types.EntityType{entity}}
		return all(ctx, s, iam.NewGetAccountAuthorizationDetailsPaginator(s.iam(), in), holdersOf)
	})
}

// holdersOf reads a page, which has one kind of them only.
func holdersOf(p *iam.GetAccountAuthorizationDetailsOutput) []holder {
	var list []holder
	for _, v := range p.RoleDetailList {
		list = append(list, holderOf(v.RoleName, v.Path, v.Tags, v.RolePolicyList, v.AttachedManagedPolicies))
	}
	for _, v := range p.UserDetailList {
		list = append(list, holderOf(v.UserName, v.Path, v.Tags, v.UserPolicyList, v.AttachedManagedPolicies))
	}
	for _, v := range p.GroupDetailList {
		list = append(list, holderOf(v.GroupName, v.Path, nil, v.GroupPolicyList, v.AttachedManagedPolicies))
	}
	return list
}

func holderOf(name, path *string, tags []types.Tag, inline []types.PolicyDetail, attached []types.AttachedPolicy) holder {
	h := holder{name: awssdk.ToString(name), path: awssdk.ToString(path), tags: iamTags(tags)}
	for _, policy := range inline {
		h.policies = append(h.policies, awssdk.ToString(policy.PolicyName))
	}
	for _, policy := range attached {
		h.attached = append(h.attached, awssdk.ToString(policy.PolicyArn))
	}
	return h
}

// facts gives what hangs on a holder its path, and the tags by which another tool owns it: the policies of a
// CloudFormation stack's role have no tags of their own.
func (h holder) facts() map[string]string {
	f := parentTags(h.tags)
	f["path"] = h.path
	return f
}

func listHolders(entity types.EntityType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		holders, err := s.holders(ctx, entity)
		for _, h := range holders {
			out.add(found{id: h.name, name: h.name, tags: h.tags, facts: facts("path", h.path)})
		}
		return err
	}
}

func listInlinePolicies(entity types.EntityType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		holders, err := s.holders(ctx, entity)
		for _, h := range holders {
			for _, policy := range h.policies {
				out.add(found{id: h.name + ":" + policy, name: policy, facts: h.facts()})
			}
		}
		return err
	}
}

func listAttachments(entity types.EntityType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		holders, err := s.holders(ctx, entity)
		for _, h := range holders {
			for _, policy := range h.attached {
				out.add(found{id: h.name + "/" + policy, facts: h.facts()})
			}
		}
		return err
	}
}

func listAccessKeys(ctx context.Context, s *scope, out *sink) error {
	users, err := s.holders(ctx, types.EntityTypeUser)
	if err != nil {
		return err
	}
	each(ctx, users, func(user holder) {
		keys, err := all(ctx, s, iam.NewListAccessKeysPaginator(s.iam(), &iam.ListAccessKeysInput{UserName: &user.name}),
			func(p *iam.ListAccessKeysOutput) []types.AccessKeyMetadata { return p.AccessKeyMetadata })
		if err != nil && !hasCode(err, "NoSuchEntity") {
			out.failed(user.name, err)
		}
		for _, v := range keys {
			out.add(found{id: awssdk.ToString(v.AccessKeyId), facts: user.facts()})
		}
	})
	return nil
}

func openAccountAliases(s *scope) pager[iam.ListAccountAliasesOutput, iam.Options] {
	return iam.NewListAccountAliasesPaginator(s.iam(), &iam.ListAccountAliasesInput{})
}

func accountAliases(p *iam.ListAccountAliasesOutput) []string { return p.AccountAliases }

func seeAccountAlias(_ *scope, alias string) found { return found{id: alias, name: alias} }

// listPasswordPolicy: an account has one or none, and the provider has one name for it.
func listPasswordPolicy(ctx context.Context, s *scope, out *sink) error {
	_, err := call(ctx, s, s.iam().GetAccountPasswordPolicy, &iam.GetAccountPasswordPolicyInput{})
	if hasCode(err, "NoSuchEntity") {
		return nil
	}
	if err == nil {
		out.add(found{id: "iam-account-password-policy"})
	}
	return err
}

func listOIDCProviders(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.iam().ListOpenIDConnectProviders, &iam.ListOpenIDConnectProvidersInput{})
	if err != nil {
		return err
	}
	each(ctx, answer.OpenIDConnectProviderList, func(v types.OpenIDConnectProviderListEntry) {
		tags, err := all(ctx, s, iam.NewListOpenIDConnectProviderTagsPaginator(s.iam(), &iam.ListOpenIDConnectProviderTagsInput{OpenIDConnectProviderArn: v.Arn}),
			func(p *iam.ListOpenIDConnectProviderTagsOutput) []types.Tag { return p.Tags })
		_, url, _ := strings.Cut(awssdk.ToString(v.Arn), ":oidc-provider/")
		out.addTagged(found{id: awssdk.ToString(v.Arn), name: url, tags: iamTags(tags)}, err, "NoSuchEntity")
	})
	return nil
}

func listSAMLProviders(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.iam().ListSAMLProviders, &iam.ListSAMLProvidersInput{})
	if err != nil {
		return err
	}
	each(ctx, answer.SAMLProviderList, func(v types.SAMLProviderListEntry) {
		f := found{id: awssdk.ToString(v.Arn), facts: facts("managed_by", reservedFor(awssdk.ToString(v.Arn)))}
		_, f.name, _ = strings.Cut(f.id, ":saml-provider/")
		one, err := call(ctx, s, s.iam().GetSAMLProvider, &iam.GetSAMLProviderInput{SAMLProviderArn: v.Arn})
		if err == nil {
			f.tags = iamTags(one.Tags)
		}
		out.addTagged(f, err, "NoSuchEntity")
	})
	return nil
}

// reservedFor knows the providers that IAM Identity Center makes in each account.
func reservedFor(arn string) string {
	if strings.Contains(arn, ":saml-provider/AWSSSO_") {
		return "sso.amazonaws.com"
	}
	return ""
}

// listPolicies asks for each policy's tags by itself: neither listing of policies has them.
func listPolicies(ctx context.Context, s *scope, out *sink) error {
	client := s.iam()
	for page, err := range pages(ctx, s, iam.NewListPoliciesPaginator(client, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})) {
		if err != nil {
			return err
		}
		each(ctx, page.Policies, func(v types.Policy) {
			tags, err := all(ctx, s, iam.NewListPolicyTagsPaginator(client, &iam.ListPolicyTagsInput{PolicyArn: v.Arn}),
				func(p *iam.ListPolicyTagsOutput) []types.Tag { return p.Tags })
			out.addTagged(found{
				id: awssdk.ToString(v.Arn), name: awssdk.ToString(v.PolicyName), tags: iamTags(tags),
				facts: facts("path", awssdk.ToString(v.Path)),
			}, err, "NoSuchEntity")
		})
	}
	return nil
}

// listInstanceProfiles asks for each profile's tags by itself: the listing leaves them out.
func listInstanceProfiles(ctx context.Context, s *scope, out *sink) error {
	client := s.iam()
	for page, err := range pages(ctx, s, iam.NewListInstanceProfilesPaginator(client, &iam.ListInstanceProfilesInput{})) {
		if err != nil {
			return err
		}
		each(ctx, page.InstanceProfiles, func(v types.InstanceProfile) {
			f := found{
				id: awssdk.ToString(v.InstanceProfileName), name: awssdk.ToString(v.InstanceProfileName),
				facts: facts("path", awssdk.ToString(v.Path)),
			}
			answer, err := call(ctx, s, client.GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: v.InstanceProfileName})
			if err == nil && answer.InstanceProfile != nil {
				f.tags = iamTags(answer.InstanceProfile.Tags)
			}
			out.addTagged(f, err, "NoSuchEntity")
		})
	}
	return nil
}
