"""A cluster of three brokers with a policy for another account."""

import json


def seed(session, context):
    kafka = session.client("kafka")
    name = context["prefix"]
    arn = kafka.create_cluster(
        ClusterName=f"{name}-events",
        KafkaVersion="3.7.x",
        NumberOfBrokerNodes=2,
        BrokerNodeGroupInfo={
            "InstanceType": "kafka.m7g.large",
            "ClientSubnets": context["subnet_ids"],
            "SecurityGroups": context["security_group_ids"],
            "StorageInfo": {"EbsStorageInfo": {"VolumeSize": 200}},
        },
        EncryptionInfo={
            "EncryptionAtRest": {"DataVolumeKMSKeyId": context["kms_key_arn"]},
            "EncryptionInTransit": {"ClientBroker": "TLS", "InCluster": True},
        },
        EnhancedMonitoring="PER_BROKER",
        Tags={"Name": f"{name}-events", "team": "orders"},
    )["ClusterArn"]
    kafka.put_cluster_policy(ClusterArn=arn, Policy=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Resource": arn,
            "Action": ["kafka:CreateVpcConnection", "kafka:GetBootstrapBrokers", "kafka:DescribeClusterV2"],
        }],
    }))
    return {"aws_msk_cluster": [arn], "aws_msk_cluster_policy": [arn]}
