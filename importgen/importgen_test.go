package importgen

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

var update = flag.Bool("update", false, "write the golden files anew")

func resource(typ, id, name string) drift.Resource {
	return drift.Resource{Provider: drift.AWS, Type: typ, ImportID: id, Account: "123456789012", Region: "us-east-1", Name: name}
}

func conflict(a, b string) drift.Diagnostic {
	return drift.Diagnostic{
		Error: true, Summary: "Conflicting configuration arguments", Detail: `"` + a + `": conflicts with ` + b,
		Path: cty.GetAttrPath(strings.Split(a, ".")[0]),
	}
}

func isSet(config cty.Value, name string) bool { return !config.GetAttr(name).IsNull() }

// traps is one case per habit of the AWS provider that DOMAIN.md names. The golden file is the code.
var traps = map[string]struct {
	typ      fakeType
	resource drift.Resource
	object   string
	// unverified is the path that the only difference names; "" when the block must be verified.
	unverified string
}{
	"defaults_are_left_out": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"id": either(cty.String), "arn": readOnly(cty.String), "cidr_block": either(cty.String),
				"enable_dns_support": allowed(cty.Bool), "enable_dns_hostnames": either(cty.Bool), "instance_tenancy": allowed(cty.String),
				"assign_generated_ipv6_cidr_block": allowed(cty.Bool), "tags": allowed(cty.Map(cty.String)), "tags_all": either(cty.Map(cty.String)),
			}),
			defaults: map[string]cty.Value{"enable_dns_support": cty.True, "instance_tenancy": cty.StringVal("default")},
		},
		resource: resource("aws_vpc", "vpc-1", "Main VPC"),
		object: `{"id":"vpc-1","arn":"arn:vpc-1","cidr_block":"10.0.0.0/16","enable_dns_support":true,"enable_dns_hostnames":false,
			"instance_tenancy":"default","assign_generated_ipv6_cidr_block":false,"tags":{"b":"${2}","a":"1"},"tags_all":{"b":"${2}","a":"1"}}`,
	},
	"a_default_that_was_turned_off_stays": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"name": needed(cty.String), "enabled": allowed(cty.Bool), "retention": allowed(cty.Number),
			}),
			defaults: map[string]cty.Value{"enabled": cty.True, "retention": cty.NumberIntVal(7)},
		},
		resource: resource("aws_kms_key", "k", ""),
		object:   `{"name":"k","enabled":false,"retention":0}`,
	},
	"conflicts": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"vpc_id": needed(cty.String), "cidr_block": allowed(cty.String), "availability_zone": either(cty.String),
				"availability_zone_id": either(cty.String), "ipv6_netmask_length": either(cty.Number), "ipv6_ipam_pool_id": allowed(cty.String),
			}),
			complain: func(config cty.Value) []drift.Diagnostic {
				switch {
				case isSet(config, "availability_zone") && isSet(config, "availability_zone_id"):
					return []drift.Diagnostic{conflict("availability_zone", "availability_zone_id")}
				case isSet(config, "ipv6_netmask_length") && !isSet(config, "ipv6_ipam_pool_id"):
					return []drift.Diagnostic{{
						Error: true, Summary: "Missing required argument", Path: cty.GetAttrPath("ipv6_netmask_length"),
						Detail: "\"ipv6_netmask_length\": all of `ipv6_ipam_pool_id,ipv6_netmask_length` must be specified",
					}}
				}
				return nil
			},
		},
		resource: resource("aws_subnet", "subnet-1", "a"),
		object: `{"vpc_id":"vpc-1","cidr_block":"10.0.1.0/24","availability_zone":"us-east-1a","availability_zone_id":"use1-az1",
			"ipv6_netmask_length":0}`,
	},
	"zero_out_of_range": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"alarm_name": needed(cty.String), "datapoints_to_alarm": either(cty.Number), "threshold": either(cty.Number),
			}),
			complain: func(config cty.Value) []drift.Diagnostic {
				if v := config.GetAttr("datapoints_to_alarm"); !v.IsNull() && v.RawEquals(cty.Zero) {
					return []drift.Diagnostic{{
						Error: true, Summary: "expected datapoints_to_alarm to be at least (1), got 0", Path: cty.GetAttrPath("datapoints_to_alarm"),
					}}
				}
				return nil
			},
		},
		resource: resource("aws_cloudwatch_metric_alarm", "cpu", "cpu"),
		object:   `{"alarm_name":"cpu","datapoints_to_alarm":0,"threshold":0}`,
	},
	"null_after_import_and_default_in_a_plan": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"bucket": either(cty.String), "bucket_prefix": either(cty.String), "force_destroy": allowed(cty.Bool),
			}),
			defaults: map[string]cty.Value{"force_destroy": cty.False},
		},
		resource: resource("aws_s3_bucket", "logs", "logs"),
		object:   `{"bucket":"logs","bucket_prefix":""}`,
	},
	"a_live_value_outside_the_range": {
		typ: fakeType{
			schema:   flat(map[string]*tfjson.SchemaAttribute{"name": either(cty.String), "max_message_size": allowed(cty.Number)}),
			defaults: map[string]cty.Value{"max_message_size": cty.NumberIntVal(262144)},
			complain: func(config cty.Value) []drift.Diagnostic {
				if isSet(config, "max_message_size") {
					return []drift.Diagnostic{{
						Error: true, Path: cty.GetAttrPath("max_message_size"),
						Summary: "expected max_message_size to be in the range (1024 - 262144), got 1048576",
					}}
				}
				return nil
			},
		},
		resource: resource("aws_sqs_queue", "https://sqs/1/q", "q"),
		object:   `{"name":"q","max_message_size":1048576}`,
	},
	"one_of_with_none_readable": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"function_name": needed(cty.String), "filename": allowed(cty.String), "image_uri": allowed(cty.String), "s3_bucket": allowed(cty.String),
			}),
			complain: func(config cty.Value) []drift.Diagnostic {
				if isSet(config, "filename") || isSet(config, "image_uri") || isSet(config, "s3_bucket") {
					return nil
				}
				return []drift.Diagnostic{{
					Error: true, Summary: "Invalid combination of arguments", Path: cty.GetAttrPath("filename"),
					Detail: "\"filename\": one of `filename,image_uri,s3_bucket` must be specified",
				}}
			},
		},
		resource: resource("aws_lambda_function", "resize", "resize"),
		object:   `{"function_name":"resize"}`,
	},
	"secret": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"name": needed(cty.String), "type": needed(cty.String), "value": sensitive(either(cty.String)), "insecure_value": either(cty.String),
			}),
			complain: func(config cty.Value) []drift.Diagnostic {
				if isSet(config, "value") || isSet(config, "insecure_value") {
					return nil
				}
				return []drift.Diagnostic{{
					Error: true, Summary: "Invalid combination of arguments", Path: cty.GetAttrPath("value"),
					Detail: "\"value\": one of `insecure_value,value` must be specified",
				}}
			},
		},
		resource: resource("aws_ssm_parameter", "/db/password", "/db/password"),
		object:   `{"name":"/db/password","type":"SecureString","value":"hunter2"}`,
	},
	"a_nested_block_without_its_required_argument": {
		typ: fakeType{
			schema: &tfjson.SchemaBlock{
				Attributes: map[string]*tfjson.SchemaAttribute{"name": needed(cty.String)},
				NestedBlocks: map[string]*tfjson.SchemaBlockType{
					"connection_logs": listOf(flat(map[string]*tfjson.SchemaAttribute{"bucket": needed(cty.String), "enabled": allowed(cty.Bool)})),
					"access_logs":     listOf(flat(map[string]*tfjson.SchemaAttribute{"bucket": needed(cty.String), "enabled": allowed(cty.Bool)})),
				},
			},
			defaults: map[string]cty.Value{"connection_logs": cty.ListVal([]cty.Value{
				cty.ObjectVal(map[string]cty.Value{"bucket": cty.NullVal(cty.String), "enabled": cty.False}),
			})},
		},
		resource: resource("aws_lb", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188", ""),
		object:   `{"name":"web","connection_logs":[{"enabled":false}],"access_logs":[{"bucket":"logs","enabled":true}]}`,
	},
	"attributes_as_blocks": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"name": either(cty.String), "name_prefix": either(cty.String), "revoke_rules_on_delete": allowed(cty.Bool),
				"ingress": either(cty.Set(cty.Object(map[string]cty.Type{
					"from_port": cty.Number, "to_port": cty.Number, "protocol": cty.String, "cidr_blocks": cty.List(cty.String),
					"ipv6_cidr_blocks": cty.List(cty.String), "description": cty.String, "self": cty.Bool, "security_groups": cty.Set(cty.String),
				}))),
			}),
			defaults: map[string]cty.Value{"revoke_rules_on_delete": cty.False},
			reword: func(prior, planned cty.Value) cty.Value { // the SDK fills in the zero values of a rule
				rules := planned.GetAttr("ingress")
				if !rules.IsKnown() || rules.IsNull() {
					return planned
				}
				out := planned.AsValueMap()
				out["ingress"] = cty.SetVal(mapSlice(rules.AsValueSlice(), func(rule cty.Value) cty.Value {
					m := rule.AsValueMap()
					for name, v := range m {
						if v.IsNull() {
							m[name] = map[string]cty.Value{
								"cidr_blocks": cty.ListValEmpty(cty.String), "ipv6_cidr_blocks": cty.ListValEmpty(cty.String),
								"security_groups": cty.SetValEmpty(cty.String), "description": cty.StringVal(""), "self": cty.False,
							}[name]
						}
					}
					return cty.ObjectVal(m)
				}))
				return cty.ObjectVal(out)
			},
		},
		resource: resource("aws_security_group", "sg-1", "web"),
		object: `{"name":"web","name_prefix":"","ingress":[
			{"from_port":443,"to_port":443,"protocol":"tcp","cidr_blocks":["0.0.0.0/0"],"ipv6_cidr_blocks":[],"description":"","self":false,"security_groups":[]},
			{"from_port":0,"to_port":0,"protocol":"-1","cidr_blocks":[],"ipv6_cidr_blocks":[],"description":"","self":true,"security_groups":[]}]}`,
	},
	"documents_and_scripts": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"name": needed(cty.String), "policy": needed(cty.String), "definition": allowed(cty.String), "script": allowed(cty.String), "motd": allowed(cty.String),
			}),
			reword: func(prior, planned cty.Value) cty.Value { // equal policies are not a difference; definitions are bytes
				if prior.IsNull() {
					return planned
				}
				a, okA := decodeDocument(planned.GetAttr("policy").AsString())
				b, okB := decodeDocument(prior.GetAttr("policy").AsString())
				if !okA || !okB || !a.RawEquals(b) {
					return planned
				}
				out := planned.AsValueMap()
				out["policy"] = prior.GetAttr("policy")
				return cty.ObjectVal(out)
			},
		},
		resource: resource("aws_iam_policy", "arn:aws:iam::123456789012:policy/team/ReadOnly", "ReadOnly"),
		object: `{"name":"ReadOnly","policy":"{\"Version\": \"2012-10-17\", \"Statement\": [{\"Resource\": \"arn:aws:iam::*:user/${aws:username}\", \"Effect\": \"Allow\"}]}",
			"definition":"{\"a\":1}","script":"#!/bin/sh\necho ${HOME} %{x}\n","motd":"one\ntwo"}`,
	},
	"written_for_the_plan_alone": {
		typ: fakeType{
			schema: &tfjson.SchemaBlock{
				Attributes: map[string]*tfjson.SchemaAttribute{
					"name": needed(cty.String), "billing_mode": allowed(cty.String), "read_capacity": allowed(cty.Number),
				},
				NestedBlocks: map[string]*tfjson.SchemaBlockType{
					"index": {NestingMode: tfjson.SchemaNestingModeSet, Block: flat(map[string]*tfjson.SchemaAttribute{
						"name": needed(cty.String), "kind": allowed(cty.String), "class": allowed(cty.String),
					})},
					"guard": {NestingMode: tfjson.SchemaNestingModeList, MinItems: 1, Block: flat(map[string]*tfjson.SchemaAttribute{"note": allowed(cty.String)})},
					"replica": {NestingMode: tfjson.SchemaNestingModeList, Block: &tfjson.SchemaBlock{NestedBlocks: map[string]*tfjson.SchemaBlockType{
						"copy": {NestingMode: tfjson.SchemaNestingModeSet, Block: flat(map[string]*tfjson.SchemaAttribute{
							"region": needed(cty.String), "key": either(cty.String), "class": either(cty.String),
						})},
					}}},
				},
			},
			defaults: map[string]cty.Value{
				"billing_mode": cty.StringVal("PROVISIONED"), "index.kind": cty.StringVal("B"), "index.class": cty.StringVal("WARM"),
				"replica.copy.class": cty.StringVal("HOT"),
			},
			refuse: func(config cty.Value) error {
				if config.GetAttr("read_capacity").IsNull() {
					return errors.New(`"read_capacity" must be set while "billing_mode" is "PROVISIONED"`)
				}
				return nil
			},
		},
		resource: resource("aws_dynamodb_table", "orders", ""),
		object: `{"name":"orders","billing_mode":"PROVISIONED","read_capacity":5,"guard":[{"note":null}],
			"index":[{"name":"a","kind":"B","class":"WARM"},{"name":"b","kind":"B","class":"COLD"}],
			"replica":[{"copy":[{"region":"x","key":"1","class":"HOT"},{"region":"y","key":"2","class":"HOT"}]}]}`,
	},
	"a_document_of_the_clouds_own": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{
				"family": needed(cty.String), "container_definitions": needed(cty.String), "definition": allowed(cty.String),
			}),
			reword: func(prior, planned cty.Value) cty.Value { // lists of nothing in a container are no difference
				if prior.IsNull() {
					return planned
				}
				a, _ := decodeDocument(planned.GetAttr("container_definitions").AsString())
				b, _ := decodeDocument(prior.GetAttr("container_definitions").AsString())
				if !thinned(a).RawEquals(thinned(b)) {
					return planned
				}
				out := planned.AsValueMap()
				out["container_definitions"] = prior.GetAttr("container_definitions")
				return cty.ObjectVal(out)
			},
		},
		resource: resource("aws_ecs_task_definition", "web", "web"),
		object:   `{"family":"web","container_definitions":"[{\"name\":\"web\",\"environment\":[],\"image\":\"nginx\",\"links\":null,\"essential\":false,\"cpu\":0,\"volumesFrom\":[]}]"}`,
	},
	"a_document_that_says_it_is_empty": {
		typ:      fakeType{schema: flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "definition": allowed(cty.String)})},
		resource: resource("aws_sfn_state_machine", "nothing", "nothing"),
		object:   `{"name":"nothing","definition":"{\"States\":{}}"}`,
	},
	"user_data_is_a_hash": {
		typ: fakeType{schema: flat(map[string]*tfjson.SchemaAttribute{
			"ami": needed(cty.String), "user_data": either(cty.String), "private_ip": either(cty.String), "ebs_optimized": either(cty.Bool),
		})},
		resource: resource("aws_instance", "i-1", "web 1"),
		object:   `{"ami":"ami-1","user_data":"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8","private_ip":"10.0.0.7","ebs_optimized":false}`,
	},
	"default_inside_a_block": {
		typ: fakeType{
			schema: &tfjson.SchemaBlock{
				Attributes: map[string]*tfjson.SchemaAttribute{"name": needed(cty.String)},
				NestedBlocks: map[string]*tfjson.SchemaBlockType{
					"health_check": listOf(flat(map[string]*tfjson.SchemaAttribute{
						"path": either(cty.String), "interval": allowed(cty.Number), "matcher": either(cty.String), "enabled": allowed(cty.Bool),
					})),
					"stickiness": setOf(flat(map[string]*tfjson.SchemaAttribute{"type": needed(cty.String), "cookie": allowed(cty.String)})),
				},
			},
			defaults: map[string]cty.Value{"health_check.interval": cty.NumberIntVal(30), "health_check.enabled": cty.True},
		},
		resource: resource("aws_lb_target_group", "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1", "web"),
		object: `{"name":"web","health_check":[{"path":"/ok","interval":30,"matcher":"200","enabled":true}],
			"stickiness":[{"type":"lb_cookie","cookie":""},{"type":"app_cookie","cookie":"c"}]}`,
	},
	"secrets_in_blocks": {
		typ: fakeType{schema: &tfjson.SchemaBlock{
			Attributes: map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "headers": sensitive(allowed(cty.Map(cty.String)))},
			NestedBlocks: map[string]*tfjson.SchemaBlockType{
				"action": listOf(&tfjson.SchemaBlock{
					Attributes: map[string]*tfjson.SchemaAttribute{"type": needed(cty.String)},
					NestedBlocks: map[string]*tfjson.SchemaBlockType{
						"oidc": listOf(flat(map[string]*tfjson.SchemaAttribute{
							"client_id": needed(cty.String), "client_secret": sensitive(needed(cty.String)),
						})),
					},
				}),
				"login": setOf(flat(map[string]*tfjson.SchemaAttribute{"user": needed(cty.String), "password": sensitive(allowed(cty.String))})),
			},
		}},
		resource: resource("aws_mq_broker", "b-1", "broker"),
		object: `{"name":"broker","headers":{"X-Auth":"hunter1"},"action":[{"type":"oidc","oidc":[{"client_id":"me","client_secret":"hunter2"}]},{"type":"forward"}],
			"login":[{"user":"app","password":"hunter3"}]}`,
	},
	"nested_attributes": { // as providers on the framework have them
		typ: fakeType{schema: flat(map[string]*tfjson.SchemaAttribute{
			"name": needed(cty.String),
			"rules": {Optional: true, AttributeNestedType: &tfjson.SchemaNestedAttributeType{
				NestingMode: tfjson.SchemaNestingModeList, Attributes: map[string]*tfjson.SchemaAttribute{
					"port": needed(cty.Number), "note": allowed(cty.String), "rule_id": readOnly(cty.String),
				},
			}},
		}), reword: func(prior, planned cty.Value) cty.Value {
			if prior.IsNull() { // what is computed inside is known after apply
				return planned
			}
			out := planned.AsValueMap()
			if !out["rules"].IsNull() {
				out["rules"] = prior.GetAttr("rules")
			}
			return cty.ObjectVal(out)
		}},
		resource: resource("aws_vpclattice_thing", "t-1", "thing"),
		object:   `{"name":"thing","rules":[{"port":443,"note":"tls","rule_id":"r-1"},{"port":80,"rule_id":"r-2"}]}`,
	},
	"what_cannot_be_a_no_op": {
		typ: fakeType{
			schema: flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "version": readOnly(cty.Number)}),
			reword: func(_, planned cty.Value) cty.Value {
				out := planned.AsValueMap()
				out["version"] = cty.UnknownVal(cty.Number)
				return cty.ObjectVal(out)
			},
		},
		resource:   resource("aws_ecr_repository", "app", "app"),
		object:     `{"name":"app","version":3}`,
		unverified: "version",
	},
}

