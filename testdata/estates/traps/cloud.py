"""Creates, outside Terraform, what generated code stumbles over: text that looks like a template or ends a heredoc, names
that differ in punctuation alone, blocks in blocks, documents, one id on two things.

    python3 testdata/estates/traps/cloud.py

Prints {terraform type: [import IDs]} as the seeds do. It leans on what live/ has made. Endpoint and keys come from the
environment, as boto3 reads them; it refuses to run against AWS itself.
"""

import base64
import gzip
import io
import json
import os
import sys
import zipfile

import boto3

REGION, ACCOUNT = "us-east-1", "123456789012"
session = boto3.Session(region_name=REGION)
client = session.client
made = {}

SCRIPT = """#!/bin/bash
set -eu -o pipefail
name="${NAME:-web}"       # ${not} %{a} template
printf '%{http_code}\\t%%{x}\\n' "$${name}"
cat <<'EOF' >/etc/motd
<<-EOT "quoted" \\ back\\slash é 東京
EOF
"""


def note(typ, *ids):
    made.setdefault(typ, []).extend(ids)


def tagged(kind, **tags):
    return [{"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}]


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as code:
        code.writestr("index.py", "def handler(event, context):\n    return event\n")
    return out.getvalue()


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def arn(service, resource, region=REGION):
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def network():
    """The VPC that live/ has made, and its subnets by zone."""
    ec2 = client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["traps"]}])["Vpcs"][0]["VpcId"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    return vpc, {s["AvailabilityZone"]: s["SubnetId"] for s in subnets}


def groups():
    """Security groups: rules of every kind, a group that names itself, one without egress."""
    ec2 = client("ec2")
    vpc, _ = network()

    def group(name, description):
        made_id = ec2.create_security_group(GroupName=name, Description=description, VpcId=vpc)["GroupId"]
        note("aws_security_group", made_id)
        return made_id

    web, app = group("traps web/1", "Rules of every kind (a, b), +=&;{}!$*"), group("traps-app", "app")
    ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
         "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "anyone ${or} {none}"}, {"CidrIp": "10.0.0.0/8"}]},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]},
        {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": web}]},
        {"IpProtocol": "udp", "FromPort": 0, "ToPort": 65535, "UserIdGroupPairs": [{"GroupId": app, "Description": "from app"}]},
    ])
    ec2.revoke_security_group_egress(GroupId=app, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    return web, app


def machines(group):
    """An instance, a launch template of nested blocks in two versions, a launch configuration, a group of machines."""
    ec2, scaling = client("ec2"), client("autoscaling")
    _, subnets = network()
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    instance = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnets["us-east-1a"], UserData=SCRIPT,
        SecurityGroupIds=[group], MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2}, EbsOptimized=True,
        TagSpecifications=tagged("instance", Name='9 lives: "${x}" %{y} #/*', note="", Ünïcode="Büro – 東京 🚇"))
    note("aws_instance", instance["Instances"][0]["InstanceId"])
    template = ec2.create_launch_template(
        LaunchTemplateName="traps.template", LaunchTemplateData={"InstanceType": "t3.small"},
        TagSpecifications=tagged("launch-template", Name="for"))["LaunchTemplate"]["LaunchTemplateId"]
    ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData={
        "ImageId": image, "InstanceType": "t3.small", "EbsOptimized": True,
        "UserData": base64.b64encode(gzip.compress(SCRIPT.encode(), mtime=0)).decode(),
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {
                "VolumeSize": 20, "VolumeType": "gp3", "Iops": 3000, "Throughput": 125, "DeleteOnTermination": True, "Encrypted": True}},
            {"DeviceName": "/dev/xvdb", "NoDevice": ""}],
        "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False, "Groups": [group], "SubnetId": subnets["us-east-1b"]}],
        "TagSpecifications": tagged("instance", Name="${name}") + tagged("volume", Name="%{name}"),
        "Monitoring": {"Enabled": True}, "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
    })
    note("aws_launch_template", template)
    scaling.create_launch_configuration(
        LaunchConfigurationName="traps-config", ImageId=image, InstanceType="t2.micro", SecurityGroups=[group], UserData=SCRIPT,
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 30, "VolumeType": "gp2", "DeleteOnTermination": True}}])
    note("aws_launch_configuration", "traps-config")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="traps pool", MinSize=0, MaxSize=3, DesiredCapacity=0, HealthCheckGracePeriod=0,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"}, VPCZoneIdentifier=",".join(sorted(subnets.values())),
        TerminationPolicies=["OldestInstance", "Default"],
        Tags=[{"Key": "Name", "Value": "traps ${pool}", "PropagateAtLaunch": True}, {"Key": "b", "Value": "2", "PropagateAtLaunch": False}])
    note("aws_autoscaling_group", "traps pool")


