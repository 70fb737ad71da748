package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pipes"
	pipestypes "github.com/aws/aws-sdk-go-v2/service/pipes/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

type (
	schedulerAPI interface {
		scheduler.ListScheduleGroupsAPIClient
		scheduler.ListSchedulesAPIClient
		ListTagsForResource(context.Context, *scheduler.ListTagsForResourceInput, ...func(*scheduler.Options)) (*scheduler.ListTagsForResourceOutput, error)
	}
	pipesAPI interface {
		pipes.ListPipesAPIClient
		ListTagsForResource(context.Context, *pipes.ListTagsForResourceInput, ...func(*pipes.Options)) (*pipes.ListTagsForResourceOutput, error)
	}
)

func (s *scope) scheduler() schedulerAPI { return client(s, "scheduler", scheduler.NewFromConfig) }

func (s *scope) pipes() pipesAPI { return client(s, "pipes", pipes.NewFromConfig) }

// schedulerRows are EventBridge's younger relatives: schedules and pipes.
var schedulerRows = []Row{
	{Type: "aws_pipes_pipe", ID: "{name}", Actions: []string{"pipes:ListPipes", "pipes:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[pipes.ListPipesOutput, pipes.Options] {
			return pipes.NewListPipesPaginator(s.pipes(), &pipes.ListPipesInput{})
		},
		func(p *pipes.ListPipesOutput) []pipestypes.Pipe {
			return where(p.Pipes, func(v pipestypes.Pipe) bool { return v.CurrentState != pipestypes.PipeStateDeleting })
		},
		func(_ *scope, v pipestypes.Pipe) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)}
		},
		func(ctx context.Context, s *scope, v pipestypes.Pipe) (map[string]string, error) {
			out, err := call(ctx, s, s.pipes().ListTagsForResource, &pipes.ListTagsForResourceInput{ResourceArn: v.Arn})
			if err != nil {
				return nil, err
			}
			return out.Tags, nil
		})},
	{Type: "aws_scheduler_schedule", ID: "{group_name}/{name}", Actions: []string{"scheduler:ListSchedules", "scheduler:ListTagsForResource"}, list: listSchedules},
	{Type: "aws_scheduler_schedule_group", ID: "{name}", Actions: []string{"scheduler:ListScheduleGroups", "scheduler:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[scheduler.ListScheduleGroupsOutput, scheduler.Options] {
			return scheduler.NewListScheduleGroupsPaginator(s.scheduler(), &scheduler.ListScheduleGroupsInput{})
		},
		func(p *scheduler.ListScheduleGroupsOutput) []types.ScheduleGroupSummary {
			return where(p.ScheduleGroups, func(v types.ScheduleGroupSummary) bool { return v.State != types.ScheduleGroupStateDeleting })
		},
		func(_ *scope, v types.ScheduleGroupSummary) found {
			name := awssdk.ToString(v.Name)
			return found{id: name, name: name, facts: facts("default", flag(name == "default"))}
		},
		func(ctx context.Context, s *scope, v types.ScheduleGroupSummary) (map[string]string, error) {
			return s.groupTags(ctx, awssdk.ToString(v.Name))
		})},
}

// groupTags are those of a group of schedules; AWS's own has none.
func (s *scope) groupTags(ctx context.Context, group string) (map[string]string, error) {
	if group == "default" {
		return nil, nil
	}
	return sharedTags(s, "schedule group "+group, func() (map[string]string, error) {
		arn := s.arn("scheduler", "schedule-group/"+group)
		out, err := call(ctx, s, s.scheduler().ListTagsForResource, &scheduler.ListTagsForResourceInput{ResourceArn: &arn})
		if err != nil {
			return nil, err
		}
		return tagMap(out.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
	})
}

// listSchedules: a schedule has no tags, and goes by its group's.
func listSchedules(ctx context.Context, s *scope, out *sink) error {
	schedules, err := all(ctx, s, scheduler.NewListSchedulesPaginator(s.scheduler(), &scheduler.ListSchedulesInput{}),
		func(p *scheduler.ListSchedulesOutput) []types.ScheduleSummary { return p.Schedules })
	each(ctx, schedules, func(v types.ScheduleSummary) {
		group, name := awssdk.ToString(v.GroupName), awssdk.ToString(v.Name)
		of, there := out.partFacts("aws_scheduler_schedule_group", group, func() (map[string]string, error) { return s.groupTags(ctx, group) })
		if there {
			out.add(found{id: group + "/" + name, name: name, facts: of})
		}
	})
	return err
}
