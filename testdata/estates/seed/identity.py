"""People in Identity Center, a group of them, and what the group may do in an account."""

import json


def seed(session, context):
    prefix, account = context["prefix"], context["account"]
    sso, people = session.client("sso-admin"), session.client("identitystore")
    instance = sso.list_instances()["Instances"][0]
    arn, store = instance["InstanceArn"], instance["IdentityStoreId"]

    user = people.create_user(
        IdentityStoreId=store, UserName=f"{prefix}-ada", DisplayName="Ada", Name={"GivenName": "Ada", "FamilyName": "L"},
        Emails=[{"Value": "ada@example.com", "Primary": True, "Type": "work"}],
    )["UserId"]
    group = people.create_group(IdentityStoreId=store, DisplayName=f"{prefix}-operators", Description="who is on call")["GroupId"]
    member = people.create_group_membership(IdentityStoreId=store, GroupId=group, MemberId={"UserId": user})["MembershipId"]

    rights = sso.create_permission_set(
        InstanceArn=arn, Name=f"{prefix}-operate", Description="look and restart", SessionDuration="PT4H", Tags=[{"Key": "team", "Value": "platform"}],
    )["PermissionSet"]["PermissionSetArn"]
    look = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    sso.attach_managed_policy_to_permission_set(InstanceArn=arn, PermissionSetArn=rights, ManagedPolicyArn=look)
    sso.attach_customer_managed_policy_reference_to_permission_set(
        InstanceArn=arn, PermissionSetArn=rights, CustomerManagedPolicyReference={"Name": f"{prefix}-restart", "Path": "/ops/"})
    sso.put_inline_policy_to_permission_set(InstanceArn=arn, PermissionSetArn=rights, InlinePolicy=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecs:UpdateService", "Resource": "*"}]}))
    sso.create_account_assignment(
        InstanceArn=arn, PermissionSetArn=rights, TargetId=account, TargetType="AWS_ACCOUNT", PrincipalType="GROUP", PrincipalId=group)
    sso.provision_permission_set(InstanceArn=arn, PermissionSetArn=rights, TargetType="AWS_ACCOUNT", TargetId=account)
    return {
        "aws_identitystore_group": [f"{store}/{group}"],
        "aws_identitystore_group_membership": [f"{store}/{member}"],
        "aws_identitystore_user": [f"{store}/{user}"],
        "aws_ssoadmin_account_assignment": [f"{group},GROUP,{account},AWS_ACCOUNT,{rights},{arn}"],
        "aws_ssoadmin_customer_managed_policy_attachment": [f"{prefix}-restart,/ops/,{rights},{arn}"],
        "aws_ssoadmin_managed_policy_attachment": [f"{look},{rights},{arn}"],
        "aws_ssoadmin_permission_set": [f"{rights},{arn}"],
        "aws_ssoadmin_permission_set_inline_policy": [f"{rights},{arn}"],
    }