def identities():
    """Policies that hold what looks like a template, names that differ in punctuation alone, a path and a boundary."""
    iam = client("iam")
    own = {
        "Sid": "Own", "Effect": "Allow", "Action": ["iam:*AccessKey*", "iam:ChangePassword"], "Resource": "arn:aws:iam::*:user/${aws:username}",
        "Condition": {"StringLike": {"aws:PrincipalTag/team": ["${aws:PrincipalTag/team}-*", "a?"]}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    boundary = iam.create_policy(
        PolicyName="traps-boundary", Path="/traps/deep/", Description="At most ${this}", PolicyDocument=document(own))["Policy"]["Arn"]
    note("aws_iam_policy", boundary)
    trust = document({
        "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": arn("iam", "oidc-provider/token.example.com", "")},
        "Condition": {"StringLike": {"token.example.com:sub": "repo:o/r:*"}}})
    for name in ("traps.role", "traps-role", "traps_role"):
        iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=trust, MaxSessionDuration=7200, PermissionsBoundary=boundary,
            Description="Ünïcode 'quotes' \"double\"", Tags=[{"Key": "Team", "Value": "traps"}, {"Key": "like:a.key/x", "Value": "a=b+c@d"}])
        note("aws_iam_role", name)
    iam.put_role_policy(RoleName="traps.role", PolicyName="in+line,=.@-", PolicyDocument=document(own))
    note("aws_iam_role_policy", "traps.role:in+line,=.@-")
    iam.attach_role_policy(RoleName="traps_role", PolicyArn=boundary)
    note("aws_iam_role_policy_attachment", f"traps_role/{boundary}")
    iam.create_instance_profile(InstanceProfileName="traps-profile")
    iam.add_role_to_instance_profile(InstanceProfileName="traps-profile", RoleName="traps.role")
    note("aws_iam_instance_profile", "traps-profile")
    return arn("iam", "role/traps-role", "")


