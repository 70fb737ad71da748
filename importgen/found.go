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

// Secret reports whether the string at a path, written as Terraform writes it (environment[0].variables["DB_PASSWORD"]),
// is a credential or holds one. Where a value goes by a name that stands beside it, as in a list of environment
// variables, the path ends with that name in brackets.
type Secret func(path, value string) bool

// withheld is written in place of a message that quotes a credential.
const withheld = "the provider's message is left out, because it quotes a credential"

// hideFound replaces every value in full that holds a credential by a variable: one element where it stands in a map,
// else the whole argument, since ignore_changes reaches no further into a list, a document or a script.
func (s Secret) hideFound(schema *tfjson.SchemaBlock, full *body, at string) {
	if s == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(full.attrs)) {
		v := full.attrs[name]
		if full.secret[name] != nil || v.IsNull() || !v.IsWhollyKnown() {
			continue
		}
		path := join(at, name)
		if key := pairName(full.attrs); name == "value" && key != "" {
			path = at + "[" + strconv.Quote(key) + "]"
		}
		if v.Type().IsMapType() && v.Type().ElementType() == cty.String {
			s.hideElements(full, name, path)
			continue
		}
		if s.holds(path, v) {
			full.secret[name] = &secret{typ: v.Type()}
			full.attrs[name] = standIn(schema.Attributes[name], v)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(full.blocks)) {
		for i, child := range full.blocks[name] {
			s.hideFound(schema.NestedBlocks[name].Block, child, join(at, name)+"["+strconv.Itoa(i)+"]")
		}
	}
}

// hideElements does so for the elements of a map.
func (s Secret) hideElements(holder *body, name, path string) {
	elements := holder.attrs[name].AsValueMap()
	variables := map[string]string{}
	for key, v := range elements {
		if !v.IsNull() && s(path+"["+strconv.Quote(key)+"]", v.AsString()) {
			elements[key] = cty.StringVal(stub)
			variables[key] = ""
		}
	}
	if len(variables) > 0 {
		holder.attrs[name] = cty.MapVal(elements)
		holder.secret[name] = &secret{typ: cty.String, elements: variables}
	}
}

// holds reports whether any string in a value is a credential.
func (s Secret) holds(path string, v cty.Value) bool {
	ty := v.Type()
	switch {
	case v.IsNull() || !v.IsKnown():
		return false
	case ty == cty.String:
		return s(path, v.AsString())
	case ty.IsObjectType():
		members := v.AsValueMap()
		for name, member := range members {
			at := join(path, name)
			if key := pairName(members); name == "value" && key != "" {
				at = path + "[" + strconv.Quote(key) + "]"
			}
			if s.holds(at, member) {
				return true
			}
		}
	case ty.IsMapType(), ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		for it := v.ElementIterator(); it.Next(); {
			key, element := it.Element()
			at := path
			if ty.IsMapType() {
				at += "[" + strconv.Quote(key.AsString()) + "]"
			}
			if s.holds(at, element) {
				return true
			}
		}
	}
	return false
}

// pairName is the name that a value goes by which stands beside it: {name = "DB_PASSWORD", value = …}.
func pairName(members map[string]cty.Value) string {
	for _, name := range []string{"name", "key"} {
		if v, ok := members[name]; ok && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			return v.AsString()
		}
	}
	return ""
}

// standIn is the default of the variable that stands for a value: none where the argument may be left out, else
// something of the same kind, because the provider validates it before the change is ignored.
func standIn(attr *tfjson.SchemaAttribute, v cty.Value) cty.Value {
	ty := drift.AttributeType(attr)
	switch {
	case !attr.Required:
		return cty.NullVal(ty)
	case ty == cty.String && strings.HasPrefix(strings.TrimSpace(v.AsString()), "["):
		return cty.StringVal("[]")
	case ty == cty.String && strings.HasPrefix(strings.TrimSpace(v.AsString()), "{"):
		return cty.StringVal("{}")
	}
	value, _ := stubOf(ty)
	return value
}

// clean takes credentials out of what a resource is called.
func (s Secret) clean(items []Item) {
	if s == nil {
		return
	}
	for i := range items {
		if s("name", items[i].Name) {
			items[i].Name = ""
		}
		for key, value := range items[i].Tags {
			if s("tags["+strconv.Quote(key)+"]", value) {
				items[i].Tags = maps.Clone(items[i].Tags)
				delete(items[i].Tags, key)
			}
		}
	}
}

// cleanMessages takes credentials out of what providers say: a complaint quotes the value that it is about.
func (s Secret) cleanMessages(blocks []*block, skipped []drift.Skipped) {
	if s == nil {
		return
	}
	for _, b := range blocks {
		for i, d := range b.differences {
			if s("", d.Reason) {
				b.differences[i].Reason = withheld
			}
		}
	}
	for i := range skipped {
		if s("", skipped[i].Reason) {
			skipped[i].Reason, skipped[i].Err = withheld, nil
		}
	}
}
