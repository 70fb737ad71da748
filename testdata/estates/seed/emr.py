"""A Spark cluster that waits for work."""


def seed(session, context):
    emr = session.client("emr")
    name = context["prefix"]
    cluster = emr.run_job_flow(
        Name=f"{name}-spark", ReleaseLabel="emr-7.1.0", Applications=[{"Name": "Spark"}], ServiceRole=context["role_name"], JobFlowRole=context["instance_profile"],
        LogUri=f"s3://{context['bucket']}/emr/",
        Instances={
            "KeepJobFlowAliveWhenNoSteps": True, "TerminationProtected": True, "Ec2SubnetId": context["subnet_ids"][0],
            "InstanceGroups": [
                {"Name": "master", "InstanceRole": "MASTER", "InstanceType": "m5.xlarge", "InstanceCount": 1},
                {"Name": "core", "InstanceRole": "CORE", "InstanceType": "m5.xlarge", "InstanceCount": 2},
            ],
        },
        Configurations=[{"Classification": "spark", "Properties": {"maximizeResourceAllocation": "true"}}],
        VisibleToAllUsers=True, StepConcurrencyLevel=1,
        Tags=[{"Key": "Name", "Value": f"{name}-spark"}, {"Key": "team", "Value": "numbers"}])["JobFlowId"]
    return {"aws_emr_cluster": [cluster]}
