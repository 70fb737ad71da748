package aws

import (
	"context"
	"errors"
	"maps"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

type apigatewayv2API interface {
	GetApiMappings(context.Context, *apigatewayv2.GetApiMappingsInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApiMappingsOutput, error)
	GetApis(context.Context, *apigatewayv2.GetApisInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApisOutput, error)
	GetAuthorizers(context.Context, *apigatewayv2.GetAuthorizersInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetAuthorizersOutput, error)
	GetDeployments(context.Context, *apigatewayv2.GetDeploymentsInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetDeploymentsOutput, error)
	GetDomainNames(context.Context, *apigatewayv2.GetDomainNamesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetDomainNamesOutput, error)
	GetIntegrationResponses(context.Context, *apigatewayv2.GetIntegrationResponsesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetIntegrationResponsesOutput, error)
	GetIntegrations(context.Context, *apigatewayv2.GetIntegrationsInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetIntegrationsOutput, error)
	GetModels(context.Context, *apigatewayv2.GetModelsInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetModelsOutput, error)
	GetRouteResponses(context.Context, *apigatewayv2.GetRouteResponsesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetRouteResponsesOutput, error)
	GetRoutes(context.Context, *apigatewayv2.GetRoutesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetRoutesOutput, error)
	GetStages(context.Context, *apigatewayv2.GetStagesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetStagesOutput, error)
	GetVpcLinks(context.Context, *apigatewayv2.GetVpcLinksInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetVpcLinksOutput, error)
}

func (s *scope) apigatewayv2() apigatewayv2API {
	return client(s, "apigatewayv2", apigatewayv2.NewFromConfig)
}

var apigatewayv2Rows = []Row{
	{Type: "aws_apigatewayv2_api", Actions: apigatewayReads, list: listHTTPAPIs},
	{Type: "aws_apigatewayv2_api_mapping", ID: "{id}/{domain_name}", Actions: apigatewayReads, list: listAPIMappings},
	{Type: "aws_apigatewayv2_authorizer", ID: "{api_id}/{id}", Tested: recorded, Actions: apigatewayReads, list: ofHTTPAPI(httpAuthorizers)},
	{Type: "aws_apigatewayv2_deployment", ID: "{api_id}/{id}", Tested: recorded, Actions: apigatewayReads, list: ofHTTPAPI(httpDeployments)},
	{Type: "aws_apigatewayv2_integration", ID: "{api_id}/{id}", Actions: apigatewayReads, list: ofHTTPAPI(httpIntegrations)},
	{Type: "aws_apigatewayv2_integration_response", ID: "{api_id}/{integration_id}/{id}", Actions: apigatewayReads, list: ofWebSocketAPI(integrationResponses)},
	{Type: "aws_apigatewayv2_model", ID: "{api_id}/{id}", Tested: recorded, Actions: apigatewayReads, list: ofWebSocketAPI(webSocketModels)},
	{Type: "aws_apigatewayv2_route", ID: "{api_id}/{id}", Actions: apigatewayReads, list: ofHTTPAPI(httpRoutes)},
	{Type: "aws_apigatewayv2_route_response", ID: "{api_id}/{route_id}/{id}", Tested: recorded, Actions: apigatewayReads, list: ofWebSocketAPI(routeResponses)},
	{Type: "aws_apigatewayv2_stage", ID: "{api_id}/{name}", Actions: apigatewayReads, list: ofHTTPAPI(httpStages)},
	{Type: "aws_apigatewayv2_vpc_link", Actions: apigatewayReads, list: listHTTPLinks},
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
	for _, v := range apis {
		out.add(found{id: awssdk.ToString(v.ApiId), name: awssdk.ToString(v.Name), tags: v.Tags, facts: byGateway(v.ApiGatewayManaged)})
	}
	return err
}

// byGateway is the fact of what API Gateway keeps: the stage, route and integration of a quickly created API, and an API
// that another service made through it, can be neither changed nor deleted (API reference, ApiGatewayManaged).
func byGateway(managed *bool) map[string]string {
	if awssdk.ToBool(managed) {
		return facts("managed_by", "API Gateway")
	}
	return nil
}

// apiParts are what hangs on one API. Their IDs come after the API's own.
type apiParts func(ctx context.Context, s *scope, api *string) ([]found, error)

// ofHTTPAPI is the lister of what hangs on each HTTP or WebSocket API.
func ofHTTPAPI(parts apiParts) lister { return ofAPIs(parts, func(types.Api) bool { return true }) }

// ofWebSocketAPI is the lister of what only WebSocket APIs have.
func ofWebSocketAPI(parts apiParts) lister {
	return ofAPIs(parts, func(api types.Api) bool { return api.ProtocolType == types.ProtocolTypeWebsocket })
}

func ofAPIs(parts apiParts, has func(types.Api) bool) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		apis, err := httpAPIs(ctx, s)
		apis = where(apis, has)
		each(ctx, apis, func(api types.Api) {
			id := awssdk.ToString(api.ApiId)
			list, err := parts(ctx, s, api.ApiId)
			if err != nil && !notFound(err) {
				out.failed(id, err)
			}
			for _, part := range list {
				of := partOf("aws_apigatewayv2_api", id, api.Tags)
				maps.Copy(of, byGateway(api.ApiGatewayManaged))
				maps.Copy(of, part.facts)
				part.id, part.facts = id+"/"+part.id, of
				out.add(part)
			}
		})
		return err
	}
}

