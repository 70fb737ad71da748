"""A domain and a person that send, a pool of addresses, and rules for what is received."""

import json


def seed(session, context):
    prefix, region, account = context["prefix"], context["region"], context["account"]
    mail, receiving = session.client("sesv2"), session.client("ses")
    tags = [{"Key": "team", "Value": "shop"}]
    pool = f"{prefix}-pool"
    mail.create_dedicated_ip_pool(PoolName=pool, ScalingMode="STANDARD", Tags=tags)
    domain = f"{prefix}.example.com"
    mail.create_email_identity(EmailIdentity=domain, Tags=tags)
    mail.create_email_identity_policy(EmailIdentity=domain, PolicyName="partner", Policy=json.dumps({
        "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "ses:SendEmail",
            "Resource": f"arn:aws:ses:{region}:{account}:identity/{domain}"}]}))

    template, rules = f"{prefix}-welcome", f"{prefix}-inbound"
    receiving.create_template(Template={
        "TemplateName": template, "SubjectPart": "Welcome, {{name}}", "TextPart": "Hello {{name}}", "HtmlPart": "<p>Hello {{name}}</p>"})
    archive = f"{prefix}-mail"
    session.client("s3").create_bucket(Bucket=archive, **({} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}))
    receiving.create_receipt_rule_set(RuleSetName=rules)
    receiving.create_receipt_rule(RuleSetName=rules, Rule={
        "Name": "archive", "Enabled": True, "ScanEnabled": True, "TlsPolicy": "Require", "Recipients": [domain],
        "Actions": [{"S3Action": {"BucketName": archive, "ObjectKeyPrefix": "in/"}}]})
    return {
        "aws_s3_bucket": [archive],
        "aws_ses_receipt_rule": [f"{rules}:archive"],
        "aws_ses_receipt_rule_set": [rules],
        "aws_ses_template": [template],
        "aws_sesv2_dedicated_ip_pool": [pool],
        "aws_sesv2_email_identity": [domain],
        "aws_sesv2_email_identity_policy": [f"{domain}|partner"],
    }
