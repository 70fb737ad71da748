"""A public zone with the records whose spelling is difficult, and a health check."""


def seed(session, context):
    dns = session.client("route53")
    prefix = context["prefix"]
    name = f"{prefix}.example.com"

    zone = dns.create_hosted_zone(
        Name=name, CallerReference=f"{prefix}-zone", HostedZoneConfig={"Comment": "public names", "PrivateZone": False},
    )["HostedZone"]["Id"].removeprefix("/hostedzone/")
    dns.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=[{"Key": "team", "Value": "platform"}])
    check = dns.create_health_check(CallerReference=f"{prefix}-check", HealthCheckConfig={
        "Type": "HTTPS", "FullyQualifiedDomainName": f"www.{name}", "Port": 443, "ResourcePath": "/healthz",
        "RequestInterval": 30, "FailureThreshold": 5,
    })["HealthCheck"]["Id"]
    dns.change_tags_for_resource(ResourceType="healthcheck", ResourceId=check, AddTags=[{"Key": "Name", "Value": f"{prefix}-www"}])

    def record(label, kind, *values, **more):
        return {"Action": "CREATE", "ResourceRecordSet": {
            "Name": f"{label}{name}.", "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": v} for v in values], **more}}

    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
        record("www.", "A", "192.0.2.10", "192.0.2.11"),
        record(r"\052.", "CNAME", f"www.{name}"),  # Route 53 itself answers so for *; moto answers what it was given
        record("_sip._tcp.", "SRV", f"10 60 5060 www.{name}."),
        record("", "TXT", '"v=spf1 -all"'),
        record("dev.", "NS", "ns1.example.net.", "ns2.example.net."),
        record("api.", "A", "192.0.2.20", SetIdentifier="blue", Weight=90, HealthCheckId=check),
        record("api.", "A", "192.0.2.21", SetIdentifier="green", Weight=10),
    ]})
    made = {}
    if session.region_name == "us-east-1":  # where the log group has to be
        logs = session.client("logs")
        group = f"/aws/route53/{name}"
        logs.create_log_group(logGroupName=group)
        made["aws_cloudwatch_log_group"] = [group]
        made["aws_route53_query_log"] = [dns.create_query_logging_config(
            HostedZoneId=zone, CloudWatchLogsLogGroupArn=f"arn:aws:logs:us-east-1:{context['account']}:log-group:{group}:*",
        )["QueryLoggingConfig"]["Id"]]
    context.update(zone_id=zone, zone_name=name)
    return made | {
        "aws_route53_zone": [zone],
        "aws_route53_health_check": [check],
        "aws_route53_record": [
            f"{zone}_www.{name}_A", f"{zone}_*.{name}_CNAME", f"{zone}__sip._tcp.{name}_SRV", f"{zone}_{name}_TXT",
            f"{zone}_dev.{name}_NS", f"{zone}_api.{name}_A_blue", f"{zone}_api.{name}_A_green",
        ],
    }
