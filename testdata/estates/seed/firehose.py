"""A stream that ends in a bucket."""


def seed(session, context):
    name = context["prefix"]
    arn = session.client("firehose").create_delivery_stream(
        DeliveryStreamName=f"{name}-clicks",
        DeliveryStreamType="DirectPut",
        ExtendedS3DestinationConfiguration={
            "RoleARN": context["role_arn"], "BucketARN": f"arn:aws:s3:::{context['bucket']}", "Prefix": "clicks/", "ErrorOutputPrefix": "errors/",
            "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 120}, "CompressionFormat": "GZIP",
            "CloudWatchLoggingOptions": {"Enabled": True, "LogGroupName": f"/firehose/{name}", "LogStreamName": "clicks"},
        },
        Tags=[{"Key": "Name", "Value": f"{name}-clicks"}, {"Key": "team", "Value": "shop"}],
    )["DeliveryStreamARN"]
    return {"aws_kinesis_firehose_delivery_stream": [arn]}
