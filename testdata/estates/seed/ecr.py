"""A repository of images that are scanned and never overwritten."""


def seed(session, context):
    name = f"{context['prefix']}/app"
    session.client("ecr").create_repository(
        repositoryName=name, imageTagMutability="IMMUTABLE", imageScanningConfiguration={"scanOnPush": True},
        tags=[{"Key": "team", "Value": "platform"}],
    )
    return {"aws_ecr_repository": [name]}
