package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fsx"
	"github.com/aws/aws-sdk-go-v2/service/fsx/types"
)

type fsxAPI interface {
	fsx.DescribeBackupsAPIClient
	fsx.DescribeFileSystemsAPIClient
	fsx.DescribeStorageVirtualMachinesAPIClient
	fsx.DescribeVolumesAPIClient
}

func (s *scope) fsx() fsxAPI { return client(s, "fsx", fsx.NewFromConfig) }

var fsxRows = []Row{
	{Type: "aws_fsx_backup", Actions: []string{"fsx:DescribeBackups"}, list: paged(
		func(s *scope) pager[fsx.DescribeBackupsOutput, fsx.Options] {
			return fsx.NewDescribeBackupsPaginator(s.fsx(), &fsx.DescribeBackupsInput{})
		},
		func(p *fsx.DescribeBackupsOutput) []types.Backup {
			return where(p.Backups, func(b types.Backup) bool { // neither automatic ones, nor those of AWS Backup
				return b.Type != types.BackupTypeAutomatic && b.Type != types.BackupTypeAwsBackup && !ends(string(b.Lifecycle))
			})
		},
		func(_ *scope, b types.Backup) found {
			return found{id: awssdk.ToString(b.BackupId), tags: fsxTags(b.Tags)}
		})},
	{Type: "aws_fsx_lustre_file_system", Actions: []string{"fsx:DescribeFileSystems"}, list: listFSx(types.FileSystemTypeLustre)},
	{Type: "aws_fsx_ontap_file_system", Actions: []string{"fsx:DescribeFileSystems"}, list: listFSx(types.FileSystemTypeOntap)},
	{Type: "aws_fsx_ontap_storage_virtual_machine", Tested: recorded, Actions: []string{"fsx:DescribeStorageVirtualMachines"}, list: paged(
		func(s *scope) pager[fsx.DescribeStorageVirtualMachinesOutput, fsx.Options] {
			return fsx.NewDescribeStorageVirtualMachinesPaginator(s.fsx(), &fsx.DescribeStorageVirtualMachinesInput{})
		},
		func(p *fsx.DescribeStorageVirtualMachinesOutput) []types.StorageVirtualMachine {
			return where(p.StorageVirtualMachines, func(v types.StorageVirtualMachine) bool { return !ends(string(v.Lifecycle)) })
		},
		func(_ *scope, v types.StorageVirtualMachine) found {
			return found{id: awssdk.ToString(v.StorageVirtualMachineId), name: awssdk.ToString(v.Name), tags: fsxTags(v.Tags)}
		})},
	{Type: "aws_fsx_ontap_volume", Tested: recorded, Actions: []string{"fsx:DescribeVolumes"}, list: listFSxVolumes(types.VolumeTypeOntap)},
	{Type: "aws_fsx_openzfs_file_system", Actions: []string{"fsx:DescribeFileSystems"}, list: listFSx(types.FileSystemTypeOpenzfs)},
	{Type: "aws_fsx_openzfs_volume", Tested: recorded, Actions: []string{"fsx:DescribeVolumes"}, list: listFSxVolumes(types.VolumeTypeOpenzfs)},
	{Type: "aws_fsx_windows_file_system", Actions: []string{"fsx:DescribeFileSystems"}, list: listFSx(types.FileSystemTypeWindows)},
}

func fsxTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func listFSx(kind types.FileSystemType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		systems, err := shared(s, "fsx file systems", func() ([]types.FileSystem, error) {
			return all(ctx, s, fsx.NewDescribeFileSystemsPaginator(s.fsx(), &fsx.DescribeFileSystemsInput{}),
				func(p *fsx.DescribeFileSystemsOutput) []types.FileSystem { return p.FileSystems })
		})
		for _, v := range systems {
			if v.FileSystemType == kind && !ends(string(v.Lifecycle)) {
				out.add(found{id: awssdk.ToString(v.FileSystemId), tags: fsxTags(v.Tags), facts: facts("vpc_id", awssdk.ToString(v.VpcId))})
			}
		}
		return err
	}
}

// listFSxVolumes: every file system of OpenZFS and every virtual machine of ONTAP comes with a root volume.
func listFSxVolumes(kind types.VolumeType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		volumes, err := shared(s, "fsx volumes", func() ([]types.Volume, error) {
			return all(ctx, s, fsx.NewDescribeVolumesPaginator(s.fsx(), &fsx.DescribeVolumesInput{}), func(p *fsx.DescribeVolumesOutput) []types.Volume { return p.Volumes })
		})
		for _, v := range volumes {
			if v.VolumeType != kind || ends(string(v.Lifecycle)) {
				continue
			}
			root := v.OntapConfiguration != nil && awssdk.ToBool(v.OntapConfiguration.StorageVirtualMachineRoot) ||
				v.OpenZFSConfiguration != nil && awssdk.ToString(v.OpenZFSConfiguration.ParentVolumeId) == ""
			out.add(found{id: awssdk.ToString(v.VolumeId), name: awssdk.ToString(v.Name), tags: fsxTags(v.Tags), facts: facts("default", flag(root))})
		}
		return err
	}
}
