"""A trail of all regions into a bucket of its own."""

import json


def seed(session, context):
    prefix, region = context["prefix"], context["region"]
    bucket = f"{prefix}-trail"
    s3 = session.client("s3")
    s3.create_bucket(Bucket=bucket, **({} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}))
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]}]}))
    cloudtrail = session.client("cloudtrail")
    trail = cloudtrail.create_trail(
        Name=f"{prefix}-audit", S3BucketName=bucket, S3KeyPrefix="audit", IsMultiRegionTrail=True, EnableLogFileValidation=True,
        IncludeGlobalServiceEvents=True, TagsList=[{"Key": "team", "Value": "security"}],
    )["TrailARN"]
    return {"aws_cloudtrail": [trail], "aws_s3_bucket": [bucket], "aws_s3_bucket_policy": [bucket]}
