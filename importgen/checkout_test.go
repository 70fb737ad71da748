package importgen

import (
	"testing"
	"testing/fstest"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestJSONConfiguration: blocks in .tf.json and .tofu files count like those in .tf files.
func TestJSONConfiguration(t *testing.T) {
	t.Parallel()
	schema := flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String)})
	queue := func(id, name, region string) Item {
		r := resource("aws_sqs_queue", id, name)
		r.Region = region
		return Item{r, drift.Object{Value: object(schema, `{"name":"`+name+`"}`)}}
	}
	result := generate(t, []Item{
		queue("https://sqs/jobs", "jobs", "us-east-1"), queue("https://sqs/mail", "mail", "us-east-1"),
		queue("https://sqs/keyed", "keyed", "us-east-1"), queue("https://sqs/new", "new", "us-east-1"), queue("https://sqs/west", "west", "us-west-2"),
	}, Options{
		Planner: &fakePlanner{types: map[string]fakeType{"aws_sqs_queue": {schema: schema}}}, DefaultRoot: "infra", HomeRegion: "us-east-1",
		Checkout: fstest.MapFS{
			"infra/main.tf.json": {Data: []byte(`{
				"provider": {"aws": [{"region": "us-east-1"}, {"alias": "us_west_2", "region": "us-west-2"}]},
				"import": [
					{"to": "aws_sqs_queue.by_hand", "id": "https://sqs/jobs"},
					{"to": "aws_sqs_queue.many[\"a\"]", "id": "https://sqs/keyed"},
					{"to": "aws_sqs_queue.there", "id": "https://sqs/west"}
				],
				"resource": {"aws_sqs_queue": {
					"by_hand": {"name": "jobs"}, "new": {"name": "other"}, "many": {"for_each": "${toset([\"a\"])}", "name": "keyed"},
					"there": {"name": "west", "provider": "aws.us_west_2"}
				}}
			}`)},
			"infra/more.tofu": {Data: []byte("import {\n  to = aws_sqs_queue.mail\n  id = \"https://sqs/mail\"\n}\nresource \"aws_sqs_queue\" \"mail\" {\n  name = \"mail\"\n}\n")},
		},
		Roots: []drift.RootModule{{
			Dir: "infra", Required: map[string]string{drift.AWS: ""},
			Providers: []drift.ProviderConfig{
				{LocalName: "aws", Source: drift.AWS, Region: "us-east-1"}, {LocalName: "aws", Source: drift.AWS, Alias: "us_west_2", Region: "us-west-2"},
			},
		}},
	})
	got := map[string]string{}
	for _, u := range result.Unmanaged {
		got[u.ImportID] = u.SuggestedAddress + " in " + u.File
	}
	for id, want := range map[string]string{
		"https://sqs/jobs": "aws_sqs_queue.by_hand in infra/main.tf.json", "https://sqs/keyed": `aws_sqs_queue.many["a"] in infra/main.tf.json`,
		"https://sqs/mail": "aws_sqs_queue.mail in infra/more.tofu", "https://sqs/west": "aws_sqs_queue.there in infra/main.tf.json",
	} {
		if got[id] != want {
			t.Errorf("%s: %s, want %s", id, got[id], want)
		}
	}
	if address := got["https://sqs/new"]; address == "aws_sqs_queue.new in infra/driftline_sqs.tf" || len(result.Files) != 1 {
		t.Errorf("%s, and %d files", address, len(result.Files))
	}
}
