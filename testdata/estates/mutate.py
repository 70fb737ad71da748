"""Changes and deletes managed resources of the base estate behind Terraform's back.

    python3 testdata/estates/mutate.py [again]

Prints {"changed": [...], "deleted": [...]}, addresses as ROOT:ADDRESS, so that a test can tell that each of them was
noticed. With "again", only one more change is made: what a second run has to find. Endpoint and keys come from the
environment, as boto3 reads them; it refuses to run against AWS itself.
"""

import json
import os
import sys

import boto3

east = boto3.Session(region_name="us-east-1")
west = boto3.Session(region_name="us-west-2")
ec2 = east.client("ec2")
s3 = east.client("s3")
iam = east.client("iam")
logs = east.client("logs")


def first(items):
    (item,) = items
    return item


def group(name):
    filters = [{"Name": "group-name", "Values": [name]}]
    return first(ec2.describe_security_groups(Filters=filters)["SecurityGroups"])["GroupId"]


def subnet(name):
    return first(ec2.describe_subnets(Filters=[{"Name": "tag:Name", "Values": [name]}])["Subnets"])["SubnetId"]


def policy(actions):
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def arn(service, resource):
    return f"arn:aws:{service}:us-east-1:123456789012:{resource}"


def open_a_port():
    ec2.authorize_security_group_ingress(
        GroupId=group("web"),
        IpPermissions=[{
            "IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443,
            "IpRanges": [{"CidrIp": "192.0.2.0/24", "Description": "someone in a hurry"}],
        }],
    )


def retag_a_subnet():
    ec2.create_tags(Resources=[subnet("main-private-a")], Tags=[{"Key": "Owner", "Value": "nobody"}])


def tag_a_bucket():
    s3.put_bucket_tagging(Bucket="estate-assets", Tagging={"TagSet": [
        {"Key": "Team", "Value": "platform"}, {"Key": "Stage", "Value": "experiment"}]})


def suspend_versioning():
    s3.put_bucket_versioning(Bucket="estate-audit", VersioningConfiguration={"Status": "Suspended"})


def widen_a_policy():
    arn = "arn:aws:iam::123456789012:policy/estate/estate-read"
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(["s3:*"]), SetAsDefault=True)


def widen_an_inline_policy():
    iam.put_role_policy(RoleName="estate-worker", PolicyName="queue", PolicyDocument=policy(["sqs:*"]))


def reformat_a_policy():
    """The same policy in other words: no drift."""
    iam.put_role_policy(RoleName="estate-deployer", PolicyName="deploy", PolicyDocument=json.dumps({
        "Statement": [{"Resource": "*", "Effect": "Allow", "Action": ["lambda:UpdateFunctionCode"]}],
        "Version": "2012-10-17"}, indent=4))


def describe_a_role():
    iam.update_role(RoleName="estate-worker", Description="Runs anything")


def keep_logs_longer():
    logs.put_retention_policy(logGroupName="/estate/api", retentionInDays=365)


