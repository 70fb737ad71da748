package provider

import (
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/seed-e90528ae/driftline/internal/untrusted"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// maxSchemaDepth bounds the nesting of blocks, attributes and types. Real schemas stay below 30 (WAF rules).
const maxSchemaDepth = 128

// decodeSchema turns a wire schema into the form of `terraform providers schema -json`.
func decodeSchema(wire []byte) (*tfjson.Schema, error) {
	var message tfplugin.Schema
	if err := proto.Unmarshal(wire, &message); err != nil {
		return nil, fmt.Errorf("decode schema: %w", err)
	}
	block, err := schemaBlock(message.GetBlock(), 0)
	if err != nil {
		return nil, err
	}
	return &tfjson.Schema{Version: unsigned(message.GetVersion()), Block: block}, nil
}

func schemaBlock(wire *tfplugin.Schema_Block, depth int) (*tfjson.SchemaBlock, error) {
	if depth > maxSchemaDepth {
		return nil, fmt.Errorf("schema is nested more than %d levels deep", maxSchemaDepth)
	}
	attributes, err := schemaAttributes(wire.GetAttributes(), depth)
	if err != nil {
		return nil, err
	}
	block := &tfjson.SchemaBlock{
		Attributes:      attributes,
		NestedBlocks:    make(map[string]*tfjson.SchemaBlockType, len(wire.GetBlockTypes())),
		Description:     wire.GetDescription(),
		DescriptionKind: descriptionKind(wire.GetDescriptionKind()),
		Deprecated:      wire.GetDeprecated(),
	}
	for _, nested := range wire.GetBlockTypes() {
		name := nested.GetTypeName()
		if _, taken := block.Attributes[name]; taken {
			return nil, fmt.Errorf("schema has %q both as attribute and as block", name)
		}
		inner, err := schemaBlock(nested.GetBlock(), depth+1)
		if err != nil {
			return nil, err
		}
		mode, err := nestingMode(nested.GetNesting())
		if err != nil {
			return nil, fmt.Errorf("block %q: %w", name, err)
		}
		block.NestedBlocks[name] = &tfjson.SchemaBlockType{
			NestingMode: mode,
			Block:       inner,
			MinItems:    unsigned(nested.GetMinItems()),
			MaxItems:    unsigned(nested.GetMaxItems()),
		}
	}
	return block, nil
}

func schemaAttributes(wire []*tfplugin.Schema_Attribute, depth int) (map[string]*tfjson.SchemaAttribute, error) {
	attributes := make(map[string]*tfjson.SchemaAttribute, len(wire))
	for _, w := range wire {
		attribute := &tfjson.SchemaAttribute{
			Description:     w.GetDescription(),
			DescriptionKind: descriptionKind(w.GetDescriptionKind()),
			Deprecated:      w.GetDeprecated(),
			Required:        w.GetRequired(),
			Optional:        w.GetOptional(),
			Computed:        w.GetComputed(),
			Sensitive:       w.GetSensitive(),
			WriteOnly:       w.GetWriteOnly() || writeOnlyOfVersion5(w),
		}
		var err error
		if w.GetNestedType() != nil {
			attribute.AttributeNestedType, err = nestedType(w.GetNestedType(), depth+1)
		} else {
			attribute.AttributeType, err = attributeType(w.GetType())
		}
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", w.GetName(), err)
		}
		attributes[w.GetName()] = attribute
	}
	return attributes, nil
}

// nestedAttributesField is the number of Attribute.nested_type in version 6, and of Attribute.write_only in version 5.
const nestedAttributesField = 10

func writeOnlyOfVersion5(attribute *tfplugin.Schema_Attribute) bool {
	unknown := attribute.ProtoReflect().GetUnknown()
	for len(unknown) > 0 {
		number, kind, n := protowire.ConsumeTag(unknown)
		if n < 0 {
			return false
		}
		unknown = unknown[n:]
		if number == nestedAttributesField && kind == protowire.VarintType {
			value, n := protowire.ConsumeVarint(unknown)
			return n > 0 && value != 0
		}
		if n = protowire.ConsumeFieldValue(number, kind, unknown); n < 0 {
			return false
		}
		unknown = unknown[n:]
	}
	return false
}

func nestedType(wire *tfplugin.Schema_Object, depth int) (*tfjson.SchemaNestedAttributeType, error) {
	if depth > maxSchemaDepth {
		return nil, fmt.Errorf("schema is nested more than %d levels deep", maxSchemaDepth)
	}
	attributes, err := schemaAttributes(wire.GetAttributes(), depth)
	if err != nil {
		return nil, err
	}
	mode, err := nestingMode(wire.GetNesting())
	if err != nil {
		return nil, err
	}
	return &tfjson.SchemaNestedAttributeType{
		Attributes:  attributes,
		NestingMode: mode,
		MinItems:    unsigned(wire.GetMinItems()),
		MaxItems:    unsigned(wire.GetMaxItems()),
	}, nil
}

func attributeType(wire []byte) (typ cty.Type, err error) {
	// go-cty panics on an object type whose optional attributes are not its own.
	defer func() {
		if recover() != nil {
			typ, err = cty.NilType, errors.New("its type is not one that Terraform knows")
		}
	}()
	if depth := untrusted.Depth(wire); depth > maxSchemaDepth {
		return cty.NilType, fmt.Errorf("its type is nested more than %d levels deep", maxSchemaDepth)
	}
	if err := typ.UnmarshalJSON(wire); err != nil {
		return cty.NilType, fmt.Errorf("its type is not one that Terraform knows: %w", err)
	}
	return typ, nil
}

func nestingMode(wire tfplugin.Schema_NestingMode) (tfjson.SchemaNestingMode, error) {
	switch wire {
	case tfplugin.Schema_SINGLE:
		return tfjson.SchemaNestingModeSingle, nil
	case tfplugin.Schema_GROUP:
		return tfjson.SchemaNestingModeGroup, nil
	case tfplugin.Schema_LIST:
		return tfjson.SchemaNestingModeList, nil
	case tfplugin.Schema_SET:
		return tfjson.SchemaNestingModeSet, nil
	case tfplugin.Schema_MAP:
		return tfjson.SchemaNestingModeMap, nil
	default:
		return "", fmt.Errorf("nesting mode %d is unknown", wire)
	}
}

func descriptionKind(wire tfplugin.StringKind) tfjson.SchemaDescriptionKind {
	if wire == tfplugin.StringKind_MARKDOWN {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}

func unsigned(n int64) uint64 { return uint64(max(n, 0)) }