func TestTraps(t *testing.T) {
	t.Parallel()
	for name, c := range traps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			planner := &fakePlanner{types: map[string]fakeType{c.resource.Type: c.typ}}
			result := generate(t, []Item{{c.resource, drift.Object{Value: object(c.typ.schema, c.object)}}}, Options{
				Planner: planner, DefaultRoot: "infra", HomeRegion: "us-east-1",
				Roots: []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
			})
			got := result.Unmanaged[0]
			if got.Verified != (c.unverified == "") {
				t.Errorf("verified = %t, differences %v", got.Verified, got.Differences)
			}
			if c.unverified != "" && got.Differences[0].Path != c.unverified {
				t.Errorf("differences = %v, want one of %s", got.Differences, c.unverified)
			}
			if planner.plans > 25 {
				t.Errorf("%d plans for one block", planner.plans)
			}
			for _, f := range result.Files {
				if strings.Contains(string(f.Content), "hunter") {
					t.Errorf("%s holds a secret", f.Path)
				}
			}
			golden(t, name, result.Files)
		})
	}
}

// golden compares files with testdata/<name>.tf, in which each begins with a line of its path.
func golden(t *testing.T, name string, files []drift.File) {
	t.Helper()
	var got strings.Builder
	for _, f := range files {
		if formatted := hclwrite.Format(f.Content); string(formatted) != string(f.Content) && !strings.HasSuffix(f.Path, ".sh") {
			t.Errorf("%s is not formatted: %s", f.Path, cmp.Diff(string(formatted), string(f.Content)))
		}
		got.WriteString("# -- " + f.Path + "\n" + string(f.Content))
	}
	file := filepath.Join("testdata", name+".tf")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("code differs (-want +got); go test -update writes it anew:\n%s", diff)
	}
}

