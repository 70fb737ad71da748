"""A cluster with a service, whose task definition has an older active and an inactive revision."""


def seed(session, context):
    ecs = session.client("ecs")
    name = context["prefix"]
    tags = [{"key": "Name", "value": f"{name}-web"}, {"key": "team", "value": "web"}]
    ecs.create_cluster(
        clusterName=f"{name}-web",
        settings=[{"name": "containerInsights", "value": "enabled"}],
        tags=tags,
    )

    def register(tag):
        return ecs.register_task_definition(
            family=f"{name}-web",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            executionRoleArn=context["role_arn"],
            containerDefinitions=[
                {
                    "name": "web",
                    "image": f"nginx:{tag}",
                    "essential": True,
                    "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
                    "environment": [{"name": "LOG_LEVEL", "value": "info"}],
                }
            ],
            tags=tags,
        )["taskDefinition"]["taskDefinitionArn"]

    inactive, _, latest = register("1.25"), register("1.26"), register("1.27")
    ecs.deregister_task_definition(taskDefinition=inactive)
    ecs.create_service(
        cluster=f"{name}-web",
        serviceName=f"{name}-web",
        taskDefinition=latest,
        desiredCount=2,
        launchType="FARGATE",
        deploymentConfiguration={"maximumPercent": 150, "minimumHealthyPercent": 50},
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": context["subnet_ids"],
                "securityGroups": context["security_group_ids"],
                "assignPublicIp": "DISABLED",
            }
        },
        tags=tags,
    )
    return {
        "aws_ecs_cluster": [f"{name}-web"],
        "aws_ecs_task_definition": [latest],
        "aws_ecs_service": [f"{name}-web/{name}-web"],
    }
