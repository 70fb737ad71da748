"""A secret with a key and a policy of its own, which a function rotates."""

import json


def seed(session, context):
    client = session.client("secretsmanager")
    secret = client.create_secret(
        Name=f"{context['prefix']}/orders/database",
        Description="Password of the order database",
        KmsKeyId=context["kms_key_arn"],
        SecretString='{"username": "orders", "password": "correct-horse-battery-staple"}',
        Tags=[{"Key": "Name", "Value": f"{context['prefix']}-orders-database"}, {"Key": "team", "Value": "orders"}],
    )
    client.put_resource_policy(
        SecretId=secret["ARN"],
        ResourcePolicy=json.dumps({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{context['account']}:root"},
                    "Action": "secretsmanager:GetSecretValue",
                    "Resource": "*",
                }
            ],
        }),
    )
    client.rotate_secret(
        SecretId=secret["ARN"], RotationLambdaARN=context["lambda_arn"], RotationRules={"AutomaticallyAfterDays": 30}
    )
    return {
        "aws_secretsmanager_secret": [secret["ARN"]],
        "aws_secretsmanager_secret_policy": [secret["ARN"]],
        "aws_secretsmanager_secret_rotation": [secret["ARN"]],
    }
