"""A project that builds, and an application that is deployed to tagged instances."""

def seed(session, context):
    prefix, region, role = context["prefix"], context["region"], context["role_arn"]
    name = f"{prefix}-shop"
    bucket = f"{prefix}-build"
    session.client("s3").create_bucket(Bucket=bucket, **({} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}))
    session.client("codebuild").create_project(
        name=name, description="builds the shop", serviceRole=role, timeoutInMinutes=30, queuedTimeoutInMinutes=60,
        source={"type": "S3", "location": f"{bucket}/source.zip", "buildspec": "version: 0.2\nphases:\n  build:\n    commands: [make]\n"},
        artifacts={"type": "S3", "location": bucket, "path": "out", "packaging": "ZIP", "namespaceType": "NONE", "name": "shop"},
        environment={
            "type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL", "privilegedMode": False,
            "environmentVariables": [{"name": "STAGE", "value": "test", "type": "PLAINTEXT"}],
        },
        tags=[{"key": "team", "value": "shop"}],
    )
    deploy = session.client("codedeploy")
    deploy.create_application(applicationName=name, computePlatform="Server", tags=[{"Key": "team", "Value": "shop"}])
    deploy.create_deployment_group(
        applicationName=name, deploymentGroupName="test", serviceRoleArn=role, deploymentConfigName="CodeDeployDefault.OneAtATime",
        ec2TagFilters=[{"Key": "stage", "Value": "test", "Type": "KEY_AND_VALUE"}], tags=[{"Key": "team", "Value": "shop"}],
    )
    return {
        "aws_s3_bucket": [bucket],
        "aws_codebuild_project": [name],
        "aws_codedeploy_app": [name],
        "aws_codedeploy_deployment_group": [f"{name}:test"],
    }
