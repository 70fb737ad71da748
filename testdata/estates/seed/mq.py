"""A message broker with a configuration of its own."""

import base64


def seed(session, context):
    mq = session.client("mq")
    name = context["prefix"]
    tags = {"Name": f"{name}-mq", "team": "orders"}
    configuration = mq.create_configuration(Name=f"{name}-activemq", EngineType="ACTIVEMQ", EngineVersion="5.18", Tags=tags)["Id"]
    mq.update_configuration(
        ConfigurationId=configuration, Description="Keeps messages for a day",
        Data=base64.b64encode(b'<?xml version="1.0"?>\n<broker xmlns="http://activemq.apache.org/schema/core" schedulePeriodForDestinationPurge="10000"/>\n').decode())
    broker = mq.create_broker(
        BrokerName=f"{name}-orders", EngineType="ACTIVEMQ", EngineVersion="5.18", HostInstanceType="mq.m5.large", DeploymentMode="SINGLE_INSTANCE",
        PubliclyAccessible=False, AutoMinorVersionUpgrade=True, SubnetIds=context["subnet_ids"][:1], SecurityGroups=context["security_group_ids"],
        Configuration={"Id": configuration, "Revision": 1}, Logs={"General": True, "Audit": False},
        MaintenanceWindowStartTime={"DayOfWeek": "SUNDAY", "TimeOfDay": "05:00", "TimeZone": "UTC"},
        EncryptionOptions={"UseAwsOwnedKey": False, "KmsKeyId": context["kms_key_arn"]},
        Users=[{"Username": "orders", "Password": "correct-horse-battery", "ConsoleAccess": True, "Groups": ["admins"]}], Tags=tags)["BrokerId"]
    return {"aws_mq_broker": [broker], "aws_mq_configuration": [configuration]}
