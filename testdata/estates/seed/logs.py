"""A log group that somebody configured, and one as a service leaves it behind; who may write, and where others may send."""

import json


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
    logs.put_resource_policy(
        policyName=f"{context['prefix']}-dns",
        policyDocument=json.dumps({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "route53.amazonaws.com"},
                    "Action": "logs:PutLogEvents",
                    "Resource": "*",
                }
            ],
        }),
    )
    logs.put_destination(destinationName=f"{context['prefix']}-central", targetArn=arn, roleArn=context["role_arn"])
    return {
        "aws_cloudwatch_log_destination": [f"{context['prefix']}-central"],
        "aws_cloudwatch_log_group": [ours, left],
        "aws_cloudwatch_log_metric_filter": [f"{ours}:errors"],
        "aws_cloudwatch_log_resource_policy": [f"{context['prefix']}-dns"],
        "aws_cloudwatch_log_subscription_filter": [f"{ours}|archive"],
        "aws_kinesis_stream": [f"{context['prefix']}-logs"],
    }
