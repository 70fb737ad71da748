"""Rules and targets on the default bus and on one of our own, an archive of it, and a partner to tell."""

import json


def seed(session, context):
    events = session.client("events")
    name = context["prefix"]
    bus = f"{name}-shop"
    events.create_event_bus(Name=bus)
    events.put_permission(EventBusName=bus, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "Partners", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{context['account']}:root"}, "Action": "events:PutEvents",
        "Resource": f"arn:aws:events:{session.region_name}:{context['account']}:event-bus/{bus}"}]}))
    rules, targets = [], []

    def rule(bus, rule, targets_of_rule, **settings):
        events.put_rule(Name=rule, EventBusName=bus, Tags=[{"Key": "Name", "Value": rule}], **settings)
        rules.append(f"{bus}/{rule}")
        events.put_targets(Rule=rule, EventBusName=bus, Targets=targets_of_rule)
        targets.extend(f"{bus}/{rule}/{target['Id']}" for target in targets_of_rule)

    log = f"arn:aws:logs:{session.region_name}:{context['account']}:log-group:/aws/events/{name}"
    queue = f"arn:aws:sqs:{session.region_name}:{context['account']}:{name}-nightly"
    rule(
        "default",
        f"{name}-nightly",
        [{"Id": "queue", "Arn": queue, "Input": json.dumps({"job": "rollup"})}],
        ScheduleExpression="cron(0 3 * * ? *)",
        State="DISABLED",
        Description="Nightly roll-up",
    )
    rule(
        bus,
        f"{name}-orders",
        [
            {"Id": "log", "Arn": log},
            {
                "Id": "queue",
                "Arn": queue,
                "InputTransformer": {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": '{"order": <id>}'},
                "RetryPolicy": {"MaximumRetryAttempts": 5, "MaximumEventAgeInSeconds": 3600},
            },
        ],
        EventPattern=json.dumps({"source": ["shop.orders"], "detail-type": ["OrderPlaced"]}),
    )
    events.create_archive(
        ArchiveName=f"{name}-orders",
        EventSourceArn=f"arn:aws:events:{session.region_name}:{context['account']}:event-bus/{bus}",
        Description="Orders of a month",
        EventPattern=json.dumps({"source": ["shop.orders"]}),
        RetentionDays=30,
    )
    connection = events.create_connection(
        Name=f"{name}-partner",
        Description="How the partner knows us",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "x-api-key", "ApiKeyValue": "correct-horse"}},
    )["ConnectionArn"]
    events.create_api_destination(
        Name=f"{name}-partner",
        Description="Tells the partner",
        ConnectionArn=connection,
        InvocationEndpoint="https://partner.example.com/orders",
        HttpMethod="POST",
        InvocationRateLimitPerSecond=20,
    )
    return {
        "aws_cloudwatch_event_api_destination": [f"{name}-partner"],
        "aws_cloudwatch_event_archive": [f"{name}-orders"],
        "aws_cloudwatch_event_connection": [f"{name}-partner"],
        "aws_cloudwatch_event_bus": [bus],
        "aws_cloudwatch_event_bus_policy": [bus],
        "aws_cloudwatch_event_rule": rules,
        "aws_cloudwatch_event_target": targets,
    }
