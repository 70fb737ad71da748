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
	ListTags(context.Context, *lambda.ListTagsInput, ...func(*lambda.Options)) (*lambda.ListTagsOutput, error)
	GetPolicy(context.Context, *lambda.GetPolicyInput, ...func(*lambda.Options)) (*lambda.GetPolicyOutput, error)
}

func (s *scope) lambda() lambdaAPI { return client(s, "lambda", lambda.NewFromConfig) }

var lambdaRows = []Row{
	{Type: "aws_lambda_function", ID: "{function_name}", Actions: []string{"lambda:ListFunctions", "lambda:ListTags"}, list: listFunctions},
	{Type: "aws_lambda_permission", ARN: "function_name", Actions: []string{"lambda:ListFunctions", "lambda:ListAliases", "lambda:GetPolicy"},
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
		out.addWithTags(found{id: name, name: name}, func() (map[string]string, error) {
			tags, err := call(ctx, s, s.lambda().ListTags, &lambda.ListTagsInput{Resource: f.FunctionArn})
			if err != nil {
				return nil, err
			}
			return tags.Tags, nil
		})
	})
	return nil
}

// identifyPermission: a configuration may name the function by its ARN, and the state keeps that spelling.
func identifyPermission(a map[string]any) string {
	function, statement := text(a, "function_name"), text(a, "statement_id")
	if _, name, isARN := strings.Cut(function, ":function:"); isARN {
		function, _, _ = strings.Cut(name, ":")
	}
	if qualifier := text(a, "qualifier"); qualifier != "" && function != "" {
		function += ":" + qualifier
	}
	return joined("/", function, statement)
}

// listPermissions reads the policy of each function and of each alias. A policy on a single published version is not
// looked for: that is a call for every version ever published.
func listPermissions(ctx context.Context, s *scope, out *sink) error {
	list, err := functions(ctx, s)
	if err != nil {
		return err
	}
	each(ctx, list, func(f types.FunctionConfiguration) {
		name := awssdk.ToString(f.FunctionName)
		permissionsOf(ctx, s, out, name, "")
		for page, err := range pages(ctx, s, lambda.NewListAliasesPaginator(s.lambda(), &lambda.ListAliasesInput{FunctionName: &name})) {
			if notFound(err) {
				return
			}
			if err != nil {
				out.failed("aliases of "+name, err)
				return
			}
			for _, alias := range page.Aliases {
				permissionsOf(ctx, s, out, name, awssdk.ToString(alias.Name))
			}
		}
	})
	return nil
}

func permissionsOf(ctx context.Context, s *scope, out *sink, function, qualifier string) {
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
		out.add(found{id: id + "/" + statement, name: statement, facts: facts("parent", function, "parent_type", "aws_lambda_function")})
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
