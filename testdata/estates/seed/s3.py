"""Buckets with every setting that has a type of its own, and one with none."""

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

    logs, replica, site, locked = (f"{prefix}-{name}" for name in ("logs", "replica", "site", "locked"))
    for name in (logs, replica, site):
        s3.create_bucket(Bucket=name, **place)
    s3.create_bucket(Bucket=locked, ObjectLockEnabledForBucket=True, **place)
    s3.put_object_lock_configuration(Bucket=locked, ObjectLockConfiguration={
        "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}})
    s3.put_bucket_ownership_controls(Bucket=logs, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    s3.put_bucket_acl(Bucket=logs, ACL="log-delivery-write")
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": "artifacts/"}})
    s3.put_bucket_versioning(Bucket=replica, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={"Role": context["role_arn"], "Rules": [{
        "ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{replica}", "StorageClass": "STANDARD_IA"}}]})
    topic = session.client("sns").create_topic(Name=f"{prefix}-uploads", Tags=[{"Key": "team", "Value": "platform"}])["TopicArn"]
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"TopicConfigurations": [{
        "Id": "uploads", "TopicArn": topic, "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": ".tar.gz"}]}}}]})
    s3.put_bucket_accelerate_configuration(Bucket=bucket, AccelerateConfiguration={"Status": "Enabled"})
    s3.put_bucket_cors(Bucket=site, CORSConfiguration={"CORSRules": [
        {"AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["https://www.example.com"], "AllowedHeaders": ["*"], "MaxAgeSeconds": 3000}]})
    s3.put_bucket_website(Bucket=site, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "404.html"}})

    context.update(bucket=bucket)
    return {
        "aws_s3_bucket": [bucket, plain, logs, replica, site, locked],
        "aws_s3_bucket_versioning": [bucket, replica, locked],
        "aws_s3_bucket_server_side_encryption_configuration": [bucket],
        "aws_s3_bucket_public_access_block": [bucket],
        "aws_s3_bucket_policy": [bucket],
        "aws_s3_bucket_lifecycle_configuration": [bucket],
        "aws_s3_bucket_accelerate_configuration": [bucket],
        "aws_s3_bucket_acl": [logs],
        "aws_s3_bucket_cors_configuration": [site],
        "aws_s3_bucket_logging": [bucket],
        "aws_s3_bucket_notification": [bucket],
        "aws_s3_bucket_object_lock_configuration": [locked],
        "aws_s3_bucket_ownership_controls": [logs],
        "aws_s3_bucket_replication_configuration": [bucket],
        "aws_s3_bucket_website_configuration": [site],
        "aws_sns_topic": [topic],
    }
