"""A cluster with nodes of its own and a Fargate profile."""


def seed(session, context):
    eks = session.client("eks")
    name = context["prefix"]
    tags = {"Name": f"{name}-cluster", "team": "platform"}
    eks.create_cluster(
        name=f"{name}-cluster",
        version="1.31",
        roleArn=context["role_arn"],
        resourcesVpcConfig={
            "subnetIds": context["subnet_ids"],
            "securityGroupIds": context["security_group_ids"],
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
        },
        logging={"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]},
        encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": context["kms_key_arn"]}}],
        tags=tags,
    )
    eks.create_nodegroup(
        clusterName=f"{name}-cluster",
        nodegroupName=f"{name}-workers",
        nodeRole=context["role_arn"],
        subnets=context["subnet_ids"],
        scalingConfig={"minSize": 1, "maxSize": 4, "desiredSize": 2},
        instanceTypes=["m7g.large"],
        amiType="AL2023_ARM_64_STANDARD",
        capacityType="SPOT",
        diskSize=40,
        labels={"pool": "workers"},
        taints=[{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}],
        tags=tags,
    )
    eks.create_fargate_profile(
        clusterName=f"{name}-cluster",
        fargateProfileName=f"{name}-jobs",
        podExecutionRoleArn=context["role_arn"],
        subnets=context["subnet_ids"],
        selectors=[{"namespace": "jobs", "labels": {"size": "small"}}],
        tags=tags,
    )
    return {
        "aws_eks_cluster": [f"{name}-cluster"],
        "aws_eks_fargate_profile": [f"{name}-cluster:{name}-jobs"],
        "aws_eks_node_group": [f"{name}-cluster:{name}-workers"],
    }
