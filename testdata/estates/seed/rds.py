"""A subnet group and an instance in it, with the settings that production databases have."""


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
    return {"aws_db_subnet_group": [f"{name}-db"], "aws_db_instance": [f"{name}-orders"]}