func generate(t *testing.T, items []Item, opts Options) Result {
	t.Helper()
	result, err := Generate(context.Background(), items, opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Unmanaged) != len(items) {
		t.Fatalf("%d items, %d unmanaged", len(items), len(result.Unmanaged))
	}
	return result
}

// estate is a few resources that refer to each other, for names, references, placement and files.
func estate() (map[string]fakeType, []Item) {
	vpc := flat(map[string]*tfjson.SchemaAttribute{"id": either(cty.String), "cidr_block": either(cty.String)})
	subnet := flat(map[string]*tfjson.SchemaAttribute{"id": either(cty.String), "vpc_id": needed(cty.String)})
	group := flat(map[string]*tfjson.SchemaAttribute{
		"id": either(cty.String), "vpc_id": either(cty.String), "description": allowed(cty.String), "security_groups": allowed(cty.Set(cty.String)),
	})
	key := flat(map[string]*tfjson.SchemaAttribute{"id": either(cty.String), "key_name": needed(cty.String)})
	types := map[string]fakeType{
		"aws_vpc": {schema: vpc}, "aws_subnet": {schema: subnet}, "aws_security_group": {schema: group}, "aws_key_pair": {schema: key},
		"aws_broken": {schema: vpc, crash: errors.New("provider plugin ended: panic: nil map")},
	}
	west := func(r drift.Resource) drift.Resource { r.Region = "us-west-2"; return r }
	item := func(r drift.Resource, text string) Item {
		return Item{r, drift.Object{Value: object(types[r.Type].schema, text)}}
	}
	return types, []Item{
		item(resource("aws_vpc", "vpc-new", "New"), `{"id":"vpc-new","cidr_block":"10.1.0.0/16"}`),
		item(resource("aws_subnet", "subnet-1", "app"), `{"id":"subnet-1","vpc_id":"vpc-new"}`),
		item(resource("aws_subnet", "subnet-2", "app"), `{"id":"subnet-2","vpc_id":"vpc-managed"}`),
		item(resource("aws_subnet", "subnet-3", "9"), `{"id":"subnet-3","vpc_id":"vpc-module"}`),
		item(resource("aws_subnet", "subnet-4", "app"), `{"id":"subnet-4","vpc_id":"vpc-managed"}`),
		item(resource("aws_security_group", "sg-a", "a"), `{"id":"sg-a","vpc_id":"vpc-new","description":"vpc-new","security_groups":["sg-b"]}`),
		item(resource("aws_security_group", "sg-b", "b"), `{"id":"sg-b","vpc_id":"vpc-new","security_groups":["sg-a","sg-b"]}`),
		item(west(resource("aws_key_pair", "deploy", "deploy")), `{"id":"deploy","key_name":"deploy"}`),
		item(resource("aws_key_pair", "deploy", "deploy"), `{"id":"deploy","key_name":"deploy"}`),
		item(resource("aws_broken", "x", "x"), `{"id":"x"}`),
	}
}

