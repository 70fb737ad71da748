"""A provisioned stream, encrypted, kept for two days, with a consumer that has its own throughput."""


def seed(session, context):
    kinesis = session.client("kinesis")
    name = f"{context['prefix']}-clicks"
    kinesis.create_stream(StreamName=name, ShardCount=2)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    kinesis.increase_stream_retention_period(StreamName=name, RetentionPeriodHours=48)
    kinesis.start_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId=context["kms_key_id"])
    kinesis.add_tags_to_stream(StreamName=name, Tags={"Name": name, "team": "analytics"})
    arn = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="reports")["Consumer"]["ConsumerARN"]
    return {"aws_kinesis_stream": [name], "aws_kinesis_stream_consumer": [consumer]}
