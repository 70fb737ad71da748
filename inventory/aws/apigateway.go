package aws

import (
	"context"
	"maps"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

type apigatewayAPI interface {
	apigateway.GetApiKeysAPIClient
	apigateway.GetBasePathMappingsAPIClient
	apigateway.GetClientCertificatesAPIClient
	apigateway.GetDomainNamesAPIClient
	apigateway.GetModelsAPIClient
	apigateway.GetResourcesAPIClient
	apigateway.GetRestApisAPIClient
	apigateway.GetUsagePlanKeysAPIClient
	apigateway.GetUsagePlansAPIClient
	apigateway.GetVpcLinksAPIClient
	GetAccount(context.Context, *apigateway.GetAccountInput, ...func(*apigateway.Options)) (*apigateway.GetAccountOutput, error)
	GetAuthorizers(context.Context, *apigateway.GetAuthorizersInput, ...func(*apigateway.Options)) (*apigateway.GetAuthorizersOutput, error)
	GetGatewayResponses(context.Context, *apigateway.GetGatewayResponsesInput, ...func(*apigateway.Options)) (*apigateway.GetGatewayResponsesOutput, error)
	GetRequestValidators(context.Context, *apigateway.GetRequestValidatorsInput, ...func(*apigateway.Options)) (*apigateway.GetRequestValidatorsOutput, error)
	GetStages(context.Context, *apigateway.GetStagesInput, ...func(*apigateway.Options)) (*apigateway.GetStagesOutput, error)
}

func (s *scope) apigateway() apigatewayAPI { return client(s, "apigateway", apigateway.NewFromConfig) }

// apigatewayReads is all that is needed: API Gateway's actions are HTTP verbs on paths.
var apigatewayReads = []string{"apigateway:GET"}

var apigatewayRows = []Row{
	{Type: "aws_api_gateway_account", identify: always("api-gateway-account"), Actions: apigatewayReads, list: listGatewayAccount},
	{Type: "aws_api_gateway_api_key", Actions: apigatewayReads, list: paged(
		func(s *scope) pager[apigateway.GetApiKeysOutput, apigateway.Options] {
			return apigateway.NewGetApiKeysPaginator(s.apigateway(), &apigateway.GetApiKeysInput{})
		},
		func(page *apigateway.GetApiKeysOutput) []types.ApiKey { return page.Items },
		func(_ *scope, v types.ApiKey) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), tags: v.Tags}
		})},
	{Type: "aws_api_gateway_authorizer", ID: "{rest_api_id}/{id}", Actions: apigatewayReads, list: ofRestAPI(restAuthorizers)},
	{Type: "aws_api_gateway_base_path_mapping", Actions: apigatewayReads, list: listPathMappings},
	{Type: "aws_api_gateway_client_certificate", Tested: recorded, Actions: apigatewayReads, list: paged(
		func(s *scope) pager[apigateway.GetClientCertificatesOutput, apigateway.Options] {
			return apigateway.NewGetClientCertificatesPaginator(s.apigateway(), &apigateway.GetClientCertificatesInput{})
		},
		func(page *apigateway.GetClientCertificatesOutput) []types.ClientCertificate { return page.Items },
		func(_ *scope, v types.ClientCertificate) found {
			return found{id: awssdk.ToString(v.ClientCertificateId), tags: v.Tags}
		})},
	{Type: "aws_api_gateway_deployment", ID: "{rest_api_id}/{id}", Actions: apigatewayReads, list: ofRestAPI(restDeployments)},
	{Type: "aws_api_gateway_domain_name", Actions: apigatewayReads, list: listDomainNames},
	{Type: "aws_api_gateway_gateway_response", ID: "{rest_api_id}/{response_type}", Actions: apigatewayReads, list: ofRestAPI(restResponses)},
	{Type: "aws_api_gateway_integration", ID: "{rest_api_id}/{resource_id}/{http_method}", Actions: apigatewayReads, list: ofRestAPI(restIntegrations)},
	{Type: "aws_api_gateway_integration_response", ID: "{rest_api_id}/{resource_id}/{http_method}/{status_code}", Actions: apigatewayReads, list: ofRestAPI(restIntegrationResponses)},
	{Type: "aws_api_gateway_method", ID: "{rest_api_id}/{resource_id}/{http_method}", Actions: apigatewayReads, list: ofRestAPI(restMethods)},
	{Type: "aws_api_gateway_method_response", ID: "{rest_api_id}/{resource_id}/{http_method}/{status_code}", Actions: apigatewayReads, list: ofRestAPI(restMethodResponses)},
	{Type: "aws_api_gateway_method_settings", ID: "{rest_api_id}/{stage_name}/{method_path}", Actions: apigatewayReads, list: ofRestAPI(restMethodSettings)},
	{Type: "aws_api_gateway_model", ID: "{rest_api_id}/{name}", Actions: apigatewayReads, list: ofRestAPI(restModels)},
	{Type: "aws_api_gateway_request_validator", ID: "{rest_api_id}/{id}", Actions: apigatewayReads, list: ofRestAPI(restValidators)},
	{Type: "aws_api_gateway_resource", ID: "{rest_api_id}/{id}", Actions: apigatewayReads, list: ofRestAPI(restPaths)},
	{Type: "aws_api_gateway_rest_api", Actions: apigatewayReads, list: listRestAPIs},
	{Type: "aws_api_gateway_rest_api_policy", ID: "{rest_api_id}", Actions: apigatewayReads, list: listRestPolicies},
	{Type: "aws_api_gateway_stage", ID: "{rest_api_id}/{stage_name}", Actions: apigatewayReads, list: ofRestAPI(restStages)},
	{Type: "aws_api_gateway_usage_plan", Actions: apigatewayReads, list: listUsagePlans},
	{Type: "aws_api_gateway_usage_plan_key", ID: "{usage_plan_id}/{key_id}", Actions: apigatewayReads, list: listUsagePlanKeys},
	{Type: "aws_api_gateway_vpc_link", Actions: apigatewayReads, list: paged(
		func(s *scope) pager[apigateway.GetVpcLinksOutput, apigateway.Options] {
			return apigateway.NewGetVpcLinksPaginator(s.apigateway(), &apigateway.GetVpcLinksInput{})
		},
		func(page *apigateway.GetVpcLinksOutput) []types.VpcLink {
			return where(page.Items, func(v types.VpcLink) bool { return !ends(string(v.Status)) })
		},
		func(_ *scope, v types.VpcLink) found {
			return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), tags: v.Tags}
		})},
}

