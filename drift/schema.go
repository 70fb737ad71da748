package drift

import (
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// ImpliedType is the type that a value of the block has: an object with every attribute and every nested block.
// The rules are those of Terraform's own schemas, which both protocols rely on when they encode values:
// single and group nesting give an object, list, set and map nesting a collection of it. A list or map of blocks in
// which some attribute has no fixed type cannot be a collection, since its elements may differ; its type is then
// cty.DynamicPseudoType (a tuple or an object in the value). Optional attributes are not marked as such, and a nil
// block is the empty object.
func ImpliedType(block *tfjson.SchemaBlock) cty.Type {
	if block == nil {
		return cty.EmptyObject
	}
	types := attributeTypes(block.Attributes)
	for name, nested := range block.NestedBlocks {
		types[name] = nestedBlockType(nested)
	}
	return cty.Object(types)
}

// AttributeType is the type of one attribute, whichever way its schema is written (a type, or nested attributes).
// Optional attributes of object types are not marked as such.
func AttributeType(attribute *tfjson.SchemaAttribute) cty.Type {
	switch {
	case attribute == nil:
		return cty.DynamicPseudoType
	case attribute.AttributeNestedType != nil:
		nested := attribute.AttributeNestedType
		return collectionOf(nested.NestingMode, cty.Object(attributeTypes(nested.Attributes)))
	case attribute.AttributeType == cty.NilType:
		return cty.DynamicPseudoType
	default:
		return attribute.AttributeType.WithoutOptionalAttributesDeep()
	}
}

func attributeTypes(attributes map[string]*tfjson.SchemaAttribute) map[string]cty.Type {
	types := make(map[string]cty.Type, len(attributes))
	for name, attribute := range attributes {
		types[name] = AttributeType(attribute)
	}
	return types
}

func nestedBlockType(nested *tfjson.SchemaBlockType) cty.Type {
	element := ImpliedType(nested.Block)
	switch nested.NestingMode {
	case tfjson.SchemaNestingModeList, tfjson.SchemaNestingModeMap:
		if element.HasDynamicTypes() {
			return cty.DynamicPseudoType
		}
	}
	return collectionOf(nested.NestingMode, element)
}

func collectionOf(mode tfjson.SchemaNestingMode, element cty.Type) cty.Type {
	switch mode {
	case tfjson.SchemaNestingModeList:
		return cty.List(element)
	case tfjson.SchemaNestingModeSet:
		return cty.Set(element)
	case tfjson.SchemaNestingModeMap:
		return cty.Map(element)
	default: // single and group
		return element
	}
}
