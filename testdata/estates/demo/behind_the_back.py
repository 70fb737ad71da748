"""What happens to the demo estate behind Terraform's back. Endpoint, keys and region come from the environment."""

import json

import boto3


def client(name):
    return boto3.client(name)


def by_name(ec2, kind, name):
    """The first thing of a kind (vpcs, subnets, security_groups) whose Name tag is name."""
    describe = getattr(ec2, f"describe_{kind}")
    key = "".join(part.capitalize() for part in kind.split("_"))
    return describe(Filters=[{"Name": "tag:Name", "Values": [name]}])[key][0]


def change():
    """Somebody was in a hurry."""
    ec2 = client("ec2")
    web = by_name(ec2, "security_groups", "web")["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=web,
        IpPermissions=[{
            "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
            "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "debugging, remove later"}],
        }],
    )
    client("logs").put_retention_policy(logGroupName="/acme/checkout", retentionInDays=7)
    client("s3").put_bucket_versioning(Bucket="acme-invoices", VersioningConfiguration={"Status": "Suspended"})


def delete():
    """Somebody tidied up."""
    sns = client("sns")
    for topic in sns.list_topics()["Topics"]:
        if topic["TopicArn"].endswith(":shop-alerts"):
            sns.delete_topic(TopicArn=topic["TopicArn"])


def create():
    """Somebody clicked in the console."""
    ec2 = client("ec2")
    vpc = by_name(ec2, "vpcs", "acme")["VpcId"]
    subnet = by_name(ec2, "subnets", "private-a")["SubnetId"]
    group = ec2.create_security_group(
        GroupName="postgres", Description="Database, reachable from the VPC", VpcId=vpc,
        TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "Name", "Value": "postgres"}]}],
    )["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "10.20.0.0/16"}]}],
    )
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=subnet, SecurityGroupIds=[group],
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "reporting"}]}],
    )

    s3 = client("s3")
    s3.create_bucket(Bucket="acme-uploads", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="acme-uploads", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_lifecycle_configuration(
        Bucket="acme-uploads",
        LifecycleConfiguration={"Rules": [{
            "ID": "expire", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 14},
        }]},
    )
    s3.create_bucket(Bucket="acme-stack-artifacts", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_tagging(
        Bucket="acme-stack-artifacts",
        Tagging={"TagSet": [{"Key": "Project", "Value": "legacy"}]},
    )

    client("sqs").create_queue(
        QueueName="orders-dead-letter",
        Attributes={"MessageRetentionPeriod": "1209600", "VisibilityTimeout": "60"},
        tags={"Team": "shop"},
    )

    iam = client("iam")
    iam.create_role(
        RoleName="ci-deploy", Description="Deploys from CI",
        AssumeRolePolicyDocument=json.dumps({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "codebuild.amazonaws.com"},
            }],
        }),
        Tags=[{"Key": "Team", "Value": "platform"}],
    )
    iam.attach_role_policy(RoleName="ci-deploy", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")

    client("secretsmanager").create_secret(
        Name="shop/database", Description="Password of the reporting user", SecretString="demo-only-not-a-real-password",
    )
    client("cloudwatch").put_metric_alarm(
        AlarmName="orders-throttled", Namespace="AWS/DynamoDB", MetricName="ThrottledRequests", Statistic="Sum",
        Period=300, EvaluationPeriods=2, Threshold=1, ComparisonOperator="GreaterThanThreshold",
        Dimensions=[{"Name": "TableName", "Value": "orders"}],
    )


if __name__ == "__main__":
    change()
    delete()
    create()