// listGatewayAccount: a region's account settings are there from the beginning, and somebody's once they name a role.
func listGatewayAccount(ctx context.Context, s *scope, out *sink) error {
	account, err := call(ctx, s, s.apigateway().GetAccount, &apigateway.GetAccountInput{})
	if err == nil && awssdk.ToString(account.CloudwatchRoleArn) != "" {
		out.add(found{id: "api-gateway-account"})
	}
	return err
}

func (s *scope) restAPIs(ctx context.Context) ([]types.RestApi, error) {
	return shared(s, "REST APIs", func() ([]types.RestApi, error) {
		return all(ctx, s, apigateway.NewGetRestApisPaginator(s.apigateway(), &apigateway.GetRestApisInput{}, func(o *apigateway.GetRestApisPaginatorOptions) { o.Limit = 500 }),
			func(page *apigateway.GetRestApisOutput) []types.RestApi { return page.Items })
	})
}

func listRestAPIs(ctx context.Context, s *scope, out *sink) error {
	apis, err := s.restAPIs(ctx)
	for _, v := range apis {
		out.add(found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), tags: v.Tags})
	}
	return err
}

func listRestPolicies(ctx context.Context, s *scope, out *sink) error {
	apis, err := s.restAPIs(ctx)
	for _, v := range apis {
		if awssdk.ToString(v.Policy) != "" {
			out.add(found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), facts: restFacts(v)})
		}
	}
	return err
}

