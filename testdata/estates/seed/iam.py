"""People, a role with one policy of each kind, and the profile that hands the role to instances."""

import json


def trust(*services):
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}],
    })


def allow(actions, resource):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]})


def saml_metadata(name):
    """Metadata as an identity provider publishes it; at least 1,000 characters, as IAM wants."""
    return f"""<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://{name}.example.com/saml">
  <md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://{name}.example.com/sso"/>
  </md:IDPSSODescriptor>
  <!-- {"." * 600} -->
</md:EntityDescriptor>
"""


def seed(session, context):
    iam = session.client("iam")
    prefix = context["prefix"]

    role, path = f"{prefix}-app", f"/{prefix}/"
    role_arn = iam.create_role(
        RoleName=role, Path=path, Description="what the application may do", MaxSessionDuration=7200,
        AssumeRolePolicyDocument=trust(
            "ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "states.amazonaws.com", "events.amazonaws.com"),
        Tags=[{"Key": "team", "Value": "platform"}],
    )["Role"]["Arn"]
    iam.put_role_policy(
        RoleName=role, PolicyName="read-own", PolicyDocument=allow(["s3:GetObject"], "arn:aws:s3:::own/${aws:username}/*"))
    policy = iam.create_policy(
        PolicyName=f"{prefix}-deploy", Path=path, Description="what a deployment may do",
        PolicyDocument=allow(["ecs:UpdateService", "ecs:Describe*"], "*"), Tags=[{"Key": "team", "Value": "platform"}],
    )["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=role, PolicyArn=policy)

    user, group, profile = f"{prefix}-ada", f"{prefix}-engineers", f"{prefix}-app"
    iam.create_user(UserName=user, Path=path, Tags=[{"Key": "mail", "Value": "ada@example.com"}])
    iam.create_group(GroupName=group, Path=path)
    iam.create_instance_profile(InstanceProfileName=profile, Path=path, Tags=[{"Key": "team", "Value": "platform"}])
    iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=role)

    iam.put_user_policy(UserName=user, PolicyName="own-keys", PolicyDocument=allow(["iam:*AccessKey*"], "arn:aws:iam::*:user/${aws:username}"))
    iam.attach_user_policy(UserName=user, PolicyArn=policy)
    iam.put_group_policy(GroupName=group, PolicyName="look", PolicyDocument=allow(["cloudwatch:Describe*"], "*"))
    iam.attach_group_policy(GroupName=group, PolicyArn=policy)
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    oidc = iam.create_open_id_connect_provider(
        Url=f"https://tokens.{prefix}.example.com", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40],
        Tags=[{"Key": "team", "Value": "platform"}],
    )["OpenIDConnectProviderArn"]
    saml = iam.create_saml_provider(Name=f"{prefix}-people", SAMLMetadataDocument=saml_metadata(prefix))["SAMLProviderArn"]
    if not iam.list_account_aliases()["AccountAliases"]:  # an account has one
        iam.create_account_alias(AccountAlias=prefix)
    alias = iam.list_account_aliases()["AccountAliases"]
    iam.update_account_password_policy(MinimumPasswordLength=16, RequireSymbols=True, MaxPasswordAge=90, HardExpiry=False)

    # What AWS makes for its own services: nobody is to be told to import it.
    iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com", CustomSuffix=prefix)

    context.update(role_arn=role_arn, role_name=role, policy_arn=policy, instance_profile=profile)
    return {
        "aws_iam_role": [role],
        "aws_iam_role_policy": [f"{role}:read-own"],
        "aws_iam_policy": [policy],
        "aws_iam_role_policy_attachment": [f"{role}/{policy}"],
        "aws_iam_user": [user],
        "aws_iam_group": [group],
        "aws_iam_instance_profile": [profile],
        "aws_iam_user_policy": [f"{user}:own-keys"],
        "aws_iam_user_policy_attachment": [f"{user}/{policy}"],
        "aws_iam_group_policy": [f"{group}:look"],
        "aws_iam_group_policy_attachment": [f"{group}/{policy}"],
        "aws_iam_access_key": [key],
        "aws_iam_openid_connect_provider": [oidc],
        "aws_iam_saml_provider": [saml],
        "aws_iam_account_alias": alias,
        "aws_iam_account_password_policy": ["iam-account-password-policy"],
    }
