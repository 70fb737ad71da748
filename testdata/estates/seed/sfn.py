"""A state machine with two states."""

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
    machine = session.client("stepfunctions").create_state_machine(
        name=f"{context['prefix']}-fulfil",
        definition=json.dumps(definition),
        roleArn=context["role_arn"],
        type="STANDARD",
        tags=[{"key": "Name", "value": f"{context['prefix']}-fulfil"}, {"key": "team", "value": "orders"}],
    )
    return {"aws_sfn_state_machine": [machine["stateMachineArn"]]}
