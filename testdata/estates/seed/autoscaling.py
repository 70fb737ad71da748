"""A group of instances, with a launch template of its own."""


def seed(session, context):
    ec2, autoscaling = session.client("ec2"), session.client("autoscaling")
    name = f"{context['prefix']}-workers"
    image = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "architecture", "Values": ["x86_64"]}])["Images"][0]["ImageId"]
    template = ec2.create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name, MinSize=0, MaxSize=3, DesiredCapacity=1,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Default"},
        VPCZoneIdentifier=",".join(context["subnet_ids"]), HealthCheckType="EC2", HealthCheckGracePeriod=120,
        Tags=[{"Key": "team", "Value": "platform", "PropagateAtLaunch": True, "ResourceId": name, "ResourceType": "auto-scaling-group"}],
    )
    return {"aws_autoscaling_group": [name], "aws_launch_template": [template]}
