package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

type apigatewayv2API interface {
	GetStages(context.Context, *apigatewayv2.GetStagesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetStagesOutput, error)
	GetApis(context.Context, *apigatewayv2.GetApisInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApisOutput, error)
}

func (s *scope) apigatewayv2() apigatewayv2API {
	return client(s, "apigatewayv2", apigatewayv2.NewFromConfig)
}

var apigatewayv2Rows = []Row{
	{Type: "aws_apigatewayv2_api", Actions: []string{"apigateway:GET"}, list: listHTTPAPIs},
	{Type: "aws_apigatewayv2_stage", ID: "{api_id}/{name}", Actions: []string{"apigateway:GET"}, list: listHTTPStages},
}

func httpAPIs(ctx context.Context, s *scope) ([]types.Api, error) {
	return shared(s, "HTTP APIs", func() ([]types.Api, error) {
		in := &apigatewayv2.GetApisInput{}
		return all(ctx, s, byToken(s.apigatewayv2().GetApis, in, &in.NextToken, func(o *apigatewayv2.GetApisOutput) *string { return o.NextToken }),
			func(page *apigatewayv2.GetApisOutput) []types.Api { return page.Items })
	})
}

func listHTTPAPIs(ctx context.Context, s *scope, out *sink) error {
	apis, err := httpAPIs(ctx, s)
	for _, api := range apis {
		out.add(seeHTTPAPI(api))
	}
	return err
}

// listHTTPStages: the $default stage of a quickly created API is kept by API Gateway.
func listHTTPStages(ctx context.Context, s *scope, out *sink) error {
	apis, err := httpAPIs(ctx, s)
	each(ctx, apis, func(a types.Api) {
		api := awssdk.ToString(a.ApiId)
		in := &apigatewayv2.GetStagesInput{ApiId: a.ApiId}
		stages, err := all(ctx, s, byToken(s.apigatewayv2().GetStages, in, &in.NextToken, func(o *apigatewayv2.GetStagesOutput) *string { return o.NextToken }),
			func(page *apigatewayv2.GetStagesOutput) []types.Stage { return page.Items })
		if err != nil && !notFound(err) {
			out.failed(api, err)
		}
		for _, stage := range stages {
			name := awssdk.ToString(stage.StageName)
			f := found{id: api + "/" + name, name: name, tags: stage.Tags, facts: facts("parent", api, "parent_type", "aws_apigatewayv2_api")}
			if awssdk.ToBool(stage.ApiGatewayManaged) {
				f.facts["managed_by"] = "API Gateway"
			}
			out.add(f)
		}
	})
	return err
}

// seeHTTPAPI: an API that another service made through API Gateway can be neither changed nor deleted (API reference,
// ApiGatewayManaged).
func seeHTTPAPI(a types.Api) found {
	f := found{id: awssdk.ToString(a.ApiId), name: awssdk.ToString(a.Name), tags: a.Tags}
	if awssdk.ToBool(a.ApiGatewayManaged) {
		f.facts = facts("managed_by", "API Gateway")
	}
	return f
}