func httpStages(ctx context.Context, s *scope, api *string) ([]found, error) {
	stages, err := httpStagesOf(ctx, s, api)
	return converted(stages, func(v types.Stage) found {
		name := awssdk.ToString(v.StageName)
		return found{id: name, name: name, tags: v.Tags, facts: byGateway(v.ApiGatewayManaged)}
	}), err
}

func httpStagesOf(ctx context.Context, s *scope, api *string) ([]types.Stage, error) {
	return shared(s, "stages of "+*api, func() ([]types.Stage, error) {
		in := &apigatewayv2.GetStagesInput{ApiId: api}
		return all(ctx, s, byToken(s.apigatewayv2().GetStages, in, &in.NextToken, func(o *apigatewayv2.GetStagesOutput) *string { return o.NextToken }),
			func(page *apigatewayv2.GetStagesOutput) []types.Stage { return page.Items })
	})
}

func httpAuthorizers(ctx context.Context, s *scope, api *string) ([]found, error) {
	in := &apigatewayv2.GetAuthorizersInput{ApiId: api}
	list, err := all(ctx, s, byToken(s.apigatewayv2().GetAuthorizers, in, &in.NextToken, func(o *apigatewayv2.GetAuthorizersOutput) *string { return o.NextToken }),
		func(page *apigatewayv2.GetAuthorizersOutput) []types.Authorizer { return page.Items })
	return converted(list, func(v types.Authorizer) found {
		return found{id: awssdk.ToString(v.AuthorizerId), name: awssdk.ToString(v.Name)}
	}), err
}

// httpDeployments are those that a stage shows. The others are history, and those of a stage that deploys by itself are
// made by every change of a route.
func httpDeployments(ctx context.Context, s *scope, api *string) ([]found, error) {
	in := &apigatewayv2.GetDeploymentsInput{ApiId: api}
	list, err := all(ctx, s, byToken(s.apigatewayv2().GetDeployments, in, &in.NextToken, func(o *apigatewayv2.GetDeploymentsOutput) *string { return o.NextToken }),
		func(page *apigatewayv2.GetDeploymentsOutput) []types.Deployment { return page.Items })
	if err != nil {
		return nil, err
	}
	stages, err := httpStagesOf(ctx, s, api)
	shown := where(list, func(v types.Deployment) bool {
		return !awssdk.ToBool(v.AutoDeployed) && slices.ContainsFunc(stages, func(stage types.Stage) bool {
			return awssdk.ToString(stage.DeploymentId) == awssdk.ToString(v.DeploymentId)
		})
	})
	return converted(shown, func(v types.Deployment) found { return found{id: awssdk.ToString(v.DeploymentId)} }), err
}

func integrationsOf(ctx context.Context, s *scope, api *string) ([]types.Integration, error) {
	return shared(s, "integrations of "+*api, func() ([]types.Integration, error) {
		in := &apigatewayv2.GetIntegrationsInput{ApiId: api}
		return all(ctx, s, byToken(s.apigatewayv2().GetIntegrations, in, &in.NextToken, func(o *apigatewayv2.GetIntegrationsOutput) *string { return o.NextToken }),
			func(page *apigatewayv2.GetIntegrationsOutput) []types.Integration { return page.Items })
	})
}

func httpIntegrations(ctx context.Context, s *scope, api *string) ([]found, error) {
	list, err := integrationsOf(ctx, s, api)
	return converted(list, func(v types.Integration) found {
		return found{id: awssdk.ToString(v.IntegrationId), facts: byGateway(v.ApiGatewayManaged)}
	}), err
}

// integrationResponses are those of an API's integrations.
func integrationResponses(ctx context.Context, s *scope, api *string) ([]found, error) {
	integrations, err := integrationsOf(ctx, s, api)
	var responses []found
	for _, integration := range integrations {
		in := &apigatewayv2.GetIntegrationResponsesInput{ApiId: api, IntegrationId: integration.IntegrationId}
		list, listErr := all(ctx, s, byToken(s.apigatewayv2().GetIntegrationResponses, in, &in.NextToken, func(o *apigatewayv2.GetIntegrationResponsesOutput) *string { return o.NextToken }),
			func(page *apigatewayv2.GetIntegrationResponsesOutput) []types.IntegrationResponse { return page.Items })
		err = errors.Join(err, listErr)
		responses = append(responses, converted(list, func(v types.IntegrationResponse) found {
			return found{id: awssdk.ToString(integration.IntegrationId) + "/" + awssdk.ToString(v.IntegrationResponseId), name: awssdk.ToString(v.IntegrationResponseKey)}
		})...)
	}
	return responses, err
}

