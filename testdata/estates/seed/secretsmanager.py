"""A secret with a key of its own."""


def seed(session, context):
    secret = session.client("secretsmanager").create_secret(
        Name=f"{context['prefix']}/orders/database",
        Description="Password of the order database",
        KmsKeyId=context["kms_key_arn"],
        SecretString='{"username": "orders", "password": "correct-horse-battery-staple"}',
        Tags=[{"Key": "Name", "Value": f"{context['prefix']}-orders-database"}, {"Key": "team", "Value": "orders"}],
    )
    return {"aws_secretsmanager_secret": [secret["ARN"]]}
