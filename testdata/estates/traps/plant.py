"""Plants a secret of its own in every place that AWS keeps one in, or that people put one in, of unmanaged resources.

    python3 testdata/estates/traps/plant.py

Prints {"created": {terraform type: [import IDs]}, "planted": {place: secret}}. The secrets are made up anew each time, so
that none stands in a file that a search would find. They look as such things do: a random password under a telling name,
in a connection string or as a command's option, or a token that scanners know by its form. It leans on what live/ has
made. Endpoint and keys come from the environment, as boto3 reads them; it refuses to run against AWS itself.
"""

import base64
import io
import json
import os
import secrets
import string
import sys
import zipfile

import boto3

REGION, ACCOUNT = "us-east-1", "123456789012"
client = boto3.Session(region_name=REGION).client
created, planted = {}, {}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/traps-app"


def note(typ, *ids):
    created.setdefault(typ, []).extend(ids)


def chosen(letters, n):
    return "".join(secrets.choice(letters) for _ in range(n))


def password(place):
    """What nobody could tell from an ordinary word but by where it stands."""
    planted[place] = chosen(string.ascii_letters + string.digits, 20)
    return planted[place]


def token(place):
    """What scanners know by its form, wherever it stands: a GitHub token."""
    planted[place] = "ghp_" + chosen(string.ascii_letters + string.digits, 36)
    return planted[place]


def url(place, scheme="postgres"):
    return f"{scheme}://app:{password(place)}@db.example.com:5432/app"


def packed(text):
    return base64.b64encode(text.encode()).decode()


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as code:
        code.writestr("index.py", "def handler(event, context):\n    return event\n")
    return out.getvalue()


def network():
    ec2 = client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["traps"]}])["Vpcs"][0]["VpcId"]
    return vpc, sorted(s["SubnetId"] for s in ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"])


def machines():
    ec2, scaling = client("ec2"), client("autoscaling")
    vpc, subnets = network()
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    instance = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnets[0],
        UserData=f"#!/bin/sh\nexport DB_PASSWORD={password('instance user data')}\n",
        TagSpecifications=[{"ResourceType": "instance", "Tags": [
            {"Key": "Name", "Value": "secrets-" + token("instance Name tag")}, {"Key": "ApiToken", "Value": password("instance tag by its key")}]}])
    note("aws_instance", instance["Instances"][0]["InstanceId"])
    template = ec2.create_launch_template(LaunchTemplateName="secrets", LaunchTemplateData={
        "ImageId": image, "UserData": packed(f"#!/bin/sh\nmysql --password {password('launch template user data')} -e 'select 1'\n"),
        "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "secret", "Value": password("launch template tags of instances")}]}]})
    note("aws_launch_template", template["LaunchTemplate"]["LaunchTemplateId"])
    scaling.create_launch_configuration(
        LaunchConfigurationName="secrets", ImageId=image, InstanceType="t2.micro",
        UserData=f"#cloud-config\nwrite_files:\n  - content: |\n      password: {password('launch configuration user data')}\n")
    note("aws_launch_configuration", "secrets")
    vpn = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    customer = ec2.create_customer_gateway(BgpAsn=65010, PublicIp="203.0.113.9", Type="ipsec.1")["CustomerGateway"]["CustomerGatewayId"]
    connection = ec2.create_vpn_connection(CustomerGatewayId=customer, VpnGatewayId=vpn, Type="ipsec.1", Options={
        "TunnelOptions": [{"PreSharedKey": "a" + password("VPN pre-shared key")}]})["VpnConnection"]
    note("aws_vpn_gateway", vpn)
    note("aws_customer_gateway", customer)
    note("aws_vpn_connection", connection["VpnConnectionId"])
    group = ec2.create_security_group(GroupName="secrets", Description="token " + token("security group description"), VpcId=vpc)["GroupId"]
    note("aws_security_group", group)


def functions():
    lambdas = client("lambda")
    lambdas.create_function(
        FunctionName="secrets", Runtime="python3.12", Role=ROLE, Handler="index.handler", Code={"ZipFile": archive()},
        Description="with " + token("function description"), Tags={"Secret": password("function tag")}, Environment={"Variables": {
            "DB_PASSWORD": password("function environment by its name"), "DATABASE_URL": url("function environment, URL"),
            "PLAIN": token("function environment by its form"), "CONFIG": json.dumps({"db": {"password": password("function environment, JSON")}}),
            "LOG_LEVEL": "info"}})
    note("aws_lambda_function", "secrets")
    events = client("events")
    events.put_rule(Name="secrets", ScheduleExpression="rate(1 day)", Description="by " + token("rule description"))
    events.put_targets(Rule="secrets", Targets=[{
        "Id": "one", "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:secrets", "Input": json.dumps({"api_key": password("event target input")})}])
    note("aws_cloudwatch_event_rule", "default/secrets")
    note("aws_cloudwatch_event_target", "default/secrets/one")
    client("scheduler").create_schedule(
        Name="secrets", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target={
            "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:secrets", "RoleArn": ROLE, "Input": json.dumps({"password": password("schedule input")})})
    note("aws_scheduler_schedule", "default/secrets")


def containers():
    task = client("ecs").register_task_definition(family="secrets", containerDefinitions=[{
        "name": "web", "image": "nginx", "memory": 128, "essential": True,
        "environment": [{"name": "STRIPE_SECRET", "value": password("task environment")}, {"name": "REDIS", "value": url("task environment, URL", "redis")}],
        "command": ["serve", "--token", password("task command")],
        "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": password("task log options"), "splunk-url": "https://splunk.example.com"}}}])
    note("aws_ecs_task_definition", task["taskDefinition"]["taskDefinitionArn"])
    job = client("batch").register_job_definition(jobDefinitionName="secrets", type="container", containerProperties={
        "image": "busybox", "memory": 128, "vcpus": 1, "command": ["run", "--password", password("job command")],
        "environment": [{"name": "PGPASSWORD", "value": password("job environment")}]}, parameters={"api_token": password("job parameters")})
    note("aws_batch_job_definition", job["jobDefinitionArn"])


