"""Two databases, of which one is to follow the other."""


def seed(session, context):
    dms = session.client("dms")
    name = context["prefix"]
    tags = [{"Key": "Name", "Value": f"{name}-move"}, {"Key": "team", "Value": "shop"}]
    dms.create_replication_subnet_group(
        ReplicationSubnetGroupIdentifier=f"{name}-move", ReplicationSubnetGroupDescription="Between the databases", SubnetIds=context["subnet_ids"], Tags=tags)
    dms.create_endpoint(
        EndpointIdentifier=f"{name}-old", EndpointType="source", EngineName="postgres", Username="reader", Password="correct-horse-battery-staple",
        ServerName="old.example.com", Port=5432, DatabaseName="shop", SslMode="require", Tags=tags)
    dms.create_endpoint(
        EndpointIdentifier=f"{name}-new", EndpointType="target", EngineName="mysql", Username="writer", Password="correct-horse-battery-staple",
        ServerName="new.example.com", Port=3306, DatabaseName="shop", Tags=tags)
    return {
        "aws_dms_endpoint": [f"{name}-old", f"{name}-new"],
        "aws_dms_replication_subnet_group": [f"{name}-move"],
    }
