"""A key that rotates, with a policy and an alias. Others encrypt with it: context["kms_key_id"], ["kms_key_arn"]."""

import json


def seed(session, context):
    kms = session.client("kms")
    name = context["prefix"]
    policy = {
        "Version": "2012-10-17",
        "Id": "admins",
        "Statement": [
            {
                "Sid": "Account",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{context['account']}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    key = kms.create_key(
        Description=f"Data of {name}",
        Policy=json.dumps(policy),
        Tags=[{"TagKey": "Name", "TagValue": f"{name}-data"}, {"TagKey": "team", "TagValue": "platform"}],
    )["KeyMetadata"]
    kms.enable_key_rotation(KeyId=key["KeyId"])
    kms.create_alias(AliasName=f"alias/{name}/data", TargetKeyId=key["KeyId"])
    context["kms_key_id"], context["kms_key_arn"] = key["KeyId"], key["Arn"]
    return {"aws_kms_key": [key["KeyId"]], "aws_kms_alias": [f"alias/{name}/data"]}
