"""A shared file system."""


def seed(session, context):
    made = session.client("efs").create_file_system(
        CreationToken=f"{context['prefix']}-shared", PerformanceMode="generalPurpose", Encrypted=True, ThroughputMode="bursting",
        Tags=[{"Key": "Name", "Value": f"{context['prefix']}-shared"}, {"Key": "team", "Value": "platform"}],
    )
    return {"aws_efs_file_system": [made["FileSystemId"]]}
