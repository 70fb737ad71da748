package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

type efsAPI interface {
	efs.DescribeFileSystemsAPIClient
	efs.DescribeAccessPointsAPIClient
	efs.DescribeMountTargetsAPIClient
	DescribeFileSystemPolicy(context.Context, *efs.DescribeFileSystemPolicyInput, ...func(*efs.Options)) (*efs.DescribeFileSystemPolicyOutput, error)
}

func (s *scope) efs() efsAPI { return client(s, "efs", efs.NewFromConfig) }

var efsRows = []Row{
	{Type: "aws_efs_access_point", Actions: []string{"elasticfilesystem:DescribeAccessPoints"}, list: paged(openAccessPoints, liveAccessPoints, seeAccessPoint)},
	{Type: "aws_efs_file_system", Actions: []string{"elasticfilesystem:DescribeFileSystems"}, list: listFileSystems},
	{Type: "aws_efs_file_system_policy", ID: "{file_system_id}", Actions: []string{"elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeFileSystemPolicy"}, list: listFileSystemPolicies},
	{Type: "aws_efs_mount_target", Actions: []string{"elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeMountTargets"}, list: listMountTargets},
}

func efsTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func isLive(state types.LifeCycleState) bool {
	return state != types.LifeCycleStateDeleting && state != types.LifeCycleStateDeleted
}

func (s *scope) fileSystems(ctx context.Context) ([]types.FileSystemDescription, error) {
	return shared(s, "file systems", func() ([]types.FileSystemDescription, error) {
		return all(ctx, s, efs.NewDescribeFileSystemsPaginator(s.efs(), &efs.DescribeFileSystemsInput{}),
			func(p *efs.DescribeFileSystemsOutput) []types.FileSystemDescription {
				return where(p.FileSystems, func(v types.FileSystemDescription) bool { return isLive(v.LifeCycleState) })
			})
	})
}

func listFileSystems(ctx context.Context, s *scope, out *sink) error {
	systems, err := s.fileSystems(ctx)
	for _, v := range systems {
		out.add(found{
			id: awssdk.ToString(v.FileSystemId), name: awssdk.ToString(v.Name), tags: efsTags(v.Tags),
			facts: facts("owner_id", awssdk.ToString(v.OwnerId)),
		})
	}
	return err
}

func listFileSystemPolicies(ctx context.Context, s *scope, out *sink) error {
	systems, err := s.fileSystems(ctx)
	each(ctx, systems, func(v types.FileSystemDescription) {
		_, err := call(ctx, s, s.efs().DescribeFileSystemPolicy, &efs.DescribeFileSystemPolicyInput{FileSystemId: v.FileSystemId})
		switch {
		case notFound(err): // no such file system any more, or it has no policy
		case err != nil:
			out.failed(awssdk.ToString(v.FileSystemId), err)
		default:
			out.add(found{id: awssdk.ToString(v.FileSystemId), facts: parentTags(efsTags(v.Tags))})
		}
	})
	return err
}

func listMountTargets(ctx context.Context, s *scope, out *sink) error {
	systems, err := s.fileSystems(ctx)
	each(ctx, systems, func(v types.FileSystemDescription) {
		targets, err := all(ctx, s, efs.NewDescribeMountTargetsPaginator(s.efs(), &efs.DescribeMountTargetsInput{FileSystemId: v.FileSystemId}),
			func(p *efs.DescribeMountTargetsOutput) []types.MountTargetDescription { return p.MountTargets })
		if err != nil && !notFound(err) {
			out.failed(awssdk.ToString(v.FileSystemId), err)
		}
		for _, target := range targets {
			if isLive(target.LifeCycleState) {
				out.add(found{id: awssdk.ToString(target.MountTargetId), facts: parentTags(efsTags(v.Tags))})
			}
		}
	})
	return err
}

func openAccessPoints(s *scope) pager[efs.DescribeAccessPointsOutput, efs.Options] {
	return efs.NewDescribeAccessPointsPaginator(s.efs(), &efs.DescribeAccessPointsInput{})
}

func liveAccessPoints(p *efs.DescribeAccessPointsOutput) []types.AccessPointDescription {
	return where(p.AccessPoints, func(v types.AccessPointDescription) bool { return isLive(v.LifeCycleState) })
}

func seeAccessPoint(_ *scope, v types.AccessPointDescription) found {
	return found{id: awssdk.ToString(v.AccessPointId), name: awssdk.ToString(v.Name), tags: efsTags(v.Tags)}
}
