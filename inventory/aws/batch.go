package aws

import (
	"context"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
)

type batchAPI interface {
	batch.DescribeComputeEnvironmentsAPIClient
	batch.DescribeJobDefinitionsAPIClient
	batch.DescribeJobQueuesAPIClient
	batch.ListSchedulingPoliciesAPIClient
	DescribeSchedulingPolicies(context.Context, *batch.DescribeSchedulingPoliciesInput, ...func(*batch.Options)) (*batch.DescribeSchedulingPoliciesOutput, error)
}

func (s *scope) batch() batchAPI { return client(s, "batch", batch.NewFromConfig) }

var batchRows = []Row{
	{Type: "aws_batch_compute_environment", Actions: []string{"batch:DescribeComputeEnvironments"}, list: paged(
		func(s *scope) pager[batch.DescribeComputeEnvironmentsOutput, batch.Options] {
			return batch.NewDescribeComputeEnvironmentsPaginator(s.batch(), &batch.DescribeComputeEnvironmentsInput{})
		},
		func(p *batch.DescribeComputeEnvironmentsOutput) []types.ComputeEnvironmentDetail {
			return where(p.ComputeEnvironments, func(e types.ComputeEnvironmentDetail) bool { return !ends(string(e.Status)) })
		},
		func(_ *scope, e types.ComputeEnvironmentDetail) found {
			name := awssdk.ToString(e.ComputeEnvironmentName)
			return found{id: name, name: name, tags: e.Tags}
		})},
	{Type: "aws_batch_job_definition", ID: "{arn}", Actions: []string{"batch:DescribeJobDefinitions"}, list: listJobDefinitions},
	{Type: "aws_batch_job_queue", ID: "{arn}", Actions: []string{"batch:DescribeJobQueues"}, list: paged(
		func(s *scope) pager[batch.DescribeJobQueuesOutput, batch.Options] {
			return batch.NewDescribeJobQueuesPaginator(s.batch(), &batch.DescribeJobQueuesInput{})
		},
		func(p *batch.DescribeJobQueuesOutput) []types.JobQueueDetail {
			return where(p.JobQueues, func(q types.JobQueueDetail) bool { return !ends(string(q.Status)) })
		},
		func(_ *scope, q types.JobQueueDetail) found {
			return found{id: awssdk.ToString(q.JobQueueArn), name: awssdk.ToString(q.JobQueueName), tags: q.Tags}
		})},
	{Type: "aws_batch_scheduling_policy", ID: "{arn}", Actions: []string{"batch:ListSchedulingPolicies", "batch:DescribeSchedulingPolicies"}, list: listSchedulingPolicies},
}

// listJobDefinitions reports the latest active revision of each name: an apply registers a new one, and the older ones
// are history.
func listJobDefinitions(ctx context.Context, s *scope, out *sink) error {
	active := &batch.DescribeJobDefinitionsInput{Status: awssdk.String("ACTIVE")}
	revisions, err := all(ctx, s, batch.NewDescribeJobDefinitionsPaginator(s.batch(), active),
		func(p *batch.DescribeJobDefinitionsOutput) []types.JobDefinition {
			return where(p.JobDefinitions, func(d types.JobDefinition) bool { return awssdk.ToString(d.Status) == "ACTIVE" })
		})
	latest := map[string]types.JobDefinition{}
	for _, d := range revisions {
		name := awssdk.ToString(d.JobDefinitionName)
		if before, ok := latest[name]; !ok || awssdk.ToInt32(d.Revision) > awssdk.ToInt32(before.Revision) {
			latest[name] = d
		}
	}
	for name, d := range latest {
		out.add(found{id: awssdk.ToString(d.JobDefinitionArn), name: name, tags: d.Tags, facts: facts("family", name)})
	}
	return err
}

// describePolicies is how many policies one DescribeSchedulingPolicies call takes.
const describePolicies = 100

func listSchedulingPolicies(ctx context.Context, s *scope, out *sink) error {
	policies, err := all(ctx, s, batch.NewListSchedulingPoliciesPaginator(s.batch(), &batch.ListSchedulingPoliciesInput{}),
		func(p *batch.ListSchedulingPoliciesOutput) []string {
			return converted(p.SchedulingPolicies, func(v types.SchedulingPolicyListingDetail) string { return awssdk.ToString(v.Arn) })
		})
	each(ctx, slices.Collect(slices.Chunk(policies, describePolicies)), func(chunk []string) {
		answer, err := call(ctx, s, s.batch().DescribeSchedulingPolicies, &batch.DescribeSchedulingPoliciesInput{Arns: chunk})
		if err != nil {
			out.failed(chunk[0], err)
			return
		}
		for _, v := range answer.SchedulingPolicies {
			out.add(found{id: awssdk.ToString(v.Arn), name: awssdk.ToString(v.Name), tags: v.Tags})
		}
	})
	return err
}
