package importgen

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// secret is a sensitive argument. Code has a variable in its place, whose changes are ignored, so that the plan needs
// no input: the value in the cloud stays as it is.
type secret struct {
	variable string
	typ      cty.Type
	elements map[string]string // of a map: key → variable, where only these are secret; nil where the whole is
	grouped  bool              // each variable is a map, by the keys of a group
}

// tokens is how a secret is written, or one element of it. The map of a group may have no value for a key.
func (s *secret) tokens(variable string, unset cty.Value) hclwrite.Tokens {
	if !s.grouped {
		return raw("var." + variable)
	}
	return hclwrite.TokensForFunctionCall("try", raw("var."+variable+"[each.key]"), hclwrite.TokensForValue(unset))
}

// stub is the default of a variable whose argument may not be null.
const stub = "set-me"

// hideSecrets replaces every sensitive value in full by null, to be written as a variable. An optional one that holds
// nothing is forgotten.
func hideSecrets(schema *tfjson.SchemaBlock, full *body) {
	for name, attr := range schema.Attributes {
		if !attr.Sensitive || attr.WriteOnly || !attr.Required && !attr.Optional {
			continue
		}
		v, read := full.attrs[name]
		if !attr.Required && (!read || empty(v)) {
			delete(full.attrs, name)
			continue
		}
		ty := drift.AttributeType(attr)
		full.attrs[name] = cty.NullVal(ty)
		full.secret[name] = &secret{typ: ty}
		if attr.Required && ty == cty.String {
			full.attrs[name] = cty.StringVal(stub)
		}
	}
	for name, nested := range schema.NestedBlocks {
		for _, child := range full.blocks[name] {
			hideSecrets(nested.Block, child)
		}
	}
}

// fillSecret gives a secret that the provider does not accept as null a value to be planned with, and makes a secret
// of a sensitive argument that was not read at all.
func (w *work) fillSecret(place string) bool {
	attr, _ := schemaAt(w.schema, place)
	if attr == nil || attr.WriteOnly {
		return false
	}
	value, ok := stubOf(drift.AttributeType(attr))
	holders, name := w.conf.at(place)
	filled := false
	for _, h := range holders {
		unread := attr.Sensitive && value.Type() == cty.String
		if v, set := h.attrs[name]; !ok || set && !v.IsNull() || h.secret[name] == nil && !unread {
			continue
		}
		h.attrs[name] = value
		if h.secret[name] == nil {
			h.secret[name] = &secret{typ: cty.String}
		}
		filled = true
	}
	return filled
}

// stubOf is what stands for a secret of a type in a plan; ok is false where nothing can.
func stubOf(ty cty.Type) (v cty.Value, ok bool) {
	text := cty.StringVal(stub)
	switch {
	case ty == cty.String:
		return text, true
	case ty.Equals(cty.List(cty.String)):
		return cty.ListVal([]cty.Value{text}), true
	case ty.Equals(cty.Set(cty.String)):
		return cty.SetVal([]cty.Value{text}), true
	}
	return cty.NullVal(ty), false
}

// names are the secret's variables: what each is asked for by, after the argument's name.
func (s *secret) names() []string {
	if s.elements == nil {
		return []string{""}
	}
	return slices.Sorted(maps.Keys(s.elements))
}

// variables are the names of the secret's variables.
func (s *secret) variables() []string {
	if s.elements == nil {
		return []string{s.variable}
	}
	return slices.Sorted(maps.Values(s.elements))
}

// secretPlaces are the places of a body's secrets.
func secretPlaces(b *body, at string) []string {
	var places []string
	for name := range b.secret {
		places = append(places, join(at, name))
	}
	for name, children := range b.blocks {
		for _, child := range children {
			places = append(places, secretPlaces(child, join(at, name))...)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// secretsIn walks the secrets of a body in a stable order.
func secretsIn(b *body, at string, visit func(holder *body, at, name string)) {
	for _, name := range slices.Sorted(maps.Keys(b.secret)) {
		visit(b, at, name)
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		for _, child := range b.blocks[name] {
			secretsIn(child, join(at, name), visit)
		}
	}
}
