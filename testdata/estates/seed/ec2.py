"""An instance with its own root volume, a volume of nobody's, a key and a launch template."""

from vpc import tag

# A public key that was made for this file. Nobody has the private half.
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0m3mI0mS5mKz1o3yKp0b8yQ1w4q0m8m3g6v5b1n9cT ada@example.com"


def seed(session, context):
    ec2 = session.client("ec2")
    prefix, region = context["prefix"], context["region"]
    image = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "architecture", "Values": ["x86_64"]}])["Images"][0]["ImageId"]

    key = f"{prefix}-ada"
    ec2.import_key_pair(KeyName=key, PublicKeyMaterial=PUBLIC_KEY.encode(), TagSpecifications=tag("key-pair", key))
    instance = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, KeyName=key, SubnetId=context["subnet_ids"][0],
        SecurityGroupIds=[context["security_group_id"]], UserData="#!/bin/sh\necho ${HOSTNAME} %{up}\n", EbsOptimized=True,
        TagSpecifications=tag("instance", f"{prefix}-web", team="platform"),
    )["Instances"][0]["InstanceId"]
    gone = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=context["subnet_ids"][0])
    ec2.terminate_instances(InstanceIds=[gone["Instances"][0]["InstanceId"]])

    volume = ec2.create_volume(
        AvailabilityZone=region + "a", Size=20, VolumeType="gp3", Iops=4000, Encrypted=True, KmsKeyId=context["kms_key_arn"],
        TagSpecifications=tag("volume", f"{prefix}-data"),
    )["VolumeId"]
    template = ec2.create_launch_template(
        LaunchTemplateName=f"{prefix}-worker", VersionDescription="first",
        LaunchTemplateData={
            "ImageId": image, "InstanceType": "t3.small", "KeyName": key, "SecurityGroupIds": [context["security_group_id"]],
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 30, "VolumeType": "gp3", "DeleteOnTermination": True}}],
            "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "platform"}]}],
        },
        TagSpecifications=tag("launch-template", f"{prefix}-worker"),
    )["LaunchTemplate"]["LaunchTemplateId"]

    context.update(image_id=image, instance_id=instance, launch_template_id=template, key_name=key)
    return {
        "aws_instance": [instance],
        "aws_ebs_volume": [volume],
        "aws_key_pair": [key],
        "aws_launch_template": [template],
    }
