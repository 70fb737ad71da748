package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

type iamAPI interface {
	iam.GetAccountAuthorizationDetailsAPIClient
	iam.ListPoliciesAPIClient
	iam.ListPolicyTagsAPIClient
	iam.ListInstanceProfilesAPIClient
	GetInstanceProfile(context.Context, *iam.GetInstanceProfileInput, ...func(*iam.Options)) (*iam.GetInstanceProfileOutput, error)
}

func (s *scope) iam() iamAPI { return client(s, "iam", iam.NewFromConfig) }

var iamRows = []Row{
	{Type: "aws_iam_group", Global: true, ID: "{name}", Actions: []string{"iam:GetAccountAuthorizationDetails"}, list: listIAMGroups},
	{Type: "aws_iam_instance_profile", Global: true, ID: "{name}", Actions: []string{"iam:ListInstanceProfiles", "iam:GetInstanceProfile"}, list: listInstanceProfiles},
	{Type: "aws_iam_policy", Global: true, ID: "{arn}", Actions: []string{"iam:ListPolicies", "iam:ListPolicyTags"}, list: listPolicies},
	{Type: "aws_iam_role", Global: true, ID: "{name}", Actions: []string{"iam:GetAccountAuthorizationDetails"}, list: listRoles},
	{Type: "aws_iam_role_policy", Global: true, ID: "{role}:{name}", Actions: []string{"iam:GetAccountAuthorizationDetails"}, list: listRolePolicies},
	{Type: "aws_iam_role_policy_attachment", Global: true, ID: "{role}/{policy_arn}", Actions: []string{"iam:GetAccountAuthorizationDetails"}, list: listRolePolicyAttachments},
	{Type: "aws_iam_user", Global: true, ID: "{name}", Actions: []string{"iam:GetAccountAuthorizationDetails"}, list: listUsers},
}

func iamTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

// role is what the rows about roles need of one.
type role struct {
	name, path string
	tags       map[string]string
	policies   []string // names of its inline policies
	attached   []string // ARNs of its attached policies
}

// roles takes the whole account's roles with their tags and policies from one paginated call: ListRoles gives no tags,
// and three calls for each role run into IAM's throttling. The policies' texts are let go page by page.
func (s *scope) roles(ctx context.Context) ([]role, error) {
	return shared(s, "roles", func() ([]role, error) {
		return all(ctx, s, s.authorizationDetails(types.EntityTypeRole),
			func(p *iam.GetAccountAuthorizationDetailsOutput) []role {
				roles := make([]role, len(p.RoleDetailList))
				for i, v := range p.RoleDetailList {
					roles[i] = role{name: awssdk.ToString(v.RoleName), path: awssdk.ToString(v.Path), tags: iamTags(v.Tags)}
					for _, policy := range v.RolePolicyList {
						roles[i].policies = append(roles[i].policies, awssdk.ToString(policy.PolicyName))
					}
					for _, policy := range v.AttachedManagedPolicies {
						roles[i].attached = append(roles[i].attached, awssdk.ToString(policy.PolicyArn))
					}
				}
				return roles
			})
	})
}

func (s *scope) authorizationDetails(entity types.EntityType) pager[iam.GetAccountAuthorizationDetailsOutput, iam.Options] {
	return iam.NewGetAccountAuthorizationDetailsPaginator(s.iam(),
		&iam.GetAccountAuthorizationDetailsInput{Filter: []types.EntityType{entity}})
}

func listRoles(ctx context.Context, s *scope, out *sink) error {
	roles, err := s.roles(ctx)
	for _, v := range roles {
		out.add(found{id: v.name, name: v.name, tags: v.tags, facts: facts("path", v.path)})
	}
	return err
}

func listRolePolicies(ctx context.Context, s *scope, out *sink) error {
	roles, err := s.roles(ctx)
	for _, v := range roles {
		for _, policy := range v.policies {
			out.add(found{id: v.name + ":" + policy, name: policy, facts: ofRole(v)})
		}
	}
	return err
}

func listRolePolicyAttachments(ctx context.Context, s *scope, out *sink) error {
	roles, err := s.roles(ctx)
	for _, v := range roles {
		for _, policy := range v.attached {
			out.add(found{id: v.name + "/" + policy, facts: ofRole(v)})
		}
	}
	return err
}

// ofRole gives what hangs on a role the role's facts, and the tags by which another tool owns it: the policies of a
// CloudFormation stack's role have no tags of their own.
func ofRole(v role) map[string]string {
	f := facts("path", v.path, "role", v.name)
	for key, value := range v.tags {
		f["parent_tag:"+key] = value
	}
	return f
}

func listUsers(ctx context.Context, s *scope, out *sink) error {
	for page, err := range pages(ctx, s, s.authorizationDetails(types.EntityTypeUser)) {
		if err != nil {
			return err
		}
		for _, v := range page.UserDetailList {
			name := awssdk.ToString(v.UserName)
			out.add(found{id: name, name: name, tags: iamTags(v.Tags), facts: facts("path", awssdk.ToString(v.Path))})
		}
	}
	return nil
}

func listIAMGroups(ctx context.Context, s *scope, out *sink) error {
	for page, err := range pages(ctx, s, s.authorizationDetails(types.EntityTypeGroup)) {
		if err != nil {
			return err
		}
		for _, v := range page.GroupDetailList {
			name := awssdk.ToString(v.GroupName)
			out.add(found{id: name, name: name, facts: facts("path", awssdk.ToString(v.Path))})
		}
	}
	return nil
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
