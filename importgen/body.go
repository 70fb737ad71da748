package importgen

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// body is the content of a block while it is being worked on: only what is to be written, so null attributes and
// absent blocks are simply not there. Values of the schema's implied type are made from it for the provider.
type body struct {
	label  string               // key in a map of blocks
	attrs  map[string]cty.Value // never null, but for a secret whose variable has no default
	blocks map[string][]*body   // in the order of the value
	secret map[string]*secret   // attributes that are written as a variable
	exprs  map[string]expr      // attributes that are written as something else than their literal
}

func newBody() *body {
	return &body{
		attrs: map[string]cty.Value{}, blocks: map[string][]*body{}, secret: map[string]*secret{}, exprs: map[string]expr{},
	}
}

func (b *body) clone() *body {
	c := &body{
		label: b.label, attrs: maps.Clone(b.attrs), blocks: map[string][]*body{},
		secret: maps.Clone(b.secret), exprs: maps.Clone(b.exprs),
	}
	for name, children := range b.blocks {
		for _, child := range children {
			c.blocks[name] = append(c.blocks[name], child.clone())
		}
	}
	return c
}

// value is the body as the provider is given it.
func (b *body) value(schema *tfjson.SchemaBlock) cty.Value {
	attrs := map[string]cty.Value{}
	for name, attr := range schema.Attributes {
		attrs[name] = cty.NullVal(drift.AttributeType(attr))
		if v, ok := b.attrs[name]; ok {
			attrs[name] = v
		}
	}
	for name, nested := range schema.NestedBlocks {
		attrs[name] = blocksValue(nested, b.blocks[name])
	}
	return cty.ObjectVal(attrs)
}

func blocksValue(nested *tfjson.SchemaBlockType, bodies []*body) cty.Value {
	element := drift.ImpliedType(nested.Block)
	values := make([]cty.Value, len(bodies))
	for i, child := range bodies {
		values[i] = child.value(nested.Block)
	}
	switch nested.NestingMode {
	case tfjson.SchemaNestingModeSet:
		if len(values) == 0 {
			return cty.SetValEmpty(element)
		}
		return cty.SetVal(values)
	case tfjson.SchemaNestingModeList:
		switch {
		case element.HasDynamicTypes():
			return cty.TupleVal(values)
		case len(values) == 0:
			return cty.ListValEmpty(element)
		}
		return cty.ListVal(values)
	case tfjson.SchemaNestingModeMap:
		labelled := map[string]cty.Value{}
		for i, child := range bodies {
			labelled[child.label] = values[i]
		}
		switch {
		case element.HasDynamicTypes():
			return cty.ObjectVal(labelled)
		case len(values) == 0:
			return cty.MapValEmpty(element)
		}
		return cty.MapVal(labelled)
	case tfjson.SchemaNestingModeGroup:
		if len(values) == 0 {
			return newBody().value(nested.Block)
		}
		return values[0]
	default:
		if len(values) == 0 {
			return cty.NullVal(element)
		}
		return values[0]
	}
}

// nestedValues are the objects of a block type within its parent's value, with their labels where it is a map.
// What is unknown or null has none.
func nestedValues(nested *tfjson.SchemaBlockType, v cty.Value) (values []cty.Value, labels []string) {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() {
		return nil, nil
	}
	switch nested.NestingMode {
	case tfjson.SchemaNestingModeSingle, tfjson.SchemaNestingModeGroup:
		return []cty.Value{v}, []string{""}
	}
	for it := v.ElementIterator(); it.Next(); {
		key, element := it.Element()
		label := ""
		if nested.NestingMode == tfjson.SchemaNestingModeMap {
			label = key.AsString()
		}
		values, labels = append(values, element), append(labels, label)
	}
	return values, labels
}

