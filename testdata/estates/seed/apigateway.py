"""A regional REST API that takes binary bodies."""


def seed(session, context):
    name = f"{context['prefix']}-shop"
    api = session.client("apigateway").create_rest_api(
        name=name,
        description="What the shop offers",
        binaryMediaTypes=["image/png"],
        minimumCompressionSize=1024,
        apiKeySource="HEADER",
        endpointConfiguration={"types": ["REGIONAL"]},
        tags={"Name": name, "team": "web"},
    )
    context["rest_api_id"] = api["id"]
    return {"aws_api_gateway_rest_api": [api["id"]]}
