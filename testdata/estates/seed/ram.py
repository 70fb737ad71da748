"""A subnet that is shared with another account."""


def seed(session, context):
    region, account = context["region"], context["account"]
    subnet = f"arn:aws:ec2:{region}:{account}:subnet/{context['subnet_ids'][0]}"
    share = session.client("ram").create_resource_share(
        name=f"{context['prefix']}-subnets", allowExternalPrincipals=True, principals=["210987654321"], resourceArns=[subnet],
        tags=[{"key": "team", "value": "platform"}],
    )["resourceShare"]["resourceShareArn"]
    return {
        "aws_ram_resource_share": [share],
        "aws_ram_resource_association": [f"{share},{subnet}"],
        "aws_ram_principal_association": [f"{share},210987654321"],
    }
