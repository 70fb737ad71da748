package importgen

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// alikeItems are queues of which four are alike, a topic, and three buckets with a policy each.
func alikeItems() ([]Item, Options) {
	queue := flat(map[string]*tfjson.SchemaAttribute{
		"name": needed(cty.String), "delay_seconds": allowed(cty.Number), "retention": allowed(cty.Number), "dlq_arn": allowed(cty.String),
		"tags": allowed(cty.Map(cty.String)), "arn": readOnly(cty.String),
	})
	bucket := flat(map[string]*tfjson.SchemaAttribute{"bucket": either(cty.String), "id": either(cty.String), "arn": readOnly(cty.String)})
	policy := flat(map[string]*tfjson.SchemaAttribute{"bucket": needed(cty.String), "policy": needed(cty.String)})
	item := func(typ, id string, schema *tfjson.SchemaBlock, text string) Item {
		return Item{resource(typ, id, ""), drift.Object{Value: object(schema, text)}}
	}
	var items []Item
	for name, rest := range map[string]string{
		"shop-orders": `"delay_seconds":5,"tags":{"Name":"shop-orders","Team":"shop"}`, "shop-bills": `"tags":{"Name":"shop-bills","Team":"shop"}`,
		"shop-${x}": `"retention":60,"tags":{"Name":"shop-${x}","Team":"shop"}`, "shop-mails": `"tags":{"Name":"shop-mails","Team":"shop"}`,
	} {
		items = append(items, item("aws_sqs_queue", "https://sqs/"+name, queue, `{"name":"`+name+`","arn":"arn:aws:sqs:::`+name+`",`+rest+`}`))
	}
	for _, name := range []string{"logs-a", "logs-b", "logs-c"} {
		items = append(items,
			item("aws_s3_bucket", name, bucket, `{"bucket":"`+name+`","id":"`+name+`","arn":"arn:aws:s3:::`+name+`"}`),
			item("aws_s3_bucket_policy", name, policy,
				`{"bucket":"`+name+`","policy":"{\"Statement\":[{\"Resource\":\"arn:aws:s3:::`+name+`/*\",\"Sid\":\"tls\"}]}"}`))
	}
	items = append(items, item("aws_sqs_queue", "https://sqs/alone", queue, `{"name":"alone"}`))
	return items, Options{
		Planner: &fakePlanner{types: map[string]fakeType{
			"aws_sqs_queue": {schema: queue}, "aws_s3_bucket": {schema: bucket}, "aws_s3_bucket_policy": {schema: policy},
		}},
		Group: true, DefaultRoot: "infra", Running: "1.11.4",
		Roots: []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	items, opts := alikeItems()
	result := generate(t, items, opts)
	golden(t, "group", result.Files)

	addresses := map[string]string{}
	for _, u := range result.Unmanaged {
		addresses[u.ImportID] = u.SuggestedAddress
	}
	for id, want := range map[string]string{
		"https://sqs/shop-orders": `aws_sqs_queue.shop["shop-orders"]`, "https://sqs/shop-${x}": `aws_sqs_queue.shop["shop-$${x}"]`,
		"https://sqs/alone": "aws_sqs_queue.alone",
	} {
		if addresses[id] != want {
			t.Errorf("%s: %s, want %s", id, addresses[id], want)
		}
	}

	// What stands in the checkout, merged and not yet applied, is not written again.
	merged := fstest.MapFS{}
	for _, f := range result.Files {
		merged[f.Path] = &fstest.MapFile{Data: f.Content}
	}
	items, opts = alikeItems()
	opts.Checkout = merged
	again := generate(t, items, opts)
	if len(again.Files) > 0 {
		t.Errorf("written again: %s", again.Files[0].Content)
	}
	for _, u := range again.Unmanaged {
		if u.SuggestedAddress != addresses[u.ImportID] && u.Type == "aws_sqs_queue" {
			t.Errorf("%s: %s, was %s", u.ImportID, u.SuggestedAddress, addresses[u.ImportID])
		}
	}
}

func TestGroupBeforeImportForEach(t *testing.T) {
	t.Parallel()
	items, opts := alikeItems()
	opts.Running = "1.6.2"
	golden(t, "group_before_import_for_each", generate(t, items[:4], opts).Files)
	opts.Running = "1.4.0"
	golden(t, "group_before_import_blocks", generate(t, items[:4], opts).Files)
}

// TestGroupMembers evaluates a group's block for each of its members and requires the arguments that the provider planned.
func TestGroupMembers(t *testing.T) {
	t.Parallel()
	items, opts := alikeItems()
	want := map[string]map[string]cty.Value{}
	for _, item := range items[:4] {
		want[item.Object.Value.GetAttr("name").AsString()] = item.Object.Value.AsValueMap()
	}
	var code []byte
	for _, f := range generate(t, items[:4], opts).Files {
		code = append(code, f.Content...)
	}
	file, diags := hclsyntax.ParseConfig(code, "group.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var over cty.Value
	var body *hclsyntax.Body
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		switch b.Type {
		case "locals":
			for _, attr := range b.Body.Attributes {
				over, diags = attr.Expr.Value(nil)
			}
		case "resource":
			body = b.Body
		}
	}
	if diags.HasErrors() || over.LengthInt() != 4 {
		t.Fatalf("%v %#v\n%s", diags, over, code)
	}
	for it := over.ElementIterator(); it.Next(); {
		key, value := it.Element()
		eval := &hcl.EvalContext{Variables: map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})}}
		for name, attr := range body.Attributes {
			if name == "for_each" {
				continue
			}
			got, diags := attr.Expr.Value(eval)
			planned := want[key.AsString()][name]
			if diags.HasErrors() || !(got.IsNull() && planned.IsNull()) && !got.IsNull() && got.Type().IsPrimitiveType() && !got.RawEquals(planned) {
				t.Errorf("%s of %s: %v %#v, want %#v", name, key.AsString(), diags, got, planned)
			}
			if got.Type().IsObjectType() && !got.RawEquals(cty.ObjectVal(planned.AsValueMap())) {
				t.Errorf("%s of %s: %#v, want %#v", name, key.AsString(), got, planned)
			}
		}
	}
}

