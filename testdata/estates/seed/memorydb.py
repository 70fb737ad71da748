"""A durable cache in its own subnets, and a snapshot of it."""


def seed(session, context):
    memorydb = session.client("memorydb")
    name = context["prefix"]
    tags = [{"Key": "Name", "Value": f"{name}-carts"}, {"Key": "team", "Value": "shop"}]
    memorydb.create_subnet_group(
        SubnetGroupName=f"{name}-carts", Description="Where the carts live", SubnetIds=context["subnet_ids"], Tags=tags)
    memorydb.create_cluster(
        ClusterName=f"{name}-carts", NodeType="db.r6g.large", ACLName="open-access", SubnetGroupName=f"{name}-carts",
        SecurityGroupIds=context["security_group_ids"], NumShards=2, NumReplicasPerShard=1, SnapshotRetentionLimit=3,
        TLSEnabled=True, KmsKeyId=context["kms_key_arn"], Description="Shopping carts", Tags=tags,
    )
    memorydb.create_snapshot(ClusterName=f"{name}-carts", SnapshotName=f"{name}-before-sale", Tags=tags)
    return {
        "aws_memorydb_cluster": [f"{name}-carts"],
        "aws_memorydb_snapshot": [f"{name}-before-sale"],
        "aws_memorydb_subnet_group": [f"{name}-carts"],
    }
