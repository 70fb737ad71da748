package redact

import (
	"encoding/json"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// State takes what a state marks as sensitive in the attributes of an instance. Attributes that cannot be read are the
// scanner's to tell.
func (r *Redactor) State(attributes []byte, sensitive []cty.Path) {
	if len(sensitive) == 0 {
		return
	}
	var decoded any
	if json.Unmarshal(attributes, &decoded) != nil {
		return
	}
	for _, path := range sensitive {
		r.json(follow(decoded, path))
	}
}

// follow is what stands at a path of decoded JSON, or in all of a set that the path leads into; nil when nothing does.
func follow(v any, path cty.Path) any {
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			object, _ := v.(map[string]any)
			v = object[step.Name]
		case cty.IndexStep:
			switch key := step.Key; {
			case key.IsKnown() && key.Type() == cty.String:
				object, _ := v.(map[string]any)
				v = object[key.AsString()]
			case key.IsKnown() && key.Type() == cty.Number:
				list, _ := v.([]any)
				at, _ := key.AsBigFloat().Int64()
				if at < 0 || at >= int64(len(list)) {
					return nil
				}
				v = list[at]
			default: // an element of a set: which one, JSON does not tell
				return v
			}
		}
	}
	return v
}

func (r *Redactor) json(v any) {
	switch v := v.(type) {
	case string:
		r.Value(v)
	case []any:
		for _, element := range v {
			r.json(element)
		}
	case map[string]any:
		for _, member := range v {
			r.json(member)
		}
	}
}

// Object takes what a schema calls sensitive, in a value of its or a collection of such values.
func (r *Redactor) Object(block *tfjson.SchemaBlock, v cty.Value) {
	if block == nil {
		return
	}
	each(v, func(object cty.Value) {
		for name, attribute := range block.Attributes {
			r.attribute(attribute, member(object, name))
		}
		for name, nested := range block.NestedBlocks {
			r.Object(nested.Block, member(object, name))
		}
	})
}

func (r *Redactor) attribute(attribute *tfjson.SchemaAttribute, v cty.Value) {
	switch {
	case attribute.Sensitive:
		r.value(v)
	case attribute.AttributeNestedType != nil:
		each(v, func(object cty.Value) {
			for name, nested := range attribute.AttributeNestedType.Attributes {
				r.attribute(nested, member(object, name))
			}
		})
	}
}

func (r *Redactor) value(v cty.Value) {
	switch {
	case !present(v):
	case v.Type() == cty.String:
		r.Value(v.AsString())
	case v.CanIterateElements():
		for _, element := range v.Elements() {
			r.value(element)
		}
	}
}

// each visits an object, or every object in a collection.
func each(v cty.Value, visit func(object cty.Value)) {
	switch {
	case !present(v):
	case v.Type().IsObjectType():
		visit(v)
	case v.CanIterateElements():
		for _, element := range v.Elements() {
			each(element, visit)
		}
	}
}

func member(object cty.Value, name string) cty.Value {
	if !object.Type().HasAttribute(name) {
		return cty.NilVal
	}
	return object.GetAttr(name)
}

func present(v cty.Value) bool { return v != cty.NilVal && !v.IsNull() && v.IsKnown() }
