package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

type autoscalingAPI interface {
	autoscaling.DescribeAutoScalingGroupsAPIClient
}

func (s *scope) autoscaling() autoscalingAPI {
	return client(s, "autoscaling", autoscaling.NewFromConfig)
}

var autoscalingRows = []Row{
	{Type: "aws_autoscaling_group", ID: "{name}", Actions: []string{"autoscaling:DescribeAutoScalingGroups"}, list: paged(openGroups, liveGroups, seeGroup)},
}

func openGroups(s *scope) pager[autoscaling.DescribeAutoScalingGroupsOutput, autoscaling.Options] {
	return autoscaling.NewDescribeAutoScalingGroupsPaginator(s.autoscaling(), &autoscaling.DescribeAutoScalingGroupsInput{})
}

// liveGroups leaves out groups that are being deleted: the API gives a status for nothing else.
func liveGroups(p *autoscaling.DescribeAutoScalingGroupsOutput) []types.AutoScalingGroup {
	return where(p.AutoScalingGroups, func(v types.AutoScalingGroup) bool { return awssdk.ToString(v.Status) == "" })
}

func seeGroup(_ *scope, v types.AutoScalingGroup) found {
	name := awssdk.ToString(v.AutoScalingGroupName)
	return found{
		id:   name,
		name: name,
		tags: tagMap(v.Tags, func(t types.TagDescription) (*string, *string) { return t.Key, t.Value }),
	}
}
