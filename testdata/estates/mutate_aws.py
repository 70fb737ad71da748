"""Changes imported resources of as many types as it can behind Terraform's back.

    terraform show -json | ... | python3 testdata/estates/mutate_aws.py

Reads {address: {"type": ..., "values": {attributes}}} on standard input and prints
{"changed": {address: [what]}, "failed": {address: reason}}. Two kinds of change are made: a tag is added to everything
that has tags and an ARN, by whichever operation the service has for it, and the table SETTINGS changes a setting of each
type that is in it. A change that the emulator refuses is told in "failed" and is no error: what counts is what Terraform
sees afterwards. Endpoint and keys come from the environment, as boto3 reads them; it refuses to run against AWS itself.
"""

import json
import os
import sys

import boto3
from botocore.config import Config

session = boto3.Session(region_name="us-east-1")
clients = {}


def client(service):
    if service not in clients:
        clients[service] = session.client(service, config=Config(retries={"max_attempts": 1}))
    return clients[service]


POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}


def document(resource=None):
    statement = dict(POLICY["Statement"][0])
    if resource:
        statement.update(Resource=resource, Action="*", Principal={"AWS": "*"})
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# Tags. The services whose name in an ARN is not boto3's, and the operations that put tags.
SERVICES = {
    "elasticloadbalancing": "elbv2", "elasticfilesystem": "efs", "monitoring": "cloudwatch", "states": "stepfunctions",
    "cognito-idp": "cognito-idp", "aoss": "opensearchserverless", "es": "opensearch", "apigateway": "apigateway",
    "servicediscovery": "servicediscovery", "ses": "sesv2", "mq": "mq", "kafka": "kafka", "wafv2": "wafv2",
    "logs": "logs", "ds": "ds", "airflow": "mwaa", "geo": "location", "execute-api": "apigatewayv2",
}
OPERATIONS = ["TagResource", "TagResources", "AddTags", "AddTagsToResource", "CreateTags", "AddTagsToStream", "ChangeTagsForResource"]
KEY, VALUE = "Mutated", "behind"


def tag_by_model(service, arn):
    """Calls the service's operation for tags, whatever its members are called."""
    c = client(service)
    model = c.meta.service_model
    for name in OPERATIONS:
        if name not in model.operation_names:
            continue
        shape = model.operation_model(name).input_shape
        arguments = {}
        for member, kind in shape.members.items():
            plain = member.lower()
            if plain in ("tags", "tagslist", "taglist", "tagstoadd", "addtags"):
                if kind.type_name == "map":
                    arguments[member] = {KEY: VALUE}
                else:
                    names = {m.lower(): m for m in kind.member.members}
                    key = names.get("key") or names.get("tagkey")
                    value = names.get("value") or names.get("tagvalue")
                    arguments[member] = [{key: KEY, value: VALUE}]
            elif member in shape.required_members or "arn" in plain or plain in ("resource", "resourceid"):
                arguments[member] = [arn] if kind.type_name == "list" else arn
        if len(arguments) < 2:
            continue
        getattr(c, snake(name))(**arguments)
        return
    raise NotImplementedError(f"{service} has no operation for tags")


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def tag_iam(kind, name):
    member = {"role": "RoleName", "user": "UserName", "policy": "PolicyArn", "instance_profile": "InstanceProfileName",
              "openid_connect_provider": "OpenIDConnectProviderArn", "saml_provider": "SAMLProviderArn"}[kind]
    getattr(client("iam"), f"tag_{kind}".replace("openid", "open_id"))(**{member: name, "Tags": [{"Key": KEY, "Value": VALUE}]})


