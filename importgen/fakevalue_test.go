package importgen

import (
	"encoding/json"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

func jsonInto(text string, out any) error { return json.Unmarshal([]byte(text), out) }

// conform fits a value that was read from JSON into a type: members that are left out are null.
func conform(ty cty.Type, v cty.Value) cty.Value {
	switch {
	case v.IsNull():
		return cty.NullVal(ty)
	case ty.IsObjectType():
		given := v.AsValueMap()
		out := map[string]cty.Value{}
		for name, t := range ty.AttributeTypes() {
			if m, ok := given[name]; ok {
				out[name] = conform(t, m)
				continue
			}
			switch {
			case t.IsListType() && t.ElementType().IsObjectType():
				out[name] = cty.ListValEmpty(t.ElementType())
			case t.IsSetType() && t.ElementType().IsObjectType():
				out[name] = cty.SetValEmpty(t.ElementType())
			default:
				out[name] = cty.NullVal(t)
			}
		}
		return cty.ObjectVal(out)
	case ty.IsListType() || ty.IsSetType():
		var elements []cty.Value
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			elements = append(elements, conform(ty.ElementType(), element))
		}
		switch {
		case ty.IsListType() && len(elements) == 0:
			return cty.ListValEmpty(ty.ElementType())
		case ty.IsListType():
			return cty.ListVal(elements)
		case len(elements) == 0:
			return cty.SetValEmpty(ty.ElementType())
		}
		return cty.SetVal(elements)
	}
	converted, err := convert.Convert(v, ty)
	if err != nil {
		panic(err)
	}
	return converted
}
