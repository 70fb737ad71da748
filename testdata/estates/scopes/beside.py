"""Opens a second account, or makes resources outside Terraform in both, whose names Terraform's have elsewhere.

    python3 testdata/estates/scopes/beside.py account         prints the second account's number
    python3 testdata/estates/scopes/beside.py resources ROLE  prints [[type, import ID, account, region]]

ROLE opens the second account. Endpoint and keys come from the environment, as boto3 reads them; it refuses to run
against AWS itself.
"""

import json
import os
import sys

import boto3


def second_account():
    organizations = boto3.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(Email="second@example.com", AccountName="second")
    return made["CreateAccountStatus"]["AccountId"]


def session(role, region):
    if not role:
        return boto3.Session(region_name=region)
    keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="beside")["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=region)


def resources(role):
    made = []
    for opened, region, kinds in [
        (None, "us-west-2", ["log group"]), (None, "us-east-1", ["parameter", "group"]),
        (role, "us-east-1", ["log group", "group"]), (role, "us-west-2", ["parameter", "topic"]),
    ]:
        here = session(opened, region)
        account = here.client("sts").get_caller_identity()["Account"]
        if "log group" in kinds:
            here.client("logs").create_log_group(logGroupName="/shared/app")
            made.append(["aws_cloudwatch_log_group", "/shared/app", account, region])
        if "parameter" in kinds:
            here.client("ssm").put_parameter(Name="/shared/setting", Type="String", Value="beside")
            made.append(["aws_ssm_parameter", "/shared/setting", account, region])
        if "topic" in kinds:
            arn = here.client("sns").create_topic(Name="shared")["TopicArn"]
            made.append(["aws_sns_topic", arn, account, region])
        if "group" in kinds:
            here.client("iam").create_group(GroupName="beside")
            made.append(["aws_iam_group", "beside", account, "global"])
    return made


def main():
    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit("beside: AWS_ENDPOINT_URL is not set; point it to an emulator such as moto_server")
    answer = second_account() if sys.argv[1] == "account" else resources(sys.argv[2])
    json.dump(answer, sys.stdout)
    print()


if __name__ == "__main__":
    main()