func estateOptions(types map[string]fakeType) Options {
	managed := func(root, module, name, id string) drift.Managed {
		return drift.Managed{
			Resource: resource("aws_vpc", id, ""), RootModule: root,
			Address: drift.Address{Module: module, Type: "aws_vpc", Name: name, Key: `["a"]`},
		}
	}
	provider := func(region, alias string) drift.ProviderConfig {
		return drift.ProviderConfig{LocalName: "aws", Source: drift.AWS, Region: region, Alias: alias}
	}
	return Options{
		Planner: &fakePlanner{types: types},
		Roots: []drift.RootModule{
			{Dir: "live/net", Providers: []drift.ProviderConfig{provider("us-east-1", "")}, Resources: []string{"aws_subnet.subnet_9"}},
			{Dir: "live/app", Providers: []drift.ProviderConfig{provider("us-east-1", "")}},
		},
		Managed: []drift.Managed{
			managed("live/net", "", "this", "vpc-managed"), managed("live/app", "module.vpc", "this", "vpc-module"),
		},
		Versions: map[string]string{drift.AWS: "5.100.0"},
	}
}

func TestEstate(t *testing.T) {
	t.Parallel()
	types, items := estate()
	result := generate(t, items, estateOptions(types))
	golden(t, "estate", result.Files)
	if len(result.Skipped) != 1 || result.Skipped[0].Type != "aws_broken" {
		t.Errorf("skipped = %v, want the resource that the provider died on", result.Skipped)
	}
	for _, u := range result.Unmanaged {
		if u.Verified != (u.Type != "aws_broken") || u.File == "" || u.Placement == "" || u.RootModule == "" {
			t.Errorf("unmanaged %+v", u)
		}
	}
}

