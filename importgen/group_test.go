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
