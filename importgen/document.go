package importgen

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// expr is how an attribute is written when not as a literal of its value.
type expr struct {
	document cty.Value            // JSON in the attribute, written with jsonencode
	refs     map[refKey]reference // strings in the attribute, written as references
	sparse   bool                 // null members of objects in the attribute need not be written
	element  bool                 // the value stands in a list
	inside   bool                 // the value stands in a document
	as       string               // the expression itself
	policy   *policy              // the document as a data source; nil for jsonencode
}

// decodeDocument reads a JSON object or array. Scalars are JSON too, but nobody means them as documents.
func decodeDocument(s string) (cty.Value, bool) {
	trimmed := strings.TrimSpace(s)
	if !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") {
		return cty.NilVal, false
	}
	ty, err := ctyjson.ImpliedType([]byte(s))
	if err != nil {
		return cty.NilVal, false
	}
	v, err := ctyjson.Unmarshal([]byte(s), ty)
	if err != nil {
		return cty.NilVal, false
	}
	return v, true
}

// encodeDocument is what Terraform's jsonencode makes of a document: no whitespace, keys sorted, <, > and & escaped.
func encodeDocument(v cty.Value) (string, error) {
	encoded, err := ctyjson.Marshal(v, v.Type())
	return string(encoded), err
}

// document is JSON in a string: an attribute of a body, the place of that body, and what is in the string.
type document struct {
	holder   *body
	at, name string
	value    cty.Value
}

// documentsIn are the documents of a body, in a stable order. Secrets are none.
func documentsIn(b *body, at string) []document {
	var found []document
	for _, name := range slices.Sorted(maps.Keys(b.attrs)) {
		if v := b.attrs[name]; !v.IsNull() && v.Type() == cty.String && b.secret[name] == nil {
			if value, ok := decodeDocument(v.AsString()); ok {
				found = append(found, document{b, at, name, value})
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		for _, child := range b.blocks[name] {
			found = append(found, documentsIn(child, join(at, name))...)
		}
	}
	return found
}

func (d document) text() string { return d.holder.attrs[d.name].AsString() }

// expr is how the document is written, nothing where as a string.
func (d document) expr() expr { return d.holder.exprs[d.name] }

// write has the attribute written by an expression that yields text, and reports whether any byte changed.
func (d document) write(text string, e expr) bool {
	changed := d.text() != text
	d.holder.attrs[d.name], d.holder.exprs[d.name] = cty.StringVal(text), e
	return changed
}

// encodeDocuments writes JSON strings with jsonencode where the block stays a no-op. A document that the provider
// compares byte by byte stays as it is, unless jsonencode gives just those bytes.
func (w *work) encodeDocuments() error {
	for i := range documentsIn(w.conf, "") {
		err := w.keepIfNoOp(func() bool {
			d := documentsIn(w.conf, "")[i]
			encoded, err := encodeDocument(d.value)
			return err == nil && d.write(encoded, expr{document: d.value})
		})
		if err != nil {
			return err
		}
	}
	if len(w.paths()) > 0 {
		return nil // of what is ignored the plan does not tell whether it would be another document
	}
	return w.keepIfNoOp(func() bool { return thinIn(w.conf) })
}

// thinIn takes the members that hold nothing out of every document: clouds that answer with a document of their own, as ECS
// does with a container's definition, list all that was not set. It reports whether there were any.
func thinIn(b *body) bool {
	changed := false
	for _, d := range documentsIn(b, "") {
		thin := thinned(d.value)
		if encoded, err := encodeDocument(thin); err == nil && d.expr().document != cty.NilVal && encoded != d.text() {
			changed = d.write(encoded, expr{document: thin}) || changed
		}
	}
	return changed
}

func thinned(v cty.Value) cty.Value {
	switch ty := v.Type(); {
	case v.IsNull():
	case ty.IsTupleType():
		return cty.TupleVal(mapSlice(v.AsValueSlice(), thinned))
	case ty.IsObjectType():
		members := v.AsValueMap()
		maps.DeleteFunc(members, func(_ string, member cty.Value) bool {
			return member.IsNull() || (member.Type().IsTupleType() || member.Type().IsObjectType()) && member.LengthInt() == 0
		})
		for key, member := range members {
			members[key] = thinned(member)
		}
		return cty.ObjectVal(members)
	}
	return v
}
