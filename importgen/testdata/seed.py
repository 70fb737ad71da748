"""Creates one estate in moto with boto3 and prints what it made, as JSON: [{type, import_id, name, region}].

Endpoint and credentials come from the environment. What moto cannot make is reported on stderr and left out.
"""
import io
import json
import sys
import zipfile

import boto3

REGION = "us-east-1"
made = []


def made_it(typ, import_id, name="", region=REGION):
    made.append({"type": "aws_" + typ, "import_id": import_id, "name": name, "region": region})


def client(service, region=REGION):
    return boto3.client(service, region_name=region)


def tags(**kv):
    return [{"Key": k, "Value": v} for k, v in kv.items()]


def spec(kind, **kv):
    return [{"ResourceType": kind, "Tags": tags(**kv)}]


ids = {}


def network():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16", TagSpecifications=spec("vpc", Name="main", Team="net"))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    ids["vpc"] = vpc
    made_it("vpc", vpc, "main")
    for i, zone in enumerate("ab"):
        s = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{i}.0/24", AvailabilityZone=REGION + zone,
                              TagSpecifications=spec("subnet", Name=f"app-{zone}"))["Subnet"]["SubnetId"]
        ids["subnet_" + zone] = s
        made_it("subnet", s, f"app-{zone}")
    ec2.modify_subnet_attribute(SubnetId=ids["subnet_a"], MapPublicIpOnLaunch={"Value": True})
    igw = ec2.create_internet_gateway(TagSpecifications=spec("internet-gateway", Name="main"))["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    made_it("internet_gateway", igw, "main")
    eip = ec2.allocate_address(Domain="vpc", TagSpecifications=spec("elastic-ip", Name="nat"))["AllocationId"]
    made_it("eip", eip, "nat")
    nat = ec2.create_nat_gateway(SubnetId=ids["subnet_a"], AllocationId=eip, TagSpecifications=spec("natgateway", Name="main"))["NatGateway"]["NatGatewayId"]
    made_it("nat_gateway", nat, "main")
    rt = ec2.create_route_table(VpcId=vpc, TagSpecifications=spec("route-table", Name="public"))["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=rt, DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
    made_it("route_table", rt, "public")
    ec2.associate_route_table(RouteTableId=rt, SubnetId=ids["subnet_a"])
    made_it("route_table_association", f"{ids['subnet_a']}/{rt}", "")
    acl = ec2.create_network_acl(VpcId=vpc, TagSpecifications=spec("network-acl", Name="app"))["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(NetworkAclId=acl, RuleNumber=100, Protocol="6", RuleAction="allow", Egress=False,
                                 CidrBlock="10.0.0.0/8", PortRange={"From": 443, "To": 443})
    made_it("network_acl", acl, "app")
    sg = ec2.create_security_group(GroupName="web", Description="web servers", VpcId=vpc, TagSpecifications=spec("security-group", Name="web"))["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=sg, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "world"}]}])
    made_it("security_group", sg, "web")
    sgdb = ec2.create_security_group(GroupName="db", Description="databases", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=sgdb, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": sg}]}])
    made_it("security_group", sgdb, "db")
    ids.update(sg=sg, sgdb=sgdb, rt=rt)
    ep = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=[rt])["VpcEndpoint"]["VpcEndpointId"]
    made_it("vpc_endpoint", ep)
    peer = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    made_it("vpc", peer)
    px = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=px)
    made_it("vpc_peering_connection", px)
    dhcp = ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name", "Values": ["example.internal"]},
                                                       {"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}])["DhcpOptions"]["DhcpOptionsId"]
    made_it("vpc_dhcp_options", dhcp)
    pl = ec2.create_managed_prefix_list(PrefixListName="offices", MaxEntries=5, AddressFamily="IPv4",
                                        Entries=[{"Cidr": "192.0.2.0/24", "Description": "hq"}])["PrefixList"]["PrefixListId"]
    made_it("ec2_managed_prefix_list", pl, "offices")


def compute():
    ec2 = client("ec2")
    ec2.create_key_pair(KeyName="deploy")
    made_it("key_pair", "deploy", "deploy")
    ami = ec2.describe_images()["Images"][0]["ImageId"]
    i = ec2.run_instances(ImageId=ami, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=ids["subnet_a"], SecurityGroupIds=[ids["sg"]],
                          KeyName="deploy", UserData="#!/bin/sh\necho ${HOME}\n", TagSpecifications=spec("instance", Name="web 1"))["Instances"][0]["InstanceId"]
    made_it("instance", i, "web 1")
    v = ec2.create_volume(AvailabilityZone=REGION + "a", Size=20, VolumeType="gp3", Encrypted=True, TagSpecifications=spec("volume", Name="data"))["VolumeId"]
    made_it("ebs_volume", v, "data")
    lt = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData={
        "ImageId": ami, "InstanceType": "t3.micro", "SecurityGroupIds": [ids["sg"]],
        "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 10, "VolumeType": "gp3"}}],
        "TagSpecifications": [{"ResourceType": "instance", "Tags": tags(Name="web")}]})["LaunchTemplate"]["LaunchTemplateId"]
    made_it("launch_template", lt, "web")
    client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="web", LaunchTemplate={"LaunchTemplateId": lt, "Version": "$Latest"}, MinSize=0, MaxSize=3, DesiredCapacity=0,
        VPCZoneIdentifier=",".join([ids["subnet_a"], ids["subnet_b"]]),
        Tags=[{"Key": "Name", "Value": "web", "PropagateAtLaunch": True, "ResourceId": "web", "ResourceType": "auto-scaling-group"}])
    made_it("autoscaling_group", "web", "web")


def trust(service):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})


