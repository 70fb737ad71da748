"""A stack with a parameter, whose topic is the stack's own and nobody's to import."""

import json


def seed(session, context):
    name = f"{context['prefix']}-bootstrap"
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Owner": {"Type": "String"}},
        "Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
    }
    session.client("cloudformation").create_stack(
        StackName=name,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "Owner", "ParameterValue": "platform"}],
        TimeoutInMinutes=15,
        Tags=[{"Key": "Name", "Value": name}, {"Key": "team", "Value": "platform"}],
    )
    return {"aws_cloudformation_stack": [name]}
