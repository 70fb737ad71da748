"""File systems of each kind, and a backup that somebody made."""


def seed(session, context):
    fsx = session.client("fsx")
    name, subnets = context["prefix"], context["subnet_ids"]
    tags = [{"Key": "Name", "Value": f"{name}-files"}, {"Key": "team", "Value": "numbers"}]

    def made(kind, capacity, subnets, **settings):
        return fsx.create_file_system(
            FileSystemType=kind, StorageCapacity=capacity, StorageType="SSD", SubnetIds=subnets, SecurityGroupIds=context["security_group_ids"],
            KmsKeyId=context["kms_key_arn"], Tags=tags, **settings)["FileSystem"]["FileSystemId"]

    lustre = made("LUSTRE", 1200, subnets[:1], FileSystemTypeVersion="2.15", LustreConfiguration={
        "DeploymentType": "PERSISTENT_2", "PerUnitStorageThroughput": 125, "DataCompressionType": "LZ4", "WeeklyMaintenanceStartTime": "7:05:00"})
    ontap = made("ONTAP", 1024, subnets, OntapConfiguration={
        "DeploymentType": "MULTI_AZ_1", "PreferredSubnetId": subnets[0], "ThroughputCapacity": 256, "AutomaticBackupRetentionDays": 7})
    openzfs = made("OPENZFS", 128, subnets[:1], OpenZFSConfiguration={"DeploymentType": "SINGLE_AZ_1", "ThroughputCapacity": 128})
    windows = made("WINDOWS", 100, subnets[:1], WindowsConfiguration={
        "DeploymentType": "SINGLE_AZ_2", "ThroughputCapacity": 32, "ActiveDirectoryId": "d-1234567890"})
    backup = fsx.create_backup(FileSystemId=lustre, Tags=tags)["Backup"]["BackupId"]
    return {
        "aws_fsx_backup": [backup],
        "aws_fsx_lustre_file_system": [lustre],
        "aws_fsx_ontap_file_system": [ontap],
        "aws_fsx_openzfs_file_system": [openzfs],
        "aws_fsx_windows_file_system": [windows],
    }