def iam():
    c = client("iam")
    ids["role"] = c.create_role(RoleName="AppRole", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"), Description="the app's",
                                Tags=tags(Team="app"))["Role"]["Arn"]
    made_it("iam_role", "AppRole", "AppRole", "global")
    doc = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}]}, indent=1)
    c.put_role_policy(RoleName="AppRole", PolicyName="inline", PolicyDocument=doc)
    made_it("iam_role_policy", "AppRole:inline", "inline", "global")
    arn = c.create_policy(PolicyName="ReadBucket", PolicyDocument=doc, Path="/team/")["Policy"]["Arn"]
    made_it("iam_policy", arn, "ReadBucket", "global")
    c.attach_role_policy(RoleName="AppRole", PolicyArn=arn)
    made_it("iam_role_policy_attachment", "AppRole/" + arn, "", "global")
    c.create_user(UserName="ci", Tags=tags(Team="ci"))
    made_it("iam_user", "ci", "ci", "global")
    c.create_group(GroupName="devs")
    made_it("iam_group", "devs", "devs", "global")
    c.create_instance_profile(InstanceProfileName="app")
    c.add_role_to_instance_profile(InstanceProfileName="app", RoleName="AppRole")
    made_it("iam_instance_profile", "app", "app", "global")


def storage():
    s3 = client("s3")
    b = "driftline-data"
    s3.create_bucket(Bucket=b)
    s3.put_bucket_tagging(Bucket=b, Tagging={"TagSet": tags(Team="data")})
    made_it("s3_bucket", b, b)
    s3.put_bucket_versioning(Bucket=b, VersioningConfiguration={"Status": "Enabled"})
    made_it("s3_bucket_versioning", b, b)
    s3.put_bucket_encryption(Bucket=b, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]})
    made_it("s3_bucket_server_side_encryption_configuration", b, b)
    s3.put_public_access_block(Bucket=b, PublicAccessBlockConfiguration={
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True})
    made_it("s3_bucket_public_access_block", b, b)
    s3.put_bucket_policy(Bucket=b, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{b}/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}))
    made_it("s3_bucket_policy", b, b)
    s3.put_bucket_lifecycle_configuration(Bucket=b, LifecycleConfiguration={"Rules": [
        {"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 30}}]})
    made_it("s3_bucket_lifecycle_configuration", b, b)
    fs = client("efs").create_file_system(CreationToken="shared", Encrypted=True, Tags=tags(Name="shared"))["FileSystemId"]
    made_it("efs_file_system", fs, "shared")
    client("ecr").create_repository(repositoryName="team/app", imageScanningConfiguration={"scanOnPush": True})
    made_it("ecr_repository", "team/app", "team/app")


def messaging():
    sqs, sns = client("sqs"), client("sns")
    dead = sqs.create_queue(QueueName="jobs-dead")["QueueUrl"]
    made_it("sqs_queue", dead, "jobs-dead")
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    q = sqs.create_queue(QueueName="jobs", Attributes={"VisibilityTimeout": "60", "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 3})},
                         tags={"Team": "app"})["QueueUrl"]
    made_it("sqs_queue", q, "jobs")
    q_arn = sqs.get_queue_attributes(QueueUrl=q, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    ids["queue"] = q_arn
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    ids["topic"] = topic
    made_it("sns_topic", topic, "alerts")
    sub = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=q_arn, Attributes={"RawMessageDelivery": "true"}, ReturnSubscriptionArn=True)["SubscriptionArn"]
    made_it("sns_topic_subscription", sub)
    client("kinesis").create_stream(StreamName="clicks", ShardCount=1)
    made_it("kinesis_stream", "clicks", "clicks")
    ev = client("events")
    ev.put_rule(Name="nightly", ScheduleExpression="cron(0 3 * * ? *)", State="ENABLED", Description="every night")
    made_it("cloudwatch_event_rule", "default/nightly", "nightly")
    ev.put_targets(Rule="nightly", Targets=[{"Id": "queue", "Arn": q_arn, "Input": "{\"a\": 1}"}])
    made_it("cloudwatch_event_target", "nightly/queue", "")


def data():
    kms = client("kms")
    key = kms.create_key(Description="data", Tags=[{"TagKey": "Team", "TagValue": "data"}])["KeyMetadata"]["KeyId"]
    ids["key"] = key
    made_it("kms_key", key)
    kms.create_alias(AliasName="alias/data", TargetKeyId=key)
    made_it("kms_alias", "alias/data", "alias/data")
    client("dynamodb").create_table(TableName="orders", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "gsi")],
        GlobalSecondaryIndexes=[{"IndexName": "by-gsi", "KeySchema": [{"AttributeName": "gsi", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}])
    made_it("dynamodb_table", "orders", "orders")
    rds = client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="main", DBSubnetGroupDescription="main", SubnetIds=[ids["subnet_a"], ids["subnet_b"]])
    made_it("db_subnet_group", "main", "main")
    rds.create_db_instance(DBInstanceIdentifier="orders", Engine="postgres", DBInstanceClass="db.t3.micro", AllocatedStorage=20, MasterUsername="app",
                           MasterUserPassword="planted-secret-1", DBSubnetGroupName="main", VpcSecurityGroupIds=[ids["sgdb"]])
    made_it("db_instance", "orders", "orders")
    arn = client("secretsmanager").create_secret(Name="app/api-key", SecretString="planted-secret-2", Description="api")["ARN"]
    made_it("secretsmanager_secret", arn, "app/api-key")
    ssm = client("ssm")
    ssm.put_parameter(Name="/app/url", Type="String", Value="https://example.com")
    made_it("ssm_parameter", "/app/url", "/app/url")
    ssm.put_parameter(Name="/app/password", Type="SecureString", Value="planted-secret-3", Description="db")
    made_it("ssm_parameter", "/app/password", "/app/password")
    logs = client("logs")
    logs.create_log_group(logGroupName="/app/web", tags={"Team": "app"})
    logs.put_retention_policy(logGroupName="/app/web", retentionInDays=14)
    made_it("cloudwatch_log_group", "/app/web", "/app/web")
    client("cloudwatch").put_metric_alarm(AlarmName="cpu", MetricName="CPUUtilization", Namespace="AWS/EC2", Statistic="Average", Period=300, EvaluationPeriods=2,
        Threshold=80.0, ComparisonOperator="GreaterThanThreshold", AlarmActions=[ids["topic"]], Dimensions=[{"Name": "InstanceId", "Value": "i-1"}])
    made_it("cloudwatch_metric_alarm", "cpu", "cpu")


def dns():
    r53 = client("route53")
    zone = r53.create_hosted_zone(Name="example.org.", CallerReference="1", HostedZoneConfig={"Comment": "public", "PrivateZone": False})["HostedZone"]["Id"].split("/")[-1]
    made_it("route53_zone", zone, "example.org", "global")
    check = r53.create_health_check(CallerReference="1", HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "www.example.org", "Port": 443, "ResourcePath": "/", "RequestInterval": 30, "FailureThreshold": 3})["HealthCheck"]["Id"]
    made_it("route53_health_check", check, "", "global")
    r53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.example.org", "Type": "A", "TTL": 300, "ResourceRecords": [{"Value": "192.0.2.1"}]}},
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "w.example.org", "Type": "CNAME", "TTL": 60, "SetIdentifier": "one", "Weight": 10, "ResourceRecords": [{"Value": "www.example.org"}]}}]})
    made_it("route53_record", f"{zone}_www.example.org_A", "www.example.org", "global")
    made_it("route53_record", f"{zone}_w.example.org_CNAME_one", "w.example.org", "global")


