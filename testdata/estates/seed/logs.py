"""A log group that somebody configured, and one as a service leaves it behind."""


def seed(session, context):
    logs = session.client("logs")
    ours, left = f"/{context['prefix']}/orders", f"/aws/lambda/{context['prefix']}-orders"
    logs.create_log_group(
        logGroupName=ours, kmsKeyId=context["kms_key_arn"], tags={"Name": "orders", "team": "orders"}
    )
    logs.put_retention_policy(logGroupName=ours, retentionInDays=30)
    logs.create_log_group(logGroupName=left)
    logs.put_metric_filter(
        logGroupName=ours,
        filterName="errors",
        filterPattern="{ $.level = \"error\" }",
        metricTransformations=[
            {"metricName": "Errors", "metricNamespace": "Orders", "metricValue": "1", "defaultValue": 0.0}
        ],
    )
    stream = session.client("kinesis")
    stream.create_stream(StreamName=f"{context['prefix']}-logs", ShardCount=1)
    arn = stream.describe_stream_summary(StreamName=f"{context['prefix']}-logs")["StreamDescriptionSummary"]["StreamARN"]
    logs.put_subscription_filter(
        logGroupName=ours,
        filterName="archive",
        filterPattern="ERROR",
        destinationArn=arn,
        roleArn=context["role_arn"],
        distribution="Random",
    )
    return {
        "aws_cloudwatch_log_group": [ours, left],
        "aws_cloudwatch_log_metric_filter": [f"{ours}:errors"],
        "aws_cloudwatch_log_subscription_filter": [f"{ours}|archive"],
        "aws_kinesis_stream": [f"{context['prefix']}-logs"],
    }
