package settle

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// decode reads a change's value: nil, bool, json.Number, string, []any or map[string]any.
func decode(raw []byte) (any, bool) {
	if len(raw) == 0 {
		return nil, true
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, false
	}
	return v, true
}

// document reads a string that is a JSON object or array.
func document(v any) (any, bool) {
	s, ok := v.(string)
	if trimmed := strings.TrimSpace(s); !ok || !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") {
		return nil, false
	}
	return decode([]byte(s))
}

// plain is a configuration's value in the form of a change's.
func plain(v cty.Value) (any, bool) {
	if !v.IsWhollyKnown() || v.IsMarked() {
		return nil, false
	}
	raw, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return nil, false
	}
	return decode(raw)
}

// equal compares as Terraform would after converting: 30 and "30" are one, and so are nothing, "" and no elements.
// Documents are compared by what they say.
func equal(a, b any) bool {
	if empty(a) || empty(b) {
		return empty(a) && empty(b)
	}
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for _, key := range union(a, b) {
			if !equal(a[key], b[key]) {
				return false
			}
		}
		return true
	}
	x, isX := document(a)
	y, isY := document(b)
	if isX && isY {
		return equal(x, y)
	}
	s, ok := text(a)
	t, alsoOK := text(b)
	return ok && alsoOK && s == t
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, member := range v {
			if !empty(member) {
				return false
			}
		}
		return true
	}
	return false
}

// text is a scalar as a string.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

func union(a, b map[string]any) []string {
	keys := maps.Clone(a)
	if keys == nil {
		keys = map[string]any{}
	}
	maps.Copy(keys, b)
	return slices.Sorted(maps.Keys(keys))
}

// written is a value as configuration, or as JSON where the text around it is that.
func written(v any, asJSON bool) string {
	if asJSON {
		return escapeTemplate(spaced(v))
	}
	return strings.TrimSpace(string(hclwrite.Format(tokens(v).Bytes())))
}

// spaced is JSON on one line, as people write it.
func spaced(v any) string {
	switch v := v.(type) {
	case []any:
		elements := make([]string, len(v))
		for i, element := range v {
			elements[i] = spaced(element)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case map[string]any:
		var members []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			members = append(members, spaced(key)+": "+spaced(v[key]))
		}
		return "{" + strings.Join(members, ", ") + "}"
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(v) != nil { // what came from JSON goes back into it
		return "null"
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// escapeTemplate keeps Terraform from reading more into a string than it says.
func escapeTemplate(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s)
}

func tokens(v any) hclwrite.Tokens {
	switch v := v.(type) {
	case []any:
		var elements []hclwrite.Tokens
		for _, element := range v {
			elements = append(elements, tokens(element))
		}
		return hclwrite.TokensForTuple(elements)
	case map[string]any:
		var attrs []hclwrite.ObjectAttrTokens
		for _, key := range slices.Sorted(maps.Keys(v)) {
			attrs = append(attrs, hclwrite.ObjectAttrTokens{Name: keyTokens(key), Value: tokens(v[key])})
		}
		if len(attrs) == 0 {
			return hclwrite.TokensForValue(cty.EmptyObjectVal)
		}
		return hclwrite.TokensForObject(attrs)
	}
	return hclwrite.TokensForValue(scalar(v))
}

func scalar(v any) cty.Value {
	switch v := v.(type) {
	case bool:
		return cty.BoolVal(v)
	case string:
		return cty.StringVal(v)
	case json.Number:
		if n, err := cty.ParseNumberVal(v.String()); err == nil {
			return n
		}
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func keyTokens(key string) hclwrite.Tokens {
	switch key {
	case "for", "null", "true", "false":
	default:
		if hclsyntax.ValidIdentifier(key) {
			return hclwrite.TokensForIdentifier(key)
		}
	}
	return hclwrite.TokensForValue(cty.StringVal(key))
}

// multiset says which elements of one list are missing in another, elements that occur twice counted twice.
func missing(in, from []any) []any {
	rest := slices.Clone(from)
	var out []any
	for _, v := range in {
		i := slices.IndexFunc(rest, func(o any) bool { return equal(v, o) })
		if i < 0 {
			out = append(out, v)
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return out
}
