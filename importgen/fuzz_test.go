package importgen

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// FuzzWrittenIsRead makes random schemas and values and requires that the code parses back to the very same value.
func FuzzWrittenIsRead(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := &random{rand.New(rand.NewPCG(seed, 1))}
		schema := r.schema(3)
		b := r.body(schema)
		want := b.value(schema)
		if r.IntN(2) == 0 {
			for _, d := range documentsIn(b, "") {
				if encoded, err := encodeDocument(d.value); err == nil && encoded == d.text() {
					d.write(encoded, expr{document: d.value})
				}
			}
		}

		file := hclwrite.NewEmptyFile()
		renderBody(file.Body(), schema, b)
		code := hclwrite.Format(file.Bytes())
		parsed, err := parse(code)
		if err != nil {
			t.Fatalf("%v\n%s", err, code)
		}
		read, err := evaluate(parsed, schema, &hcl.EvalContext{Functions: functions})
		if err != nil {
			t.Fatalf("%v\n%s", err, code)
		}
		if got := read.value(schema); !got.RawEquals(want) {
			t.Fatalf("%s\ncame back as %#v\nwant %#v", code, got, want)
		}
		if again := hclwrite.Format(code); string(again) != string(code) {
			t.Fatalf("formatting twice differs:\n%s", code)
		}
	})
}

type random struct{ *rand.Rand }

func (r *random) schema(depth int) *tfjson.SchemaBlock {
	schema := &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{}, NestedBlocks: map[string]*tfjson.SchemaBlockType{}}
	for i := range 1 + r.IntN(5) {
		schema.Attributes[fmt.Sprintf("a%d", i)] = &tfjson.SchemaAttribute{AttributeType: r.typ(2), Optional: true, Required: false}
	}
	if depth == 0 {
		return schema
	}
	modes := []tfjson.SchemaNestingMode{
		tfjson.SchemaNestingModeList, tfjson.SchemaNestingModeSet, tfjson.SchemaNestingModeSingle, tfjson.SchemaNestingModeMap,
	}
	for i := range r.IntN(3) {
		schema.NestedBlocks[fmt.Sprintf("b%d", i)] = &tfjson.SchemaBlockType{NestingMode: modes[r.IntN(len(modes))], Block: r.schema(depth - 1)}
	}
	return schema
}

func (r *random) typ(depth int) cty.Type {
	primitives := []cty.Type{cty.String, cty.Number, cty.Bool}
	if depth == 0 || r.IntN(2) == 0 {
		return primitives[r.IntN(3)]
	}
	switch r.IntN(4) {
	case 0:
		return cty.List(r.typ(depth - 1))
	case 1:
		return cty.Set(r.typ(depth - 1))
	case 2:
		return cty.Map(r.typ(depth - 1))
	}
	return cty.Set(cty.Object(map[string]cty.Type{"x": r.typ(0), "y": r.typ(depth - 1)}))
}

func (r *random) body(schema *tfjson.SchemaBlock) *body {
	b := newBody()
	for name, attr := range schema.Attributes {
		if r.IntN(4) > 0 {
			b.attrs[name] = r.value(drift.AttributeType(attr))
		}
	}
	for name, nested := range schema.NestedBlocks {
		n := r.IntN(3)
		if nested.NestingMode == tfjson.SchemaNestingModeSingle {
			n = min(n, 1)
		}
		for i := range n {
			child := r.body(nested.Block)
			if nested.NestingMode == tfjson.SchemaNestingModeMap {
				child.label = fmt.Sprintf("k%d", i)
			}
			b.blocks[name] = append(b.blocks[name], child)
		}
	}
	return b
}

var words = []string{
	"", "plain", "two\nlines", "ends\nin newline\n", "\n", "\n\n", "a\n\n", "a\n${x}\n%{y} $${z} %%{z}\n", "  indented\n    more\n", "${x}", "%{if}", "$${x}", "%%{x}", "$", "%",
	"quote\"", `back\slash`, "tab\tx", "cr\r\nlf", "EOT\nEOT\n", "\x00", "日本\n語\n", "é", "\u2028\nx", "a # b\n// c\n", "<<EOT\nx\nEOT\n",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80 e\u0301\n\u202eright\n", "nbsp\u00a0\n\ufeffbom\n", "\x7f\x1b[31m\n", "lone\rcr\n\n", "\\n\\\"\n\\${x}\n", "$\n{x}\n", "%%\n$$\n$${\n", "~}\n${~ x ~}\n",
	strings.Repeat("long ", 400), strings.Repeat("long line ${x}", 90) + "\nend", strings.Repeat("x\n", 100), "EOT", "  EOT\n\tEOT\nEOT_\n", "[each.key]", "[\"a\"]\nx\n",
	"password hunter2", "hunter2\nin a script\n",
	`{"a":1,"b":[true,null,"${x}"],"for":"x","a b":{}}`, `[]`, `{"a": 1}`, `{"z":1,"a":2}`, `{`, "null", "true", "1e400", `{"n":1.10}`,
}

func (r *random) value(ty cty.Type) cty.Value {
	switch {
	case ty == cty.String:
		return cty.StringVal(words[r.IntN(len(words))])
	case ty == cty.Number:
		return []cty.Value{cty.Zero, cty.NumberIntVal(-7), cty.NumberFloatVal(0.1), cty.NumberIntVal(1 << 60), cty.MustParseNumberVal("12345678901234567890.5")}[r.IntN(5)]
	case ty == cty.Bool:
		return cty.BoolVal(r.IntN(2) == 0)
	case ty.IsObjectType():
		members := map[string]cty.Value{}
		for name, t := range ty.AttributeTypes() {
			members[name] = cty.NullVal(t)
			if r.IntN(3) > 0 {
				members[name] = r.value(t)
			}
		}
		return cty.ObjectVal(members)
	}
	n := r.IntN(4)
	element := ty.ElementType()
	if n == 0 {
		switch {
		case ty.IsListType():
			return cty.ListValEmpty(element)
		case ty.IsSetType():
			return cty.SetValEmpty(element)
		}
		return cty.MapValEmpty(element)
	}
	if ty.IsMapType() {
		keys := []string{"a", "for", "null", "true", "a b", "${k}", "a-b", "1", "é", "\"", "if"}
		members := map[string]cty.Value{}
		for range n {
			members[keys[r.IntN(len(keys))]] = r.value(element)
		}
		return cty.MapVal(members)
	}
	var values []cty.Value
	for range n {
		values = append(values, r.value(element))
	}
	if ty.IsSetType() {
		return cty.SetVal(values)
	}
	return cty.ListVal(values)
}
