"""An instance in its own groups, and an Aurora cluster with a member, set up as production databases are."""


def seed(session, context):
    rds = session.client("rds")
    name = context["prefix"]
    tags = [{"Key": "Name", "Value": f"{name}-db"}, {"Key": "team", "Value": "orders"}]
    rds.create_db_subnet_group(
        DBSubnetGroupName=f"{name}-db",
        DBSubnetGroupDescription="Private subnets of the order database",
        SubnetIds=context["subnet_ids"],
        Tags=tags,
    )
    rds.create_db_instance(
        DBInstanceIdentifier=f"{name}-orders",
        DBName="orders",
        Engine="postgres",
        EngineVersion="16.3",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=50,
        MaxAllocatedStorage=200,
        StorageType="gp3",
        StorageEncrypted=True,
        KmsKeyId=context["kms_key_arn"],
        MasterUsername="orders",
        MasterUserPassword="correct-horse-battery-staple",
        DBSubnetGroupName=f"{name}-db",
        BackupRetentionPeriod=14,
        PreferredBackupWindow="02:00-03:00",
        PreferredMaintenanceWindow="sun:04:00-sun:05:00",
        MultiAZ=True,
        PubliclyAccessible=False,
        CopyTagsToSnapshot=True,
        DeletionProtection=True,
        EnableCloudwatchLogsExports=["postgresql"],
        Tags=tags,
    )
    rds.create_db_parameter_group(
        DBParameterGroupName=f"{name}-postgres",
        DBParameterGroupFamily="postgres16",
        Description="Logs what is slow",
        Tags=tags,
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName=f"{name}-postgres",
        Parameters=[
            {"ParameterName": "log_min_duration_statement", "ParameterValue": "500", "ApplyMethod": "immediate"}
        ],
    )
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=f"{name}-aurora",
        DBParameterGroupFamily="aurora-postgresql16",
        Description="For the new shop",
        Tags=tags,
    )
    rds.create_db_cluster(
        DBClusterIdentifier=f"{name}-shop",
        Engine="aurora-postgresql",
        EngineVersion="16.3",
        MasterUsername="shop",
        MasterUserPassword="correct-horse-battery-staple",
        DBSubnetGroupName=f"{name}-db",
        DBClusterParameterGroupName=f"{name}-aurora",
        BackupRetentionPeriod=7,
        StorageEncrypted=True,
        KmsKeyId=context["kms_key_arn"],
        DeletionProtection=True,
        Tags=tags,
    )
    rds.create_db_instance(
        DBInstanceIdentifier=f"{name}-shop-1",
        DBClusterIdentifier=f"{name}-shop",
        DBInstanceClass="db.r6g.large",
        Engine="aurora-postgresql",
        PromotionTier=1,
        Tags=tags,
    )
    rds.create_db_snapshot(DBInstanceIdentifier=f"{name}-orders", DBSnapshotIdentifier=f"{name}-before-sale", Tags=tags)
    rds.create_db_cluster_snapshot(DBClusterIdentifier=f"{name}-shop", DBClusterSnapshotIdentifier=f"{name}-shop-before-sale", Tags=tags)
    rds.create_event_subscription(
        SubscriptionName=f"{name}-failures", SnsTopicArn=f"arn:aws:sns:{context['region']}:{context['account']}:{name}-failures", SourceType="db-instance",
        EventCategories=["availability", "failure"], SourceIds=[f"{name}-orders"], Enabled=True, Tags=tags)
    rds.create_db_proxy(
        DBProxyName=f"{name}-orders", EngineFamily="POSTGRESQL", RoleArn=context["role_arn"], VpcSubnetIds=context["subnet_ids"],
        VpcSecurityGroupIds=context["security_group_ids"], RequireTLS=True, IdleClientTimeout=900, Tags=tags,
        Auth=[{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": f"arn:aws:secretsmanager:{context['region']}:{context['account']}:secret:{name}-orders"}])
    worlds = [f"{name}-world"] if context["region"] == "us-east-1" else []  # the emulator has them there only
    for world in worlds:
        rds.create_global_cluster(
            GlobalClusterIdentifier=world, DeletionProtection=True,
            SourceDBClusterIdentifier=f"arn:aws:rds:{context['region']}:{context['account']}:cluster:{name}-shop")
    rds.create_db_parameter_group(
        DBParameterGroupName=f"{name}-graph", DBParameterGroupFamily="neptune1.3", Description="Gives up early", Tags=tags)
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=f"{name}-graphs", DBParameterGroupFamily="neptune1.3", Description="Writes an audit log", Tags=tags)
    rds.create_db_cluster(
        DBClusterIdentifier=f"{name}-graph", Engine="neptune", EngineVersion="1.3.2.1", DBSubnetGroupName=f"{name}-db", BackupRetentionPeriod=7,
        DBClusterParameterGroupName=f"{name}-graphs", StorageEncrypted=True, KmsKeyId=context["kms_key_arn"], DeletionProtection=True, Tags=tags)
    rds.create_db_instance(
        DBInstanceIdentifier=f"{name}-graph-1", DBClusterIdentifier=f"{name}-graph", DBInstanceClass="db.r6g.large", Engine="neptune", Tags=tags)
    return {
        "aws_db_instance": [f"{name}-orders"],
        "aws_db_cluster_snapshot": [f"{name}-shop-before-sale"],
        "aws_db_event_subscription": [f"{name}-failures"],
        "aws_db_proxy": [f"{name}-orders"],
        "aws_db_snapshot": [f"{name}-before-sale"],
        "aws_neptune_cluster": [f"{name}-graph"],
        "aws_neptune_cluster_instance": [f"{name}-graph-1"],
        "aws_neptune_cluster_parameter_group": [f"{name}-graphs"],
        "aws_neptune_parameter_group": [f"{name}-graph"],
        "aws_rds_global_cluster": worlds,
        "aws_db_parameter_group": [f"{name}-postgres"],
        "aws_db_subnet_group": [f"{name}-db"],
        "aws_rds_cluster": [f"{name}-shop"],
        "aws_rds_cluster_instance": [f"{name}-shop-1"],
        "aws_rds_cluster_parameter_group": [f"{name}-aurora"],
    }
