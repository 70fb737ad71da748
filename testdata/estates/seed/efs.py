"""A shared file system, with a way in from one subnet and for one program."""

import json


def seed(session, context):
    efs, prefix = session.client("efs"), context["prefix"]
    system = efs.create_file_system(
        CreationToken=f"{prefix}-shared", PerformanceMode="generalPurpose", Encrypted=True, ThroughputMode="bursting",
        Tags=[{"Key": "Name", "Value": f"{prefix}-shared"}, {"Key": "team", "Value": "platform"}],
    )["FileSystemId"]
    mounted = efs.create_mount_target(
        FileSystemId=system, SubnetId=context["subnet_ids"][0], SecurityGroups=[context["security_group_id"]])
    target = mounted["MountTargetId"]
    # As EFS words it, and moto does not.
    session.client("ec2").modify_network_interface_attribute(
        NetworkInterfaceId=mounted["NetworkInterfaceId"], Description={"Value": f"EFS mount target for {mounted['FileSystemId']} ({target})"})
    point = efs.create_access_point(
        ClientToken=f"{prefix}-app", FileSystemId=system, PosixUser={"Uid": 1000, "Gid": 1000},
        RootDirectory={"Path": "/app", "CreationInfo": {"OwnerUid": 1000, "OwnerGid": 1000, "Permissions": "0750"}},
        Tags=[{"Key": "Name", "Value": f"{prefix}-app"}],
    )["AccessPointId"]
    efs.put_file_system_policy(FileSystemId=system, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "OnlyTLS", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}))
    return {
        "aws_efs_file_system": [system],
        "aws_efs_mount_target": [target],
        "aws_efs_access_point": [point],
        "aws_efs_file_system_policy": [system],
    }