TAGS = {
    "aws_iam_role": lambda a: tag_iam("role", a["name"]),
    "aws_iam_user": lambda a: tag_iam("user", a["name"]),
    "aws_iam_policy": lambda a: tag_iam("policy", a["arn"]),
    "aws_iam_instance_profile": lambda a: tag_iam("instance_profile", a["name"]),
    "aws_iam_openid_connect_provider": lambda a: tag_iam("openid_connect_provider", a["arn"]),
    "aws_iam_saml_provider": lambda a: tag_iam("saml_provider", a["arn"]),
    "aws_s3_bucket": lambda a: client("s3").put_bucket_tagging(
        Bucket=a["bucket"], Tagging={"TagSet": [{"Key": k, "Value": v} for k, v in {**(a["tags"] or {}), KEY: VALUE}.items()]}),
    "aws_sqs_queue": lambda a: client("sqs").tag_queue(QueueUrl=a["url"], Tags={KEY: VALUE}),
    "aws_kms_key": lambda a: client("kms").tag_resource(KeyId=a["key_id"], Tags=[{"TagKey": KEY, "TagValue": VALUE}]),
    "aws_ssm_parameter": lambda a: tag_ssm("Parameter", a["name"]),
    "aws_ssm_document": lambda a: tag_ssm("Document", a["name"]),
    "aws_ssm_maintenance_window": lambda a: tag_ssm("MaintenanceWindow", a["id"]),
    "aws_ssm_patch_baseline": lambda a: tag_ssm("PatchBaseline", a["id"]),
    "aws_route53_zone": lambda a: tag_route53("hostedzone", a["zone_id"]),
    "aws_route53_health_check": lambda a: tag_route53("healthcheck", a["id"]),
    "aws_autoscaling_group": lambda a: client("autoscaling").create_or_update_tags(Tags=[{
        "ResourceId": a["name"], "ResourceType": "auto-scaling-group", "Key": KEY, "Value": VALUE, "PropagateAtLaunch": True}]),
    "aws_acm_certificate": lambda a: client("acm").add_tags_to_certificate(
        CertificateArn=a["arn"], Tags=[{"Key": KEY, "Value": VALUE}]),
    "aws_kinesis_stream": lambda a: client("kinesis").add_tags_to_stream(StreamName=a["name"], Tags={KEY: VALUE}),
    "aws_kinesis_firehose_delivery_stream": lambda a: client("firehose").tag_delivery_stream(
        DeliveryStreamName=a["name"], Tags=[{"Key": KEY, "Value": VALUE}]),
    "aws_secretsmanager_secret": lambda a: client("secretsmanager").tag_resource(
        SecretId=a["arn"], Tags=[{"Key": KEY, "Value": VALUE}]),
    "aws_cloudtrail": lambda a: client("cloudtrail").add_tags(ResourceId=a["arn"], TagsList=[{"Key": KEY, "Value": VALUE}]),
    "aws_emr_cluster": lambda a: client("emr").add_tags(ResourceId=a["id"], Tags=[{"Key": KEY, "Value": VALUE}]),
    "aws_cloudwatch_log_group": lambda a: client("logs").tag_log_group(logGroupName=a["name"], tags={KEY: VALUE}),
    "aws_opensearch_domain": lambda a: client("opensearch").add_tags(ARN=a["arn"], TagList=[{"Key": KEY, "Value": VALUE}]),
    "aws_cloudformation_stack": None,  # its tags are those of an update of the stack
}


def tag_ssm(kind, name):
    client("ssm").add_tags_to_resource(ResourceType=kind, ResourceId=name, Tags=[{"Key": KEY, "Value": VALUE}])


def tag_route53(kind, name):
    client("route53").change_tags_for_resource(
        ResourceType=kind, ResourceId=name, AddTags=[{"Key": KEY, "Value": VALUE}])


def tag(kind, a):
    if kind in TAGS:
        return TAGS[kind] and TAGS[kind](a)
    service = (a.get("arn") or "").split(":")[2:3]
    if service == ["ec2"] or (not a.get("arn") and kind.startswith(("aws_vpc", "aws_ec2", "aws_ebs", "aws_eip", "aws_nat"))):
        return client("ec2").create_tags(Resources=[a["id"]], Tags=[{"Key": KEY, "Value": VALUE}])
    if not service or not service[0]:
        raise NotImplementedError("no ARN to tag it by")
    return tag_by_model(SERVICES.get(service[0], service[0]), a["arn"])


