"""A queue that shares its Fargate capacity, and a job."""

import json


def seed(session, context):
    batch = session.client("batch")
    name = context["prefix"]
    tags = {"Name": f"{name}-batch", "team": "numbers"}
    environment = batch.create_compute_environment(
        computeEnvironmentName=f"{name}-fargate", type="MANAGED", state="ENABLED", serviceRole=context["role_arn"],
        computeResources={"type": "FARGATE", "maxvCpus": 16, "subnets": context["subnet_ids"], "securityGroupIds": context["security_group_ids"]},
        tags=tags)["computeEnvironmentArn"]
    policy = batch.create_scheduling_policy(
        name=f"{name}-fair", tags=tags,
        fairsharePolicy={"shareDecaySeconds": 3600, "computeReservation": 1, "shareDistribution": [{"shareIdentifier": "night", "weightFactor": 0.5}]})["arn"]
    queue = batch.create_job_queue(
        jobQueueName=f"{name}-night", state="ENABLED", priority=10, schedulingPolicyArn=policy,
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}], tags=tags)["jobQueueArn"]
    for memory in ("1024", "2048"):  # two revisions: the second one counts
        job = batch.register_job_definition(
            jobDefinitionName=f"{name}-sum", type="container", platformCapabilities=["FARGATE"],
            containerProperties={
                "image": "public.ecr.aws/docker/library/busybox:1.36", "command": ["sh", "-c", "echo $DAY"],
                "jobRoleArn": context["role_arn"], "executionRoleArn": context["role_arn"],
                "resourceRequirements": [{"type": "VCPU", "value": "0.5"}, {"type": "MEMORY", "value": memory}],
                "environment": [{"name": "DAY", "value": "yesterday"}],
            },
            retryStrategy={"attempts": 2}, timeout={"attemptDurationSeconds": 600}, tags=tags)["jobDefinitionArn"]
    return {
        "aws_batch_compute_environment": [f"{name}-fargate"],
        "aws_batch_job_definition": [job],
        "aws_batch_job_queue": [queue],
        "aws_batch_scheduling_policy": [policy],
    }
