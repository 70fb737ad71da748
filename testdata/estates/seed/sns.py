"""An encrypted topic with a policy, and a queue that hears what is grave."""

import json


def seed(session, context):
    sns, sqs = session.client("sns"), session.client("sqs")
    name = context["prefix"]
    topic = sns.create_topic(
        Name=f"{name}-alerts",
        Attributes={"DisplayName": "Alerts", "KmsMasterKeyId": context["kms_key_id"]},
        Tags=[{"Key": "Name", "Value": f"{name}-alerts"}, {"Key": "team", "Value": "platform"}],
    )["TopicArn"]
    policy = {
        "Version": "2012-10-17",
        "Id": "alarms",
        "Statement": [
            {
                "Sid": "FromAlarms",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": topic,
            }
        ],
    }
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy))
    inbox = sqs.create_queue(QueueName=f"{name}-alerts-inbox", tags={"Name": f"{name}-alerts-inbox"})["QueueUrl"]
    inbox_arn = sqs.get_queue_attributes(QueueUrl=inbox, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    subscription = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=inbox_arn,
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"severity": ["high", "critical"]})},
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return {
        "aws_sns_topic": [topic],
        "aws_sns_topic_subscription": [subscription],
        "aws_sqs_queue": [inbox],
    }
