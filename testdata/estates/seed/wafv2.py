"""Web ACLs and what they lean on, for the region and, where WAF keeps them, for CloudFront."""


def seed(session, context):
    waf = session.client("wafv2")
    name = context["prefix"]
    made = {}

    def keep(kind, summary, scope):
        made.setdefault(f"aws_wafv2_{kind}", []).append(f"{summary['Id']}/{summary['Name']}/{scope}")

    tags = [{"Key": "Name", "Value": f"{name}-offices"}, {"Key": "team", "Value": "security"}]
    visible = lambda metric: {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": metric}
    scopes = ["REGIONAL"] + (["CLOUDFRONT"] if session.region_name == "us-east-1" else [])
    for scope in scopes:
        offices = waf.create_ip_set(
            Name=f"{name}-offices-{scope.lower()}",
            Scope=scope,
            Description="Where our people sit",
            IPAddressVersion="IPV4",
            Addresses=["192.0.2.0/24", "198.51.100.7/32"],
            Tags=tags,
        )["Summary"]
        keep("ip_set", offices, scope)
        bots = waf.create_regex_pattern_set(
            Name=f"{name}-bots-{scope.lower()}",
            Scope=scope,
            Description="Names of those who crawl",
            RegularExpressionList=[{"RegexString": "^curl/"}, {"RegexString": "(?i)bot"}],
            Tags=tags,
        )["Summary"]
        keep("regex_pattern_set", bots, scope)
        from_offices = {
            "Name": "offices",
            "Priority": 1,
            "Action": {"Allow": {}},
            "Statement": {"IPSetReferenceStatement": {"ARN": offices["ARN"]}},
            "VisibilityConfig": visible("offices"),
        }
        group = waf.create_rule_group(
            Name=f"{name}-known-{scope.lower()}",
            Scope=scope,
            Capacity=50,
            Rules=[from_offices],
            VisibilityConfig=visible("known"),
            Tags=tags,
        )["Summary"]
        keep("rule_group", group, scope)
        acl = waf.create_web_acl(
            Name=f"{name}-shop-{scope.lower()}",
            Scope=scope,
            DefaultAction={"Block": {}},
            Rules=[from_offices],
            VisibilityConfig=visible("shop"),
            Tags=tags,
        )["Summary"]
        keep("web_acl", acl, scope)
        waf.put_logging_configuration(LoggingConfiguration={
            "ResourceArn": acl["ARN"],
            "LogDestinationConfigs": [f"arn:aws:s3:::aws-waf-logs-{name}-{scope.lower()}"],
            "RedactedFields": [{"SingleHeader": {"Name": "authorization"}}],
        })
        made.setdefault("aws_wafv2_web_acl_logging_configuration", []).append(acl["ARN"])
    return made
