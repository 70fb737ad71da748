"""A cache in front of DynamoDB."""


def seed(session, context):
    name = context["prefix"]
    session.client("dax").create_cluster(
        ClusterName=f"{name}-dax", NodeType="dax.r5.large", ReplicationFactor=2, IamRoleArn=context["role_arn"],
        Description="Reads of the orders", SSESpecification={"Enabled": True},
        Tags=[{"Key": "Name", "Value": f"{name}-dax"}, {"Key": "team", "Value": "orders"}],
    )
    return {"aws_dax_cluster": [f"{name}-dax"]}
