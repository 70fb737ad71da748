"""A model that is served, and the notebook that it was made in."""


def seed(session, context):
    sagemaker = session.client("sagemaker")
    name, role = context["prefix"], context["role_arn"]
    tags = [{"Key": "Name", "Value": f"{name}-model"}, {"Key": "team", "Value": "numbers"}]
    sagemaker.create_model(
        ModelName=f"{name}-prices", ExecutionRoleArn=role, EnableNetworkIsolation=True, Tags=tags,
        PrimaryContainer={
            "Image": f"{context['account']}.dkr.ecr.{context['region']}.amazonaws.com/prices:1", "ModelDataUrl": f"s3://{context['bucket']}/prices.tar.gz",
            "Environment": {"LOG": "info"}})
    sagemaker.create_endpoint_config(
        EndpointConfigName=f"{name}-prices", Tags=tags,
        ProductionVariants=[{"VariantName": "main", "ModelName": f"{name}-prices", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large", "InitialVariantWeight": 1}])
    sagemaker.create_endpoint(EndpointName=f"{name}-prices", EndpointConfigName=f"{name}-prices", Tags=tags)
    sagemaker.create_notebook_instance(
        NotebookInstanceName=f"{name}-ada", InstanceType="ml.t3.medium", RoleArn=role, SubnetId=context["subnet_ids"][0], SecurityGroupIds=context["security_group_ids"],
        KmsKeyId=context["kms_key_arn"], DirectInternetAccess="Disabled", VolumeSizeInGB=20, RootAccess="Disabled", Tags=tags)
    sagemaker.create_model_package_group(ModelPackageGroupName=f"{name}-prices", ModelPackageGroupDescription="Every price model", Tags=tags)
    return {
        "aws_sagemaker_endpoint": [f"{name}-prices"],
        "aws_sagemaker_endpoint_configuration": [f"{name}-prices"],
        "aws_sagemaker_model": [f"{name}-prices"],
        "aws_sagemaker_model_package_group": [f"{name}-prices"],
        "aws_sagemaker_notebook_instance": [f"{name}-ada"],
    }
