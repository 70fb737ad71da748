"""A warehouse with its own subnets and settings."""


def seed(session, context):
    redshift = session.client("redshift")
    name = context["prefix"]
    tags = [{"Key": "Name", "Value": f"{name}-warehouse"}, {"Key": "team", "Value": "numbers"}]
    redshift.create_cluster_subnet_group(
        ClusterSubnetGroupName=f"{name}-warehouse", Description="Where the warehouse stands",
        SubnetIds=context["subnet_ids"], Tags=tags,
    )
    redshift.create_cluster_parameter_group(
        ParameterGroupName=f"{name}-warehouse", ParameterGroupFamily="redshift-1.0", Description="Encrypted connections only", Tags=tags,
    )
    redshift.create_cluster(
        ClusterIdentifier=f"{name}-warehouse", DBName="numbers", NodeType="ra3.xlplus", ClusterType="multi-node", NumberOfNodes=2,
        MasterUsername="numbers", MasterUserPassword="Correct-horse-battery-staple-1",
        ClusterSubnetGroupName=f"{name}-warehouse", ClusterParameterGroupName=f"{name}-warehouse",
        VpcSecurityGroupIds=context["security_group_ids"], AutomatedSnapshotRetentionPeriod=7,
        PreferredMaintenanceWindow="sun:06:00-sun:06:30", Encrypted=True, KmsKeyId=context["kms_key_arn"],
        PubliclyAccessible=False, EnhancedVpcRouting=True, Tags=tags,
    )
    redshift.create_snapshot_copy_grant(SnapshotCopyGrantName=f"{name}-copies", KmsKeyId=context["kms_key_arn"], Tags=tags)
    redshift.create_cluster_snapshot(SnapshotIdentifier=f"{name}-before-sale", ClusterIdentifier=f"{name}-warehouse", Tags=tags)
    return {
        "aws_redshift_cluster_snapshot": [f"{name}-before-sale"],
        "aws_redshift_cluster": [f"{name}-warehouse"],
        "aws_redshift_parameter_group": [f"{name}-warehouse"],
        "aws_redshift_snapshot_copy_grant": [f"{name}-copies"],
        "aws_redshift_subnet_group": [f"{name}-warehouse"],
    }
