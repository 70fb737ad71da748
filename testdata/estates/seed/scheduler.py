"""A schedule in a group of its own, one beside it, and a pipe between two queues."""


def seed(session, context):
    prefix, role = context["prefix"], context["role_arn"]
    sqs = session.client("sqs")

    def queue(name):
        url = sqs.create_queue(QueueName=f"{prefix}-{name}")["QueueUrl"]
        return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    (inbox_url, inbox), (outbox_url, outbox) = queue("pipe-in"), queue("pipe-out")
    scheduler = session.client("scheduler")
    group, nightly, late = (f"{prefix}-{part}" for part in ("jobs", "nightly", "late"))
    scheduler.create_schedule_group(Name=group, Tags=[{"Key": "team", "Value": "shop"}])
    for name, of in ((nightly, group), (late, "default")):
        scheduler.create_schedule(
            Name=name, GroupName=of, Description="at night", ScheduleExpression="cron(15 2 * * ? *)", ScheduleExpressionTimezone="Europe/Berlin",
            FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 20}, State="DISABLED",
            Target={"Arn": inbox, "RoleArn": role, "Input": '{"job": "sweep"}', "RetryPolicy": {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 3}},
        )
    pipe = f"{prefix}-forward"
    session.client("pipes").create_pipe(
        Name=pipe, Description="forwards orders", DesiredState="RUNNING", Source=inbox, Target=outbox, RoleArn=role,
        SourceParameters={"SqsQueueParameters": {"BatchSize": 5, "MaximumBatchingWindowInSeconds": 10}}, Tags={"team": "shop"},
    )
    return {
        "aws_sqs_queue": [inbox_url, outbox_url],
        "aws_pipes_pipe": [pipe],
        "aws_scheduler_schedule": [f"{group}/{nightly}", f"default/{late}"],
        "aws_scheduler_schedule_group": [group],
    }
