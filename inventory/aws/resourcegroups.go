package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"
)

type resourcegroupsAPI interface {
	resourcegroups.ListGroupsAPIClient
	GetTags(context.Context, *resourcegroups.GetTagsInput, ...func(*resourcegroups.Options)) (*resourcegroups.GetTagsOutput, error)
}

func (s *scope) resourcegroups() resourcegroupsAPI {
	return client(s, "resourcegroups", resourcegroups.NewFromConfig)
}

var resourcegroupsRows = []Row{
	{Type: "aws_resourcegroups_group", ID: "{name}", Actions: []string{"resource-groups:ListGroups", "resource-groups:GetTags"}, list: tagged(
		func(s *scope) pager[resourcegroups.ListGroupsOutput, resourcegroups.Options] {
			return resourcegroups.NewListGroupsPaginator(s.resourcegroups(), &resourcegroups.ListGroupsInput{})
		},
		func(p *resourcegroups.ListGroupsOutput) []types.GroupIdentifier { return p.GroupIdentifiers }, seeResourceGroup,
		func(ctx context.Context, s *scope, v types.GroupIdentifier) (map[string]string, error) {
			out, err := call(ctx, s, s.resourcegroups().GetTags, &resourcegroups.GetTagsInput{Arn: v.GroupArn})
			if err != nil {
				return nil, err
			}
			return out.Tags, nil
		})},
}

// seeResourceGroup: names that begin with AWS are reserved to services (API reference, CreateGroup).
func seeResourceGroup(_ *scope, v types.GroupIdentifier) found {
	f := found{id: awssdk.ToString(v.GroupName), name: awssdk.ToString(v.GroupName)}
	if strings.HasPrefix(strings.ToLower(f.name), "aws") {
		f.facts = facts("managed_by", "an AWS service")
	}
	return f
}