func restFacts(api types.RestApi) map[string]string {
	return partOf("aws_api_gateway_rest_api", awssdk.ToString(api.Id), api.Tags)
}

// ofRestAPI is the lister of what hangs on each REST API. The IDs that parts gives come after the API's own.
func ofRestAPI(parts func(ctx context.Context, s *scope, api string) ([]found, error)) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		apis, err := s.restAPIs(ctx)
		each(ctx, apis, func(api types.RestApi) {
			id := awssdk.ToString(api.Id)
			list, err := parts(ctx, s, id)
			if err != nil && !notFound(err) {
				out.failed(id, err)
			}
			for _, part := range list {
				part.id = id + "/" + part.id
				of := restFacts(api)
				maps.Copy(of, part.facts)
				part.facts = of
				out.add(part)
			}
		})
		return err
	}
}

// restResources are an API's paths, each with its methods and what they lead to: one listing for five types.
func restResources(ctx context.Context, s *scope, api string) ([]types.Resource, error) {
	return shared(s, "paths of "+api, func() ([]types.Resource, error) {
		in := &apigateway.GetResourcesInput{RestApiId: &api, Embed: []string{"methods"}}
		return all(ctx, s, apigateway.NewGetResourcesPaginator(s.apigateway(), in, func(o *apigateway.GetResourcesPaginatorOptions) { o.Limit = 500 }),
			func(page *apigateway.GetResourcesOutput) []types.Resource { return page.Items })
	})
}

// restPaths: the root comes with its API.
func restPaths(ctx context.Context, s *scope, api string) ([]found, error) {
	paths, err := restResources(ctx, s, api)
	return converted(paths, func(v types.Resource) found {
		path := awssdk.ToString(v.Path)
		return found{id: awssdk.ToString(v.Id), name: path, facts: facts("default", flag(path == "/"))}
	}), err
}

// ofMethods collects what see finds at the methods of an API, each named by "RESOURCE/GET".
func ofMethods(ctx context.Context, s *scope, api string, see func(id string, m types.Method) []found) ([]found, error) {
	paths, err := restResources(ctx, s, api)
	var list []found
	for _, path := range paths {
		for verb, method := range path.ResourceMethods {
			list = append(list, see(awssdk.ToString(path.Id)+"/"+verb, method)...)
		}
	}
	return list, err
}

func restMethods(ctx context.Context, s *scope, api string) ([]found, error) {
	return ofMethods(ctx, s, api, func(id string, m types.Method) []found {
		return []found{{id: id, name: awssdk.ToString(m.OperationName)}}
	})
}

func restMethodResponses(ctx context.Context, s *scope, api string) ([]found, error) {
	return ofMethods(ctx, s, api, func(id string, m types.Method) []found { return statuses(id, m.MethodResponses) })
}

func restIntegrations(ctx context.Context, s *scope, api string) ([]found, error) {
	return ofMethods(ctx, s, api, func(id string, m types.Method) []found {
		if m.MethodIntegration == nil {
			return nil
		}
		return []found{{id: id}}
	})
}

func restIntegrationResponses(ctx context.Context, s *scope, api string) ([]found, error) {
	return ofMethods(ctx, s, api, func(id string, m types.Method) []found {
		if m.MethodIntegration == nil {
			return nil
		}
		return statuses(id, m.MethodIntegration.IntegrationResponses)
	})
}

func statuses[Response any](method string, responses map[string]Response) []found {
	var list []found
	for status := range responses {
		list = append(list, found{id: method + "/" + status})
	}
	return list
}

func restStagesOf(ctx context.Context, s *scope, api string) ([]types.Stage, error) {
	return shared(s, "stages of "+api, func() ([]types.Stage, error) {
		answer, err := call(ctx, s, s.apigateway().GetStages, &apigateway.GetStagesInput{RestApiId: &api})
		if err != nil {
			return nil, err
		}
		return answer.Item, nil
	})
}

