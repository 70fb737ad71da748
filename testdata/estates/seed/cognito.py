"""A user pool with a password policy and account recovery, with a domain, scopes and a provider of its own; an identity pool."""


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
    identities = session.client("cognito-identity").create_identity_pool(
        IdentityPoolName=f"{context['prefix']} customers",
        AllowUnauthenticatedIdentities=False,
        AllowClassicFlow=False,
        IdentityPoolTags={"team": "identity"},
    )["IdentityPoolId"]
    return parts(cognito, context) | {
        "aws_cognito_identity_pool": [identities],
        "aws_cognito_user_group": [f"{pool['Id']}/wholesale"],
        "aws_cognito_user_pool": [pool["Id"]],
        "aws_cognito_user_pool_client": [f"{pool['Id']}/{app}"],
    }


def parts(cognito, context):
    pool, domain = context["user_pool_id"], f"{context['prefix']}-shop"
    cognito.create_user_pool_domain(Domain=domain, UserPoolId=pool)
    cognito.create_resource_server(
        UserPoolId=pool,
        Identifier="https://orders.example.com",
        Name="orders",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "Look at orders"}],
    )
    cognito.create_identity_provider(
        UserPoolId=pool,
        ProviderName="Partner",
        ProviderType="OIDC",
        ProviderDetails={
            "client_id": "shop",
            "attributes_request_method": "GET",
            "oidc_issuer": "https://partner.example.com",
            "authorize_scopes": "openid email",
        },
        AttributeMapping={"email": "email"},
    )
    return {
        "aws_cognito_identity_provider": [f"{pool}:Partner"],
        "aws_cognito_resource_server": [f"{pool}|https://orders.example.com"],
        "aws_cognito_user_pool_domain": [domain],
    }