func TestSameCloudSameBytes(t *testing.T) {
	t.Parallel()
	types, items := estate()
	want := generate(t, items, estateOptions(types)).Files
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		if diff := cmp.Diff(want, generate(t, items, estateOptions(types)).Files); diff != "" {
			t.Fatalf("shuffle %d: %s", seed, diff)
		}
	}
}

func TestSecondNight(t *testing.T) {
	t.Parallel()
	types, items := estate()
	opts := estateOptions(types)
	first := generate(t, items[:8], opts)
	checkout := fstest.MapFS{}
	for _, f := range first.Files {
		checkout[f.Path] = &fstest.MapFile{Data: f.Content}
	}
	opts.Checkout = checkout
	if again := generate(t, items[:8], opts); len(again.Files) != 0 {
		t.Errorf("nothing is new, yet %d files are written: %s", len(again.Files), again.Files[0].Content)
	}
	second := generate(t, items, opts)
	for _, f := range second.Files {
		before := checkout[f.Path]
		if before != nil && !strings.HasPrefix(string(f.Content), string(before.Data)) {
			t.Errorf("%s: what stood there is not kept:\n%s", f.Path, f.Content)
		}
	}
	for i, u := range first.Unmanaged {
		if u.Type != "aws_broken" && second.Unmanaged[indexOf(second, u.Resource)].SuggestedAddress != u.SuggestedAddress {
			t.Errorf("%d: %s was renamed", i, u.SuggestedAddress)
		}
	}
}

