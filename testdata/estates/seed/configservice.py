"""AWS Config recording into a bucket, with a rule, and an aggregator that another account allows."""


def seed(session, context):
    prefix, region, account = context["prefix"], context["region"], context["account"]
    bucket = f"{prefix}-config"
    session.client("s3").create_bucket(Bucket=bucket, **({} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}))
    config = session.client("config")
    recorder, channel, rule, aggregator = (f"{prefix}-{part}" for part in ("recorder", "channel", "public", "all"))
    config.put_configuration_recorder(ConfigurationRecorder={
        "name": recorder, "roleARN": context["role_arn"],
        "recordingGroup": {"allSupported": False, "includeGlobalResourceTypes": False, "resourceTypes": ["AWS::S3::Bucket", "AWS::EC2::Instance"]},
    })
    config.put_delivery_channel(DeliveryChannel={
        "name": channel, "s3BucketName": bucket, "s3KeyPrefix": "config", "configSnapshotDeliveryProperties": {"deliveryFrequency": "TwentyFour_Hours"},
    })
    config.start_configuration_recorder(ConfigurationRecorderName=recorder)
    config.put_config_rule(
        ConfigRule={
            "ConfigRuleName": rule, "Description": "no public buckets",
            "Source": {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_PUBLIC_READ_PROHIBITED"},
            "Scope": {"ComplianceResourceTypes": ["AWS::S3::Bucket"]},
        },
        Tags=[{"Key": "team", "Value": "security"}],
    )
    config.put_configuration_aggregator(
        ConfigurationAggregatorName=aggregator, AccountAggregationSources=[{"AccountIds": [account], "AllAwsRegions": True}],
        Tags=[{"Key": "team", "Value": "security"}],
    )
    config.put_aggregation_authorization(AuthorizedAccountId="210987654321", AuthorizedAwsRegion=region, Tags=[{"Key": "team", "Value": "security"}])
    config.put_retention_configuration(RetentionPeriodInDays=400)
    return {
        "aws_s3_bucket": [bucket],
        "aws_config_aggregate_authorization": [f"210987654321:{region}"],
        "aws_config_config_rule": [rule],
        "aws_config_configuration_aggregator": [aggregator],
        "aws_config_configuration_recorder": [recorder],
        "aws_config_configuration_recorder_status": [recorder],
        "aws_config_delivery_channel": [channel],
        "aws_config_retention_configuration": ["default"],
    }