def debug_a_function():
    functions = east.client("lambda")
    variables = functions.get_function_configuration(FunctionName="estate-worker")["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName="estate-worker", Timeout=60, Environment={"Variables": {**variables, "LOG_LEVEL": "debug"}})


def raise_a_threshold():
    alarms = east.client("cloudwatch")
    alarms.put_metric_alarm(
        AlarmName="estate-cpu-0", Namespace="AWS/EC2", MetricName="CPUUtilization", Statistic="Average",
        ComparisonOperator="GreaterThanThreshold", Threshold=99, Period=300, EvaluationPeriods=3,
        AlarmActions=[arn("sns", "estate-alerts")])


def move_an_endpoint():
    east.client("ssm").put_parameter(
        Name="/estate/endpoint", Description="Where the API answers", Type="String", Overwrite=True,
        Value="https://elsewhere.example.com")


def drop_backups():
    east.client("dynamodb").update_continuous_backups(
        TableName="estate-orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False})


def let_images_change():
    east.client("ecr").put_image_tag_mutability(repositoryName="estate/api", imageTagMutability="MUTABLE")


def rename_a_topic():
    east.client("sns").set_topic_attributes(
        TopicArn=arn("sns", "estate-alerts"), AttributeName="DisplayName", AttributeValue="Noise")


def stop_a_rule():
    east.client("events").disable_rule(Name="estate-nightly")


def check_elsewhere():
    balancers = east.client("elbv2")
    target = first(balancers.describe_target_groups(Names=["estate-web"])["TargetGroups"])
    balancers.modify_target_group(TargetGroupArn=target["TargetGroupArn"], HealthCheckPath="/")


def grow_a_pool():
    east.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="estate-pool", MaxSize=9)


def describe_a_secret():
    east.client("secretsmanager").update_secret(SecretId="estate/database", Description="Old credentials")


def take_a_default_tag():
    """Takes away a tag that the root module gives by its provider's default_tags."""
    keys = east.client("kms")
    keys.untag_resource(KeyId=keys.describe_key(KeyId="alias/data")["KeyMetadata"]["KeyId"], TagKeys=["Team"])


def shorten_a_ttl():
    # AWS keeps an asterisk as \052, whoever sends which; moto keeps what it is sent, and the provider sends \052.
    change_record(east.client("route53"), "UPSERT", r"\052.apps", "CNAME", 5, "host-0.estate.example.com")


def delete_a_record():
    change_record(east.client("route53"), "DELETE", "host-1", "A", 300, "192.0.2.11")


def change_record(route53, action, name, type_, ttl, value):
    zones = route53.list_hosted_zones_by_name(DNSName="estate.example.com", MaxItems="1")["HostedZones"]
    record = {"Name": f"{name}.estate.example.com", "Type": type_, "TTL": ttl, "ResourceRecords": [{"Value": value}]}
    route53.change_resource_record_sets(
        HostedZoneId=first(zones)["Id"],
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]})


def delete_an_alarm():
    east.client("cloudwatch").delete_alarms(AlarmNames=["estate-cpu-1"])


def delete_a_user():
    iam.delete_user(UserName="estate-robot")


def delete_logs_in_the_west():
    west.client("logs").delete_log_group(logGroupName="/network/west/flow")


# What is done, and the address that it happens to. None: nothing that Terraform would call a change.
CHANGES = {
    open_a_port: "network:aws_security_group.web",
    retag_a_subnet: 'network:module.vpc.aws_subnet.this["private-a"]',
    shorten_a_ttl: "network:aws_route53_record.wildcard",
    tag_a_bucket: 'platform:module.bucket["estate-assets"].aws_s3_bucket.this',
    suspend_versioning: 'platform:module.bucket["estate-audit"].aws_s3_bucket_versioning.this',
    widen_a_policy: "platform:aws_iam_policy.read",
    widen_an_inline_policy: "platform:aws_iam_role_policy.worker",
    reformat_a_policy: None,
    take_a_default_tag: "platform:aws_kms_key.data",
    describe_a_role: "platform:aws_iam_role.worker",
    keep_logs_longer: 'platform:aws_cloudwatch_log_group.service["api"]',
    raise_a_threshold: "platform:aws_cloudwatch_metric_alarm.cpu[0]",
    move_an_endpoint: "platform:aws_ssm_parameter.endpoint",
    drop_backups: "platform:aws_dynamodb_table.orders",
    let_images_change: 'platform:aws_ecr_repository.service["estate/api"]',
    rename_a_topic: "platform:aws_sns_topic.alerts",
    describe_a_secret: "platform:aws_secretsmanager_secret.database",
    debug_a_function: "app:aws_lambda_function.worker",
    stop_a_rule: "app:aws_cloudwatch_event_rule.nightly",
    check_elsewhere: "app:aws_lb_target_group.web",
    grow_a_pool: "app:aws_autoscaling_group.pool",
}

DELETIONS = {
    delete_a_record: "network:aws_route53_record.host[1]",
    delete_logs_in_the_west: "network:aws_cloudwatch_log_group.west",
    delete_an_alarm: "platform:aws_cloudwatch_metric_alarm.cpu[1]",
    delete_a_user: "platform:aws_iam_user.robot",
}


def keep_other_logs_longer():
    logs.put_retention_policy(logGroupName="/estate/worker", retentionInDays=365)


AGAIN = {keep_other_logs_longer: 'platform:aws_cloudwatch_log_group.service["worker"]'}


def main():
    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit("mutate: AWS_ENDPOINT_URL is not set; point it to an emulator such as moto_server")
    changes, deletions = (AGAIN, {}) if sys.argv[1:] == ["again"] else (CHANGES, DELETIONS)
    for change in [*changes, *deletions]:
        change()
    json.dump({
        "changed": sorted(address for address in changes.values() if address),
        "deleted": sorted(deletions.values()),
    }, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
