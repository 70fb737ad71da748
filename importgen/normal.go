package importgen

import (
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// normal is a value as Terraform takes it from a provider on the legacy SDK, which may answer null for a collection of
// nested blocks: there is no such thing in a configuration, so it counts as empty. Terraform does the same to what it
// reads and to what is planned, and a provider plans differently when it is handed a null back.
func normal(schema *tfjson.SchemaBlock, v cty.Value) cty.Value {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() {
		return v
	}
	attrs := v.AsValueMap()
	for name, nested := range schema.NestedBlocks {
		if blocks, ok := attrs[name]; ok {
			attrs[name] = normalBlocks(nested, blocks)
		}
	}
	return cty.ObjectVal(attrs)
}

func normalBlocks(nested *tfjson.SchemaBlockType, v cty.Value) cty.Value {
	ty := v.Type()
	switch {
	case !v.IsKnown():
		return v
	case ty.IsObjectType() && nested.NestingMode != tfjson.SchemaNestingModeMap:
		return normal(nested.Block, v)
	case v.IsNull() && ty.IsListType():
		return cty.ListValEmpty(ty.ElementType())
	case v.IsNull() && ty.IsSetType():
		return cty.SetValEmpty(ty.ElementType())
	case v.IsNull() && ty.IsMapType():
		return cty.MapValEmpty(ty.ElementType())
	case v.IsNull() || v.LengthInt() == 0:
		return v
	}
	block := func(v cty.Value) cty.Value { return normal(nested.Block, v) }
	switch {
	case ty.IsListType():
		return cty.ListVal(mapSlice(v.AsValueSlice(), block))
	case ty.IsSetType():
		return cty.SetVal(mapSlice(v.AsValueSlice(), block))
	case ty.IsTupleType():
		return cty.TupleVal(mapSlice(v.AsValueSlice(), block))
	}
	members := v.AsValueMap() // a map, or an object in its place
	for key, member := range members {
		members[key] = block(member)
	}
	if ty.IsMapType() {
		return cty.MapVal(members)
	}
	return cty.ObjectVal(members)
}