def app():
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w") as z:
        z.writestr("index.py", "def handler(e, c): return 1")
    lam = client("lambda")
    fn = lam.create_function(FunctionName="resize", Runtime="python3.12", Role=ids["role"], Handler="index.handler", Code={"ZipFile": buf.getvalue()},
                             Environment={"Variables": {"STAGE": "prod"}}, Timeout=30, MemorySize=256)["FunctionArn"]
    made_it("lambda_function", "resize", "resize")
    lam.add_permission(FunctionName="resize", StatementId="sns", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com", SourceArn=ids["topic"])
    made_it("lambda_permission", "resize/sns", "")
    ecs = client("ecs")
    ecs.create_cluster(clusterName="main", settings=[{"name": "containerInsights", "value": "enabled"}])
    made_it("ecs_cluster", "main", "main")
    td = ecs.register_task_definition(family="web", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
        containerDefinitions=[{"name": "web", "image": "nginx:1", "essential": True, "portMappings": [{"containerPort": 80, "protocol": "tcp"}],
                               "environment": [{"name": "A", "value": "1"}]}])["taskDefinition"]["taskDefinitionArn"]
    made_it("ecs_task_definition", td, "web")
    ecs.create_service(cluster="main", serviceName="web", taskDefinition=td, desiredCount=0, launchType="FARGATE",
                       networkConfiguration={"awsvpcConfiguration": {"subnets": [ids["subnet_a"]], "securityGroups": [ids["sg"]]}})
    made_it("ecs_service", "main/web", "web")
    sm = client("stepfunctions").create_state_machine(name="orders", roleArn=ids["role"], definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}, indent=2))["stateMachineArn"]
    made_it("sfn_state_machine", sm, "orders")
    pool = client("cognito-idp").create_user_pool(PoolName="users", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
    made_it("cognito_user_pool", pool, "users")


def edge():
    elb = client("elbv2")
    lb = elb.create_load_balancer(Name="web", Subnets=[ids["subnet_a"], ids["subnet_b"]], SecurityGroups=[ids["sg"]], Scheme="internal", Type="application")["LoadBalancers"][0]["LoadBalancerArn"]
    made_it("lb", lb, "web")
    tg = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=ids["vpc"], TargetType="ip", HealthCheckPath="/ok")["TargetGroups"][0]["TargetGroupArn"]
    made_it("lb_target_group", tg, "web")
    li = elb.create_listener(LoadBalancerArn=lb, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": tg}])["Listeners"][0]["ListenerArn"]
    made_it("lb_listener", li)
    cert = client("acm").request_certificate(DomainName="www.example.org", ValidationMethod="DNS", SubjectAlternativeNames=["example.org"])["CertificateArn"]
    made_it("acm_certificate", cert, "www.example.org")
    waf = client("wafv2").create_ip_set(Name="offices", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["192.0.2.0/24"], Description="offices")["Summary"]
    made_it("wafv2_ip_set", f"{waf['Id']}/offices/REGIONAL", "offices")
    api = client("apigateway").create_rest_api(name="public", description="public api", endpointConfiguration={"types": ["REGIONAL"]})["id"]
    made_it("api_gateway_rest_api", api, "public")
    api2 = client("apigatewayv2").create_api(Name="http", ProtocolType="HTTP", CorsConfiguration={"AllowOrigins": ["*"], "AllowMethods": ["GET"]})["ApiId"]
    made_it("apigatewayv2_api", api2, "http")
    template = "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Name:\n    Type: String\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: !Ref Name\n"
    client("cloudformation").create_stack(StackName="legacy", TemplateBody=template, Parameters=[{"ParameterKey": "Name", "ParameterValue": "legacy"}])
    made_it("cloudformation_stack", "legacy", "legacy")


def alike():
    """What `group: true` makes one block of."""
    sqs, s3 = client("sqs"), client("s3")
    for i, name in enumerate(("mail-bounces", "mail-in", "mail-out")):
        attributes = {"DelaySeconds": "5"} if i else {}
        made_it("sqs_queue", sqs.create_queue(QueueName=name, Attributes=attributes, tags={"Name": name, "Team": "mail"})["QueueUrl"], name)
    for name in ("driftline-logs-a", "driftline-logs-b", "driftline-logs-c"):
        s3.create_bucket(Bucket=name)
        made_it("s3_bucket", name, name)
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Sid": "tls", "Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": f"arn:aws:s3:::{name}/*",
             "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}))
        made_it("s3_bucket_policy", name, "")


def west():
    ec2 = client("ec2", "us-west-2")
    ec2.create_key_pair(KeyName="deploy")
    made_it("key_pair", "deploy", "deploy", "us-west-2")
    client("sns", "us-west-2").create_topic(Name="west")
    made_it("sns_topic", "arn:aws:sns:us-west-2:123456789012:west", "west", "us-west-2")


for step in (network, iam, compute, storage, messaging, data, dns, app, edge, alike, west):
    try:
        step()
    except Exception as e:  # the rest of the estate is still worth testing
        print(f"{step.__name__}: {type(e).__name__}: {e}", file=sys.stderr)
        if "--strict" in sys.argv:
            raise
json.dump(made, sys.stdout, indent=1)