// TestGroupIsStable: the order of a listing decides nothing.
func TestGroupIsStable(t *testing.T) {
	t.Parallel()
	items, opts := alikeItems()
	first := generate(t, items, opts)
	for range 5 {
		items, opts := alikeItems() // from a map, in another order each time
		for i, f := range generate(t, items, opts).Files {
			if string(f.Content) != string(first.Files[i].Content) {
				t.Fatalf("differs:\n%s\nfrom\n%s", f.Content, first.Files[i].Content)
			}
		}
	}
	if !strings.Contains(string(first.Files[0].Content), "for_each") {
		t.Error("nothing is grouped")
	}
}

// TestGroupCarries: secrets become one variable for all members, a map; a policy that all of them have is one data source.
// Who has another one, or differs in what is secret, stands alone.
func TestGroupCarries(t *testing.T) {
	t.Parallel()
	parameter := flat(map[string]*tfjson.SchemaAttribute{
		"name": needed(cty.String), "type": needed(cty.String), "value": sensitive(either(cty.String)), "description": allowed(cty.String),
	})
	function := &tfjson.SchemaBlock{
		Attributes: map[string]*tfjson.SchemaAttribute{"function_name": needed(cty.String), "memory_size": allowed(cty.Number)},
		NestedBlocks: map[string]*tfjson.SchemaBlockType{
			"environment": listOf(flat(map[string]*tfjson.SchemaAttribute{"variables": allowed(cty.Map(cty.String))})),
		},
	}
	role := flat(map[string]*tfjson.SchemaAttribute{
		"name": needed(cty.String), "assume_role_policy": needed(cty.String), "description": allowed(cty.String), "arn": readOnly(cty.String),
	})
	var items []Item
	add := func(typ, id string, schema *tfjson.SchemaBlock, text string) {
		items = append(items, Item{resource(typ, id, id), drift.Object{Value: object(schema, text)}})
	}
	for _, name := range []string{"a", "b", "c"} {
		add("aws_ssm_parameter", "/db/"+name, parameter,
			`{"name":"/db/`+name+`","type":"SecureString","value":"planted-`+name+`","description":"of `+name+`"}`)
		add("aws_iam_role", "worker-"+name, role, `{"name":"worker-`+name+`","arn":"arn:`+name+`","description":"`+name+`",
			"assume_role_policy":"{\n  \"Statement\": {\n    \"Action\": \"sts:AssumeRole\",\n    \"Effect\": \"Allow\",\n    \"Principal\": {\n      \"Service\": \"ecs.amazonaws.com\"\n    }\n  },\n  \"Version\": \"2012-10-17\"\n}"}`)
		add("aws_iam_role", "human-"+name, role, `{"name":"human-`+name+`",
			"assume_role_policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"`+name+`\"}}]}"}`)
		add("aws_lambda_function", "job-"+name, function, `{"function_name":"job-`+name+`",
			"environment":[{"variables":{"LEVEL":"info","TOKEN":"planted-`+name+`"}}]}`)
	}
	add("aws_lambda_function", "job-d", function, `{"function_name":"job-d","environment":[{"variables":{"LEVEL":"planted-d","TOKEN":"x"}}]}`)
	result := generate(t, items, Options{
		Planner: &fakePlanner{types: map[string]fakeType{
			"aws_ssm_parameter": {schema: parameter}, "aws_lambda_function": {schema: function},
			"aws_iam_role": {schema: role, reword: byMeaning("assume_role_policy")},
		}},
		Group: true, PolicyStyle: PolicyData, Running: "1.11.4",
		Secret: func(_, value string) bool { return strings.HasPrefix(value, "planted-") },
		Roots:  []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
	})
	for _, f := range result.Files {
		if strings.Contains(string(f.Content), "planted") {
			t.Errorf("%s holds a secret:\n%s", f.Path, f.Content)
		}
	}
	golden(t, "group_carries", result.Files)
}

