package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

type autoscalingAPI interface {
	autoscaling.DescribeAutoScalingGroupsAPIClient
	autoscaling.DescribeLaunchConfigurationsAPIClient
	autoscaling.DescribePoliciesAPIClient
	autoscaling.DescribeScheduledActionsAPIClient
	DescribeLifecycleHooks(context.Context, *autoscaling.DescribeLifecycleHooksInput, ...func(*autoscaling.Options)) (*autoscaling.DescribeLifecycleHooksOutput, error)
}

func (s *scope) autoscaling() autoscalingAPI {
	return client(s, "autoscaling", autoscaling.NewFromConfig)
}

var autoscalingRows = []Row{
	{Type: "aws_autoscaling_group", ID: "{name}", Actions: []string{"autoscaling:DescribeAutoScalingGroups"}, list: listAutoScalingGroups},
	{Type: "aws_autoscaling_lifecycle_hook", ID: "{autoscaling_group_name}/{name}", Actions: []string{"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeLifecycleHooks"}, list: listLifecycleHooks},
	{Type: "aws_autoscaling_policy", ID: "{autoscaling_group_name}/{name}", Actions: []string{"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribePolicies"}, list: listScalingPolicies},
	{Type: "aws_autoscaling_schedule", ID: "{autoscaling_group_name}/{scheduled_action_name}", Actions: []string{"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScheduledActions"}, list: listScheduledActions},
	{Type: "aws_launch_configuration", ID: "{name}", Actions: []string{"autoscaling:DescribeLaunchConfigurations"}, list: paged(openLaunchConfigurations, launchConfigurations, seeLaunchConfiguration)},
}

// autoScalingGroups leaves out groups that are being deleted: the API gives a status for nothing else.
func (s *scope) autoScalingGroups(ctx context.Context) ([]types.AutoScalingGroup, error) {
	return shared(s, "auto scaling groups", func() ([]types.AutoScalingGroup, error) {
		return all(ctx, s, autoscaling.NewDescribeAutoScalingGroupsPaginator(s.autoscaling(), &autoscaling.DescribeAutoScalingGroupsInput{}),
			func(p *autoscaling.DescribeAutoScalingGroupsOutput) []types.AutoScalingGroup {
				return where(p.AutoScalingGroups, func(v types.AutoScalingGroup) bool { return awssdk.ToString(v.Status) == "" })
			})
	})
}

func autoScalingTags(v types.AutoScalingGroup) map[string]string {
	return tagMap(v.Tags, func(t types.TagDescription) (*string, *string) { return t.Key, t.Value })
}

func listAutoScalingGroups(ctx context.Context, s *scope, out *sink) error {
	groups, err := s.autoScalingGroups(ctx)
	for _, v := range groups {
		name := awssdk.ToString(v.AutoScalingGroupName)
		out.add(found{id: name, name: name, tags: autoScalingTags(v)})
	}
	return err
}

// ofGroups are the facts that what hangs on a group has by the group's name: its group's tags, by which its owner is
// known.
func (s *scope) ofGroups(ctx context.Context) (map[string]map[string]string, error) {
	groups, err := s.autoScalingGroups(ctx)
	byName := make(map[string]map[string]string, len(groups))
	for _, v := range groups {
		byName[awssdk.ToString(v.AutoScalingGroupName)] = parentTags(autoScalingTags(v))
	}
	return byName, err
}

func listScalingPolicies(ctx context.Context, s *scope, out *sink) error {
	parents, err := s.ofGroups(ctx)
	if err != nil {
		return err
	}
	for page, err := range pages(ctx, s, autoscaling.NewDescribePoliciesPaginator(s.autoscaling(), &autoscaling.DescribePoliciesInput{})) {
		if err != nil {
			return err
		}
		for _, v := range page.ScalingPolicies {
			group, name := awssdk.ToString(v.AutoScalingGroupName), awssdk.ToString(v.PolicyName)
			out.add(found{id: group + "/" + name, name: name, facts: parents[group]})
		}
	}
	return nil
}

// listLifecycleHooks asks group by group: the API has neither all hooks nor pages.
func listLifecycleHooks(ctx context.Context, s *scope, out *sink) error {
	groups, err := s.autoScalingGroups(ctx)
	each(ctx, groups, func(group types.AutoScalingGroup) {
		of := awssdk.ToString(group.AutoScalingGroupName)
		answer, err := call(ctx, s, s.autoscaling().DescribeLifecycleHooks, &autoscaling.DescribeLifecycleHooksInput{AutoScalingGroupName: &of})
		if err != nil {
			out.failed(of, err)
			return
		}
		for _, v := range answer.LifecycleHooks {
			name := awssdk.ToString(v.LifecycleHookName)
			out.add(found{id: of + "/" + name, name: name, facts: parentTags(autoScalingTags(group))})
		}
	})
	return err
}

func listScheduledActions(ctx context.Context, s *scope, out *sink) error {
	parents, err := s.ofGroups(ctx)
	if err != nil {
		return err
	}
	for page, err := range pages(ctx, s, autoscaling.NewDescribeScheduledActionsPaginator(s.autoscaling(), &autoscaling.DescribeScheduledActionsInput{})) {
		if err != nil {
			return err
		}
		for _, v := range page.ScheduledUpdateGroupActions {
			group, name := awssdk.ToString(v.AutoScalingGroupName), awssdk.ToString(v.ScheduledActionName)
			out.add(found{id: group + "/" + name, name: name, facts: parents[group]})
		}
	}
	return nil
}

func openLaunchConfigurations(s *scope) pager[autoscaling.DescribeLaunchConfigurationsOutput, autoscaling.Options] {
	return autoscaling.NewDescribeLaunchConfigurationsPaginator(s.autoscaling(), &autoscaling.DescribeLaunchConfigurationsInput{})
}

func launchConfigurations(p *autoscaling.DescribeLaunchConfigurationsOutput) []types.LaunchConfiguration {
	return p.LaunchConfigurations
}

func seeLaunchConfiguration(_ *scope, v types.LaunchConfiguration) found {
	name := awssdk.ToString(v.LaunchConfigurationName)
	return found{id: name, name: name}
}
