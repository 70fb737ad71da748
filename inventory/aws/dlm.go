package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dlm"
)

type dlmAPI interface {
	GetLifecyclePolicies(context.Context, *dlm.GetLifecyclePoliciesInput, ...func(*dlm.Options)) (*dlm.GetLifecyclePoliciesOutput, error)
}

func (s *scope) dlm() dlmAPI { return client(s, "dlm", dlm.NewFromConfig) }

var dlmRows = []Row{
	{Type: "aws_dlm_lifecycle_policy", Tested: recorded, Actions: []string{"dlm:GetLifecyclePolicies"}, list: listLifecyclePolicies},
}

// listLifecyclePolicies asks once: the answer has no pages (API reference).
func listLifecyclePolicies(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.dlm().GetLifecyclePolicies, &dlm.GetLifecyclePoliciesInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.Policies {
		out.add(found{id: awssdk.ToString(v.PolicyId), name: awssdk.ToString(v.Description), tags: v.Tags})
	}
	return nil
}
