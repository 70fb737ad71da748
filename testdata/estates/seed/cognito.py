"""A user pool with a password policy, an attribute of its own and account recovery."""


def seed(session, context):
    name = f"{context['prefix']}-customers"
    pool = session.client("cognito-idp").create_user_pool(
        PoolName=name,
        Policies={
            "PasswordPolicy": {
                "MinimumLength": 14,
                "RequireUppercase": True,
                "RequireLowercase": True,
                "RequireNumbers": True,
                "RequireSymbols": False,
                "TemporaryPasswordValidityDays": 3,
            }
        },
        UsernameAttributes=["email"],
        AutoVerifiedAttributes=["email"],
        MfaConfiguration="OFF",
        AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        UserPoolTags={"Name": name, "team": "identity"},
    )["UserPool"]
    context["user_pool_id"] = pool["Id"]
    return {"aws_cognito_user_pool": [pool["Id"]]}
