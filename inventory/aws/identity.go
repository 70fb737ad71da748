package aws

import (
	"cmp"
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
)

type (
	ssoadminAPI interface {
		ssoadmin.ListAccountAssignmentsAPIClient
		ssoadmin.ListAccountsForProvisionedPermissionSetAPIClient
		ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetAPIClient
		ssoadmin.ListInstancesAPIClient
		ssoadmin.ListManagedPoliciesInPermissionSetAPIClient
		ssoadmin.ListPermissionSetsAPIClient
		ssoadmin.ListTagsForResourceAPIClient
		GetInlinePolicyForPermissionSet(context.Context, *ssoadmin.GetInlinePolicyForPermissionSetInput, ...func(*ssoadmin.Options)) (*ssoadmin.GetInlinePolicyForPermissionSetOutput, error)
	}
	identitystoreAPI interface {
		identitystore.ListGroupMembershipsAPIClient
		identitystore.ListGroupsAPIClient
		identitystore.ListUsersAPIClient
	}
)

func (s *scope) ssoadmin() ssoadminAPI { return client(s, "ssoadmin", ssoadmin.NewFromConfig) }

func (s *scope) identitystore() identitystoreAPI {
	return client(s, "identitystore", identitystore.NewFromConfig)
}

// identityRows are those of IAM Identity Center, which lives in one region of an organization; elsewhere there is no
// instance, and nothing further is asked.
var identityRows = []Row{
	{Type: "aws_identitystore_group", ID: "{identity_store_id}/{group_id}", Actions: []string{"sso:ListInstances", "identitystore:ListGroups"}, list: inStore(listStoreGroups)},
	{Type: "aws_identitystore_group_membership", ID: "{identity_store_id}/{membership_id}", Actions: []string{"sso:ListInstances", "identitystore:ListGroups", "identitystore:ListGroupMemberships"}, list: inStore(listMemberships)},
	{Type: "aws_identitystore_user", ID: "{identity_store_id}/{user_id}", Actions: []string{"sso:ListInstances", "identitystore:ListUsers"}, list: inStore(listStoreUsers)},
	{Type: "aws_ssoadmin_account_assignment", ID: "{principal_id},{principal_type},{target_id},{target_type},{permission_set_arn},{instance_arn}", Actions: []string{"sso:ListInstances", "sso:ListPermissionSets", "sso:ListAccountsForProvisionedPermissionSet", "sso:ListAccountAssignments"}, list: ofPermissionSets(listAssignments)},
	{Type: "aws_ssoadmin_customer_managed_policy_attachment", Actions: []string{"sso:ListInstances", "sso:ListPermissionSets", "sso:ListCustomerManagedPolicyReferencesInPermissionSet"}, list: ofPermissionSets(listPolicyReferences)},
	{Type: "aws_ssoadmin_managed_policy_attachment", ID: "{managed_policy_arn},{permission_set_arn},{instance_arn}", Actions: []string{"sso:ListInstances", "sso:ListPermissionSets", "sso:ListManagedPoliciesInPermissionSet"}, list: ofPermissionSets(listSetPolicies)},
	{Type: "aws_ssoadmin_permission_set", ID: "{arn},{instance_arn}", Actions: []string{"sso:ListInstances", "sso:ListPermissionSets", "sso:ListTagsForResource"}, list: ofPermissionSets(listPermissionSet)},
	{Type: "aws_ssoadmin_permission_set_inline_policy", ID: "{permission_set_arn},{instance_arn}", Actions: []string{"sso:ListInstances", "sso:ListPermissionSets", "sso:GetInlinePolicyForPermissionSet"}, list: ofPermissionSets(listSetInline)},
}