// member is an attribute of an object value that may be absent, null or unknown itself.
func member(v cty.Value, name string) cty.Value {
	if v == cty.NilVal || !v.Type().IsObjectType() || !v.Type().HasAttribute(name) {
		return cty.DynamicVal
	}
	if !v.IsKnown() {
		return cty.UnknownVal(v.Type().AttributeType(name))
	}
	if v.IsNull() {
		return cty.NullVal(v.Type().AttributeType(name))
	}
	return v.GetAttr(name)
}

// The places in a body are written with dots and without indices: "rule.expiration.days" is the attribute days of
// every expiration block of every rule.

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// dotted turns a provider's path into a place.
func dotted(path cty.Path) string {
	at := ""
	for _, step := range path {
		if s, ok := step.(cty.GetAttrStep); ok {
			at = join(at, s.Name)
		}
	}
	return at
}

// withoutIndices turns the ways in which providers write paths in prose (rule.0.expiration.0.days, rule[0].days)
// into a place.
func withoutIndices(s string) string {
	var parts []string
	for part := range strings.SplitSeq(s, ".") {
		part, _, _ = strings.Cut(part, "[")
		if _, err := strconv.Atoi(part); err == nil || part == "" || part == "#" || part == "*" {
			continue
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ".")
}

// at are the bodies that hold the last name of a place, with that name.
func (b *body) at(place string) (holders []*body, name string) {
	head, rest, nested := strings.Cut(place, ".")
	if !nested {
		return []*body{b}, place
	}
	for _, child := range b.blocks[head] {
		found, last := child.at(rest)
		holders, name = append(holders, found...), last
	}
	if name == "" {
		name = place[strings.LastIndexByte(place, '.')+1:]
	}
	return holders, name
}

func (b *body) has(place string) bool {
	holders, name := b.at(place)
	return slices.ContainsFunc(holders, func(h *body) bool {
		_, attr := h.attrs[name]
		return attr || len(h.blocks[name]) > 0
	})
}

// drop takes an attribute or block away, wherever the place is found, and reports whether there was one.
func (b *body) drop(place string) bool {
	if !b.has(place) {
		return false
	}
	holders, name := b.at(place)
	for _, h := range holders {
		delete(h.attrs, name)
		delete(h.blocks, name)
		delete(h.secret, name)
		delete(h.exprs, name)
	}
	return true
}

// restore copies what stands at a place in from, where both have the same shape above it.
func (b *body) restore(place string, from *body) bool {
	head, rest, nested := strings.Cut(place, ".")
	if !nested {
		changed := false
		if v, ok := from.attrs[head]; ok {
			if old, had := b.attrs[head]; !had || !old.RawEquals(v) {
				b.attrs[head] = v
				if s := from.secret[head]; s != nil {
					b.secret[head] = s
				}
				changed = true
			}
		}
		if children := from.clone().blocks[head]; len(children) > 0 && !sameBodies(b.blocks[head], children) {
			b.blocks[head] = children
			changed = true
		}
		return changed
	}
	if len(b.blocks[head]) != len(from.blocks[head]) {
		return b.restore(head, from)
	}
	changed := false
	for i, child := range b.blocks[head] {
		changed = child.restore(rest, from.blocks[head][i]) || changed
	}
	return changed
}

func sameBodies(a, b []*body) bool {
	return slices.EqualFunc(a, b, func(x, y *body) bool {
		return maps.EqualFunc(x.attrs, y.attrs, cty.Value.RawEquals) && maps.EqualFunc(x.blocks, y.blocks, sameBodies)
	})
}

// schemaAt is the schema of what stands at a place: an attribute or a block type, both nil when there is none.
func schemaAt(schema *tfjson.SchemaBlock, place string) (*tfjson.SchemaAttribute, *tfjson.SchemaBlockType) {
	head, rest, nested := strings.Cut(place, ".")
	if !nested {
		return schema.Attributes[head], schema.NestedBlocks[head]
	}
	if block := schema.NestedBlocks[head]; block != nil {
		return schemaAt(block.Block, rest)
	}
	return nil, nil
}