def parameters():
    ssm = client("ssm")
    for kind, value in {"String": "password=" + password("parameter, String"), "StringList": "a," + token("parameter, StringList"),
                        "SecureString": password("parameter, SecureString")}.items():
        ssm.put_parameter(Name=f"/secrets/{kind}", Type=kind, Value=value, Description="is " + token(f"description of a parameter, {kind}"))
        note("aws_ssm_parameter", f"/secrets/{kind}")
    ssm.put_parameter(Name="/secrets/password", Type="String", Value=password("parameter called so"))
    note("aws_ssm_parameter", "/secrets/password")
    ssm.create_document(Name="secrets", DocumentType="Command", DocumentFormat="JSON", Content=json.dumps({
        "schemaVersion": "2.2", "description": "x", "mainSteps": [{"action": "aws:runShellScript", "name": "run", "inputs": {
            "runCommand": [f"curl -u app:{password('document')} https://app:{password('document, URL')}@example.com"]}}]}))
    note("aws_ssm_document", "secrets")
    secret = client("secretsmanager").create_secret(
        Name="secrets/one", SecretString=password("secret"), Description="is " + token("description of a secret"),
        Tags=[{"Key": "password", "Value": password("tag of a secret")}])
    note("aws_secretsmanager_secret", secret["ARN"])


def databases():
    rds = client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="secrets", Engine="postgres", DBInstanceClass="db.t3.micro", AllocatedStorage=20, MasterUsername="app",
        MasterUserPassword=password("database"), Tags=[{"Key": "MasterPassword", "Value": password("tag of a database")}])
    rds.create_db_cluster(
        DBClusterIdentifier="secrets", Engine="aurora-mysql", MasterUsername="app", MasterUserPassword=password("cluster"))
    note("aws_db_instance", "secrets")
    note("aws_rds_cluster", "secrets")
    client("elasticache").create_replication_group(
        ReplicationGroupId="secrets", ReplicationGroupDescription="has " + token("description of a cache"), AuthToken=password("cache"),
        TransitEncryptionEnabled=True, CacheNodeType="cache.t3.micro", Engine="redis", NumCacheClusters=1, AutomaticFailoverEnabled=False)
    client("elasticache").create_cache_cluster(  # ElastiCache makes it itself
        CacheClusterId="secrets-001", ReplicationGroupId="secrets", Engine="redis", EngineVersion="7.1", CacheNodeType="cache.t3.micro", NumCacheNodes=1)
    note("aws_elasticache_replication_group", "secrets")
    client("dms").create_endpoint(
        EndpointIdentifier="secrets", EndpointType="source", EngineName="mysql", Username="app", Password=password("DMS endpoint"), ServerName="db.example.com",
        Port=3306, DatabaseName="app", ExtraConnectionAttributes="initstmt=x;password=" + password("DMS connection attributes"))
    note("aws_dms_endpoint", "secrets")


