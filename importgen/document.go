package importgen

import (
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

// encodeDocuments writes JSON strings with jsonencode where the block stays a no-op. A document that the provider
// compares byte by byte stays as it is, unless jsonencode gives just those bytes.
func (w *work) encodeDocuments() error {
	encodeExact(w.conf)
	return w.keepIfNoOp(func() bool { return encodeIn(w.conf) })
}

// encodeIn replaces every JSON string by what jsonencode would make of it, and reports whether any byte changed.
func encodeIn(b *body) bool {
	changed := false
	eachDocument(b, func(holder *body, name, s string, document cty.Value, encoded string) {
		holder.attrs[name] = cty.StringVal(encoded)
		holder.exprs[name] = expr{document: document}
		changed = changed || encoded != s
	})
	return changed
}

// encodeExact does so where no byte changes.
func encodeExact(b *body) {
	eachDocument(b, func(holder *body, name, s string, document cty.Value, encoded string) {
		if encoded == s {
			holder.exprs[name] = expr{document: document}
		}
	})
}

func eachDocument(b *body, visit func(holder *body, name, s string, document cty.Value, encoded string)) {
	for name, v := range b.attrs {
		if v.IsNull() || v.Type() != cty.String || b.secret[name] != nil {
			continue
		}
		document, ok := decodeDocument(v.AsString())
		if !ok {
			continue
		}
		if encoded, err := encodeDocument(document); err == nil {
			visit(b, name, v.AsString(), document, encoded)
		}
	}
	for _, children := range b.blocks {
		for _, child := range children {
			eachDocument(child, visit)
		}
	}
}