def functions(role):
    """Two functions whose permissions go by one statement id, rules on the default bus and on one of our own."""
    lambdas, events = client("lambda"), client("events")
    for name in ("traps-a", "traps_a"):
        lambdas.create_function(
            FunctionName=name, Runtime="python3.12", Role=role, Handler="index.handler", Code={"ZipFile": archive()}, MemorySize=512,
            Description="Handles ${events}", EphemeralStorage={"Size": 1024}, Timeout=3,
            Environment={"Variables": {"URL": "https://example.com/?a=1&b=%{c}", "EMPTY": "", "JSON": '{"a": "${b}"}'}})
        lambdas.add_permission(
            FunctionName=name, StatementId="AllowExecution", Action="lambda:InvokeFunction", Principal="events.amazonaws.com",
            SourceArn=arn("events", f"rule/traps-{name}"))
        note("aws_lambda_function", name)
        note("aws_lambda_permission", f"{name}/AllowExecution")
    events.create_event_bus(Name="traps.bus")
    note("aws_cloudwatch_event_bus", "traps.bus")
    pattern = {"source": [{"prefix": "traps."}], "detail": {"state": [{"anything-but": ["ok"]}], "n": [{"numeric": [">", 0, "<=", 5]}]}}
    for bus in ("default", "traps.bus"):
        events.put_rule(Name="traps-rule", EventBusName=bus, EventPattern=json.dumps(pattern), Description="<html> & ${x}")
        events.put_targets(Rule="traps-rule", EventBusName=bus, Targets=[
            {"Id": "Target0", "Arn": arn("lambda", "function:traps-a"),
             "InputTransformer": {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": '"Order <id>: ${x} %{y}"'}},
            {"Id": "1", "Arn": arn("logs", "log-group:/traps/events")}])
        note("aws_cloudwatch_event_rule", f"{bus}/traps-rule")
        note("aws_cloudwatch_event_target", f"{bus}/traps-rule/Target0", f"{bus}/traps-rule/1")


def messages():
    """Queues with documents in attributes, a subscription to a topic of live/'s for_each."""
    sqs = client("sqs")
    shop = arn("sns", "traps-shop")
    queues = {
        "traps-dead": {},
        "traps-main.fifo": {"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "0", "ReceiveMessageWaitTimeSeconds": "20"},
        "traps-mails": {
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn("sqs", "traps-dead"), "maxReceiveCount": 5}),
            "Policy": document({
                "Sid": "Topic", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
                "Resource": arn("sqs", "traps-mails"), "Condition": {"ArnEquals": {"aws:SourceArn": shop}}}),
        },
    }
    for name, attributes in queues.items():
        note("aws_sqs_queue", sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])
    subscription = client("sns").subscribe(
        TopicArn=shop, Protocol="sqs", Endpoint=arn("sqs", "traps-mails"), ReturnSubscriptionArn=True,
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"kind": ["mail", {"prefix": "${x}"}]})})["SubscriptionArn"]
    note("aws_sns_topic_subscription", subscription)


def signals():
    """Log groups whose names clash as identifiers, a filter of braces, an alarm over expressions."""
    logs = client("logs")
    for name in ("/traps/a-b", "/traps/a.b", "/traps/a_b", "/traps/events", "/9/null"):
        logs.create_log_group(logGroupName=name, tags={"Team": "traps", "Template": "${literal} %{literal}"})
        note("aws_cloudwatch_log_group", name)
    logs.put_metric_filter(
        logGroupName="/traps/events", filterName="errors", filterPattern='{ ($.errorCode = "*Unauthorized*") || ($.level = %E%) }',
        metricTransformations=[{"metricName": "Errors", "metricNamespace": "Traps", "metricValue": "1", "defaultValue": 0.0}])
    note("aws_cloudwatch_log_metric_filter", "/traps/events:errors")

    def metric(name, **more):
        dimensions = [{"Name": "LoadBalancer", "Value": "app/web"}]
        return {"Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": name, "Dimensions": dimensions}, "Period": 60, "Stat": "Sum", **more}

    client("cloudwatch").put_metric_alarm(
        AlarmName="traps math", AlarmDescription="two\nlines of %{text}\n", ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=3,
        DatapointsToAlarm=2, Threshold=0.5, TreatMissingData="notBreaching", Metrics=[
            {"Id": "rate", "Expression": "errors / requests * 100", "Label": "Error %", "ReturnData": True},
            {"Id": "errors", "MetricStat": metric("HTTPCode_ELB_5XX_Count"), "ReturnData": False},
            {"Id": "requests", "MetricStat": metric("RequestCount", Unit="Count"), "ReturnData": False}])
    note("aws_cloudwatch_metric_alarm", "traps math")