def builds():
    client("s3").create_bucket(Bucket="secrets-builds")
    note("aws_s3_bucket", "secrets-builds")
    client("s3").put_bucket_tagging(Bucket="secrets-builds", Tagging={"TagSet": [{"Key": "note", "Value": token("tag of a bucket")}]})
    client("codebuild").create_project(
        name="secrets", serviceRole=ROLE, artifacts={"type": "NO_ARTIFACTS"},
        source={"type": "S3", "location": "secrets-builds/source.zip",
                "buildspec": f"version: 0.2\nenv:\n  variables:\n    NPM_TOKEN: {password('buildspec')}\nphases:\n  build:\n    commands: [make]\n"},
        environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL",
                     "environmentVariables": [{"name": "SONAR_TOKEN", "value": password("CodeBuild environment"), "type": "PLAINTEXT"}]})
    note("aws_codebuild_project", "secrets")
    role = client("iam").create_role(RoleName="secrets-pipeline", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "codepipeline.amazonaws.com"}}]}))
    note("aws_iam_role", "secrets-pipeline")
    client("codepipeline").create_pipeline(pipeline={
        "name": "secrets", "roleArn": role["Role"]["Arn"], "artifactStore": {"type": "S3", "location": "secrets-builds"}, "version": 1, "stages": [
            {"name": "Source", "actions": [{
                "name": "Source", "actionTypeId": {"category": "Source", "owner": "ThirdParty", "provider": "GitHub", "version": "1"},
                "configuration": {"Owner": "o", "Repo": "r", "Branch": "main", "OAuthToken": token("pipeline OAuth token")},
                "outputArtifacts": [{"name": "source"}]}]},
            {"name": "Build", "actions": [{
                "name": "Build", "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"},
                "configuration": {"ProjectName": "secrets"}, "inputArtifacts": [{"name": "source"}]}]}]})
    note("aws_codepipeline", "secrets")


def data():
    glue = client("glue")
    glue.create_connection(ConnectionInput={"Name": "secrets", "ConnectionType": "JDBC", "ConnectionProperties": {
        "JDBC_CONNECTION_URL": "jdbc:mysql://db.example.com/app?user=app&password=" + password("Glue connection URL"), "USERNAME": "app",
        "PASSWORD": password("Glue connection")}})
    note("aws_glue_connection", f"{ACCOUNT}:secrets")
    glue.create_job(Name="secrets", Role=ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://secrets-builds/x.py"},
                    DefaultArguments={"--db_password": password("Glue job arguments"), "--url": url("Glue job arguments, URL", "mysql")})
    note("aws_glue_job", "secrets")
    _, subnets = network()
    inside = {"SecurityGroupIds": [client("ec2").describe_security_groups(GroupNames=["secrets"])["SecurityGroups"][0]["GroupId"]], "Subnets": subnets}
    client("sagemaker").create_model(ModelName="secrets", ExecutionRoleArn=ROLE, VpcConfig=inside, PrimaryContainer={
        "Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/x:1", "Environment": {"HF_TOKEN": password("SageMaker model environment")}})
    note("aws_sagemaker_model", "secrets")
    client("sagemaker").create_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName="secrets", OnCreate=[{"Content": packed("pip config set token=" + password("SageMaker lifecycle script"))}])
    note("aws_sagemaker_notebook_instance_lifecycle_configuration", "secrets")


