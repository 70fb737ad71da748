package importgen

import (
	"encoding/base64"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/secrets"
)

// planted is a password that no schema knows of. It is put together, so that no scanner of this repository finds it.
const planted = "hunter2" + "-planted"

// TestPlantedSecrets puts a password in every place in which an AWS resource holds one without its schema calling it
// sensitive. The golden file shows what takes its place.
func TestPlantedSecrets(t *testing.T) {
	t.Parallel()
	nested := func(name string, block *tfjson.SchemaBlock, attrs map[string]*tfjson.SchemaAttribute) *tfjson.SchemaBlock {
		b := flat(attrs)
		b.NestedBlocks = map[string]*tfjson.SchemaBlockType{name: listOf(block)}
		return b
	}
	task := text("family")
	task["container_definitions"] = needed(cty.String)
	types := map[string]fakeType{
		"aws_lambda_function": {schema: nested("environment", flat(map[string]*tfjson.SchemaAttribute{"variables": allowed(cty.Map(cty.String))}), text("function_name"))},
		"aws_codebuild_project": {schema: nested("environment",
			nested("environment_variable", flat(text("name", "value", "type")), text("image")), text("name"))},
		"aws_ecs_task_definition": {
			schema: flat(task),
			complain: func(config cty.Value) []drift.Diagnostic {
				if strings.HasPrefix(config.GetAttr("container_definitions").AsString(), "[") {
					return nil
				}
				return []drift.Diagnostic{{Error: true, Summary: "ECS Task Definition container_definitions is invalid", Path: cty.GetAttrPath("container_definitions")}}
			},
		},
		"aws_launch_template": {schema: flat(text("name", "user_data"))},
		"aws_glue_connection": {schema: flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "connection_properties": allowed(cty.Map(cty.String))})},
		"aws_ssm_document":    {schema: flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "content": needed(cty.String)})},
		"aws_batch_job":       {schema: flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "command": needed(cty.List(cty.String))})},
		"aws_sqs_queue": {
			schema: flat(text("name")),
			complain: func(cty.Value) []drift.Diagnostic {
				return []drift.Diagnostic{{Error: true, Summary: `invalid line "export DB_PASSWORD=` + planted + `"`}}
			},
		},
	}
	script := "#!/bin/sh\nexport DB_PASSWORD=" + planted + "\nstart\n"
	items := []Item{
		{resource("aws_lambda_function", "resize", "resize"), drift.Object{Value: object(types["aws_lambda_function"].schema,
			`{"function_name":"resize","environment":[{"variables":{"DB_PASSWORD":"`+planted+`","LOG_LEVEL":"info"}}],"tags":{"Name":"resize","smtp-password":"`+planted+`"}}`)}},
		{resource("aws_codebuild_project", "ci", "ci"), drift.Object{Value: object(types["aws_codebuild_project"].schema,
			`{"name":"ci","environment":[{"image":"linux","environment_variable":[{"name":"REGION","value":"us-east-1"},{"name":"NPM_TOKEN","value":"`+planted+`"}]}]}`)}},
		{resource("aws_ecs_task_definition", "web", "web"), drift.Object{Value: object(types["aws_ecs_task_definition"].schema,
			`{"family":"web","container_definitions":"[{\"name\":\"web\",\"environment\":[{\"name\":\"API_KEY\",\"value\":\"`+planted+`\"}]}]"}`)}},
		{resource("aws_launch_template", "lt-1", "web"), drift.Object{Value: object(types["aws_launch_template"].schema,
			`{"name":"web","user_data":"`+base64.StdEncoding.EncodeToString([]byte(script))+`"}`)}},
		{resource("aws_glue_connection", "db", "db"), drift.Object{Value: object(types["aws_glue_connection"].schema,
			`{"name":"db","connection_properties":{"JDBC_CONNECTION_URL":"jdbc:mysql://app:`+planted+`@db:3306/app","PASSWORD":"`+planted+`"}}`)}},
		{resource("aws_ssm_document", "boot", "boot"), drift.Object{Value: object(types["aws_ssm_document"].schema,
			`{"name":"boot","content":"`+strings.ReplaceAll(script, "\n", `\n`)+`"}`)}},
		{resource("aws_batch_job", "job", "job"), drift.Object{Value: object(types["aws_batch_job"].schema,
			`{"name":"job","command":["run","--password `+planted+`"]}`)}},
		{resource("aws_sqs_queue", "q", "q"), drift.Object{Value: object(types["aws_sqs_queue"].schema, `{"name":"q"}`)}},
	}
	items[0].Tags = map[string]string{"Name": "DB_PASSWORD=" + planted}
	items[0].Name = "DB_PASSWORD=" + planted
	result := generate(t, items, Options{
		Planner: &fakePlanner{types: types}, Secret: secrets.New().Secret, Roots: []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
	})
	for _, f := range result.Files {
		if strings.Contains(string(f.Content), planted) || strings.Contains(string(f.Content), base64.StdEncoding.EncodeToString([]byte(script))) {
			t.Errorf("%s holds a password", f.Path)
		}
	}
	for _, u := range result.Unmanaged {
		if u.Verified != (u.Type != "aws_sqs_queue") {
			t.Errorf("%s: verified %v %v", u.SuggestedAddress, u.Verified, u.Differences)
		}
		for _, d := range u.Differences {
			if strings.Contains(d.Reason, planted) {
				t.Errorf("%s: %s", u.SuggestedAddress, d.Reason)
			}
		}
	}
	golden(t, "planted_secrets", result.Files)
}

// text are optional strings, beside what every resource has.
func text(names ...string) map[string]*tfjson.SchemaAttribute {
	attrs := map[string]*tfjson.SchemaAttribute{"id": either(cty.String), "tags": allowed(cty.Map(cty.String))}
	for _, name := range names {
		attrs[name] = allowed(cty.String)
	}
	return attrs
}