def texts():
    """Parameters and documents whose text is the trap."""
    ssm = client("ssm")
    for name, value in {
        "script": SCRIPT, "heredoc": "a\n<<EOT\nEOT\n", "json": '{"b": 1, "a": ["${x}"], "n": 1.10}', "spaces": "  two  \n\n lines \t",
        "dollar": "$", "crlf": "one\r\ntwo\r\n", "unicode": "\u2028 東京 é \u00a0",
    }.items():
        ssm.put_parameter(Name=f"/traps/{name}", Type="String", Value=value, Description="It's \"quoted\" ${and} %{more}")
        note("aws_ssm_parameter", f"/traps/{name}")
    ssm.put_parameter(Name="traps.list", Type="StringList", Value="a,b,${c}")
    note("aws_ssm_parameter", "traps.list")
    ssm.create_document(Name="traps-document", DocumentType="Command", DocumentFormat="YAML", Content="""schemaVersion: "2.2"
description: "{{ a }} ${b} %{c}"
mainSteps:
  - action: aws:runShellScript
    name: run
    inputs:
      runCommand:
        - "echo {{ a }} ${b}"
""")
    note("aws_ssm_document", "traps-document")
    task = client("ecs").register_task_definition(
        family="traps-task", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512", volumes=[{"name": "data"}],
        containerDefinitions=[
            {"name": "web", "image": "nginx:1", "essential": True, "command": ["sh", "-c", "echo ${HOME} %{x}"],
             "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
             "environment": [{"name": "Z", "value": "1"}, {"name": "A", "value": "${b}"}],
             "logConfiguration": {"logDriver": "awslogs", "options": {
                 "awslogs-group": "/traps/events", "awslogs-region": REGION, "awslogs-stream-prefix": "web"}}},
            {"name": "side", "image": "busybox", "essential": False}])
    note("aws_ecs_task_definition", task["taskDefinition"]["taskDefinitionArn"])


def bucket():
    """A bucket with settings of several kinds, each a list of blocks in blocks."""
    s3, name = client("s3"), "traps.bucket-1"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_policy(Bucket=name, Policy=document({
        "Effect": "Allow", "Principal": {"AWS": arn("iam", "role/traps.role", "")}, "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/home/${{aws:PrincipalTag/user}}/*"}))
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [
        {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "ExposeHeaders": ["ETag"]},
        {"AllowedMethods": ["PUT", "POST"], "AllowedOrigins": ["https://*.example.com"], "MaxAgeSeconds": 0}]})
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"QueueConfigurations": [
        {"Id": "mails", "QueueArn": arn("sqs", "traps-mails"), "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"]}]})
    for kind in ("", "_policy", "_cors_configuration", "_notification"):
        note("aws_s3_bucket" + kind, name)