# Settings: type → what to do to one of them, given its attributes.
SETTINGS = {
    "aws_api_gateway_rest_api": lambda a: client("apigateway").update_rest_api(
        restApiId=a["id"], patchOperations=[{"op": "replace", "path": "/description", "value": VALUE}]),
    "aws_apigatewayv2_api": lambda a: client("apigatewayv2").update_api(ApiId=a["id"], Description=VALUE),
    "aws_apigatewayv2_stage": lambda a: client("apigatewayv2").update_stage(
        ApiId=a["api_id"], StageName=a["name"], Description=VALUE),
    "aws_athena_workgroup": lambda a: client("athena").update_work_group(WorkGroup=a["name"], Description=VALUE),
    "aws_autoscaling_group": lambda a: client("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=a["name"], MaxSize=a["max_size"] + 3),
    "aws_cloudwatch_dashboard": lambda a: client("cloudwatch").put_dashboard(
        DashboardName=a["dashboard_name"], DashboardBody=json.dumps({"widgets": [], "start": "-PT9H"})),
    "aws_cloudwatch_event_rule": lambda a: client("events").disable_rule(
        Name=a["name"], **({"EventBusName": a["event_bus_name"]} if a.get("event_bus_name") else {})),
    "aws_cloudwatch_log_group": lambda a: client("logs").put_retention_policy(logGroupName=a["name"], retentionInDays=365),
    "aws_cloudwatch_log_metric_filter": lambda a: client("logs").put_metric_filter(
        logGroupName=a["log_group_name"], filterName=a["name"], filterPattern="behind",
        metricTransformations=[{"metricName": "behind", "metricNamespace": "behind", "metricValue": "1"}]),
    "aws_cloudwatch_metric_alarm": lambda a: client("cloudwatch").put_metric_alarm(
        AlarmName=a["alarm_name"], Namespace=a["namespace"], MetricName=a["metric_name"], Statistic="Average", Threshold=97,
        ComparisonOperator="LessThanThreshold", Period=600, EvaluationPeriods=4),
    "aws_cognito_user_pool_client": lambda a: client("cognito-idp").update_user_pool_client(
        UserPoolId=a["user_pool_id"], ClientId=a["id"], ClientName=a["name"], RefreshTokenValidity=3),
    "aws_dynamodb_table": lambda a: client("dynamodb").update_continuous_backups(
        TableName=a["name"], PointInTimeRecoverySpecification={
            "PointInTimeRecoveryEnabled": not (a["point_in_time_recovery"] or [{}])[0].get("enabled")}),
    "aws_ecr_lifecycle_policy": lambda a: client("ecr").put_lifecycle_policy(
        repositoryName=a["repository"], lifecyclePolicyText=json.dumps({"rules": [{
            "rulePriority": 7, "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 7},
            "action": {"type": "expire"}}]})),
    "aws_ecr_repository": lambda a: client("ecr").put_image_tag_mutability(
        repositoryName=a["name"], imageTagMutability="MUTABLE" if a["image_tag_mutability"] == "IMMUTABLE" else "IMMUTABLE"),
    "aws_ecs_cluster": lambda a: client("ecs").update_cluster_settings(
        cluster=a["name"], settings=[{"name": "containerInsights", "value": "enabled"}]),
    "aws_glue_catalog_database": lambda a: client("glue").update_database(
        Name=a["name"], DatabaseInput={"Name": a["name"], "Description": VALUE}),
    "aws_iam_account_password_policy": lambda a: client("iam").update_account_password_policy(MinimumPasswordLength=31),
    "aws_iam_group_policy": lambda a: client("iam").put_group_policy(
        GroupName=a["group"], PolicyName=a["name"], PolicyDocument=document()),
    "aws_iam_policy": lambda a: client("iam").create_policy_version(
        PolicyArn=a["arn"], PolicyDocument=document(), SetAsDefault=True),
    "aws_iam_role": lambda a: client("iam").update_role(RoleName=a["name"], Description=VALUE),
    "aws_iam_role_policy": lambda a: client("iam").put_role_policy(
        RoleName=a["role"], PolicyName=a["name"], PolicyDocument=document()),
    "aws_iam_user_policy": lambda a: client("iam").put_user_policy(
        UserName=a["user"], PolicyName=a["name"], PolicyDocument=document()),
    "aws_kinesis_stream": lambda a: client("kinesis").increase_stream_retention_period(
        StreamName=a["name"], RetentionPeriodHours=72),
    "aws_kms_alias": None,
    "aws_kms_key": lambda a: client("kms").update_key_description(KeyId=a["key_id"], Description=VALUE),
    "aws_lambda_alias": lambda a: client("lambda").update_alias(
        FunctionName=a["function_name"], Name=a["name"], Description=VALUE),
    "aws_lambda_event_source_mapping": lambda a: client("lambda").update_event_source_mapping(
        UUID=a["uuid"], BatchSize=7),
    "aws_lambda_function": lambda a: client("lambda").update_function_configuration(
        FunctionName=a["function_name"], Timeout=77, Environment={"Variables": {"LEVEL": "debug"}}),
    "aws_launch_template": lambda a: client("ec2").create_launch_template_version(
        LaunchTemplateId=a["id"], SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.nano"}),
    "aws_lb": lambda a: client("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=a["arn"], Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}]),
    "aws_lb_listener_rule": lambda a: client("elbv2").set_rule_priorities(
        RulePriorities=[{"RuleArn": a["arn"], "Priority": 977}]),
    "aws_lb_target_group": lambda a: client("elbv2").modify_target_group(
        TargetGroupArn=a["arn"], HealthCheckPath="/behind"),
    "aws_network_acl": lambda a: client("ec2").create_network_acl_entry(
        NetworkAclId=a["id"], RuleNumber=77, Protocol="6", RuleAction="deny", Egress=False, CidrBlock="192.0.2.0/24",
        PortRange={"From": 22, "To": 22}),
    "aws_organizations_policy": lambda a: client("organizations").update_policy(PolicyId=a["id"], Description=VALUE),
    "aws_route53_record": lambda a: client("route53").change_resource_record_sets(
        HostedZoneId=a["zone_id"], ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {
            "Name": a["fqdn"], "Type": a["type"], "TTL": 7, "ResourceRecords": [{"Value": r} for r in a["records"]]}}]}),
    "aws_s3_bucket_cors_configuration": lambda a: client("s3").put_bucket_cors(
        Bucket=a["bucket"], CORSConfiguration={"CORSRules": [{"AllowedMethods": ["DELETE"], "AllowedOrigins": ["*"]}]}),
    "aws_s3_bucket_ownership_controls": lambda a: client("s3").put_bucket_ownership_controls(
        Bucket=a["bucket"], OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
    "aws_s3_bucket_policy": lambda a: client("s3").put_bucket_policy(
        Bucket=a["bucket"], Policy=document(f"arn:aws:s3:::{a['bucket']}/*")),
    "aws_s3_bucket_public_access_block": lambda a: client("s3").put_public_access_block(
        Bucket=a["bucket"], PublicAccessBlockConfiguration={
            "BlockPublicAcls": not a["block_public_acls"], "IgnorePublicAcls": not a["ignore_public_acls"],
            "BlockPublicPolicy": True, "RestrictPublicBuckets": True}),
    "aws_s3_bucket_server_side_encryption_configuration": lambda a: client("s3").put_bucket_encryption(
        Bucket=a["bucket"], ServerSideEncryptionConfiguration={"Rules": [{
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/behind"}}]}),
    "aws_s3_bucket_versioning": lambda a: client("s3").put_bucket_versioning(
        Bucket=a["bucket"], VersioningConfiguration={
            "Status": "Suspended" if a["versioning_configuration"][0]["status"] == "Enabled" else "Enabled"}),
    "aws_s3_bucket_website_configuration": lambda a: client("s3").put_bucket_website(
        Bucket=a["bucket"], WebsiteConfiguration={"IndexDocument": {"Suffix": "behind.html"}}),
    "aws_secretsmanager_secret": lambda a: client("secretsmanager").update_secret(SecretId=a["arn"], Description=VALUE),
    "aws_security_group": lambda a: client("ec2").authorize_security_group_ingress(
        GroupId=a["id"], IpPermissions=[{"IpProtocol": "tcp", "FromPort": 7777, "ToPort": 7777,
                                         "IpRanges": [{"CidrIp": "192.0.2.7/32"}]}]),
    "aws_sns_topic": lambda a: client("sns").set_topic_attributes(
        TopicArn=a["arn"], AttributeName="DisplayName", AttributeValue=VALUE),
    "aws_sns_topic_subscription": lambda a: client("sns").set_subscription_attributes(
        SubscriptionArn=a["arn"], AttributeName="RawMessageDelivery",
        AttributeValue="false" if a["raw_message_delivery"] else "true"),
    "aws_sqs_queue": lambda a: client("sqs").set_queue_attributes(QueueUrl=a["url"], Attributes={"VisibilityTimeout": "77"}),
    "aws_ssm_parameter": lambda a: client("ssm").put_parameter(
        Name=a["name"], Type=a["type"], Value=VALUE, Overwrite=True),
    "aws_subnet": lambda a: client("ec2").modify_subnet_attribute(
        SubnetId=a["id"], MapPublicIpOnLaunch={"Value": not a["map_public_ip_on_launch"]}),
    "aws_vpc": lambda a: client("ec2").modify_vpc_attribute(
        VpcId=a["id"], EnableDnsHostnames={"Value": not a["enable_dns_hostnames"]}),
    "aws_wafv2_ip_set": lambda a: client("wafv2").update_ip_set(
        Name=a["name"], Scope=a["scope"], Id=a["id"], Addresses=["192.0.2.77/32"], LockToken=client("wafv2").get_ip_set(
            Name=a["name"], Scope=a["scope"], Id=a["id"])["LockToken"]),
}


def main():
    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit("mutate_aws: AWS_ENDPOINT_URL is not set; point it to an emulator such as moto_server")
    changed, failed = {}, {}

    def attempt(address, what, do):
        try:
            do()
        except Exception as problem:  # whatever an emulator has not implemented
            failed[address + " " + what] = f"{type(problem).__name__}: {problem}"[:300]
        else:
            changed.setdefault(address, []).append(what)

    for address, resource in sorted(json.load(sys.stdin).items()):
        kind, a = resource["type"], resource["values"]
        if "tags" in a or kind == "aws_autoscaling_group":
            attempt(address, "tag", lambda: tag(kind, a))
        if SETTINGS.get(kind):
            attempt(address, "setting", lambda: SETTINGS[kind](a))
    json.dump({"changed": changed, "failed": failed}, sys.stdout, indent=2, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
