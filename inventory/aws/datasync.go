package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/datasync"
	"github.com/aws/aws-sdk-go-v2/service/datasync/types"
)

type datasyncAPI interface {
	datasync.ListAgentsAPIClient
	datasync.ListLocationsAPIClient
	datasync.ListTasksAPIClient
	datasync.ListTagsForResourceAPIClient
}

func (s *scope) datasync() datasyncAPI { return client(s, "datasync", datasync.NewFromConfig) }

var locationActions = []string{"datasync:ListLocations", "datasync:ListTagsForResource"}

var datasyncRows = []Row{
	{Type: "aws_datasync_agent", ID: "{arn}", Tested: recorded, Actions: []string{"datasync:ListAgents", "datasync:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[datasync.ListAgentsOutput, datasync.Options] {
			return datasync.NewListAgentsPaginator(s.datasync(), &datasync.ListAgentsInput{})
		},
		func(p *datasync.ListAgentsOutput) []types.AgentListEntry { return p.Agents },
		func(_ *scope, a types.AgentListEntry) found {
			return found{id: awssdk.ToString(a.AgentArn), name: awssdk.ToString(a.Name)}
		},
		func(ctx context.Context, s *scope, a types.AgentListEntry) (map[string]string, error) {
			return datasyncTags(ctx, s, a.AgentArn)
		})},
	{Type: "aws_datasync_location_efs", ID: "{arn}", Tested: recorded, Actions: locationActions, list: listLocations("efs")},
	{Type: "aws_datasync_location_nfs", ID: "{arn}", Tested: recorded, Actions: locationActions, list: listLocations("nfs")},
	{Type: "aws_datasync_location_s3", ID: "{arn}", Tested: recorded, Actions: locationActions, list: listLocations("s3")},
	{Type: "aws_datasync_location_smb", ID: "{arn}", Tested: recorded, Actions: locationActions, list: listLocations("smb")},
	{Type: "aws_datasync_task", ID: "{arn}", Tested: recorded, Actions: []string{"datasync:ListTasks", "datasync:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[datasync.ListTasksOutput, datasync.Options] {
			return datasync.NewListTasksPaginator(s.datasync(), &datasync.ListTasksInput{})
		},
		func(p *datasync.ListTasksOutput) []types.TaskListEntry { return p.Tasks },
		func(_ *scope, t types.TaskListEntry) found {
			return found{id: awssdk.ToString(t.TaskArn), name: awssdk.ToString(t.Name)}
		},
		func(ctx context.Context, s *scope, t types.TaskListEntry) (map[string]string, error) {
			return datasyncTags(ctx, s, t.TaskArn)
		})},
}

// listLocations tells kinds of locations by the scheme of their URI, as DataSync's ListLocations does.
func listLocations(scheme string) lister {
	return tagged(
		func(s *scope) pager[datasync.ListLocationsOutput, datasync.Options] {
			return datasync.NewListLocationsPaginator(s.datasync(), &datasync.ListLocationsInput{})
		},
		func(p *datasync.ListLocationsOutput) []types.LocationListEntry {
			return where(p.Locations, func(l types.LocationListEntry) bool {
				return strings.HasPrefix(awssdk.ToString(l.LocationUri), scheme+"://")
			})
		},
		func(_ *scope, l types.LocationListEntry) found {
			return found{id: awssdk.ToString(l.LocationArn), name: awssdk.ToString(l.LocationUri)}
		},
		func(ctx context.Context, s *scope, l types.LocationListEntry) (map[string]string, error) {
			return datasyncTags(ctx, s, l.LocationArn)
		})
}

func datasyncTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	tags, err := all(ctx, s, datasync.NewListTagsForResourcePaginator(s.datasync(), &datasync.ListTagsForResourceInput{ResourceArn: arn}),
		func(p *datasync.ListTagsForResourceOutput) []types.TagListEntry { return p.Tags })
	return tagMap(tags, func(t types.TagListEntry) (*string, *string) { return t.Key, t.Value }), err
}