def stores():
    """A table with an index and another team's tags, a key whose policy names the account."""
    client("dynamodb").create_table(
        TableName="traps.table", BillingMode="PROVISIONED", ProvisionedThroughput={"ReadCapacityUnits": 3, "WriteCapacityUnits": 2},
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": t} for n, t in (("id", "S"), ("at", "N"), ("who", "S"))],
        GlobalSecondaryIndexes=[{
            "IndexName": "by who", "KeySchema": [{"AttributeName": "who", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "y"]},
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}, Tags=[{"Key": "Team", "Value": "someone else"}])
    note("aws_dynamodb_table", "traps.table")
    kms = client("kms")
    key = kms.create_key(Description="Key for ${all}", MultiRegion=True, Policy=document(
        {"Sid": "root", "Effect": "Allow", "Principal": {"AWS": arn("iam", "root", "")}, "Action": "kms:*", "Resource": "*"},
        {"Sid": "use", "Effect": "Allow", "Principal": {"AWS": arn("iam", "role/traps-role", "")},
         "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*",
         "Condition": {"StringEquals": {"kms:EncryptionContext:aws:logs:arn": "${x}"}}}))["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/traps/deep-1", TargetKeyId=key)
    note("aws_kms_key", key)
    note("aws_kms_alias", "alias/traps/deep-1")


def records():
    """Records of every spelling of text, and two of one name."""
    route53 = client("route53")
    zone = route53.create_hosted_zone(
        Name="traps.example.com.", CallerReference="traps", HostedZoneConfig={"Comment": "By hand ${x}"})["HostedZone"]["Id"].removeprefix("/hostedzone/")
    note("aws_route53_zone", zone)
    long = "v=DKIM1; k=rsa; p=" + "A" * 300

    def record(name, typ, ttl, *values, **more):
        return {"Name": name + "traps.example.com.", "Type": typ, "TTL": ttl, "ResourceRecords": [{"Value": v} for v in values], **more}

    all_of_them = [
        record("", "TXT", 300, '"v=spf1 include:${x} -all"', f'"{long[:255]}" "{long[255:]}"'),
        record("", "MX", 300, "10 mx1.example.com.", "20 mx2.example.com."),
        record("_sip._tcp.", "SRV", 60, "1 2 5060 sip.example.com."),
        record("w.", "A", 0, "192.0.2.1", SetIdentifier="blue 0", Weight=0),
        record("w.", "A", 0, "192.0.2.2", SetIdentifier="blue 1", Weight=10),
    ]
    route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": r} for r in all_of_them]})
    for r in all_of_them:
        note("aws_route53_record", "_".join([zone, r["Name"].rstrip("."), r["Type"]] + ([r["SetIdentifier"]] if "SetIdentifier" in r else [])))


def balancers(group):
    """A balancer whose listener has rules of nested blocks."""
    elb = client("elbv2")
    vpc, subnets = network()
    balancer = elb.create_load_balancer(
        Name="traps-lb", Subnets=sorted(subnets.values()), SecurityGroups=[group], Scheme="internal", Type="application")["LoadBalancers"][0]["LoadBalancerArn"]
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[
        {"Key": "idle_timeout.timeout_seconds", "Value": "120"}, {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}])
    targets = []
    for port, kind in ((8080, "ip"), (8081, "instance")):
        target = elb.create_target_group(
            Name=f"traps-{kind}", Protocol="HTTP", Port=port, VpcId=vpc, TargetType=kind, HealthCheckPath="/health?a=${b}",
            Matcher={"HttpCode": "200-299,301"})["TargetGroups"][0]["TargetGroupArn"]
        elb.modify_target_group_attributes(TargetGroupArn=target, Attributes=[
            {"Key": "deregistration_delay.timeout_seconds", "Value": "0"}, {"Key": "stickiness.enabled", "Value": "true"},
            {"Key": "stickiness.type", "Value": "lb_cookie"}])
        targets.append(target)
    listener = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[
        {"Type": "fixed-response", "FixedResponseConfig": {
            "ContentType": "text/html", "MessageBody": "<h1>\"${no}\"</h1>\n%{body}", "StatusCode": "503"}}])["Listeners"][0]["ListenerArn"]

    def rule(priority, conditions, action):
        return elb.create_rule(ListenerArn=listener, Priority=priority, Conditions=conditions, Actions=[action])["Rules"][0]["RuleArn"]

    note("aws_lb", balancer)
    note("aws_lb_target_group", *targets)
    note("aws_lb_listener", listener)
    note(
        "aws_lb_listener_rule",
        rule(10, [{"Field": "host-header", "HostHeaderConfig": {"Values": ["*.example.com"]}},
                  {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a/*", "/b?c"]}}],
             {"Type": "forward", "ForwardConfig": {
                 "TargetGroups": [{"TargetGroupArn": targets[0], "Weight": 90}, {"TargetGroupArn": targets[1], "Weight": 10}],
                 "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 600}}}),
        rule(20, [{"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "v", "Value": "${1}"}, {"Value": "x"}]}}],
             {"Type": "redirect", "RedirectConfig": {
                 "Host": "#{host}", "Path": "/new/#{path}", "Query": "#{query}&a=1", "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_302"}}))


def main():
    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit("cloud: AWS_ENDPOINT_URL is not set; point it to an emulator such as moto_server")
    web, app = groups()
    role = identities()
    machines(web)
    functions(role)
    messages()
    signals()
    texts()
    bucket()
    stores()
    records()
    balancers(app)
    json.dump(made, sys.stdout, indent=2, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
