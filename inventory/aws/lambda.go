package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

type lambdaAPI interface {
	lambda.ListFunctionsAPIClient
	lambda.ListAliasesAPIClient
	lambda.ListEventSourceMappingsAPIClient
	lambda.ListFunctionEventInvokeConfigsAPIClient
	lambda.ListLayersAPIClient
	ListTags(context.Context, *lambda.ListTagsInput, ...func(*lambda.Options)) (*lambda.ListTagsOutput, error)
	GetFunctionUrlConfig(context.Context, *lambda.GetFunctionUrlConfigInput, ...func(*lambda.Options)) (*lambda.GetFunctionUrlConfigOutput, error)
	GetPolicy(context.Context, *lambda.GetPolicyInput, ...func(*lambda.Options)) (*lambda.GetPolicyOutput, error)
}

func (s *scope) lambda() lambdaAPI { return client(s, "lambda", lambda.NewFromConfig) }

var lambdaRows = []Row{
	{Type: "aws_lambda_alias", Actions: []string{"lambda:ListFunctions", "lambda:ListTags", "lambda:ListAliases"},
		identify: func(a map[string]any) string {
			return joined("/", functionName(text(a, "function_name")), text(a, "name"))
		}, list: listAliases},
	{Type: "aws_lambda_event_source_mapping", ID: "{uuid}", Actions: []string{"lambda:ListEventSourceMappings", "lambda:ListTags"}, list: tagged(
		func(s *scope) pager[lambda.ListEventSourceMappingsOutput, lambda.Options] {
			return lambda.NewListEventSourceMappingsPaginator(s.lambda(), &lambda.ListEventSourceMappingsInput{})
		},
		func(page *lambda.ListEventSourceMappingsOutput) []types.EventSourceMappingConfiguration {
			return where(page.EventSourceMappings, func(m types.EventSourceMappingConfiguration) bool { return awssdk.ToString(m.State) != "Deleting" })
		},
		func(_ *scope, m types.EventSourceMappingConfiguration) found {
			return found{id: awssdk.ToString(m.UUID), facts: facts("parent", functionName(awssdk.ToString(m.FunctionArn)), "parent_type", "aws_lambda_function")}
		},
		func(ctx context.Context, s *scope, m types.EventSourceMappingConfiguration) (map[string]string, error) {
			return lambdaTags(ctx, s, m.EventSourceMappingArn)
		})},
	{Type: "aws_lambda_function", ID: "{function_name}", Actions: []string{"lambda:ListFunctions", "lambda:ListTags"}, list: listFunctions},
	{Type: "aws_lambda_function_event_invoke_config", Tested: recorded, Actions: []string{"lambda:ListFunctions", "lambda:ListTags", "lambda:ListFunctionEventInvokeConfigs"},
		identify: func(a map[string]any) string { return invokeConfig(text(a, "function_name"), text(a, "qualifier")) }, list: listInvokeConfigs},
	{Type: "aws_lambda_function_url", ARN: "function_arn", Actions: []string{"lambda:ListFunctions", "lambda:ListTags", "lambda:ListAliases", "lambda:GetFunctionUrlConfig"},
		identify: func(a map[string]any) string { return qualified(text(a, "function_name"), text(a, "qualifier")) }, list: listFunctionURLs},
	{Type: "aws_lambda_layer_version", ID: "{arn}", Actions: []string{"lambda:ListLayers"}, list: paged(
		func(s *scope) pager[lambda.ListLayersOutput, lambda.Options] {
			return lambda.NewListLayersPaginator(s.lambda(), &lambda.ListLayersInput{})
		},
		func(page *lambda.ListLayersOutput) []types.LayersListItem {
			return where(page.Layers, func(v types.LayersListItem) bool { return v.LatestMatchingVersion != nil })
		},
		func(_ *scope, v types.LayersListItem) found { // its newest version: a state may hold an older one
			return found{id: awssdk.ToString(v.LatestMatchingVersion.LayerVersionArn), name: awssdk.ToString(v.LayerName), facts: facts("family", awssdk.ToString(v.LayerName))}
		})},
	{Type: "aws_lambda_permission", ARN: "function_name", Actions: []string{"lambda:ListFunctions", "lambda:ListTags", "lambda:ListAliases", "lambda:GetPolicy"},
		identify: identifyPermission, list: listPermissions},
}

