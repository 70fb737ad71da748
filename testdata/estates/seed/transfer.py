"""A server that partners send files to, and a partner's server that files are sent to."""


def seed(session, context):
    transfer = session.client("transfer")
    name = context["prefix"]
    tags = [{"Key": "Name", "Value": f"{name}-sftp"}, {"Key": "team", "Value": "orders"}]
    server = transfer.create_server(
        Domain="S3", EndpointType="PUBLIC", IdentityProviderType="SERVICE_MANAGED", Protocols=["SFTP"], LoggingRole=context["role_arn"],
        SecurityPolicyName="TransferSecurityPolicy-2024-01", Tags=tags)["ServerId"]
    connector = transfer.create_connector(
        Url="sftp://partner.example.com", AccessRole=context["role_arn"], LoggingRole=context["role_arn"],
        SftpConfig={"UserSecretId": "partner", "TrustedHostKeys": ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJfMzYFlE3cF9yN9dS"]}, Tags=tags)["ConnectorId"]
    return {"aws_transfer_connector": [connector], "aws_transfer_server": [server]}
