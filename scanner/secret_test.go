package scanner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/scanner"
)

// TestSecretChanges shows which paths the judge is asked about: by the keys and names that people chose.
func TestSecretChanges(t *testing.T) {
	t.Parallel()
	text := &tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true}
	pair := &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{"name": text, "value": text}}
	schema := &tfjson.SchemaBlock{
		Attributes: map[string]*tfjson.SchemaAttribute{
			"variables": {AttributeType: cty.Map(cty.String), Optional: true}, "command": {AttributeType: cty.List(cty.String), Optional: true},
		},
		NestedBlocks: map[string]*tfjson.SchemaBlockType{
			"env": {NestingMode: tfjson.SchemaNestingModeList, Block: pair}, "set": {NestingMode: tfjson.SchemaNestingModeSet, Block: pair},
		},
	}
	pairs := func(name, value string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal(name), "value": cty.StringVal(value)})
	}
	object := func(token, level, command string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{
			"variables": cty.MapVal(map[string]cty.Value{"TOKEN": cty.StringVal(token), "LEVEL": cty.StringVal(level)}),
			"command":   cty.ListVal([]cty.Value{cty.StringVal("run"), cty.StringVal(command)}),
			"env":       cty.ListVal([]cty.Value{pairs("LEVEL", level), pairs("TOKEN", token)}),
			"set":       cty.SetVal([]cty.Value{pairs("TOKEN", token)}),
		})
	}
	judge := func(path, value string) bool { return strings.HasSuffix(path, `["TOKEN"]`) || value == "leak" }
	got := map[string]bool{}
	for _, c := range scanner.Changes(schema, object("a", "info", "leak"), object("b", "debug", "fine"), nil, judge) {
		got[c.Path] = c.Sensitive
		if c.Sensitive && string(c.Before)+string(c.After) != "nullnull" {
			t.Errorf("%s shows %s and %s", c.Path, c.Before, c.After)
		}
	}
	want := map[string]bool{
		`variables["TOKEN"]`: true, `variables["LEVEL"]`: false, "command[1]": true, "env[0].value": false, "env[1].value": true, "set": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
