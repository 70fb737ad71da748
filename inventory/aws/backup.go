package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"
)

type backupAPI interface {
	backup.ListBackupPlansAPIClient
	backup.ListBackupSelectionsAPIClient
	backup.ListBackupVaultsAPIClient
	backup.ListFrameworksAPIClient
	backup.ListReportPlansAPIClient
	backup.ListTagsAPIClient
	GetBackupVaultAccessPolicy(context.Context, *backup.GetBackupVaultAccessPolicyInput, ...func(*backup.Options)) (*backup.GetBackupVaultAccessPolicyOutput, error)
	GetBackupVaultNotifications(context.Context, *backup.GetBackupVaultNotificationsInput, ...func(*backup.Options)) (*backup.GetBackupVaultNotificationsOutput, error)
}

func (s *scope) backup() backupAPI { return client(s, "backup", backup.NewFromConfig) }

var backupRows = []Row{
	{Type: "aws_backup_framework", ID: "{name}", Tested: recorded, Actions: []string{"backup:ListFrameworks", "backup:ListTags"}, list: tagged(
		func(s *scope) pager[backup.ListFrameworksOutput, backup.Options] {
			return backup.NewListFrameworksPaginator(s.backup(), &backup.ListFrameworksInput{})
		},
		func(p *backup.ListFrameworksOutput) []types.Framework { return p.Frameworks },
		func(_ *scope, v types.Framework) found {
			return found{id: awssdk.ToString(v.FrameworkName), name: awssdk.ToString(v.FrameworkName)}
		},
		func(ctx context.Context, s *scope, v types.Framework) (map[string]string, error) {
			return backupTags(ctx, s, v.FrameworkArn)
		})},
	{Type: "aws_backup_plan", Actions: []string{"backup:ListBackupPlans", "backup:ListTags"}, list: func(ctx context.Context, s *scope, out *sink) error {
		plans, err := backupPlans(ctx, s)
		each(ctx, plans, func(p types.BackupPlansListMember) {
			f := found{id: awssdk.ToString(p.BackupPlanId), name: awssdk.ToString(p.BackupPlanName), facts: facts("managed_by", ofAWSBackup(p.BackupPlanName))}
			out.addWithTags(f, func() (map[string]string, error) { return backupTags(ctx, s, p.BackupPlanArn) })
		})
		return err
	}},
	{Type: "aws_backup_report_plan", ID: "{name}", Actions: []string{"backup:ListReportPlans", "backup:ListTags"}, list: tagged(
		func(s *scope) pager[backup.ListReportPlansOutput, backup.Options] {
			return backup.NewListReportPlansPaginator(s.backup(), &backup.ListReportPlansInput{})
		},
		func(p *backup.ListReportPlansOutput) []types.ReportPlan { return p.ReportPlans },
		func(_ *scope, v types.ReportPlan) found {
			return found{id: awssdk.ToString(v.ReportPlanName), name: awssdk.ToString(v.ReportPlanName)}
		},
		func(ctx context.Context, s *scope, v types.ReportPlan) (map[string]string, error) {
			return backupTags(ctx, s, v.ReportPlanArn)
		})},
	{Type: "aws_backup_selection", ID: "{plan_id}|{id}", Tested: recorded, Actions: []string{"backup:ListBackupPlans", "backup:ListBackupSelections", "backup:ListTags"}, list: under(
		backupPlans, func(p types.BackupPlansListMember) string { return awssdk.ToString(p.BackupPlanId) },
		func(s *scope, p types.BackupPlansListMember) pager[backup.ListBackupSelectionsOutput, backup.Options] {
			return backup.NewListBackupSelectionsPaginator(s.backup(), &backup.ListBackupSelectionsInput{BackupPlanId: p.BackupPlanId})
		},
		func(p *backup.ListBackupSelectionsOutput) []types.BackupSelectionsListMember {
			return p.BackupSelectionsList
		},
		func(ctx context.Context, s *scope, out *sink, p types.BackupPlansListMember, v types.BackupSelectionsListMember) {
			plan := awssdk.ToString(p.BackupPlanId)
			of, there := out.partFacts("aws_backup_plan", plan, func() (map[string]string, error) { return backupTags(ctx, s, p.BackupPlanArn) })
			if !there {
				return
			}
			if by := ofAWSBackup(p.BackupPlanName); by != "" {
				of["managed_by"] = by
			}
			out.add(found{id: plan + "|" + awssdk.ToString(v.SelectionId), name: awssdk.ToString(v.SelectionName), facts: of})
		})},
	{Type: "aws_backup_vault", Actions: []string{"backup:ListBackupVaults", "backup:ListTags"}, list: func(ctx context.Context, s *scope, out *sink) error {
		vaults, err := backupVaults(ctx, s)
		each(ctx, vaults, func(v types.BackupVaultListMember) {
			f := found{id: awssdk.ToString(v.BackupVaultName), name: awssdk.ToString(v.BackupVaultName), facts: vaultFacts(v)}
			out.addWithTags(f, func() (map[string]string, error) { return backupTags(ctx, s, v.BackupVaultArn) })
		})
		return err
	}},
	{Type: "aws_backup_vault_lock_configuration", ID: "{backup_vault_name}", ARN: "backup_vault_arn", Actions: []string{"backup:ListBackupVaults", "backup:ListTags"},
		list: ofVaults(func(_ context.Context, _ *scope, v types.BackupVaultListMember) (bool, error) {
			return awssdk.ToBool(v.Locked), nil
		})},
	{Type: "aws_backup_vault_notifications", ID: "{backup_vault_name}", ARN: "backup_vault_arn", Tested: recorded, Actions: []string{"backup:ListBackupVaults", "backup:GetBackupVaultNotifications", "backup:ListTags"},
		list: ofVaults(func(ctx context.Context, s *scope, v types.BackupVaultListMember) (bool, error) {
			answer, err := call(ctx, s, s.backup().GetBackupVaultNotifications, &backup.GetBackupVaultNotificationsInput{BackupVaultName: v.BackupVaultName})
			return err == nil && answer.SNSTopicArn != nil, err
		})},
	{Type: "aws_backup_vault_policy", ID: "{backup_vault_name}", ARN: "backup_vault_arn", Tested: recorded, Actions: []string{"backup:ListBackupVaults", "backup:GetBackupVaultAccessPolicy", "backup:ListTags"},
		list: ofVaults(func(ctx context.Context, s *scope, v types.BackupVaultListMember) (bool, error) {
			answer, err := call(ctx, s, s.backup().GetBackupVaultAccessPolicy, &backup.GetBackupVaultAccessPolicyInput{BackupVaultName: v.BackupVaultName})
			return err == nil && answer.Policy != nil, err
		})},
}

