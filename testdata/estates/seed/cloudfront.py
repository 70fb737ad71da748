"""A distribution in front of a bucket, with what signs its requests."""

PUBLIC_KEY = """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAM5Nv3yq8Ck0p4xjCkmIv9Vh3uW0n8fS
kP5v0bN3oJt1m9aG1q0vQv2mGkq2c2F5n0yG2hY1xqj0m0Z9m6y1l8UCAwEAAQ==
-----END PUBLIC KEY-----
"""


def seed(session, context):
    cloudfront = session.client("cloudfront")
    prefix = context["prefix"]

    access = cloudfront.create_origin_access_control(OriginAccessControlConfig={
        "Name": f"{prefix}-site", "Description": "signs for the bucket", "SigningProtocol": "sigv4", "SigningBehavior": "always",
        "OriginAccessControlOriginType": "s3",
    })["OriginAccessControl"]["Id"]
    key = cloudfront.create_public_key(PublicKeyConfig={
        "CallerReference": f"{prefix}-key", "Name": f"{prefix}-key", "EncodedKey": PUBLIC_KEY, "Comment": "of the shop",
    })["PublicKey"]["Id"]
    group = cloudfront.create_key_group(KeyGroupConfig={"Name": f"{prefix}-keys", "Items": [key], "Comment": "who may sign"})["KeyGroup"]["Id"]
    distribution = cloudfront.create_distribution_with_tags(DistributionConfigWithTags={
        "DistributionConfig": {
            "CallerReference": f"{prefix}-site", "Comment": "the site", "Enabled": True, "PriceClass": "PriceClass_100", "DefaultRootObject": "index.html",
            "Aliases": {"Quantity": 1, "Items": [f"{prefix}.example.com"]},
            "Origins": {"Quantity": 1, "Items": [{
                "Id": "bucket", "DomainName": f"{prefix}-site.s3.amazonaws.com", "OriginAccessControlId": access,
                "S3OriginConfig": {"OriginAccessIdentity": ""}, "ConnectionAttempts": 2, "ConnectionTimeout": 5,
            }]},
            "DefaultCacheBehavior": {
                "TargetOriginId": "bucket", "ViewerProtocolPolicy": "redirect-to-https", "Compress": True, "MinTTL": 60, "DefaultTTL": 600, "MaxTTL": 3600,
                "AllowedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"], "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]}},
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
            },
            "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
            "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
        },
        "Tags": {"Items": [{"Key": "team", "Value": "web"}]},
    })["Distribution"]["Id"]
    return {
        "aws_cloudfront_distribution": [distribution],
        "aws_cloudfront_key_group": [group],
        "aws_cloudfront_origin_access_control": [access],
        "aws_cloudfront_public_key": [key],
    }
