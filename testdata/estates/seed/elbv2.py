"""A load balancer that sends HTTP, and HTTPS of two names, to a group of targets."""


def seed(session, context):
    elb = session.client("elbv2")
    prefix, tags = context["prefix"], [{"Key": "team", "Value": "platform"}]
    balancer = elb.create_load_balancer(
        Name=f"{prefix}-web", Subnets=[context["public_subnet_id"], context["subnet_ids"][1]], Scheme="internal",
        SecurityGroups=[context["security_group_id"]], Type="application", Tags=tags,
    )["LoadBalancers"][0]["LoadBalancerArn"]
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "120"}])
    group = elb.create_target_group(
        Name=f"{prefix}-web", Protocol="HTTP", Port=8080, VpcId=context["vpc_id"], TargetType="ip", HealthCheckPath="/healthz",
        HealthCheckIntervalSeconds=15, HealthyThresholdCount=3, Matcher={"HttpCode": "200-299"}, Tags=tags,
    )["TargetGroups"][0]["TargetGroupArn"]
    listener = elb.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": group}], Tags=tags,
    )["Listeners"][0]["ListenerArn"]
    acm = session.client("acm")
    certificates = [
        acm.request_certificate(DomainName=f"{name}.{prefix}.example.org", ValidationMethod="DNS", Tags=tags)["CertificateArn"] for name in ("www", "api")]
    secure = elb.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTPS", Port=443, Certificates=[{"CertificateArn": certificates[0]}],
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06", DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )["Listeners"][0]["ListenerArn"]
    elb.add_listener_certificates(ListenerArn=secure, Certificates=[{"CertificateArn": certificates[1]}])
    rule = elb.create_rule(
        ListenerArn=listener, Priority=10, Tags=tags,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/old/*"]}}],
        Actions=[{"Type": "redirect", "RedirectConfig": {
            "Protocol": "HTTPS", "Port": "443", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}", "StatusCode": "HTTP_301"}}],
    )["Rules"][0]["RuleArn"]
    context.update(load_balancer_arn=balancer, target_group_arn=group, listener_arn=listener)
    return {
        "aws_lb": [balancer],
        "aws_lb_target_group": [group],
        "aws_lb_listener": [listener, secure],
        "aws_lb_listener_certificate": [f"{secure}_{certificates[1]}"],
        "aws_lb_listener_rule": [rule],
        "aws_acm_certificate": certificates,
    }
