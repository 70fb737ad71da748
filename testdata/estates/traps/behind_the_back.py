"""Changes and deletes managed resources of the estate of traps behind Terraform's back.

    python3 testdata/estates/traps/behind_the_back.py

Prints what is to come of it, addresses as ROOT:ADDRESS: {"accepted": [...], "refused": {address and attribute: words that
the reason holds}, "left": the same of what no apply changes, "removed": [...], "kept": [...]}. Endpoint and keys come from the environment, as boto3 reads them; it refuses to run against AWS itself.
"""

import json
import os
import sys

import boto3

session = boto3.Session(region_name="us-east-1")
ACCOUNT = "123456789012"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/traps-orders"
logs = session.client("logs")
iam = session.client("iam")


def retag_the_table():
    tables = session.client("dynamodb")
    tables.tag_resource(ResourceArn=TABLE, Tags=[{"Key": "Owner", "Value": "bank ${not} %{this}"}, {"Key": "Since", "Value": "2026"}])
    tables.untag_resource(ResourceArn=TABLE, TagKeys=["Cost"])


def let_nothing_expire():
    session.client("dynamodb").update_time_to_live(
        TableName="traps-orders", TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires"})


def keep_logs_longer():
    logs.put_retention_policy(logGroupName="/traps/app", retentionInDays=30)
    logs.put_retention_policy(logGroupName="/traps/orders", retentionInDays=90)


def describe_the_alarm():
    session.client("cloudwatch").put_metric_alarm(
        AlarmName="traps-errors", AlarmDescription="Sleep on", Namespace="AWS/SQS", MetricName="ApproximateAgeOfOldestMessage",
        Statistic="Maximum", ComparisonOperator="GreaterThanThreshold", Threshold=90, Period=60, EvaluationPeriods=2,
        AlarmActions=[f"arn:aws:sns:us-east-1:{ACCOUNT}:traps-shop"])


def trust_another_service():
    iam.update_assume_role_policy(RoleName="traps-app", PolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]}}]}))


def widen_the_policy():
    iam.put_role_policy(RoleName="traps-app", PolicyName="app", PolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": [TABLE, TABLE + "/index/*"]}]}))


def change_an_expression():
    session.client("ssm").put_parameter(Name="/traps/expression", Description="As of now", Type="String", Value="shared", Overwrite=True)


def rename_one_of_several():
    session.client("sns").set_topic_attributes(
        TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:traps-bank", AttributeName="DisplayName", AttributeValue="Noise")


def delete_logs():
    logs.delete_log_group(logGroupName="/traps/gone")
    logs.delete_log_group(logGroupName="/traps/two")


def main():
    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit("behind_the_back: AWS_ENDPOINT_URL is not set; point it to an emulator such as moto_server")
    for change in (retag_the_table, let_nothing_expire, keep_logs_longer, describe_the_alarm, trust_another_service,
                   widen_the_policy, change_an_expression, rename_one_of_several, delete_logs):
        change()
    json.dump({
        "accepted": [
            "live:aws_dynamodb_table.orders", "live:aws_cloudwatch_log_group.app", "live:module.orders.aws_cloudwatch_log_group.this",
            "live:aws_cloudwatch_metric_alarm.errors", "live:aws_iam_role.app", "live:aws_iam_role_policy.app",
        ],
        "refused": {
            "live:aws_ssm_parameter.expression description": "the text has references in it",
            "live:aws_sns_topic.by_team[\"bank\"] display_name": "its block stands for several instances",
        },
        "left": {
            "live:aws_ssm_parameter.expression version": "the provider computes it",
            "live:aws_iam_role.app inline_policy": "resources of their own say it",
            "live:aws_security_group.rules ingress": "the configuration leaves it to the cloud",
            "live:aws_security_group.rules egress": "the configuration leaves it to the cloud",
        },
        "removed": ["live:aws_cloudwatch_log_group.gone"],
        "kept": ["live:aws_cloudwatch_log_group.several[\"two\"]"],
    }, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
