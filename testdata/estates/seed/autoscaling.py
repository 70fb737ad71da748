"""A group of instances with its launch template, that grows by policy and by the clock; and what came before templates."""


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
    autoscaling.put_scaling_policy(
        AutoScalingGroupName=name, PolicyName="grow", PolicyType="SimpleScaling", AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=1, Cooldown=180)
    autoscaling.put_scheduled_update_group_action(
        AutoScalingGroupName=name, ScheduledActionName="night", Recurrence="0 22 * * *", MinSize=0, MaxSize=1, DesiredCapacity=0)
    autoscaling.put_lifecycle_hook(
        AutoScalingGroupName=name, LifecycleHookName="drain", LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
        HeartbeatTimeout=600, DefaultResult="CONTINUE")
    autoscaling.create_launch_configuration(
        LaunchConfigurationName=f"{name}-old", ImageId=image, InstanceType="t3.micro",
        BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 10, "VolumeType": "gp2"}}])
    return {
        "aws_autoscaling_group": [name],
        "aws_autoscaling_lifecycle_hook": [f"{name}/drain"],
        "aws_autoscaling_policy": [f"{name}/grow"],
        "aws_autoscaling_schedule": [f"{name}/night"],
        "aws_launch_configuration": [f"{name}-old"],
        "aws_launch_template": [template],
    }
