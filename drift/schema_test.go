package drift

import (
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

func TestImpliedType(t *testing.T) {
	t.Parallel()
	element := cty.Object(map[string]cty.Type{"a": cty.String})
	attribute := func(typ cty.Type) map[string]*tfjson.SchemaAttribute {
		return map[string]*tfjson.SchemaAttribute{"a": {AttributeType: typ}}
	}
	nested := func(mode tfjson.SchemaNestingMode) *tfjson.SchemaBlock {
		return &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{
			"x": {AttributeNestedType: &tfjson.SchemaNestedAttributeType{NestingMode: mode, Attributes: attribute(cty.String)}},
		}}
	}
	block := func(mode tfjson.SchemaNestingMode, typ cty.Type) *tfjson.SchemaBlock {
		return &tfjson.SchemaBlock{NestedBlocks: map[string]*tfjson.SchemaBlockType{
			"x": {NestingMode: mode, Block: &tfjson.SchemaBlock{Attributes: attribute(typ)}},
		}}
	}
	for name, tc := range map[string]struct {
		block *tfjson.SchemaBlock
		want  cty.Type // of attribute x
	}{
		"single attribute": {nested(tfjson.SchemaNestingModeSingle), element},
		"list attribute":   {nested(tfjson.SchemaNestingModeList), cty.List(element)},
		"set attribute":    {nested(tfjson.SchemaNestingModeSet), cty.Set(element)},
		"map attribute":    {nested(tfjson.SchemaNestingModeMap), cty.Map(element)},
		"single block":     {block(tfjson.SchemaNestingModeSingle, cty.String), element},
		"group block":      {block(tfjson.SchemaNestingModeGroup, cty.String), element},
		"list block":       {block(tfjson.SchemaNestingModeList, cty.String), cty.List(element)},
		"set block":        {block(tfjson.SchemaNestingModeSet, cty.String), cty.Set(element)},
		"map block":        {block(tfjson.SchemaNestingModeMap, cty.String), cty.Map(element)},
		"dynamic list":     {block(tfjson.SchemaNestingModeList, cty.DynamicPseudoType), cty.DynamicPseudoType},
		"dynamic map":      {block(tfjson.SchemaNestingModeMap, cty.List(cty.DynamicPseudoType)), cty.DynamicPseudoType},
		"dynamic single": {block(tfjson.SchemaNestingModeSingle, cty.DynamicPseudoType),
			cty.Object(map[string]cty.Type{"a": cty.DynamicPseudoType})},
		"optional attributes": {&tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{
			"x": {AttributeType: cty.List(cty.ObjectWithOptionalAttrs(map[string]cty.Type{"a": cty.String}, []string{"a"}))},
		}}, cty.List(element)},
		"no type": {&tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{"x": {}}}, cty.DynamicPseudoType},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ImpliedType(tc.block).AttributeType("x"); !got.Equals(tc.want) {
				t.Errorf("got %#v, want %#v", got, tc.want)
			}
		})
	}
	if got := ImpliedType(nil); !got.Equals(cty.EmptyObject) {
		t.Errorf("nil block: got %#v", got)
	}
}
