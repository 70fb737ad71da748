"""A state machine with two states, and an activity."""

import json


def seed(session, context):
    definition = {
        "Comment": "Takes an order from cart to parcel",
        "StartAt": "Wait",
        "States": {
            "Wait": {"Type": "Wait", "Seconds": 30, "Next": "Done"},
            "Done": {"Type": "Succeed"},
        },
    }
    sfn = session.client("stepfunctions")
    tags = [{"key": "Name", "value": f"{context['prefix']}-fulfil"}, {"key": "team", "value": "orders"}]
    machine = sfn.create_state_machine(
        name=f"{context['prefix']}-fulfil",
        definition=json.dumps(definition),
        roleArn=context["role_arn"],
        type="STANDARD",
        tags=tags,
    )
    activity = sfn.create_activity(name=f"{context['prefix']}-pack", tags=tags)
    return {
        "aws_sfn_activity": [activity["activityArn"]],
        "aws_sfn_state_machine": [machine["stateMachineArn"]],
    }
