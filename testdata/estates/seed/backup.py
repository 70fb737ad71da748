"""A locked vault, a plan that fills it, and a report about both."""


def seed(session, context):
    backup = session.client("backup")
    name = context["prefix"]
    tags = {"Name": f"{name}-backup", "team": "platform"}
    backup.create_backup_vault(BackupVaultName=f"{name}-vault", EncryptionKeyArn=context["kms_key_arn"], BackupVaultTags=tags)
    backup.put_backup_vault_lock_configuration(BackupVaultName=f"{name}-vault", MinRetentionDays=7, MaxRetentionDays=365)
    plan = backup.create_backup_plan(
        BackupPlan={"BackupPlanName": f"{name}-daily", "Rules": [{
            "RuleName": "daily", "TargetBackupVaultName": f"{name}-vault", "ScheduleExpression": "cron(0 1 * * ? *)",
            "StartWindowMinutes": 60, "CompletionWindowMinutes": 180, "Lifecycle": {"DeleteAfterDays": 35},
        }]},
        BackupPlanTags=tags)["BackupPlanId"]
    report = f"{name}_report".replace("-", "_")
    backup.create_report_plan(
        ReportPlanName=report, ReportPlanDescription="What was saved",
        ReportDeliveryChannel={"S3BucketName": context["bucket"], "S3KeyPrefix": "backup", "Formats": ["CSV"]},
        ReportSetting={"ReportTemplate": "BACKUP_JOB_REPORT"}, ReportPlanTags=tags)
    return {
        "aws_backup_plan": [plan],
        "aws_backup_report_plan": [report],
        "aws_backup_vault": [f"{name}-vault"],
        "aws_backup_vault_lock_configuration": [f"{name}-vault"],
    }
