"""A user pool with a password policy, an attribute of its own and account recovery."""


def seed(session, context):
    name = f"{context['prefix']}-customers"
    cognito = session.client("cognito-idp")
    pool = cognito.create_user_pool(
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
    app = cognito.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="shop",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        RefreshTokenValidity=7,
        CallbackURLs=["https://shop.example.com/back"],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email"],
        AllowedOAuthFlowsUserPoolClient=True,
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]["ClientId"]
    cognito.create_group(GroupName="wholesale", UserPoolId=pool["Id"], Description="Buys by the crate", Precedence=10)
    return {
        "aws_cognito_user_group": [f"{pool['Id']}/wholesale"],
        "aws_cognito_user_pool": [pool["Id"]],
        "aws_cognito_user_pool_client": [f"{pool['Id']}/{app}"],
    }
