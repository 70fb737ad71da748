"""A log group that somebody configured, and one as a service leaves it behind."""


def seed(session, context):
    logs = session.client("logs")
    ours, left = f"/{context['prefix']}/orders", f"/aws/lambda/{context['prefix']}-orders"
    logs.create_log_group(
        logGroupName=ours, kmsKeyId=context["kms_key_arn"], tags={"Name": "orders", "team": "orders"}
    )
    logs.put_retention_policy(logGroupName=ours, retentionInDays=30)
    logs.create_log_group(logGroupName=left)
    return {"aws_cloudwatch_log_group": [ours, left]}