// backupVaults leaves out the logically air-gapped ones, which are a Terraform type of their own.
func backupVaults(ctx context.Context, s *scope) ([]types.BackupVaultListMember, error) {
	return shared(s, "backup vaults", func() ([]types.BackupVaultListMember, error) {
		return all(ctx, s, backup.NewListBackupVaultsPaginator(s.backup(), &backup.ListBackupVaultsInput{}), func(p *backup.ListBackupVaultsOutput) []types.BackupVaultListMember {
			return where(p.BackupVaultList, func(v types.BackupVaultListMember) bool {
				return v.VaultType == types.VaultTypeBackupVault || v.VaultType == ""
			})
		})
	})
}

func backupPlans(ctx context.Context, s *scope) ([]types.BackupPlansListMember, error) {
	return shared(s, "backup plans", func() ([]types.BackupPlansListMember, error) {
		return all(ctx, s, backup.NewListBackupPlansPaginator(s.backup(), &backup.ListBackupPlansInput{}), func(p *backup.ListBackupPlansOutput) []types.BackupPlansListMember {
			return where(p.BackupPlansList, func(v types.BackupPlansListMember) bool { return v.DeletionDate == nil })
		})
	})
}

// ofVaults is the lister of a setting that a vault has or has not.
func ofVaults(has func(context.Context, *scope, types.BackupVaultListMember) (bool, error)) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		vaults, err := backupVaults(ctx, s)
		each(ctx, vaults, func(v types.BackupVaultListMember) {
			name := awssdk.ToString(v.BackupVaultName)
			switch set, err := has(ctx, s, v); {
			case notFound(err): // none, or no vault any more
			case err != nil:
				out.failed(name, err)
			case set:
				of, there := out.partFacts("aws_backup_vault", name, func() (map[string]string, error) { return backupTags(ctx, s, v.BackupVaultArn) })
				if !there {
					return
				}
				for fact, value := range vaultFacts(v) {
					of[fact] = value
				}
				out.add(found{id: name, name: name, facts: of})
			}
		})
		return err
	}
}

// vaultFacts: the console makes a vault named Default in every region, and EFS one for its automatic backups.
func vaultFacts(v types.BackupVaultListMember) map[string]string {
	return facts("default", flag(awssdk.ToString(v.BackupVaultName) == "Default"), "managed_by", ofAWSBackup(v.BackupVaultName))
}

// ofAWSBackup knows what AWS makes for automatic backups: aws/efs/automatic-backup-vault and the plan of that kind.
// https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html#automatic-backups
func ofAWSBackup(name *string) string {
	if strings.HasPrefix(awssdk.ToString(name), "aws/") {
		return "backup.amazonaws.com"
	}
	return ""
}

func backupTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	return sharedTags(s, awssdk.ToString(arn), func() (map[string]string, error) {
		tags := map[string]string{}
		for page, err := range pages(ctx, s, backup.NewListTagsPaginator(s.backup(), &backup.ListTagsInput{ResourceArn: arn})) {
			if err != nil {
				return nil, err
			}
			for key, value := range page.Tags {
				tags[key] = value
			}
		}
		return tags, nil
	})
}
