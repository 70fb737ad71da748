package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

type orgAPI interface {
	organizations.ListAccountsAPIClient
	organizations.ListDelegatedAdministratorsAPIClient
	organizations.ListDelegatedServicesForAccountAPIClient
	organizations.ListOrganizationalUnitsForParentAPIClient
	organizations.ListPoliciesAPIClient
	organizations.ListRootsAPIClient
	organizations.ListTagsForResourceAPIClient
	organizations.ListTargetsForPolicyAPIClient
	DescribeOrganization(context.Context, *organizations.DescribeOrganizationInput, ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error)
}

func (s *scope) organizations() orgAPI {
	return client(s, "organizations", organizations.NewFromConfig)
}

// organizationsRows are listed by the management account only: a member sees the organization, and owns nothing of it.
var organizationsRows = []Row{
	{Type: "aws_organizations_account", Global: true, Actions: []string{"organizations:DescribeOrganization", "organizations:ListAccounts", "organizations:ListTagsForResource"}, list: asManagement(listOrgAccounts)},
	{Type: "aws_organizations_delegated_administrator", Global: true, ID: "{account_id}/{service_principal}", Actions: []string{"organizations:DescribeOrganization", "organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount"}, list: asManagement(listDelegates)},
	{Type: "aws_organizations_organization", Global: true, Actions: []string{"organizations:DescribeOrganization"}, list: asManagement(listOrganization)},
	{Type: "aws_organizations_organizational_unit", Global: true, Actions: []string{"organizations:DescribeOrganization", "organizations:ListRoots", "organizations:ListOrganizationalUnitsForParent", "organizations:ListTagsForResource"}, list: asManagement(listUnits)},
	{Type: "aws_organizations_policy", Global: true, Actions: []string{"organizations:DescribeOrganization", "organizations:ListPolicies", "organizations:ListTagsForResource"}, list: asManagement(listOrgPolicies)},
	{Type: "aws_organizations_policy_attachment", Global: true, ID: "{target_id}:{policy_id}", Actions: []string{"organizations:DescribeOrganization", "organizations:ListPolicies", "organizations:ListTargetsForPolicy"}, list: asManagement(listOrgAttachments)},
}

// asManagement lists nothing where there is no organization, or another account manages it.
func asManagement(list func(context.Context, *scope, *sink, types.Organization) error) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		found, err := shared(s, "organization", func() ([]types.Organization, error) {
			answer, err := call(ctx, s, s.organizations().DescribeOrganization, &organizations.DescribeOrganizationInput{})
			if err != nil || answer.Organization == nil {
				return nil, err
			}
			return []types.Organization{*answer.Organization}, nil
		})
		if err != nil || len(found) == 0 || awssdk.ToString(found[0].MasterAccountId) != s.account {
			return err
		}
		return list(ctx, s, out, found[0])
	}
}

func listOrganization(_ context.Context, _ *scope, out *sink, o types.Organization) error {
	out.add(found{id: awssdk.ToString(o.Id)})
	return nil
}

func orgTags(ctx context.Context, s *scope, id string) func() (map[string]string, error) {
	return func() (map[string]string, error) {
		tags, err := all(ctx, s, organizations.NewListTagsForResourcePaginator(s.organizations(), &organizations.ListTagsForResourceInput{ResourceId: &id}),
			func(p *organizations.ListTagsForResourceOutput) []types.Tag { return p.Tags })
		return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
	}
}

// listOrgAccounts leaves out the management account, which was there before its organization, and closed accounts.
func listOrgAccounts(ctx context.Context, s *scope, out *sink, _ types.Organization) error {
	for page, err := range pages(ctx, s, organizations.NewListAccountsPaginator(s.organizations(), &organizations.ListAccountsInput{})) {
		if err != nil {
			return err
		}
		each(ctx, page.Accounts, func(v types.Account) {
			id := awssdk.ToString(v.Id)
			if id == s.account || v.State == types.AccountStateSuspended || v.State == types.AccountStateClosed || v.State == types.AccountStatePendingClosure {
				return
			}
			out.addWithTags(found{id: id, name: awssdk.ToString(v.Name)}, orgTags(ctx, s, id))
		})
	}
	return nil
}