// functions are needed by both rows.
func functions(ctx context.Context, s *scope) ([]types.FunctionConfiguration, error) {
	return shared(s, "lambda functions", func() ([]types.FunctionConfiguration, error) {
		return all(ctx, s, lambda.NewListFunctionsPaginator(s.lambda(), &lambda.ListFunctionsInput{}),
			func(page *lambda.ListFunctionsOutput) []types.FunctionConfiguration { return page.Functions })
	})
}

func listFunctions(ctx context.Context, s *scope, out *sink) error {
	list, err := functions(ctx, s)
	if err != nil {
		return err
	}
	each(ctx, list, func(f types.FunctionConfiguration) {
		name := awssdk.ToString(f.FunctionName)
		out.addWithTags(found{id: name, name: name}, func() (map[string]string, error) { return functionTags(ctx, s, f) })
	})
	return nil
}

func functionTags(ctx context.Context, s *scope, f types.FunctionConfiguration) (map[string]string, error) {
	return sharedTags(s, "function "+awssdk.ToString(f.FunctionName), func() (map[string]string, error) {
		return lambdaTags(ctx, s, f.FunctionArn)
	})
}

func lambdaTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	tags, err := call(ctx, s, s.lambda().ListTags, &lambda.ListTagsInput{Resource: arn})
	if err != nil {
		return nil, err
	}
	return tags.Tags, nil
}

// identifyPermission: a configuration may name the function by its ARN, and the state keeps that spelling.
func identifyPermission(a map[string]any) string {
	function, statement := functionName(text(a, "function_name")), text(a, "statement_id")
	if qualifier := text(a, "qualifier"); qualifier != "" && function != "" {
		function += ":" + qualifier
	}
	return joined("/", function, statement)
}

func functionName(nameOrARN string) string {
	_, name, isARN := strings.Cut(nameOrARN, ":function:")
	if !isARN {
		return nameOrARN
	}
	name, _, _ = strings.Cut(name, ":")
	return name
}

// ofFunctions visits what belongs to each function.
func ofFunctions(ctx context.Context, s *scope, out *sink, see func(name string, facts map[string]string) error) error {
	list, err := functions(ctx, s)
	if err != nil {
		return err
	}
	each(ctx, list, func(f types.FunctionConfiguration) {
		name := awssdk.ToString(f.FunctionName)
		facts, there := out.partFacts("aws_lambda_function", name, func() (map[string]string, error) { return functionTags(ctx, s, f) })
		if !there {
			return
		}
		if err := see(name, facts); err != nil && !notFound(err) {
			out.failed(name, err)
		}
	})
	return nil
}

// listPermissions reads the policy of each function and of each alias. A policy on a single published version is not
// looked for: that is a call for every version ever published.
func listPermissions(ctx context.Context, s *scope, out *sink) error {
	return ofFunctions(ctx, s, out, func(name string, facts map[string]string) error {
		permissionsOf(ctx, s, out, name, "", facts)
		aliases, err := functionAliases(ctx, s, name)
		for _, alias := range aliases {
			permissionsOf(ctx, s, out, name, awssdk.ToString(alias.Name), facts)
		}
		return err
	})
}

func functionAliases(ctx context.Context, s *scope, function string) ([]types.AliasConfiguration, error) {
	return shared(s, "aliases of function "+function, func() ([]types.AliasConfiguration, error) {
		return all(ctx, s, lambda.NewListAliasesPaginator(s.lambda(), &lambda.ListAliasesInput{FunctionName: &function}),
			func(page *lambda.ListAliasesOutput) []types.AliasConfiguration { return page.Aliases })
	})
}

