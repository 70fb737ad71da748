"""An HTTP API with CORS, a route and a domain of its own, and a WebSocket one."""


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
    )["ApiId"]
    websocket = gateway.create_api(
        Name=f"{name}-chat",
        ProtocolType="WEBSOCKET",
        RouteSelectionExpression="$request.body.action",
        Tags={"Name": f"{name}-chat", "team": "web"},
    )["ApiId"]
    gateway.create_stage(
        ApiId=http,
        StageName="live",
        AutoDeploy=True,
        DefaultRouteSettings={"ThrottlingBurstLimit": 100, "ThrottlingRateLimit": 50.0},
        StageVariables={"lambda": "orders"},
        Tags={"team": "web"},
    )
    integration = gateway.create_integration(
        ApiId=http,
        IntegrationType="HTTP_PROXY",
        IntegrationMethod="GET",
        IntegrationUri="https://orders.example.com/",
        PayloadFormatVersion="1.0",
        TimeoutInMillis=5000,
    )["IntegrationId"]
    route = gateway.create_route(
        ApiId=http, RouteKey="GET /orders", Target=f"integrations/{integration}", AuthorizationType="NONE"
    )["RouteId"]
    chat = gateway.create_integration(
        ApiId=websocket, IntegrationType="MOCK", TemplateSelectionExpression="\\$default", RequestTemplates={"$default": '{"statusCode": 200}'},
    )["IntegrationId"]
    reply = gateway.create_integration_response(
        ApiId=websocket, IntegrationId=chat, IntegrationResponseKey="/200/", ResponseTemplates={"$default": "{}"},
    )["IntegrationResponseId"]
    host = f"{name}.http.example.com"
    gateway.create_domain_name(
        DomainName=host,
        DomainNameConfigurations=[
            {
                "CertificateArn": f"arn:aws:acm:{context['region']}:{context['account']}:certificate/2",
                "EndpointType": "REGIONAL",
                "SecurityPolicy": "TLS_1_2",
            }
        ],
        Tags={"team": "web"},
    )
    mapping = gateway.create_api_mapping(ApiId=http, DomainName=host, Stage="live", ApiMappingKey="v2")["ApiMappingId"]
    link = gateway.create_vpc_link(
        Name=f"{name}-shop",
        SubnetIds=context["subnet_ids"],
        SecurityGroupIds=[],
        Tags={"team": "web"},
    )["VpcLinkId"]
    context["http_api_id"] = http
    return {
        "aws_apigatewayv2_api": [http, websocket],
        "aws_apigatewayv2_api_mapping": [f"{mapping}/{host}"],
        "aws_apigatewayv2_integration": [f"{http}/{integration}", f"{websocket}/{chat}"],
        "aws_apigatewayv2_integration_response": [f"{websocket}/{chat}/{reply}"],
        "aws_apigatewayv2_route": [f"{http}/{route}"],
        "aws_apigatewayv2_stage": [f"{http}/live"],
        "aws_apigatewayv2_vpc_link": [link],
    }
