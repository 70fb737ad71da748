package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

type apigatewayv2API interface {
	GetApis(context.Context, *apigatewayv2.GetApisInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApisOutput, error)
}

func (s *scope) apigatewayv2() apigatewayv2API {
	return client(s, "apigatewayv2", apigatewayv2.NewFromConfig)
}

var apigatewayv2Rows = []Row{
	{Type: "aws_apigatewayv2_api", Actions: []string{"apigateway:GET"}, list: paged(
		func(s *scope) pager[apigatewayv2.GetApisOutput, apigatewayv2.Options] {
			in := &apigatewayv2.GetApisInput{}
			return byToken(s.apigatewayv2().GetApis, in, &in.NextToken, func(o *apigatewayv2.GetApisOutput) *string { return o.NextToken })
		},
		func(page *apigatewayv2.GetApisOutput) []types.Api { return page.Items },
		seeHTTPAPI)},
}

// seeHTTPAPI: an API that another service made through API Gateway can be neither changed nor deleted (API reference,
// ApiGatewayManaged).
func seeHTTPAPI(_ *scope, a types.Api) found {
	f := found{id: awssdk.ToString(a.ApiId), name: awssdk.ToString(a.Name), tags: a.Tags}
	if awssdk.ToBool(a.ApiGatewayManaged) {
		f.facts = facts("managed_by", "API Gateway")
	}
	return f
}
