"""A workgroup that writes where it is told, a catalogue, and a query that people keep."""


def seed(session, context):
    athena = session.client("athena")
    name = context["prefix"]
    tags = [{"Key": "Name", "Value": f"{name}-numbers"}, {"Key": "team", "Value": "numbers"}]
    athena.create_work_group(
        Name=f"{name}-numbers", Description="The analysts'",
        Configuration={
            "EnforceWorkGroupConfiguration": True, "PublishCloudWatchMetricsEnabled": True, "BytesScannedCutoffPerQuery": 10737418240,
            "ResultConfiguration": {
                "OutputLocation": f"s3://{context['bucket']}/answers/",
                "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": context["kms_key_arn"]},
            },
        },
        Tags=tags)
    athena.create_data_catalog(
        Name=f"{name}-shop", Type="LAMBDA", Description="The shop's database",
        Parameters={"function": f"arn:aws:lambda:{context['region']}:{context['account']}:function:{name}-athena"}, Tags=tags)
    query = athena.create_named_query(
        Name=f"{name}-orders-by-day", Description="How many orders a day", Database="lake", WorkGroup=f"{name}-numbers",
        QueryString="SELECT day, count(*) FROM orders GROUP BY day")["NamedQueryId"]
    return {
        "aws_athena_data_catalog": [f"{name}-shop"],
        "aws_athena_named_query": [query],
        "aws_athena_workgroup": [f"{name}-numbers"],
    }