func indexOf(r Result, of drift.Resource) int {
	for i, u := range r.Unmanaged {
		if u.Resource.Compare(of) == 0 {
			return i
		}
	}
	return -1
}

func TestVerifiedOnTheSecondNight(t *testing.T) {
	t.Parallel()
	c := traps["what_cannot_be_a_no_op"]
	opts := Options{
		Planner: &fakePlanner{types: map[string]fakeType{c.resource.Type: c.typ}}, DefaultRoot: "infra",
		Roots: []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
	}
	items := []Item{{c.resource, drift.Object{Value: object(c.typ.schema, c.object)}}}
	first := generate(t, items, opts)
	opts.Checkout = fstest.MapFS{first.Files[0].Path: {Data: first.Files[0].Content}}
	if again := generate(t, items, opts); len(again.Files) != 0 || again.Unmanaged[0].Verified {
		t.Errorf("the same comment is written again: %v", again.Files)
	}
	c.typ.reword = nil
	opts.Planner = &fakePlanner{types: map[string]fakeType{c.resource.Type: c.typ}}
	second := generate(t, items, opts)
	if len(second.Files) != 1 || !strings.Contains(string(second.Files[0].Content), "\nresource \"aws_ecr_repository\" \"app\"") {
		t.Errorf("now verified, but not written: %v", second.Files)
	}
}

func TestComposedNames(t *testing.T) {
	t.Parallel()
	schema := flat(map[string]*tfjson.SchemaAttribute{"name": allowed(cty.String), "port": allowed(cty.Number), "protocol": allowed(cty.String)})
	for _, c := range []struct{ typ, id, object, want string }{
		{"aws_lb_listener", "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/web/5/9", `{"port":443}`, "web_443"},
		{"aws_sns_topic_subscription", "arn:aws:sns:us-east-1:123456789012:alerts:8", `{"protocol":"sqs"}`, "alerts_sqs"},
		{"aws_route53_record", "Z1_www.example.org_A", `{"name":"www"}`, "www_example_org_a"},
		{"aws_iam_role_policy", "AppRole:inline", `{"name":"inline"}`, "app_role_inline"},
		{"aws_lambda_permission", "resize/sns", `{}`, "resize_sns"},
		{"aws_lb", "arn:aws:x", `{"name":"Web"}`, "web"},
	} {
		b := &block{Item: Item{drift.Resource{Type: c.typ, ImportID: c.id}, drift.Object{Value: object(schema, c.object)}}}
		if got := b.identifier(); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.typ, c.id, got, c.want)
		}
	}
}

func TestMovedByAPerson(t *testing.T) {
	t.Parallel()
	types, items := estate()
	opts := estateOptions(types)
	opts.Checkout = fstest.MapFS{"live/net/network.tf": {Data: []byte(`
import {
  to = aws_vpc.renamed
  id = "vpc-new"
}
resource "aws_vpc" "renamed" {}
`)}}
	result := generate(t, items[:1], opts)
	if len(result.Files) != 0 || result.Unmanaged[0].SuggestedAddress != "aws_vpc.renamed" || result.Unmanaged[0].File != "live/net/network.tf" {
		t.Errorf("files %v, unmanaged %+v", result.Files, result.Unmanaged[0])
	}
}

