"""An HTTP API with CORS, and a WebSocket one."""


def seed(session, context):
    gateway = session.client("apigatewayv2")
    name = context["prefix"]
    http = gateway.create_api(
        Name=f"{name}-shop",
        ProtocolType="HTTP",
        Description="What the shop's pages call",
        Version="2",
        CorsConfiguration={
            "AllowOrigins": ["https://shop.example.com"],
            "AllowMethods": ["GET", "POST"],
            "AllowHeaders": ["authorization"],
            "MaxAge": 300,
        },
        Tags={"Name": f"{name}-shop", "team": "web"},
    )
    websocket = gateway.create_api(
        Name=f"{name}-chat",
        ProtocolType="WEBSOCKET",
        RouteSelectionExpression="$request.body.action",
        Tags={"Name": f"{name}-chat", "team": "web"},
    )
    gateway.create_stage(
        ApiId=http["ApiId"],
        StageName="live",
        AutoDeploy=True,
        DefaultRouteSettings={"ThrottlingBurstLimit": 100, "ThrottlingRateLimit": 50.0},
        StageVariables={"lambda": "orders"},
        Tags={"team": "web"},
    )
    context["http_api_id"] = http["ApiId"]
    return {
        "aws_apigatewayv2_api": [http["ApiId"], websocket["ApiId"]],
        "aws_apigatewayv2_stage": [f"{http['ApiId']}/live"],
    }
