"""Queues: a FIFO one with a dead letter queue, encrypted, with a policy."""

import json


def seed(session, context):
    sqs = session.client("sqs")
    name = context["prefix"]
    dead = sqs.create_queue(
        QueueName=f"{name}-orders-dead.fifo",
        Attributes={"FifoQueue": "true", "MessageRetentionPeriod": "1209600"},
        tags={"Name": f"{name}-orders-dead", "team": "orders"},
    )["QueueUrl"]
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    queue = sqs.create_queue(
        QueueName=f"{name}-orders.fifo",
        Attributes={
            "FifoQueue": "true",
            "ContentBasedDeduplication": "true",
            "VisibilityTimeout": "90",
            "ReceiveMessageWaitTimeSeconds": "10",
            "DelaySeconds": "5",
            "MaximumMessageSize": "65536",
            "KmsMasterKeyId": context["kms_key_id"],
            "KmsDataKeyReusePeriodSeconds": "600",
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 4}),
        },
        tags={"Name": f"{name}-orders", "team": "orders"},
    )["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "FromTopics",
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    return {"aws_sqs_queue": [dead, queue]}