func TestDefaultTags(t *testing.T) {
	t.Parallel()
	schema := flat(map[string]*tfjson.SchemaAttribute{
		"name": needed(cty.String), "tags": allowed(cty.Map(cty.String)), "tags_all": either(cty.Map(cty.String)),
	})
	item := func(id, tags string) Item {
		return Item{resource("aws_iam_role", id, id), drift.Object{Value: object(schema, `{"name":"`+id+`","tags":`+tags+`}`)}}
	}
	framework := flat(map[string]*tfjson.SchemaAttribute{
		"name": needed(cty.String), "tags": allowed(cty.Map(cty.String)), "tags_all": readOnly(cty.Map(cty.String)),
	})
	opts := Options{
		Planner: &fakePlanner{types: map[string]fakeType{"aws_iam_role": {schema: schema}, "aws_pipes_pipe": {schema: framework}}},
		Roots: []drift.RootModule{{Dir: ".", Providers: []drift.ProviderConfig{{
			LocalName: "aws", Source: drift.AWS, Region: "us-east-1", DefaultTags: map[string]string{"Env": "prod"},
		}}}},
	}
	pipe := Item{resource("aws_pipes_pipe", "d", "d"), drift.Object{Value: object(framework, `{"name":"d"}`)}}
	result := generate(t, []Item{item("a", `{"Env":"prod","Team":"x"}`), item("b", `{"Team":"x"}`), item("c", `{"Env":"prod"}`), pipe}, opts)
	golden(t, "default_tags", result.Files)
	for i, verified := range []bool{true, true, true, false} {
		if result.Unmanaged[i].Verified != verified {
			t.Errorf("%s: verified = %t, %v", result.Unmanaged[i].ImportID, result.Unmanaged[i].Verified, result.Unmanaged[i].Differences)
		}
	}
}

func TestReferencesInDocuments(t *testing.T) {
	t.Parallel()
	bucket := flat(map[string]*tfjson.SchemaAttribute{"bucket": needed(cty.String), "arn": readOnly(cty.String), "id": either(cty.String)})
	policy := flat(map[string]*tfjson.SchemaAttribute{"bucket": needed(cty.String), "policy": needed(cty.String)})
	result := generate(t, []Item{
		{resource("aws_s3_bucket", "data", "data"), drift.Object{Value: object(bucket, `{"bucket":"data","id":"data","arn":"arn:aws:s3:::data"}`)}},
		{resource("aws_s3_bucket_policy", "data", "data"), drift.Object{Value: object(policy,
			`{"bucket":"data","policy":"{\"Statement\":[{\"Resource\":[\"arn:aws:s3:::data\",\"arn:aws:s3:::data/*\",\"arn:aws:s3:::data2/*\"],\"Sid\":\"arn:aws:s3:::data\"}]}"}`)}},
	}, Options{
		Planner: &fakePlanner{types: map[string]fakeType{"aws_s3_bucket": {schema: bucket}, "aws_s3_bucket_policy": {schema: policy}}},
		Roots:   []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
	})
	golden(t, "references_in_documents", result.Files)
}

func TestOtherAccounts(t *testing.T) {
	t.Parallel()
	schema := flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String)})
	item := func(id, account, region string) Item {
		r := resource("aws_iam_role", id, id)
		r.Account, r.Region = account, region
		return Item{r, drift.Object{Value: object(schema, `{"name":"`+id+`"}`)}}
	}
	home := drift.Managed{Resource: resource("aws_vpc", "vpc-1", ""), RootModule: "live"}
	result := generate(t, []Item{
		item("a", "111111111111", drift.Global), item("b", "111111111111", drift.Global), item("c", "222222222222", drift.Global),
		item("d", "222222222222", "eu-west-1"), item("e", home.Account, drift.Global),
	}, Options{
		Planner: &fakePlanner{types: map[string]fakeType{"aws_iam_role": {schema: schema}}}, HomeRegion: "us-east-1",
		Roots:   []drift.RootModule{{Dir: "live", Required: map[string]string{drift.AWS: ""}}},
		Managed: []drift.Managed{home},
	})
	golden(t, "accounts", result.Files)
}

func TestIdentifier(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typ, id, name, want string }{
		{"aws_vpc", "vpc-1", "Main VPC", "main_vpc"},
		{"aws_vpc", "vpc-1", "", "vpc_1"},
		{"aws_iam_role", "MyRole", "MyRole", "my_role"},
		{"aws_subnet", "subnet-1", "10.0.1.0/24", "subnet_10_0_1_0_24"},
		{"aws_iam_role_policy_attachment", "web/arn:aws:iam::aws:policy/ReadOnly", "", "web_policy_read_only"},
		{"aws_ssm_parameter", "/db/password", "/db/password", "db_password"},
		{"aws_vpc", "vpc-1", "日本", "vpc_1"},
		{"aws_vpc", "日本", "日本", "vpc"},
	} {
		if got := identifier(drift.Resource{Type: c.typ, ImportID: c.id, Name: c.name}); got != c.want {
			t.Errorf("%s %s %q: %s, want %s", c.typ, c.id, c.name, got, c.want)
		}
	}
}

