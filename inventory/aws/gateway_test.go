package aws

var (
	httpAPI    = canned{operation: "GET /v2/apis", body: `{"items":[{"apiId":"a1","name":"shop","tags":{"team":"web"}}]}`}
	httpParent = " parent=a1 parent_tag:team=web parent_type=aws_apigatewayv2_api"
)

// gatewayRecordings are those of apigatewayRows and apigatewayv2Rows.
var gatewayRecordings = map[string]recording{
	"aws_api_gateway_client_certificate": {
		answers: []canned{
			{operation: "GET /clientcertificates", with: "position=2", body: `{"item":[{"clientCertificateId":"c2"}]}`},
			{operation: "GET /clientcertificates", body: `{"item":[{"clientCertificateId":"c1","tags":{"team":"web"}}],"position":"2"}`},
		},
		want: []string{"c1 tag:team=web", "c2"},
	},
	"aws_apigatewayv2_authorizer": {
		answers: []canned{httpAPI, {operation: "GET /v2/apis/a1/authorizers", body: `{"items":[{"authorizerId":"z1","name":"buyers"}]}`}},
		want:    []string{"a1/z1" + httpParent},
	},
	"aws_apigatewayv2_deployment": {
		answers: []canned{httpAPI,
			{operation: "GET /v2/apis/a1/deployments", body: `{"items":[{"deploymentId":"d1"},{"deploymentId":"d2"},{"deploymentId":"d3","autoDeployed":true}]}`},
			{operation: "GET /v2/apis/a1/stages", body: `{"items":[{"stageName":"live","deploymentId":"d2"},{"stageName":"$default","deploymentId":"d3","autoDeploy":true}]}`},
		},
		want: []string{"a1/d2" + httpParent},
	},
}