// TestGroupIsProven: what does not come back from code for a group as it was planned is written for each by itself.
func TestGroupIsProven(t *testing.T) {
	t.Parallel()
	schema := flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "content": allowed(cty.DynamicPseudoType)})
	for kind, c := range map[string]struct {
		content func(name string) cty.Value
		grouped bool
	}{
		"text":                      {cty.StringVal, true},
		"list, which becomes tuple": {func(name string) cty.Value { return cty.ListVal([]cty.Value{cty.StringVal(name)}) }, false},
	} {
		var items []Item
		for _, name := range []string{"log-a", "log-b", "log-c"} {
			items = append(items, Item{resource("aws_thing", name, name), drift.Object{Value: cty.ObjectVal(map[string]cty.Value{
				"name": cty.StringVal(name), "content": c.content("content of " + name),
			})}})
		}
		result := generate(t, items, Options{
			Planner: &fakePlanner{types: map[string]fakeType{"aws_thing": {schema: schema}}}, Group: true, Running: "1.11.4",
			Roots: []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
		})
		want := "aws_thing.log_b"
		if c.grouped {
			want = `aws_thing.log["log-b"]`
		}
		if got := result.Unmanaged[1].SuggestedAddress; got != want || !result.Unmanaged[1].Verified {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

// TestGroupHolds tampers with members after the group was made: its code no longer says what they are.
func TestGroupHolds(t *testing.T) {
	t.Parallel()
	schema := flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "size": allowed(cty.Number), "kind": allowed(cty.String), "vpc_id": allowed(cty.String)})
	members := func() []*block {
		var out []*block
		for i, name := range []string{"a", "b", "c"} {
			b := &block{Item: Item{Resource: resource("aws_thing", name, name)}, schema: schema, conf: newBody(), name: name}
			b.conf.attrs = map[string]cty.Value{
				"name": cty.StringVal(name), "size": cty.NumberIntVal(int64(i)), "kind": cty.StringVal("x"), "vpc_id": cty.StringVal("vpc-" + name),
			}
			b.conf.refer("vpc_id", refKey{"vpc_id", "vpc-" + name}, reference{to: `aws_vpc.main["` + name + `"].id`})
			out = append(out, b)
		}
		keys(out)
		return out
	}
	for what, tamper := range map[string]func(m []*block) []*block{
		"a key that another has": func(m []*block) []*block { m[1].key = "a"; return m },
		"a reference to another": func(m []*block) []*block {
			m[1].conf.refer("vpc_id", refKey{"vpc_id", "vpc-b"}, reference{to: `aws_vpc.main["a"].id`})
			return m
		},
		"a reference with an ending that the value has not": func(m []*block) []*block {
			m[2].conf.refer("vpc_id", refKey{"vpc_id", "vpc-c"}, reference{`aws_vpc.main["c"].id`, "/*"})
			return m
		},
	} {
		if g := (&group{members: tamper(members())}); g.holds() {
			t.Errorf("holds with %s", what)
		}
	}
	if g := (&group{members: members()}); !g.holds() {
		t.Error("does not hold as it is")
	}
}

// TestGroupIsFoundAgain: addresses are read back from the code as they were, whatever stands in a key.
func TestGroupIsFoundAgain(t *testing.T) {
	t.Parallel()
	schema := flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String)})
	var items []Item
	for _, name := range []string{"q [each.key]", "q [1]", `q ["a"]`} {
		items = append(items, Item{resource("aws_sqs_queue", name, ""), drift.Object{Value: cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal(name)})}})
	}
	for _, running := range []string{"1.4.0", "1.6.2", "1.11.4"} {
		opts := Options{
			Planner: &fakePlanner{types: map[string]fakeType{"aws_sqs_queue": {schema: schema}}}, Group: true, Running: running,
			Roots: []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
		}
		first := generate(t, items, opts)
		checkout := fstest.MapFS{}
		for _, f := range first.Files {
			checkout[f.Path] = &fstest.MapFile{Data: f.Content}
		}
		opts.Checkout = checkout
		again := generate(t, items, opts)
		for i, u := range again.Unmanaged {
			if was := first.Unmanaged[i].SuggestedAddress; u.SuggestedAddress != was || len(again.Files) > 0 {
				t.Errorf("%s: %s, was %s; written again: %v", running, u.SuggestedAddress, was, again.Files)
			}
		}
	}
}
