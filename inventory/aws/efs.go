package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

type efsAPI interface {
	efs.DescribeFileSystemsAPIClient
}

func (s *scope) efs() efsAPI { return client(s, "efs", efs.NewFromConfig) }

var efsRows = []Row{
	{Type: "aws_efs_file_system", Actions: []string{"elasticfilesystem:DescribeFileSystems"}, list: paged(openFileSystems, liveFileSystems, seeFileSystem)},
}

func openFileSystems(s *scope) pager[efs.DescribeFileSystemsOutput, efs.Options] {
	return efs.NewDescribeFileSystemsPaginator(s.efs(), &efs.DescribeFileSystemsInput{})
}

func liveFileSystems(p *efs.DescribeFileSystemsOutput) []types.FileSystemDescription {
	return where(p.FileSystems, func(v types.FileSystemDescription) bool {
		return v.LifeCycleState != types.LifeCycleStateDeleting && v.LifeCycleState != types.LifeCycleStateDeleted
	})
}

func seeFileSystem(_ *scope, v types.FileSystemDescription) found {
	return found{
		id:    awssdk.ToString(v.FileSystemId),
		name:  awssdk.ToString(v.Name),
		tags:  tagMap(v.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }),
		facts: facts("owner_id", awssdk.ToString(v.OwnerId)),
	}
}