func restStages(ctx context.Context, s *scope, api string) ([]found, error) {
	stages, err := restStagesOf(ctx, s, api)
	return converted(stages, func(v types.Stage) found {
		name := awssdk.ToString(v.StageName)
		return found{id: name, name: name, tags: v.Tags}
	}), err
}

// restDeployments are those that a stage shows. API Gateway keeps all earlier ones, as a history that nobody codes.
func restDeployments(ctx context.Context, s *scope, api string) ([]found, error) {
	stages, err := restStagesOf(ctx, s, api)
	var shown []string
	for _, v := range stages {
		shown = append(shown, awssdk.ToString(v.DeploymentId))
		if v.CanarySettings != nil {
			shown = append(shown, awssdk.ToString(v.CanarySettings.DeploymentId))
		}
	}
	slices.Sort(shown)
	shown = slices.DeleteFunc(slices.Compact(shown), func(id string) bool { return id == "" })
	return converted(shown, func(id string) found { return found{id: id} }), err
}

func restMethodSettings(ctx context.Context, s *scope, api string) ([]found, error) {
	stages, err := restStagesOf(ctx, s, api)
	var list []found
	for _, v := range stages {
		for path := range v.MethodSettings {
			list = append(list, found{id: awssdk.ToString(v.StageName) + "/" + path})
		}
	}
	return list, err
}

func restAuthorizers(ctx context.Context, s *scope, api string) ([]found, error) {
	in := &apigateway.GetAuthorizersInput{RestApiId: &api}
	list, err := all(ctx, s, byToken(s.apigateway().GetAuthorizers, in, &in.Position, func(o *apigateway.GetAuthorizersOutput) *string { return o.Position }),
		func(page *apigateway.GetAuthorizersOutput) []types.Authorizer { return page.Items })
	return converted(list, func(v types.Authorizer) found {
		return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name)}
	}), err
}

// restResponses: API Gateway answers with those that nobody has written, too.
func restResponses(ctx context.Context, s *scope, api string) ([]found, error) {
	in := &apigateway.GetGatewayResponsesInput{RestApiId: &api}
	list, err := all(ctx, s, byToken(s.apigateway().GetGatewayResponses, in, &in.Position, func(o *apigateway.GetGatewayResponsesOutput) *string { return o.Position }),
		func(page *apigateway.GetGatewayResponsesOutput) []types.GatewayResponse { return page.Items })
	return converted(list, func(v types.GatewayResponse) found {
		return found{id: string(v.ResponseType), name: string(v.ResponseType), facts: facts("default", flag(v.DefaultResponse))}
	}), err
}

// restModels: Empty and Error come with every API that the console or Terraform makes, and say so in their description.
func restModels(ctx context.Context, s *scope, api string) ([]found, error) {
	list, err := all(ctx, s, apigateway.NewGetModelsPaginator(s.apigateway(), &apigateway.GetModelsInput{RestApiId: &api}),
		func(page *apigateway.GetModelsOutput) []types.Model { return page.Items })
	return converted(list, func(v types.Model) found {
		name := awssdk.ToString(v.Name)
		return found{id: name, name: name, facts: facts("default", flag(strings.HasPrefix(awssdk.ToString(v.Description), "This is a default ")))}
	}), err
}

func restValidators(ctx context.Context, s *scope, api string) ([]found, error) {
	in := &apigateway.GetRequestValidatorsInput{RestApiId: &api}
	list, err := all(ctx, s, byToken(s.apigateway().GetRequestValidators, in, &in.Position, func(o *apigateway.GetRequestValidatorsOutput) *string { return o.Position }),
		func(page *apigateway.GetRequestValidatorsOutput) []types.RequestValidator { return page.Items })
	return converted(list, func(v types.RequestValidator) found {
		return found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name)}
	}), err
}