func listDelegates(ctx context.Context, s *scope, out *sink, _ types.Organization) error {
	delegates := organizations.NewListDelegatedAdministratorsPaginator(s.organizations(), &organizations.ListDelegatedAdministratorsInput{})
	for page, err := range pages(ctx, s, delegates) {
		if err != nil {
			return err
		}
		each(ctx, page.DelegatedAdministrators, func(v types.DelegatedAdministrator) {
			services, err := all(ctx, s, organizations.NewListDelegatedServicesForAccountPaginator(s.organizations(), &organizations.ListDelegatedServicesForAccountInput{AccountId: v.Id}),
				func(p *organizations.ListDelegatedServicesForAccountOutput) []types.DelegatedService {
					return p.DelegatedServices
				})
			if err != nil && !notFound(err) {
				out.failed(awssdk.ToString(v.Id), err)
			}
			for _, service := range services {
				out.add(found{id: awssdk.ToString(v.Id) + "/" + awssdk.ToString(service.ServicePrincipal)})
			}
		})
	}
	return nil
}

// listUnits walks the tree from its root: no listing has all of it.
func listUnits(ctx context.Context, s *scope, out *sink, _ types.Organization) error {
	roots, err := all(ctx, s, organizations.NewListRootsPaginator(s.organizations(), &organizations.ListRootsInput{}),
		func(p *organizations.ListRootsOutput) []types.Root { return p.Roots })
	if err != nil {
		return err
	}
	var parents []string
	for _, root := range roots {
		parents = append(parents, awssdk.ToString(root.Id))
	}
	for len(parents) > 0 && ctx.Err() == nil {
		parent := parents[0]
		parents = parents[1:]
		units, err := all(ctx, s, organizations.NewListOrganizationalUnitsForParentPaginator(s.organizations(), &organizations.ListOrganizationalUnitsForParentInput{ParentId: &parent}),
			func(p *organizations.ListOrganizationalUnitsForParentOutput) []types.OrganizationalUnit {
				return p.OrganizationalUnits
			})
		if err != nil && !notFound(err) {
			out.failed(parent, err)
		}
		each(ctx, units, func(v types.OrganizationalUnit) {
			id := awssdk.ToString(v.Id)
			out.addWithTags(found{id: id, name: awssdk.ToString(v.Name)}, orgTags(ctx, s, id))
		})
		for _, v := range units {
			parents = append(parents, awssdk.ToString(v.Id))
		}
	}
	return nil
}

// orgPolicyTypes are asked for one by one. A type that is not enabled has no policies.
var orgPolicyTypes = []types.PolicyType{
	types.PolicyTypeServiceControlPolicy, types.PolicyTypeTagPolicy, types.PolicyTypeBackupPolicy, types.PolicyTypeAiservicesOptOutPolicy,
}

// orgPolicies leaves out what AWS made, FullAWSAccess above all.
func (s *scope) orgPolicies(ctx context.Context, out *sink) []types.PolicySummary {
	var own []types.PolicySummary
	for _, kind := range orgPolicyTypes {
		list, err := shared(s, "organization policies "+string(kind), func() ([]types.PolicySummary, error) {
			return all(ctx, s, organizations.NewListPoliciesPaginator(s.organizations(), &organizations.ListPoliciesInput{Filter: kind}),
				func(p *organizations.ListPoliciesOutput) []types.PolicySummary { return p.Policies })
		})
		if err != nil {
			out.failed(string(kind), err)
		}
		own = append(own, where(list, func(v types.PolicySummary) bool { return !v.AwsManaged })...)
	}
	return own
}

func listOrgPolicies(ctx context.Context, s *scope, out *sink, _ types.Organization) error {
	each(ctx, s.orgPolicies(ctx, out), func(v types.PolicySummary) {
		id := awssdk.ToString(v.Id)
		out.addWithTags(found{id: id, name: awssdk.ToString(v.Name)}, orgTags(ctx, s, id))
	})
	return nil
}

func listOrgAttachments(ctx context.Context, s *scope, out *sink, _ types.Organization) error {
	each(ctx, s.orgPolicies(ctx, out), func(v types.PolicySummary) {
		policy := awssdk.ToString(v.Id)
		targets, err := all(ctx, s, organizations.NewListTargetsForPolicyPaginator(s.organizations(), &organizations.ListTargetsForPolicyInput{PolicyId: &policy}),
			func(p *organizations.ListTargetsForPolicyOutput) []types.PolicyTargetSummary { return p.Targets })
		if err != nil && !notFound(err) {
			out.failed(policy, err)
		}
		for _, target := range targets {
			out.add(found{id: awssdk.ToString(target.TargetId) + ":" + policy})
		}
	})
	return nil
}
