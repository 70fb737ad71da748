package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

type apigatewayAPI interface {
	apigateway.GetRestApisAPIClient
}

func (s *scope) apigateway() apigatewayAPI { return client(s, "apigateway", apigateway.NewFromConfig) }

// API Gateway's actions are HTTP verbs on paths: GET is all that is needed.
var apigatewayRows = []Row{
	{Type: "aws_api_gateway_rest_api", Actions: []string{"apigateway:GET"}, list: paged(
		func(s *scope) pager[apigateway.GetRestApisOutput, apigateway.Options] {
			return apigateway.NewGetRestApisPaginator(s.apigateway(), &apigateway.GetRestApisInput{}, func(o *apigateway.GetRestApisPaginatorOptions) { o.Limit = 500 })
		},
		func(page *apigateway.GetRestApisOutput) []types.RestApi { return page.Items },
		func(_ *scope, a types.RestApi) found {
			return found{id: awssdk.ToString(a.Id), name: awssdk.ToString(a.Name), tags: a.Tags}
		})},
}