// identityInstances are the account's own: a member account sees that of its organization too.
func (s *scope) identityInstances(ctx context.Context) ([]types.InstanceMetadata, error) {
	return shared(s, "identity center", func() ([]types.InstanceMetadata, error) {
		instances, err := all(ctx, s, ssoadmin.NewListInstancesPaginator(s.ssoadmin(), &ssoadmin.ListInstancesInput{}),
			func(p *ssoadmin.ListInstancesOutput) []types.InstanceMetadata { return p.Instances })
		return where(instances, func(v types.InstanceMetadata) bool {
			return v.OwnerAccountId == nil || *v.OwnerAccountId == s.account
		}), err
	})
}

func inStore(list func(ctx context.Context, s *scope, out *sink, store string) error) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		instances, err := s.identityInstances(ctx)
		if err != nil {
			return err
		}
		for _, v := range instances {
			if err := list(ctx, s, out, awssdk.ToString(v.IdentityStoreId)); err != nil {
				return err
			}
		}
		return nil
	}
}

// issuer is the directory that keeps a user or group in step with itself, "" for those that were made here.
func issuer(ids []storetypes.ExternalId) string {
	for _, id := range ids {
		return awssdk.ToString(id.Issuer)
	}
	return ""
}

func (s *scope) storeGroups(ctx context.Context, store string) ([]storetypes.Group, error) {
	return shared(s, "groups of "+store, func() ([]storetypes.Group, error) {
		return all(ctx, s, identitystore.NewListGroupsPaginator(s.identitystore(), &identitystore.ListGroupsInput{IdentityStoreId: &store}),
			func(p *identitystore.ListGroupsOutput) []storetypes.Group { return p.Groups })
	})
}

func listStoreGroups(ctx context.Context, s *scope, out *sink, store string) error {
	groups, err := s.storeGroups(ctx, store)
	for _, v := range groups {
		out.add(found{id: store + "/" + awssdk.ToString(v.GroupId), name: awssdk.ToString(v.DisplayName), facts: facts("managed_by", issuer(v.ExternalIds))})
	}
	return err
}

func listMemberships(ctx context.Context, s *scope, out *sink, store string) error {
	groups, err := s.storeGroups(ctx, store)
	each(ctx, groups, func(group storetypes.Group) {
		in := &identitystore.ListGroupMembershipsInput{IdentityStoreId: &store, GroupId: group.GroupId}
		members, err := all(ctx, s, identitystore.NewListGroupMembershipsPaginator(s.identitystore(), in),
			func(p *identitystore.ListGroupMembershipsOutput) []storetypes.GroupMembership {
				return p.GroupMemberships
			})
		if err != nil && !notFound(err) {
			out.failed(awssdk.ToString(group.DisplayName), err)
		}
		for _, v := range members {
			out.add(found{id: store + "/" + awssdk.ToString(v.MembershipId), facts: facts("managed_by", issuer(group.ExternalIds))})
		}
	})
	return err
}

func listStoreUsers(ctx context.Context, s *scope, out *sink, store string) error {
	for page, err := range pages(ctx, s, identitystore.NewListUsersPaginator(s.identitystore(), &identitystore.ListUsersInput{IdentityStoreId: &store})) {
		if err != nil {
			return err
		}
		for _, v := range page.Users {
			out.add(found{id: store + "/" + awssdk.ToString(v.UserId), name: awssdk.ToString(v.UserName), facts: facts("managed_by", issuer(v.ExternalIds))})
		}
	}
	return nil
}

// ofPermissionSets is the lister of something that hangs on each permission set.
func ofPermissionSets(list func(ctx context.Context, s *scope, out *sink, instance, set *string) error) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		instances, err := s.identityInstances(ctx)
		if err != nil {
			return err
		}
		for _, v := range instances {
			sets, err := shared(s, "permission sets of "+awssdk.ToString(v.InstanceArn), func() ([]string, error) {
				return all(ctx, s, ssoadmin.NewListPermissionSetsPaginator(s.ssoadmin(), &ssoadmin.ListPermissionSetsInput{InstanceArn: v.InstanceArn}),
					func(p *ssoadmin.ListPermissionSetsOutput) []string { return p.PermissionSets })
			})
			if err != nil {
				return err
			}
			each(ctx, sets, func(set string) {
				if err := list(ctx, s, out, v.InstanceArn, &set); err != nil && !notFound(err) {
					out.failed(set, err)
				}
			})
		}
		return nil
	}
}

