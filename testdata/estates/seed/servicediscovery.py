"""Namespaces of each kind, and a service in the private one."""


def seed(session, context):
    discovery, prefix, vpc = session.client("servicediscovery"), context["prefix"], context["vpc_id"]
    tags = [{"Key": "team", "Value": "shop"}]

    def made(operation):
        return discovery.get_operation(OperationId=operation["OperationId"])["Operation"]["Targets"]["NAMESPACE"]

    calls = made(discovery.create_http_namespace(Name=f"{prefix}-calls", Description="by name only", Tags=tags))
    inside = made(discovery.create_private_dns_namespace(Name=f"{prefix}.local", Vpc=vpc, Description="inside", Tags=tags))
    outside = made(discovery.create_public_dns_namespace(Name=f"{prefix}.example.org", Description="outside", Tags=tags))
    zones = {n["Id"]: n["Properties"]["DnsProperties"]["HostedZoneId"] for n in discovery.list_namespaces()["Namespaces"] if n["Id"] in (inside, outside)}
    # What Cloud Map does by itself, and moto does not.
    session.client("route53").associate_vpc_with_hosted_zone(HostedZoneId=zones[inside], VPC={"VPCRegion": context["region"], "VPCId": vpc})
    service = discovery.create_service(
        Name="orders", NamespaceId=inside, Description="takes orders", Tags=tags,
        DnsConfig={"NamespaceId": inside, "RoutingPolicy": "MULTIVALUE", "DnsRecords": [{"Type": "A", "TTL": 15}]},
        HealthCheckCustomConfig={"FailureThreshold": 1},
    )["Service"]["Id"]
    return {
        "aws_route53_zone": [zone.removeprefix("/hostedzone/") for zone in zones.values()],
        "aws_service_discovery_http_namespace": [calls],
        "aws_service_discovery_private_dns_namespace": [f"{inside}:{vpc}"],
        "aws_service_discovery_public_dns_namespace": [outside],
        "aws_service_discovery_service": [service],
    }
