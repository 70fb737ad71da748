"""A repository of images that are scanned and never overwritten, and what holds for the whole registry."""


import json


def seed(session, context):
    ecr = session.client("ecr")
    name = f"{context['prefix']}/app"
    ecr.create_repository(
        repositoryName=name, imageTagMutability="IMMUTABLE", imageScanningConfiguration={"scanOnPush": True},
        tags=[{"Key": "team", "Value": "platform"}],
    )
    ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=json.dumps({"rules": [{
        "rulePriority": 1, "description": "keep ten", "action": {"type": "expire"},
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10}}]}))
    ecr.set_repository_policy(repositoryName=name, policyText=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "Pull", "Effect": "Allow", "Principal": {"AWS": context["role_arn"]},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}]}))
    account, region = context["account"], session.region_name
    ecr.put_registry_policy(policyText=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "Copies", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": ["ecr:ReplicateImage"], "Resource": f"arn:aws:ecr:{region}:{account}:repository/*"}]}))
    ecr.put_registry_scanning_configuration(scanType="ENHANCED", rules=[{
        "scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}])
    ecr.put_replication_configuration(replicationConfiguration={"rules": [{
        "destinations": [{"region": "ap-southeast-2", "registryId": account}]}]})
    settings = ["registry_policy", "registry_scanning_configuration", "replication_configuration"]
    return {f"aws_ecr_{setting}": [account] for setting in settings} | {"aws_ecr_repository": [name], "aws_ecr_lifecycle_policy": [name], "aws_ecr_repository_policy": [name]}
