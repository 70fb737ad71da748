"""A tag by which Lake Formation guards."""


def seed(session, context):
    lakeformation = session.client("lakeformation")
    lakeformation.create_lf_tag(TagKey=f"{context['prefix']}-secrecy", TagValues=["public", "internal"])
    return {"aws_lakeformation_lf_tag": [f"{context['account']}:{context['prefix']}-secrecy"]}