func commas(parts ...string) string { return strings.Join(parts, ",") }

func listPermissionSet(ctx context.Context, s *scope, out *sink, instance, set *string) error {
	out.addWithTags(found{id: commas(*set, *instance)}, func() (map[string]string, error) {
		tags, err := all(ctx, s, ssoadmin.NewListTagsForResourcePaginator(s.ssoadmin(), &ssoadmin.ListTagsForResourceInput{InstanceArn: instance, ResourceArn: set}),
			func(p *ssoadmin.ListTagsForResourceOutput) []types.Tag { return p.Tags })
		return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
	})
	return nil
}

func listSetInline(ctx context.Context, s *scope, out *sink, instance, set *string) error {
	answer, err := call(ctx, s, s.ssoadmin().GetInlinePolicyForPermissionSet, &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: instance, PermissionSetArn: set})
	if err == nil && awssdk.ToString(answer.InlinePolicy) != "" {
		out.add(found{id: commas(*set, *instance)})
	}
	return err
}

func listSetPolicies(ctx context.Context, s *scope, out *sink, instance, set *string) error {
	in := &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: set}
	policies, err := all(ctx, s, ssoadmin.NewListManagedPoliciesInPermissionSetPaginator(s.ssoadmin(), in),
		func(p *ssoadmin.ListManagedPoliciesInPermissionSetOutput) []types.AttachedManagedPolicy {
			return p.AttachedManagedPolicies
		})
	for _, v := range policies {
		out.add(found{id: commas(awssdk.ToString(v.Arn), *set, *instance), name: awssdk.ToString(v.Name)})
	}
	return err
}

func listPolicyReferences(ctx context.Context, s *scope, out *sink, instance, set *string) error {
	in := &ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetInput{InstanceArn: instance, PermissionSetArn: set}
	policies, err := all(ctx, s, ssoadmin.NewListCustomerManagedPolicyReferencesInPermissionSetPaginator(s.ssoadmin(), in),
		func(p *ssoadmin.ListCustomerManagedPolicyReferencesInPermissionSetOutput) []types.CustomerManagedPolicyReference {
			return p.CustomerManagedPolicyReferences
		})
	for _, v := range policies {
		out.add(found{id: commas(awssdk.ToString(v.Name), cmp.Or(awssdk.ToString(v.Path), "/"), *set, *instance), name: awssdk.ToString(v.Name)})
	}
	return err
}

func listAssignments(ctx context.Context, s *scope, out *sink, instance, set *string) error {
	in := &ssoadmin.ListAccountsForProvisionedPermissionSetInput{InstanceArn: instance, PermissionSetArn: set}
	accounts, err := all(ctx, s, ssoadmin.NewListAccountsForProvisionedPermissionSetPaginator(s.ssoadmin(), in),
		func(p *ssoadmin.ListAccountsForProvisionedPermissionSetOutput) []string { return p.AccountIds })
	for _, account := range accounts {
		in := &ssoadmin.ListAccountAssignmentsInput{InstanceArn: instance, PermissionSetArn: set, AccountId: &account}
		assignments, err := all(ctx, s, ssoadmin.NewListAccountAssignmentsPaginator(s.ssoadmin(), in),
			func(p *ssoadmin.ListAccountAssignmentsOutput) []types.AccountAssignment { return p.AccountAssignments })
		if err != nil {
			return err
		}
		for _, v := range assignments {
			out.add(found{id: commas(awssdk.ToString(v.PrincipalId), string(v.PrincipalType), account, string(types.TargetTypeAwsAccount), *set, *instance)})
		}
	}
	return err
}
