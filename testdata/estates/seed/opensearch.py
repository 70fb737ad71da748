"""A search domain, and one that still runs the engine of before."""

import json


def seed(session, context):
    name = context["prefix"]
    tags = [{"Key": "Name", "Value": f"{name}-search"}, {"Key": "team", "Value": "shop"}]

    def policy(domain):
        return json.dumps({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow", "Principal": {"AWS": context["role_arn"]}, "Action": "es:ESHttp*",
                "Resource": f"arn:aws:es:{context['region']}:{context['account']}:domain/{domain}/*",
            }],
        })

    session.client("opensearch").create_domain(
        DomainName=f"{name}-search",
        EngineVersion="OpenSearch_2.13",
        ClusterConfig={"InstanceType": "r7g.large.search", "InstanceCount": 2, "ZoneAwarenessEnabled": True,
                       "ZoneAwarenessConfig": {"AvailabilityZoneCount": 2}},
        EBSOptions={"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": 50, "Iops": 3000, "Throughput": 125},
        AccessPolicies=policy(f"{name}-search"),
        EncryptionAtRestOptions={"Enabled": True, "KmsKeyId": context["kms_key_arn"]},
        NodeToNodeEncryptionOptions={"Enabled": True},
        DomainEndpointOptions={"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"},
        TagList=tags,
    )
    session.client("es").create_elasticsearch_domain(
        DomainName=f"{name}-archive",
        ElasticsearchVersion="7.10",
        ElasticsearchClusterConfig={"InstanceType": "m5.large.elasticsearch", "InstanceCount": 1},
        EBSOptions={"EBSEnabled": True, "VolumeType": "gp2", "VolumeSize": 20},
        TagList=tags,
    )
    return {
        "aws_elasticsearch_domain": [f"{name}-archive"],
        "aws_opensearch_domain": [f"{name}-search"],
    }
