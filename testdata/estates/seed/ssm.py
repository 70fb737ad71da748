"""Parameters of the three kinds: text, list and secret."""


def seed(session, context):
    ssm = session.client("ssm")
    name = context["prefix"]
    parameters = {
        f"/{name}/orders/endpoint": dict(Type="String", Value="https://orders.example.com", AllowedPattern="^https://.*"),
        f"/{name}/orders/zones": dict(Type="StringList", Value="a,b,c", Description="Availability zones in use"),
        f"{name}-token": dict(Type="SecureString", Value="correct-horse", KeyId=context["kms_key_id"], Tier="Advanced"),
    }
    for parameter, settings in parameters.items():
        ssm.put_parameter(Name=parameter, Tags=[{"Key": "Name", "Value": parameter}], **settings)
    return {"aws_ssm_parameter": list(parameters)}
