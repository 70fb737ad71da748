"""Parameters of the three kinds: text, list and secret; a document and a window."""

import json


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
    document = {
        "schemaVersion": "2.2",
        "description": "Says hello",
        "mainSteps": [
            {"action": "aws:runShellScript", "name": "hello", "inputs": {"runCommand": ["echo hello"]}}
        ],
    }
    ssm.create_document(
        Name=f"{name}-hello",
        Content=json.dumps(document),
        DocumentType="Command",
        DocumentFormat="JSON",
        Tags=[{"Key": "team", "Value": "platform"}],
    )
    window = ssm.create_maintenance_window(
        Name=f"{name}-sunday",
        Schedule="cron(0 4 ? * SUN *)",
        ScheduleTimezone="Europe/Berlin",
        Duration=3,
        Cutoff=1,
        AllowUnassociatedTargets=False,
        Tags=[{"Key": "team", "Value": "platform"}],
    )["WindowId"]
    return {
        "aws_ssm_document": [f"{name}-hello"],
        "aws_ssm_maintenance_window": [window],
        "aws_ssm_parameter": list(parameters),
    }
