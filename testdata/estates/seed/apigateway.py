"""A regional REST API that takes binary bodies, with everything that hangs on one, a domain of its own and paying callers."""


POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}]}'


def seed(session, context):
    gateway = session.client("apigateway")
    name = f"{context['prefix']}-shop"
    created = rest_api(gateway, name, context)
    created |= domain(gateway, name, context)
    created |= callers(gateway, name, context)
    gateway.update_account(
        patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": context["role_arn"]}]
    )
    link = gateway.create_vpc_link(
        name=name,
        description="To the machines behind the network load balancer",
        targetArns=[f"arn:aws:elasticloadbalancing:{context['region']}:{context['account']}:loadbalancer/net/shop/1"],
        tags={"team": "web"},
    )
    return created | {"aws_api_gateway_account": ["api-gateway-account"], "aws_api_gateway_vpc_link": [link["id"]]}


def rest_api(gateway, name, context):
    api = gateway.create_rest_api(
        name=name,
        description="What the shop offers",
        binaryMediaTypes=["image/png"],
        minimumCompressionSize=1024,
        apiKeySource="HEADER",
        endpointConfiguration={"types": ["REGIONAL"]},
        policy=POLICY.replace('"', '\\"'),  # as AWS answers, which moto does not
        tags={"Name": name, "team": "web"},
    )["id"]
    context["rest_api_id"] = api
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    orders = gateway.create_resource(restApiId=api, parentId=root, pathPart="orders")["id"]
    pool = f"arn:aws:cognito-idp:{context['region']}:{context['account']}:userpool/{context['region']}_shop"
    authorizer = gateway.create_authorizer(
        restApiId=api,
        name="buyers",
        type="COGNITO_USER_POOLS",
        providerARNs=[pool],
        identitySource="method.request.header.Authorization",
        authorizerResultTtlInSeconds=60,
    )["id"]
    validator = gateway.create_request_validator(
        restApiId=api, name="bodies", validateRequestBody=True, validateRequestParameters=False
    )["id"]
    gateway.create_model(
        restApiId=api, name="Order", contentType="application/json", description="What is ordered", schema='{"type":"object"}'
    )
    gateway.put_method(restApiId=api, resourceId=orders, httpMethod="GET", authorizationType="NONE", apiKeyRequired=True)
    gateway.put_method_response(
        restApiId=api, resourceId=orders, httpMethod="GET", statusCode="200", responseModels={"application/json": "Order"}
    )
    gateway.put_integration(
        restApiId=api,
        resourceId=orders,
        httpMethod="GET",
        type="HTTP",
        integrationHttpMethod="GET",
        uri="https://orders.example.com/",
        timeoutInMillis=5000,
    )
    gateway.put_integration_response(
        restApiId=api, resourceId=orders, httpMethod="GET", statusCode="200", responseTemplates={"application/json": "$input.body"}
    )
    gateway.put_gateway_response(
        restApiId=api, responseType="DEFAULT_4XX", responseTemplates={"application/json": '{"sorry":true}'}
    )
    deployment = gateway.create_deployment(restApiId=api, description="First")["id"]
    gateway.create_stage(
        restApiId=api, stageName="live", deploymentId=deployment, variables={"lambda": "orders"}, tags={"team": "web"}
    )
    gateway.update_stage(
        restApiId=api,
        stageName="live",
        patchOperations=[{"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "50"}],
    )
    method = f"{api}/{orders}/GET"
    return {
        "aws_api_gateway_authorizer": [f"{api}/{authorizer}"],
        "aws_api_gateway_deployment": [f"{api}/{deployment}"],
        "aws_api_gateway_gateway_response": [f"{api}/DEFAULT_4XX"],
        "aws_api_gateway_integration": [method],
        "aws_api_gateway_integration_response": [f"{method}/200"],
        "aws_api_gateway_method": [method],
        "aws_api_gateway_method_response": [f"{method}/200"],
        "aws_api_gateway_method_settings": [f"{api}/live/*/*"],
        "aws_api_gateway_model": [f"{api}/Order"],
        "aws_api_gateway_request_validator": [f"{api}/{validator}"],
        "aws_api_gateway_resource": [f"{api}/{orders}"],
        "aws_api_gateway_rest_api": [api],
        "aws_api_gateway_rest_api_policy": [api],
        "aws_api_gateway_stage": [f"{api}/live"],
    }


def domain(gateway, name, context):
    host = f"{name}.api.example.com"
    gateway.create_domain_name(
        domainName=host,
        regionalCertificateArn=f"arn:aws:acm:{context['region']}:{context['account']}:certificate/1",
        endpointConfiguration={"types": ["REGIONAL"]},
        securityPolicy="TLS_1_2",
        tags={"team": "web"},
    )
    gateway.create_base_path_mapping(domainName=host, restApiId=context["rest_api_id"], stage="live", basePath="v1")
    gateway.create_base_path_mapping(domainName=host, restApiId=context["rest_api_id"], stage="live")
    return {
        "aws_api_gateway_domain_name": [host],
        "aws_api_gateway_base_path_mapping": [f"{host}/", f"{host}/v1"],
    }


def callers(gateway, name, context):
    key = gateway.create_api_key(name=f"{name}-partner", description="The partner's", enabled=True, tags={"team": "web"})["id"]
    plan = gateway.create_usage_plan(
        name=f"{name}-partners",
        description="A thousand a day",
        apiStages=[{"apiId": context["rest_api_id"], "stage": "live"}],
        throttle={"burstLimit": 10, "rateLimit": 5.0},
        quota={"limit": 1000, "offset": 0, "period": "DAY"},
        tags={"team": "web"},
    )["id"]
    gateway.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    return {
        "aws_api_gateway_api_key": [key],
        "aws_api_gateway_usage_plan": [plan],
        "aws_api_gateway_usage_plan_key": [f"{plan}/{key}"],
    }
