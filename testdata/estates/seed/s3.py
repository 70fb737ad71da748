"""A bucket with every setting that has a type of its own, and one with none."""

import json


def seed(session, context):
    s3 = session.client("s3")
    prefix = context["prefix"]
    place = {} if context["region"] == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": context["region"]}}

    bucket, plain = f"{prefix}-artifacts", f"{prefix}-plain"
    for name in (bucket, plain):
        s3.create_bucket(Bucket=name, **place)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": "platform"}, {"Key": "Name", "Value": "Artifacts"}]})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/aws/s3"}, "BucketKeyEnabled": True},
    ]})
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": False})
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "OnlyTLS", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }]}))
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [{
        "ID": "expire-builds", "Status": "Enabled", "Filter": {"Prefix": "builds/"},
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}], "Expiration": {"Days": 90},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
    }]})

    context.update(bucket=bucket)
    return {
        "aws_s3_bucket": [bucket, plain],
        "aws_s3_bucket_versioning": [bucket],
        "aws_s3_bucket_server_side_encryption_configuration": [bucket],
        "aws_s3_bucket_public_access_block": [bucket],
        "aws_s3_bucket_policy": [bucket],
        "aws_s3_bucket_lifecycle_configuration": [bucket],
    }
