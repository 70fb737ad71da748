"""An organization with a unit in a unit, a member, a policy on it and a delegate."""

import json


def seed(session, context):
    org, prefix = session.client("organizations"), context["prefix"]
    tags = [{"Key": "team", "Value": "platform"}]
    created = {}
    try:
        organization = org.describe_organization()["Organization"]["Id"]
    except org.exceptions.AWSOrganizationsNotInUseException:  # an account has one
        organization = org.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    created["aws_organizations_organization"] = [organization]
    root = org.list_roots()["Roots"][0]["Id"]
    unit = org.create_organizational_unit(ParentId=root, Name=f"{prefix}-workloads", Tags=tags)["OrganizationalUnit"]["Id"]
    inner = org.create_organizational_unit(ParentId=unit, Name=f"{prefix}-staging")["OrganizationalUnit"]["Id"]
    member = org.create_account(AccountName=f"{prefix}-staging", Email=f"{prefix}@example.com", Tags=tags)["CreateAccountStatus"]["AccountId"]
    org.move_account(AccountId=member, SourceParentId=root, DestinationParentId=inner)
    policy = org.create_policy(
        Name=f"{prefix}-regions", Description="only where we are", Type="SERVICE_CONTROL_POLICY", Tags=tags,
        Content=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}}]}),
    )["Policy"]["PolicySummary"]["Id"]
    org.attach_policy(PolicyId=policy, TargetId=unit)
    org.register_delegated_administrator(AccountId=member, ServicePrincipal="ssm.amazonaws.com")
    return created | {
        "aws_organizations_account": [member],
        "aws_organizations_delegated_administrator": [f"{member}/ssm.amazonaws.com"],
        "aws_organizations_organizational_unit": [unit, inner],
        "aws_organizations_policy": [policy],
        "aws_organizations_policy_attachment": [f"{unit}:{policy}"],
    }
