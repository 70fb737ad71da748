"""Creates unmanaged resources that lean on the base estate, and plants secrets in some of them.

    DRIFTLINE_PLANT='{"ssm": "...", "secret": "...", "lambda": "...", "user_data": "...", "database": "..."}' \\
        python3 testdata/estates/plant.py [again]

Prints {terraform type: [import IDs]} as the seeds do. The secrets come from the environment, so that none stands in a
file that a search would find. With "again", only one more resource is made: what a second run has to find. Endpoint and
keys come from the environment, as boto3 reads them; it refuses to run against AWS itself.
"""

import io
import json
import os
import sys
import zipfile

import boto3

session = boto3.Session(region_name="us-east-1")
west = boto3.Session(region_name="us-west-2")


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as code:
        code.writestr("index.py", "def handler(event, context):\n    return event\n")
    return out.getvalue()


def plant(secrets):
    ec2 = session.client("ec2")
    iam = session.client("iam")
    session.client("ssm").put_parameter(Name="/planted/token", Type="SecureString", Value=secrets["ssm"])
    secret = session.client("secretsmanager").create_secret(Name="planted/credentials", SecretString=secrets["secret"])
    role = iam.get_role(RoleName="estate-worker")["Role"]["Arn"]
    session.client("lambda").create_function(
        FunctionName="planted", Runtime="python3.12", Role=role, Handler="index.handler", Code={"ZipFile": archive()},
        Environment={"Variables": {"TOKEN": secrets["lambda"]}})
    session.client("rds").create_db_instance(
        DBInstanceIdentifier="planted", Engine="postgres", DBInstanceClass="db.t3.micro", AllocatedStorage=20,
        MasterUsername="app", MasterUserPassword=secrets["database"])

    subnet = ec2.describe_subnets(Filters=[{"Name": "tag:Name", "Values": ["main-public-b"]}])["Subnets"][0]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    script = f"#!/bin/sh\nenrol --token {secrets['user_data']}\n"
    instance = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet["SubnetId"], UserData=script,
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "planted"}]}])

    # What somebody has added to resources that Terraform manages, and in its other region.
    group = ec2.create_security_group(GroupName="planted", Description="By hand", VpcId=subnet["VpcId"])["GroupId"]
    policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    iam.attach_role_policy(RoleName="estate-worker", PolicyArn=policy)
    west.client("logs").create_log_group(logGroupName="/planted/west")
    return {
        "aws_ssm_parameter": ["/planted/token"],
        "aws_secretsmanager_secret": [secret["ARN"]],
        "aws_lambda_function": ["planted"],
        "aws_db_instance": ["planted"],
        "aws_instance": [instance["Instances"][0]["InstanceId"]],
        "aws_security_group": [group],
        "aws_iam_role_policy_attachment": [f"estate-worker/{policy}"],
        "aws_cloudwatch_log_group": ["/planted/west"],
    }


def again():
    session.client("logs").create_log_group(logGroupName="/planted/again")
    return {"aws_cloudwatch_log_group": ["/planted/again"]}


def main():
    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit("plant: AWS_ENDPOINT_URL is not set; point it to an emulator such as moto_server")
    planted = again() if sys.argv[1:] == ["again"] else plant(json.loads(os.environ["DRIFTLINE_PLANT"]))
    json.dump(planted, sys.stdout, indent=2, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