func TestService(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]string{
		"aws_vpc": "vpc", "aws_vpc_endpoint": "vpc", "aws_vpclattice_service": "vpclattice", "aws_route": "vpc", "aws_route_table": "vpc",
		"aws_route53_zone": "route53", "aws_instance": "ec2", "aws_lb_listener": "elb", "aws_db_instance": "rds", "aws_s3_bucket": "s3",
		"aws_cloudwatch_event_rule": "events", "aws_cloudwatch_metric_alarm": "cloudwatch", "aws_apigatewayv2_api": "apigateway",
		"random_id": "id",
	} {
		if got := service(typ); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
}

// TestRegionArgument: from version 6 of the AWS provider on, what is in another region than its root module says so by
// itself, and is imported from there; before, and in a root module that is locked to a version before, by an alias.
func TestRegionArgument(t *testing.T) {
	t.Parallel()
	home, other := "123456789012", "222222222222"
	for _, c := range []struct {
		golden, running, dir string
		locked               map[string]string
	}{
		{"region_argument", "6.4.0", "live", nil},
		{"region_argument", "6.4.0", "live", map[string]string{drift.AWS: "6.1.0"}},
		{"region_argument_in_a_new_root_module", "6.4.0", "new", nil},
		{"region_alias", "5.100.0", "live", nil},
		{"region_alias_where_a_lock_file_says_so", "6.4.0", "live", map[string]string{drift.AWS: "5.100.0"}},
		{"region_alias_where_a_lock_file_says_so", "6.4.0", "live", map[string]string{"registry.opentofu.org/hashicorp/aws": "5.100.0"}},
		{"region_alias_in_a_new_root_module", "5.100.0", "new", nil},
	} {
		role := flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String)})
		subnet := flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "vpc_id": allowed(cty.String)})
		regional := c.running != "5.100.0"
		if regional {
			subnet.Attributes["region"] = either(cty.String)
		}
		var items []Item
		add := func(name, account, region, vpc string) {
			attrs := map[string]cty.Value{"name": cty.StringVal(name), "vpc_id": cty.StringVal(vpc)}
			if regional {
				attrs["region"] = cty.StringVal(region)
			}
			r := resource("aws_subnet", name, name)
			r.Account, r.Region = account, region
			items = append(items, Item{r, drift.Object{Value: cty.ObjectVal(attrs)}})
		}
		add("near", home, "us-east-1", "vpc-0")
		add("far", home, "ap-south-1", "vpc-0")
		add("aliased", home, "us-west-2", "vpc-0")
		add("theirs", other, "us-east-1", "vpc-0")
		add("theirs_far", other, "eu-west-1", "vpc-0")
		add("related", home, "eu-west-1", "vpc-1") // its VPC is in live, which is configured for us-east-1
		global := resource("aws_iam_role", "global", "global")
		global.Region = drift.Global
		items = append(items, Item{global, drift.Object{Value: object(role, `{"name":"global"}`)}})

		vpc := drift.Managed{Resource: resource("aws_vpc", "vpc-1", ""), RootModule: "live", Address: drift.Address{Type: "aws_vpc", Name: "main"}}
		vpc.Region = "eu-west-1"
		opts := Options{
			Planner:    &fakePlanner{types: map[string]fakeType{"aws_subnet": {schema: subnet}, "aws_iam_role": {schema: role}}},
			HomeRegion: "us-east-1", DefaultRoot: "new", Versions: map[string]string{drift.AWS: c.running}, Managed: []drift.Managed{vpc},
			Roots: []drift.RootModule{{Dir: "live", Locked: c.locked, Providers: []drift.ProviderConfig{
				{LocalName: "aws", Source: drift.AWS, Region: "us-east-1", Account: home},
				{LocalName: "aws", Source: drift.AWS, Region: "us-west-2", Account: home, Alias: "west"},
			}}},
		}
		for _, region := range []string{"us-east-1", "ap-south-1", "us-west-2"} {
			opts.Placement = append(opts.Placement, PlacementRule{Region: region, Dir: c.dir})
		}
		result := generate(t, items, opts)
		for _, u := range result.Unmanaged {
			if !u.Verified {
				t.Errorf("%s is not verified: %v", u.SuggestedAddress, u.Differences)
			}
		}
		golden(t, c.golden, result.Files)

		checkout := fstest.MapFS{}
		for _, f := range result.Files {
			checkout[f.Path] = &fstest.MapFile{Data: f.Content}
		}
		opts.Checkout = checkout
		if again := generate(t, items, opts); len(again.Files) > 0 {
			t.Errorf("%s: written again: %s", c.golden, again.Files[0].Content)
		}
	}
}
