package scanner

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
)

// Secret reports whether the string at a path, written as Terraform writes it, is a credential or holds one. Where a
// value goes by a name that stands beside it, as in a list of environment variables, the path ends with that name in
// brackets.
type Secret func(path, value string) bool

// in reports whether any string in a value is one.
func (s Secret) in(path string, v cty.Value) bool {
	if s == nil || v.IsNull() || !v.IsKnown() {
		return false
	}
	switch typ := v.Type(); {
	case typ == cty.String:
		return s(path, v.AsString())
	case typ.IsObjectType(), typ.IsMapType():
		called := pairName(v, v)
		for name, member := range v.AsValueMap() {
			at := join(path, name)
			switch {
			case typ.IsMapType():
				at = fmt.Sprintf("%s[%q]", path, name)
			case name == "value" && called != "":
				at = fmt.Sprintf("%s[%q]", path, called)
			}
			if s.in(at, member) {
				return true
			}
		}
	case typ.IsListType(), typ.IsSetType(), typ.IsTupleType():
		for it := v.ElementIterator(); it.Next(); {
			if _, element := it.Element(); s.in(path, element) {
				return true
			}
		}
	}
	return false
}

// pairName is the name that a value goes by which stands beside it in an object, before or after a change: {name =
// "DB_PASSWORD", value = …}.
func pairName(before, after cty.Value) string {
	for _, v := range []cty.Value{after, before} {
		if v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() {
			continue
		}
		for _, name := range []string{"name", "key"} {
			if !v.Type().HasAttribute(name) {
				continue
			}
			if s := v.GetAttr(name); s.Type() == cty.String && s.IsKnown() && !s.IsNull() {
				return s.AsString()
			}
		}
	}
	return ""
}