def edges():
    """Where requests come in and messages go out."""
    sns = client("sns")
    hook = f"https://hooks.slack.com/services/T{chosen(string.ascii_uppercase, 8)}/B{chosen(string.ascii_uppercase, 8)}/{password('tag with a webhook')}abcd"
    topic = sns.create_topic(Name="secrets", Attributes={"DisplayName": "x"}, Tags=[{"Key": "hook", "Value": hook}])["TopicArn"]
    note("aws_sns_topic", topic)
    subscription = sns.subscribe(
        TopicArn=topic, Protocol="https", Endpoint=f"https://hook:{password('subscription endpoint')}@example.com/in", ReturnSubscriptionArn=True)
    note("aws_sns_topic_subscription", subscription["SubscriptionArn"])
    zone = client("route53").create_hosted_zone(Name="secrets.example.com.", CallerReference="secrets")["HostedZone"]["Id"].removeprefix("/hostedzone/")
    client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": {
        "Name": "secrets.example.com.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": f'"github-token={token("TXT record")}"'}]}}]})
    note("aws_route53_zone", zone)
    note("aws_route53_record", f"{zone}_secrets.example.com_TXT")
    client("cloudfront").create_distribution(DistributionConfig={
        "CallerReference": "secrets", "Comment": "x", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{
            "Id": "o", "DomainName": "origin.example.com", "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
            "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": "X-Origin-Secret", "HeaderValue": password("CloudFront origin header")}]}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}, "MinTTL": 0}})
    note("aws_cloudfront_distribution", *[d["Id"] for d in client("cloudfront").list_distributions()["DistributionList"]["Items"]])
    api = client("apigateway").create_rest_api(name="secrets", description="key " + token("API description"))["id"]
    note("aws_api_gateway_rest_api", api)
    http = client("apigatewayv2").create_api(Name="secrets", ProtocolType="HTTP")["ApiId"]
    client("apigatewayv2").create_stage(ApiId=http, StageName="live", StageVariables={"backendToken": password("stage variables")})
    note("aws_apigatewayv2_api", http)
    note("aws_apigatewayv2_stage", f"{http}/live")
    logs = client("logs")
    logs.create_log_group(logGroupName="/secrets/one", tags={"password": password("tag of a log group")})
    note("aws_cloudwatch_log_group", "/secrets/one")
    client("cloudwatch").put_metric_alarm(
        AlarmName="secrets", AlarmDescription=f"runbook: curl -H 'Authorization: Bearer {token('alarm description')}'", Namespace="x", MetricName="y",
        Statistic="Sum", ComparisonOperator="GreaterThanThreshold", Threshold=1, Period=60, EvaluationPeriods=1)
    note("aws_cloudwatch_metric_alarm", "secrets")


def people():
    iam = client("iam")
    iam.create_user(UserName="secrets", Tags=[{"Key": "AccessKey", "Value": password("tag of a user")}])
    key = iam.create_access_key(UserName="secrets")["AccessKey"]
    planted["access key"] = key["SecretAccessKey"]
    note("aws_iam_user", "secrets")
    note("aws_iam_access_key", key["AccessKeyId"])
    iam.create_role(RoleName="secrets", Description="key " + token("role description"), AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                                                "Condition": {"StringEquals": {"sts:ExternalId": token("trust policy")}}}]}))
    note("aws_iam_role", "secrets")
    pool = client("cognito-idp").create_user_pool(
        PoolName="secrets", AdminCreateUserConfig={"InviteMessageTemplate": {
            "EmailMessage": "{username} {####} " + token("invitation"), "EmailSubject": "x", "SMSMessage": "{username} {####}"}})["UserPool"]["Id"]
    application = client("cognito-idp").create_user_pool_client(UserPoolId=pool, ClientName="secrets", GenerateSecret=True)["UserPoolClient"]
    planted["client secret"] = application["ClientSecret"]
    note("aws_cognito_user_pool", pool)
    note("aws_cognito_user_pool_client", f"{pool}/{application['ClientId']}")


def main():
    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit("plant: AWS_ENDPOINT_URL is not set; point it to an emulator such as moto_server")
    for plant in (machines, functions, containers, parameters, databases, builds, data, edges, people):
        plant()
    json.dump({"created": created, "planted": planted}, sys.stdout, indent=2, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
