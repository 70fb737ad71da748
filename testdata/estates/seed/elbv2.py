"""A load balancer that sends HTTP to a group of targets."""


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
    context.update(load_balancer_arn=balancer, target_group_arn=group, listener_arn=listener)
    return {"aws_lb": [balancer], "aws_lb_target_group": [group], "aws_lb_listener": [listener]}