func permissionsOf(ctx context.Context, s *scope, out *sink, function, qualifier string, facts map[string]string) {
	in := &lambda.GetPolicyInput{FunctionName: &function}
	id := function
	if qualifier != "" {
		in.Qualifier = &qualifier
		id += ":" + qualifier
	}
	policy, err := call(ctx, s, s.lambda().GetPolicy, in)
	if notFound(err) { // nobody was ever given permission
		return
	}
	if err != nil {
		out.failed(id, err)
		return
	}
	statements, err := statementIDs(awssdk.ToString(policy.Policy), ":function:"+id)
	if err != nil {
		out.failed(id, err)
		return
	}
	for _, statement := range statements {
		out.add(found{id: id + "/" + statement, name: statement, facts: facts})
	}
}

// statementIDs are the Sids of a resource policy's statements about the function, or about the alias of it, whose ARN
// ends like this.
func statementIDs(policy, resource string) ([]string, error) {
	var document struct {
		Statement []struct{ Sid, Resource string }
	}
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return nil, fmt.Errorf("the policy is not what Lambda writes: %w", err)
	}
	var ids []string
	for _, statement := range document.Statement {
		if strings.HasSuffix(statement.Resource, resource) {
			ids = append(ids, statement.Sid)
		}
	}
	return ids, nil
}

func listAliases(ctx context.Context, s *scope, out *sink) error {
	return ofFunctions(ctx, s, out, func(function string, facts map[string]string) error {
		aliases, err := functionAliases(ctx, s, function)
		for _, alias := range aliases {
			name := awssdk.ToString(alias.Name)
			out.add(found{id: function + "/" + name, name: name, facts: facts})
		}
		return err
	})
}

// listFunctionURLs asks each function and each alias for the one URL that it may have.
func listFunctionURLs(ctx context.Context, s *scope, out *sink) error {
	return ofFunctions(ctx, s, out, func(function string, facts map[string]string) error {
		aliases, failure := functionAliases(ctx, s, function)
		holders := []lambda.GetFunctionUrlConfigInput{{FunctionName: &function}}
		for _, alias := range aliases {
			holders = append(holders, lambda.GetFunctionUrlConfigInput{FunctionName: &function, Qualifier: alias.Name})
		}
		for _, holder := range holders {
			_, err := call(ctx, s, s.lambda().GetFunctionUrlConfig, &holder)
			switch {
			case err == nil:
				out.add(found{id: qualified(function, awssdk.ToString(holder.Qualifier)), name: function, facts: facts})
			case !notFound(err):
				failure = err
			}
		}
		return failure
	})
}

// qualified is the import ID of what a function or one of its aliases has one of.
func qualified(function, qualifier string) string {
	if qualifier == "" {
		return functionName(function)
	}
	return joined("/", functionName(function), qualifier)
}

// listInvokeConfigs asks each function for how it, its versions and aliases take failures of asynchronous calls.
func listInvokeConfigs(ctx context.Context, s *scope, out *sink) error {
	return ofFunctions(ctx, s, out, func(function string, facts map[string]string) error {
		configs, err := all(ctx, s, lambda.NewListFunctionEventInvokeConfigsPaginator(s.lambda(), &lambda.ListFunctionEventInvokeConfigsInput{FunctionName: &function}),
			func(page *lambda.ListFunctionEventInvokeConfigsOutput) []types.FunctionEventInvokeConfig {
				return page.FunctionEventInvokeConfigs
			})
		for _, v := range configs {
			_, of, _ := strings.Cut(awssdk.ToString(v.FunctionArn), ":function:")
			_, qualifier, _ := strings.Cut(of, ":")
			out.add(found{id: invokeConfig(function, qualifier), name: function, facts: facts})
		}
		return err
	})
}

// invokeConfig is its import ID; an unpublished function has the qualifier $LATEST, or none.
func invokeConfig(function, qualifier string) string {
	if qualifier == "" || qualifier == "$LATEST" {
		return functionName(function)
	}
	return joined(":", functionName(function), qualifier)
}
