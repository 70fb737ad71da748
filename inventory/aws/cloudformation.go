package aws

import (
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

type cloudformationAPI interface {
	cloudformation.DescribeStacksAPIClient
}

func (s *scope) cloudformation() cloudformationAPI {
	return client(s, "cloudformation", cloudformation.NewFromConfig)
}

var cloudformationRows = []Row{
	{Type: "aws_cloudformation_stack", ID: "{name}", ARN: "id", Actions: []string{"cloudformation:DescribeStacks"}, list: paged(
		func(s *scope) pager[cloudformation.DescribeStacksOutput, cloudformation.Options] {
			return cloudformation.NewDescribeStacksPaginator(s.cloudformation(), &cloudformation.DescribeStacksInput{})
		}, livingStacks, seeStack)},
}

func livingStacks(page *cloudformation.DescribeStacksOutput) []types.Stack {
	return where(page.Stacks, func(s types.Stack) bool {
		return s.StackStatus != types.StackStatusDeleteComplete && s.StackStatus != types.StackStatusDeleteInProgress
	})
}

// seeStack: a nested stack belongs to its parent, and an instance of a stack set, which its name tells, to the set.
func seeStack(_ *scope, t types.Stack) found {
	name := awssdk.ToString(t.StackName)
	f := found{id: name, name: name, tags: tagMap(t.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })}
	switch parent := awssdk.ToString(t.ParentId); {
	case parent != "":
		_, stack, _ := strings.Cut(parent, ":stack/")
		stack, _, _ = strings.Cut(stack, "/")
		f.facts = facts("parent", stack, "parent_type", "aws_cloudformation_stack", "managed_by", "CloudFormation stack "+stack)
	case strings.HasPrefix(name, "StackSet-"):
		f.facts = facts("managed_by", "a CloudFormation stack set")
	}
	return f
}