// routeResponses are those of an API's routes.
func routeResponses(ctx context.Context, s *scope, api *string) ([]found, error) {
	routes, err := routesOf(ctx, s, api)
	var responses []found
	for _, route := range routes {
		in := &apigatewayv2.GetRouteResponsesInput{ApiId: api, RouteId: route.RouteId}
		list, listErr := all(ctx, s, byToken(s.apigatewayv2().GetRouteResponses, in, &in.NextToken, func(o *apigatewayv2.GetRouteResponsesOutput) *string { return o.NextToken }),
			func(page *apigatewayv2.GetRouteResponsesOutput) []types.RouteResponse { return page.Items })
		err = errors.Join(err, listErr)
		responses = append(responses, converted(list, func(v types.RouteResponse) found {
			return found{id: awssdk.ToString(route.RouteId) + "/" + awssdk.ToString(v.RouteResponseId), name: awssdk.ToString(v.RouteResponseKey)}
		})...)
	}
	return responses, err
}

func webSocketModels(ctx context.Context, s *scope, api *string) ([]found, error) {
	in := &apigatewayv2.GetModelsInput{ApiId: api}
	list, err := all(ctx, s, byToken(s.apigatewayv2().GetModels, in, &in.NextToken, func(o *apigatewayv2.GetModelsOutput) *string { return o.NextToken }),
		func(page *apigatewayv2.GetModelsOutput) []types.Model { return page.Items })
	return converted(list, func(v types.Model) found {
		return found{id: awssdk.ToString(v.ModelId), name: awssdk.ToString(v.Name)}
	}), err
}

func routesOf(ctx context.Context, s *scope, api *string) ([]types.Route, error) {
	return shared(s, "routes of "+*api, func() ([]types.Route, error) {
		in := &apigatewayv2.GetRoutesInput{ApiId: api}
		return all(ctx, s, byToken(s.apigatewayv2().GetRoutes, in, &in.NextToken, func(o *apigatewayv2.GetRoutesOutput) *string { return o.NextToken }),
			func(page *apigatewayv2.GetRoutesOutput) []types.Route { return page.Items })
	})
}

func httpRoutes(ctx context.Context, s *scope, api *string) ([]found, error) {
	list, err := routesOf(ctx, s, api)
	return converted(list, func(v types.Route) found {
		return found{id: awssdk.ToString(v.RouteId), name: awssdk.ToString(v.RouteKey), facts: byGateway(v.ApiGatewayManaged)}
	}), err
}

// listAPIMappings are those to HTTP and WebSocket APIs. A domain's mappings to REST APIs are the older generation's type.
func listAPIMappings(ctx context.Context, s *scope, out *sink) error {
	apis, err := httpAPIs(ctx, s)
	if err != nil {
		return err
	}
	in := &apigatewayv2.GetDomainNamesInput{}
	domains, err := all(ctx, s, byToken(s.apigatewayv2().GetDomainNames, in, &in.NextToken, func(o *apigatewayv2.GetDomainNamesOutput) *string { return o.NextToken }),
		func(page *apigatewayv2.GetDomainNamesOutput) []types.DomainName { return page.Items })
	each(ctx, domains, func(domain types.DomainName) {
		name := awssdk.ToString(domain.DomainName)
		in := &apigatewayv2.GetApiMappingsInput{DomainName: domain.DomainName}
		mappings, err := all(ctx, s, byToken(s.apigatewayv2().GetApiMappings, in, &in.NextToken, func(o *apigatewayv2.GetApiMappingsOutput) *string { return o.NextToken }),
			func(page *apigatewayv2.GetApiMappingsOutput) []types.ApiMapping { return page.Items })
		if err != nil && !notFound(err) {
			out.failed(name, err)
		}
		for _, v := range mappings {
			if slices.ContainsFunc(apis, func(api types.Api) bool { return awssdk.ToString(api.ApiId) == awssdk.ToString(v.ApiId) }) {
				out.add(found{id: awssdk.ToString(v.ApiMappingId) + "/" + name, facts: partOf("aws_api_gateway_domain_name", name, domain.Tags)})
			}
		}
	})
	return err
}

func listHTTPLinks(ctx context.Context, s *scope, out *sink) error {
	in := &apigatewayv2.GetVpcLinksInput{}
	links, err := all(ctx, s, byToken(s.apigatewayv2().GetVpcLinks, in, &in.NextToken, func(o *apigatewayv2.GetVpcLinksOutput) *string { return o.NextToken }),
		func(page *apigatewayv2.GetVpcLinksOutput) []types.VpcLink { return page.Items })
	for _, v := range links {
		if !ends(string(v.VpcLinkStatus)) {
			out.add(found{id: awssdk.ToString(v.VpcLinkId), name: awssdk.ToString(v.Name), tags: v.Tags})
		}
	}
	return err
}
