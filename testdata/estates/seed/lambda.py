"""A function, and permissions on the function itself and on its alias. Two functions share a statement id."""

import io
import zipfile


def code():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("index.py", "def handler(event, context):\n    return event\n")
    return archive.getvalue()


def queue(session, context):
    sqs = session.client("sqs")
    url = sqs.create_queue(QueueName=f"{context['prefix']}-refunds", Attributes={"VisibilityTimeout": "120"})["QueueUrl"]
    context["refunds_url"] = url
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def seed(session, context):
    functions = session.client("lambda")
    names = [f"{context['prefix']}-orders", f"{context['prefix']}-refunds"]
    permissions = []
    for name in names:
        functions.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=context["role_arn"],
            Handler="index.handler",
            Code={"ZipFile": code()},
            Description="Takes what the shop sends",
            Timeout=20,
            MemorySize=256,
            Environment={"Variables": {"LOG_LEVEL": "info"}},
            Architectures=["arm64"],
            TracingConfig={"Mode": "Active"},
            Tags={"Name": name, "team": "orders"},
        )
        functions.add_permission(
            FunctionName=name,
            StatementId="AllowEvents",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=f"arn:aws:events:{session.region_name}:{context['account']}:rule/{context['prefix']}-nightly",
        )
        permissions.append(f"{name}/AllowEvents")
    version = functions.publish_version(FunctionName=names[0])["Version"]
    functions.create_alias(FunctionName=names[0], Name="live", FunctionVersion=version)
    functions.add_permission(
        FunctionName=names[0],
        Qualifier="live",
        StatementId="AllowTopic",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceAccount=context["account"],
    )
    permissions.append(f"{names[0]}:live/AllowTopic")
    mapping = functions.create_event_source_mapping(
        FunctionName=names[1],
        EventSourceArn=queue(session, context),
        BatchSize=5,
        Enabled=True,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )["UUID"]
    functions.create_function_url_config(
        FunctionName=names[1],
        AuthType="AWS_IAM",
        Cors={"AllowOrigins": ["https://shop.example.com"], "AllowMethods": ["POST"], "MaxAge": 600},
    )
    layer = functions.publish_layer_version(
        LayerName=f"{context['prefix']}-tools",
        Description="What all functions use",
        Content={"ZipFile": code()},
        CompatibleRuntimes=["python3.12"],
        LicenseInfo="MIT",
    )["LayerVersionArn"]
    context["lambda_arn"] = functions.get_function(FunctionName=names[0])["Configuration"]["FunctionArn"]
    return {
        "aws_lambda_alias": [f"{names[0]}/live"],
        "aws_lambda_event_source_mapping": [mapping],
        "aws_lambda_function": names,
        "aws_lambda_function_url": [names[1]],
        "aws_lambda_layer_version": [layer],
        "aws_lambda_permission": permissions,
        "aws_sqs_queue": [context["refunds_url"]],
    }
