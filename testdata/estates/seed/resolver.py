"""Names between a network and an office: an endpoint, a rule for it, a log of queries, and signatures that are checked."""

import time


def seed(session, context):
    resolver, prefix, vpc = session.client("route53resolver"), context["prefix"], context["vpc_id"]
    tags = [{"Key": "team", "Value": "platform"}]
    endpoint = resolver.create_resolver_endpoint(
        CreatorRequestId=f"{prefix}-{time.time()}", Name=f"{prefix}-out", Direction="OUTBOUND", SecurityGroupIds=context["security_group_ids"],
        IpAddresses=[{"SubnetId": subnet} for subnet in context["subnet_ids"][:2]], Tags=tags,
    )["ResolverEndpoint"]["Id"]
    rule = resolver.create_resolver_rule(
        CreatorRequestId=f"{prefix}-{time.time()}", Name=f"{prefix}-office", RuleType="FORWARD", DomainName="office.example.com",
        TargetIps=[{"Ip": "10.9.0.53", "Port": 53}], ResolverEndpointId=endpoint, Tags=tags,
    )["ResolverRule"]["Id"]
    association = resolver.associate_resolver_rule(ResolverRuleId=rule, VPCId=vpc, Name=f"{prefix}-office")["ResolverRuleAssociation"]["Id"]
    logs = session.client("logs")
    logs.create_log_group(logGroupName=f"/{prefix}/queries")
    log = resolver.create_resolver_query_log_config(
        Name=f"{prefix}-queries", CreatorRequestId=f"{prefix}-{time.time()}", Tags=tags,
        DestinationArn=f"arn:aws:logs:{context['region']}:{context['account']}:log-group:/{prefix}/queries",
    )["ResolverQueryLogConfig"]["Id"]
    logged = resolver.associate_resolver_query_log_config(ResolverQueryLogConfigId=log, ResourceId=vpc)["ResolverQueryLogConfigAssociation"]["Id"]
    resolver.update_resolver_dnssec_config(ResourceId=vpc, Validation="ENABLE")
    checked = resolver.get_resolver_dnssec_config(ResourceId=vpc)["ResolverDNSSECConfig"]["Id"]
    return {
        "aws_cloudwatch_log_group": [f"/{prefix}/queries"],
        "aws_route53_resolver_dnssec_config": [checked],
        "aws_route53_resolver_endpoint": [endpoint],
        "aws_route53_resolver_query_log_config_association": [logged],
        "aws_route53_resolver_rule": [rule],
        "aws_route53_resolver_rule_association": [association],
    }
