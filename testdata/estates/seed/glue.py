"""A catalogue of tables, and what fills it: crawlers, jobs, triggers and a workflow."""

import json


def seed(session, context):
    glue = session.client("glue")
    name, account = context["prefix"], context["account"]
    tags = {"Name": f"{name}-glue", "team": "numbers"}
    database = f"{name}_lake".replace("-", "_")
    glue.create_database(
        DatabaseInput={"Name": database, "Description": "The lake", "LocationUri": f"s3://{context['bucket']}/lake/", "Parameters": {"owner": "numbers"}},
        Tags=tags)
    glue.create_table(DatabaseName=database, TableInput={
        "Name": "orders",
        "Description": "One line an order",
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": "parquet", "EXTERNAL": "TRUE"},
        "PartitionKeys": [{"Name": "day", "Type": "date"}],
        "StorageDescriptor": {
            "Columns": [{"Name": "id", "Type": "bigint"}, {"Name": "total", "Type": "decimal(10,2)", "Comment": "with tax"}],
            "Location": f"s3://{context['bucket']}/lake/orders/",
            "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", "Parameters": {"serialization.format": "1"}},
        },
    })
    glue.create_crawler(
        Name=f"{name}-orders", Role=context["role_name"], DatabaseName=database, Description="Finds new days",
        Targets={"S3Targets": [{"Path": f"s3://{context['bucket']}/lake/orders/", "Exclusions": ["**.tmp"]}]},
        Schedule="cron(15 3 * * ? *)", SchemaChangePolicy={"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}, Tags=tags)
    glue.create_job(
        Name=f"{name}-nightly", Role=context["role_arn"], Description="Sums up the day", GlueVersion="4.0", WorkerType="G.1X", NumberOfWorkers=4,
        Command={"Name": "glueetl", "ScriptLocation": f"s3://{context['bucket']}/jobs/nightly.py", "PythonVersion": "3"},
        DefaultArguments={"--enable-metrics": "true", "--job-language": "python"}, MaxRetries=1, Timeout=60,
        ExecutionProperty={"MaxConcurrentRuns": 2}, Tags=tags)
    glue.create_workflow(Name=f"{name}-night", Description="Everything that happens at night", DefaultRunProperties={"stage": "prod"}, MaxConcurrentRuns=1, Tags=tags)
    glue.create_trigger(
        Name=f"{name}-at-two", Type="SCHEDULED", Schedule="cron(0 2 * * ? *)", Description="Starts the night",
        Actions=[{"JobName": f"{name}-nightly", "Arguments": {"--day": "yesterday"}, "Timeout": 30}], Tags=tags)
    glue.create_connection(ConnectionInput={
        "Name": f"{name}-shop", "Description": "The shop's database", "ConnectionType": "JDBC",
        "ConnectionProperties": {"JDBC_CONNECTION_URL": "jdbc:postgresql://shop.example.com/shop", "USERNAME": "reader", "PASSWORD": "correct-horse-battery-staple"},
        "PhysicalConnectionRequirements": {"SubnetId": context["subnet_ids"][0], "SecurityGroupIdList": context["security_group_ids"], "AvailabilityZone": f"{context['region']}a"},
    }, Tags=tags)
    registry = glue.create_registry(RegistryName=f"{name}-schemas", Description="What events look like", Tags=tags)["RegistryArn"]
    glue.create_security_configuration(Name=f"{name}-sealed", EncryptionConfiguration={
        "S3Encryption": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": context["kms_key_arn"]}],
        "CloudWatchEncryption": {"CloudWatchEncryptionMode": "DISABLED"},
        "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "DISABLED"},
    })
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings={
        "EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": context["kms_key_arn"]},
        "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": context["kms_key_arn"]},
    })
    glue.put_resource_policy(PolicyInJson=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "glue:GetTable",
            "Resource": f"arn:aws:glue:{context['region']}:{account}:*",
        }],
    }))
    return {
        "aws_glue_catalog_database": [f"{account}:{database}"],
        "aws_glue_catalog_table": [f"{account}:{database}:orders"],
        "aws_glue_connection": [f"{account}:{name}-shop"],
        "aws_glue_crawler": [f"{name}-orders"],
        "aws_glue_data_catalog_encryption_settings": [account],
        "aws_glue_job": [f"{name}-nightly"],
        "aws_glue_registry": [registry],
        "aws_glue_resource_policy": [account],
        "aws_glue_security_configuration": [f"{name}-sealed"],
        "aws_glue_trigger": [f"{name}-at-two"],
        "aws_glue_workflow": [f"{name}-night"],
    }