// domainNames are the custom domains of REST, HTTP and WebSocket APIs alike: both generations of the API answer with them.
func (s *scope) domainNames(ctx context.Context) ([]types.DomainName, error) {
	return shared(s, "custom domains", func() ([]types.DomainName, error) {
		return all(ctx, s, apigateway.NewGetDomainNamesPaginator(s.apigateway(), &apigateway.GetDomainNamesInput{}),
			func(page *apigateway.GetDomainNamesOutput) []types.DomainName { return page.Items })
	})
}

// domainID is a domain's import ID. Private domains may share a name, and have a further ID.
func domainID(v types.DomainName) string {
	if private := awssdk.ToString(v.DomainNameId); private != "" {
		return awssdk.ToString(v.DomainName) + "/" + private
	}
	return awssdk.ToString(v.DomainName)
}

func listDomainNames(ctx context.Context, s *scope, out *sink) error {
	domains, err := s.domainNames(ctx)
	for _, v := range domains {
		out.add(found{id: domainID(v), name: awssdk.ToString(v.DomainName), tags: v.Tags})
	}
	return err
}

// listPathMappings: that of the root has no path, and API Gateway calls it "(none)".
func listPathMappings(ctx context.Context, s *scope, out *sink) error {
	domains, err := s.domainNames(ctx)
	each(ctx, domains, func(domain types.DomainName) {
		in := &apigateway.GetBasePathMappingsInput{DomainName: domain.DomainName, DomainNameId: domain.DomainNameId}
		mappings, err := all(ctx, s, apigateway.NewGetBasePathMappingsPaginator(s.apigateway(), in),
			func(page *apigateway.GetBasePathMappingsOutput) []types.BasePathMapping { return page.Items })
		if err != nil && !notFound(err) {
			out.failed(domainID(domain), err)
		}
		for _, v := range mappings {
			path := awssdk.ToString(v.BasePath)
			if path == "(none)" {
				path = ""
			}
			id := awssdk.ToString(domain.DomainName) + "/" + path
			if private := awssdk.ToString(domain.DomainNameId); private != "" {
				id += "/" + private
			}
			out.add(found{id: id, facts: partOf("aws_api_gateway_domain_name", domainID(domain), domain.Tags)})
		}
	})
	return err
}

func (s *scope) usagePlans(ctx context.Context) ([]types.UsagePlan, error) {
	return shared(s, "usage plans", func() ([]types.UsagePlan, error) {
		return all(ctx, s, apigateway.NewGetUsagePlansPaginator(s.apigateway(), &apigateway.GetUsagePlansInput{}),
			func(page *apigateway.GetUsagePlansOutput) []types.UsagePlan { return page.Items })
	})
}

func listUsagePlans(ctx context.Context, s *scope, out *sink) error {
	plans, err := s.usagePlans(ctx)
	for _, v := range plans {
		out.add(found{id: awssdk.ToString(v.Id), name: awssdk.ToString(v.Name), tags: v.Tags})
	}
	return err
}

var listUsagePlanKeys = under(
	func(ctx context.Context, s *scope) ([]types.UsagePlan, error) { return s.usagePlans(ctx) },
	func(plan types.UsagePlan) string { return awssdk.ToString(plan.Id) },
	func(s *scope, plan types.UsagePlan) pager[apigateway.GetUsagePlanKeysOutput, apigateway.Options] {
		return apigateway.NewGetUsagePlanKeysPaginator(s.apigateway(), &apigateway.GetUsagePlanKeysInput{UsagePlanId: plan.Id})
	},
	func(page *apigateway.GetUsagePlanKeysOutput) []types.UsagePlanKey { return page.Items },
	func(_ context.Context, _ *scope, out *sink, plan types.UsagePlan, key types.UsagePlanKey) {
		id := awssdk.ToString(plan.Id)
		out.add(found{id: id + "/" + awssdk.ToString(key.Id), name: awssdk.ToString(key.Name), facts: partOf("aws_api_gateway_usage_plan", id, plan.Tags)})
	})
