package replay

import (
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestSecretsOfNoSchema holds that nothing the judge calls a credential is recorded, in any of the forms in which the
// same attributes come by.
func TestSecretsOfNoSchema(t *testing.T) {
	t.Parallel()
	judge := func(path, value string) bool {
		return strings.HasPrefix(value, "leak") && (strings.HasSuffix(path, `["TOKEN"]`) || path == "name")
	}
	s := newScrubber(judge)
	text := &tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true}
	block := &tfjson.SchemaBlock{
		Attributes: map[string]*tfjson.SchemaAttribute{"variables": {AttributeType: cty.Map(cty.String), Optional: true}, "plain": text},
		NestedBlocks: map[string]*tfjson.SchemaBlockType{"env": {NestingMode: tfjson.SchemaNestingModeList, Block: &tfjson.SchemaBlock{
			Attributes: map[string]*tfjson.SchemaAttribute{"name": text, "value": text},
		}}},
	}
	raw := json.RawMessage(`{"plain":"leak that is none","variables":{"TOKEN":"leak-1","LEVEL":"leak"},"env":[{"name":"TOKEN","value":"leak-2"},{"name":"LEVEL","value":"leak"}]}`)
	value := cty.ObjectVal(map[string]cty.Value{
		"plain":     cty.StringVal("leak that is none"),
		"variables": cty.MapVal(map[string]cty.Value{"TOKEN": cty.StringVal("leak-1"), "LEVEL": cty.StringVal("leak")}),
		"env": cty.ListVal([]cty.Value{
			cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("TOKEN"), "value": cty.StringVal("leak-2")}),
			cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("LEVEL"), "value": cty.StringVal("leak")}),
		}),
	})
	scrubbed := s.value(block, value, nil)
	fromValue, err := ctyjson.Marshal(scrubbed, scrubbed.Type())
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{"state": string(s.attributes(block, raw, nil)), "value": string(fromValue)} {
		if strings.Contains(got, "leak-") {
			t.Errorf("%s holds a credential: %s", name, got)
		}
		if strings.Count(got, `"leak"`) != 2 || !strings.Contains(got, "leak that is none") || strings.Count(got, scrubbedPrefix) != 2 {
			t.Errorf("%s lost something else: %s", name, got)
		}
	}
	r := s.resource(drift.Resource{Name: "leak-3", Tags: map[string]string{"TOKEN": "leak-4", "LEVEL": "leak"}})
	if strings.Contains(r.Name+r.Tags["TOKEN"], "leak-") || r.Tags["LEVEL"] != "leak" {
		t.Errorf("%+v", r)
	}
	facts := s.facts(map[string]string{"parent_tag:TOKEN": "leak-5", "parent_tag:LEVEL": "leak", "TOKEN": "vpc-1"})
	if strings.Contains(facts["parent_tag:TOKEN"], "leak-") || facts["parent_tag:LEVEL"] != "leak" || facts["TOKEN"] != "vpc-1" {
		t.Errorf("%+v", facts)
	}
}
