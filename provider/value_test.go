package provider

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"google.golang.org/protobuf/proto"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// manyTypes has every kind of type that a schema can name.
var manyTypes = cty.Object(map[string]cty.Type{
	"string": cty.String, "number": cty.Number, "bool": cty.Bool, "dynamic": cty.DynamicPseudoType,
	"list": cty.List(cty.Object(map[string]cty.Type{"a": cty.String})), "set": cty.Set(cty.Number), "map": cty.Map(cty.Bool),
	"tuple": cty.Tuple([]cty.Type{cty.String, cty.Bool}),
})

func manyValues() cty.Value {
	return o(obj{
		"string": s(strings.Repeat("é", 70000)), "number": cty.MustParseNumberVal("123456789012345678901234567890.5"), "bool": cty.True,
		"dynamic": tuple(s("x"), cty.NumberIntVal(-1)),
		"list":    list(o(obj{"a": s("short")}), o(obj{"a": unknown}), o(obj{"a": none})),
		"set":     set(cty.NumberIntVal(1), cty.NumberIntVal(300), cty.NumberIntVal(1<<40), cty.NumberFloatVal(0.5), cty.NumberIntVal(-70000)),
		"map":     cty.MapVal(obj{"k": cty.False}),
		"tuple":   tuple(s(strings.Repeat("x", 300)), cty.NullVal(cty.Bool)),
	})
}

func TestValuesSurviveTheWire(t *testing.T) {
	t.Parallel()
	var many []cty.Value
	for i := range 70000 { // lengths of one, two and four bytes
		many = append(many, cty.NumberIntVal(int64(i)))
	}
	for name, tc := range map[string]struct {
		value cty.Value
		typ   cty.Type
	}{
		"many types": {manyValues(), manyTypes},
		"null":       {cty.NullVal(manyTypes), manyTypes},
		"unknown":    {cty.UnknownVal(manyTypes), manyTypes},
		"long list":  {cty.ListVal(many), cty.List(cty.Number)},
		"refined unknown": {cty.UnknownVal(cty.String).Refine().NotNull().StringPrefix("arn:").NewValue(),
			cty.String},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wire, err := encodeValue(tc.value, tc.typ)
			if err != nil {
				t.Fatal(err)
			}
			got, err := decodeValue(wire, tc.typ)
			if err != nil || !got.RawEquals(tc.value) {
				t.Errorf("%v: another value came back", err)
			}
		})
	}
	if got, err := decodeValue(&tfplugin.DynamicValue{Json: []byte(`{"a": "x"}`)}, cty.Object(map[string]cty.Type{"a": cty.String})); err != nil ||
		!got.RawEquals(o(obj{"a": s("x")})) {
		t.Errorf("JSON: %#v, %v", got, err)
	}
	if got, err := decodeValue(nil, cty.String); err != nil || !got.RawEquals(none) {
		t.Errorf("no value: %#v, %v", got, err)
	}
}

func TestHostileValues(t *testing.T) {
	t.Parallel()
	element := cty.Object(map[string]cty.Type{"a": cty.String})
	for name, tc := range map[string]struct {
		msgpack []byte
		json    string
		typ     cty.Type
	}{
		"array longer than the message": {msgpack: []byte{0xdd, 0xff, 0xff, 0xff, 0xff}, typ: cty.List(cty.String)},
		"map longer than the message":   {msgpack: []byte{0xdf, 0xff, 0xff, 0xff, 0xff, 0xa1, 'a'}, typ: cty.Map(cty.String)},
		"string longer than the message": {msgpack: []byte{0xdb, 0xff, 0xff, 0xff, 0xff, 'a'},
			typ: cty.String},
		"truncated length":          {msgpack: []byte{0xdc, 0x01}, typ: cty.List(cty.String)},
		"a code that is never used": {msgpack: []byte{0xc1}, typ: cty.String},
		"too deep":                  {msgpack: append(bytes.Repeat([]byte{0x91}, 100000), 0xc0), typ: cty.DynamicPseudoType},
		"elements of unequal types": {msgpack: []byte{0x92, 0x80, 0x81, 0xa1, 'a', 0xc0}, typ: cty.List(element)},
		"an object without its attributes": {msgpack: []byte{0x80},
			typ: element},
		"an attribute twice": {msgpack: []byte{0x82, 0xa1, 'a', 0xc0, 0xa1, 'a', 0xc0},
			typ: cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.String})},
		"another type":    {msgpack: []byte{0xc3}, typ: cty.List(cty.String)},
		"deep JSON":       {json: strings.Repeat("[", 100000), typ: cty.DynamicPseudoType},
		"JSON of no type": {json: `{"b": 1}`, typ: element},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := decodeValue(&tfplugin.DynamicValue{Msgpack: tc.msgpack, Json: []byte(tc.json)}, tc.typ); err == nil {
				t.Errorf("became %#v", got)
			}
		})
	}
}

func FuzzDecodeValue(f *testing.F) {
	wire, err := encodeValue(manyValues(), manyTypes)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(wire.GetMsgpack()[:2000])
	small, err := encodeValue(o(obj{"string": s("x"), "number": cty.NumberIntVal(1), "bool": cty.True, "dynamic": tuple(s("x")),
		"list": list(o(obj{"a": unknown})), "set": set(cty.NumberFloatVal(0.5)), "map": cty.MapVal(obj{"k": cty.False}),
		"tuple": tuple(s("x"), cty.True)}), manyTypes)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small.GetMsgpack())
	f.Add([]byte{0xdd, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte(`{"string": "x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, wire := range []*tfplugin.DynamicValue{{Msgpack: data}, {Json: data}} {
			for _, typ := range []cty.Type{manyTypes, cty.DynamicPseudoType, cty.List(manyTypes.AttributeType("list"))} {
				value, err := decodeValue(wire, typ)
				if err == nil && len(value.Type().TestConformance(typ)) > 0 {
					t.Errorf("%#v does not conform", value)
				}
			}
		}
	})
}

func FuzzDecodeSchema(f *testing.F) {
	f.Add(mustMarshal(f, sampleSchema()))
	f.Add([]byte{0x12, 0x02, 0x12, 0x00})
	f.Fuzz(func(t *testing.T, data []byte) {
		schema, err := decodeSchema(data)
		if err != nil {
			return
		}
		// What is decoded can be used.
		empty := emptyBlock(schema.Block)
		if problems := empty.Type().TestConformance(drift.ImpliedType(schema.Block)); len(problems) > 0 {
			t.Errorf("an empty block does not conform: %v", problems)
		}
		if got := proposeNew(schema.Block, empty, empty); !got.IsKnown() {
			t.Error("nothing proposed")
		}
	})
}

func mustMarshal(t testing.TB, message proto.Message) []byte {
	t.Helper()
	data, err := proto.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func sampleSchema() *tfplugin.Schema {
	return &tfplugin.Schema{Version: 2, Block: &tfplugin.Schema_Block{
		Description: "A thing.", DescriptionKind: tfplugin.StringKind_MARKDOWN, Deprecated: true,
		Attributes: []*tfplugin.Schema_Attribute{
			{Name: "a", Type: []byte(`["object",{"x":"string"},["x"]]`), Optional: true, Sensitive: true, Deprecated: true, Description: "An a."},
			{Name: "n", Required: true, NestedType: &tfplugin.Schema_Object{Nesting: tfplugin.Schema_SET, MinItems: 1, MaxItems: 2,
				Attributes: []*tfplugin.Schema_Attribute{{Name: "w", Type: []byte(`"string"`), Optional: true, WriteOnly: true}}}},
		},
		BlockTypes: []*tfplugin.Schema_NestedBlock{
			{TypeName: "m", Nesting: tfplugin.Schema_MAP, Block: &tfplugin.Schema_Block{}},
			{TypeName: "g", Nesting: tfplugin.Schema_GROUP, MinItems: -1, Block: &tfplugin.Schema_Block{}},
			{TypeName: "l", Nesting: tfplugin.Schema_LIST, MinItems: 3, MaxItems: 5, Block: &tfplugin.Schema_Block{
				Attributes: []*tfplugin.Schema_Attribute{{Name: "d", Type: []byte(`"dynamic"`), Computed: true}}}},
		},
	}}
}

// The decoded schema is compared in the form of `terraform providers schema -json`.
func TestDecodeSchema(t *testing.T) {
	t.Parallel()
	schema, err := decodeSchema(mustMarshal(t, sampleSchema()))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(schema, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	var want tfjson.Schema
	err = json.Unmarshal([]byte(`{"version": 2, "block": {
		"description": "A thing.", "description_kind": "markdown", "deprecated": true,
		"attributes": {
			"a": {"type": ["object", {"x": "string"}, ["x"]], "description": "An a.", "description_kind": "plain",
				"optional": true, "sensitive": true, "deprecated": true},
			"n": {"nested_type": {"nesting_mode": "set", "min_items": 1, "max_items": 2, "attributes": {
				"w": {"type": "string", "description_kind": "plain", "optional": true, "write_only": true}}},
				"description_kind": "plain", "required": true}
		},
		"block_types": {
			"m": {"nesting_mode": "map", "block": {"description_kind": "plain"}},
			"g": {"nesting_mode": "group", "block": {"description_kind": "plain"}},
			"l": {"nesting_mode": "list", "min_items": 3, "max_items": 5, "block": {"description_kind": "plain",
				"attributes": {"d": {"type": "dynamic", "description_kind": "plain", "computed": true}}}}
		}}}`), &want)
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := json.MarshalIndent(&want, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(wanted) {
		t.Errorf("got  %s\nwant %s", got, wanted)
	}
	if !drift.ImpliedType(schema.Block).AttributeType("l").Equals(cty.DynamicPseudoType) {
		t.Error("a list of blocks with a dynamic attribute has a type")
	}
}

func TestHostileSchemas(t *testing.T) {
	t.Parallel()
	deep := &tfplugin.Schema_Block{}
	for range 1000 {
		deep = &tfplugin.Schema_Block{BlockTypes: []*tfplugin.Schema_NestedBlock{{TypeName: "x", Nesting: tfplugin.Schema_LIST, Block: deep}}}
	}
	attribute := func(a *tfplugin.Schema_Attribute) *tfplugin.Schema_Block {
		a.Name = "x"
		return &tfplugin.Schema_Block{Attributes: []*tfplugin.Schema_Attribute{a}}
	}
	both := attribute(&tfplugin.Schema_Attribute{Type: []byte(`"string"`)})
	both.BlockTypes = []*tfplugin.Schema_NestedBlock{{TypeName: "x", Nesting: tfplugin.Schema_LIST}}
	for name, block := range map[string]*tfplugin.Schema_Block{
		"too deep":           deep,
		"no type":            attribute(&tfplugin.Schema_Attribute{}),
		"unknown type":       attribute(&tfplugin.Schema_Attribute{Type: []byte(`"colour"`)}),
		"type too deep":      attribute(&tfplugin.Schema_Attribute{Type: []byte(strings.Repeat(`["list",`, 1000) + `"string"` + strings.Repeat("]", 1000))}),
		"optional nothing":   attribute(&tfplugin.Schema_Attribute{Type: []byte(`["object",{"a":"string"},["b"]]`)}),
		"unknown nesting":    {BlockTypes: []*tfplugin.Schema_NestedBlock{{TypeName: "x", Nesting: 99}}},
		"attribute as block": both,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := decodeSchema(mustMarshal(t, &tfplugin.Schema{Block: block})); err == nil {
				t.Error("was taken")
			}
		})
	}
}

func TestConfigValue(t *testing.T) {
	t.Parallel()
	block := &tfjson.SchemaBlock{
		Attributes: attrs{"region": optional, "retries": {AttributeType: cty.Number, Optional: true},
			"accounts": {AttributeType: cty.Set(cty.String), Optional: true}},
		NestedBlocks: map[string]*tfjson.SchemaBlockType{
			"features": {NestingMode: tfjson.SchemaNestingModeList, Block: withBlocks(tfjson.SchemaNestingModeSet, blockOf(attrs{"a": optional}))},
			"assume":   {NestingMode: tfjson.SchemaNestingModeSingle, Block: blockOf(attrs{"role": optional, "policy": optional})},
			"tags":     {NestingMode: tfjson.SchemaNestingModeSet, Block: blockOf(attrs{"k": optional})},
		},
	}
	got, err := configValue(block, map[string]cty.Value{
		"region": s("r"), "retries": s("5"), "accounts": tuple(s("1")), "not_there": cty.True,
		"features": tuple(cty.EmptyObjectVal), "assume": o(obj{"role": s("x")}), "tags": tuple(o(obj{"k": s("v")}), cty.EmptyObjectVal),
	})
	element := cty.Object(map[string]cty.Type{"a": cty.String})
	wants := o(obj{
		"region": s("r"), "retries": cty.NumberIntVal(5), "accounts": set(s("1")),
		"features": list(o(obj{"x": cty.SetValEmpty(element)})), "assume": o(obj{"role": s("x"), "policy": none}),
		"tags": set(o(obj{"k": s("v")}), o(obj{"k": none})),
	})
	if err != nil || !got.RawEquals(wants) {
		t.Errorf("%v\ngot   %#v\nwants %#v", err, got, wants)
	}
	if !got.Type().Equals(drift.ImpliedType(block)) {
		t.Errorf("does not have the schema's type: %#v", got.Type())
	}
	if _, err := configValue(block, map[string]cty.Value{"retries": s("many")}); err == nil || !strings.Contains(err.Error(), "retries") {
		t.Errorf("got %v", err)
	}
}

func TestDefaultConfig(t *testing.T) {
	t.Parallel()
	aws := defaultConfig([]string{"AWS_ENDPOINT_URL=http://127.0.0.1:1"}, drift.AWS, "123456789012", "eu-west-1")
	if !aws["region"].RawEquals(s("eu-west-1")) || !aws["allowed_account_ids"].RawEquals(set(s("123456789012"))) || !aws["s3_use_path_style"].True() {
		t.Errorf("aws: %#v", aws)
	}
	if plain := defaultConfig(nil, drift.AWS, "", ""); !plain["region"].IsNull() || len(plain) != 2 {
		t.Errorf("aws with nothing known: %#v", plain)
	}
	if google := defaultConfig(nil, "registry.terraform.io/hashicorp/google", "p", ""); !google["project"].RawEquals(s("p")) {
		t.Errorf("google: %#v", google)
	}
	extra := New(Options{Environ: []string{}, Extra: func(source, account string) map[string]cty.Value {
		return map[string]cty.Value{"assume_role": s(source + " " + account)}
	}}).opts.Config(drift.AWS, "123456789012", "eu-west-1")
	if !extra["region"].RawEquals(s("eu-west-1")) || !extra["assume_role"].RawEquals(s(drift.AWS+" 123456789012")) {
		t.Errorf("aws with more: %#v", extra)
	}
	if other := defaultConfig(nil, "registry.terraform.io/hashicorp/random", "", ""); len(other) != 0 {
		t.Errorf("random: %#v", other)
	}
}

func TestPanicLine(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ writes, want string }{
		"in pieces":       {"some log\npan|ic: runtime error: index out of range [1] with length 0|\n\ngoroutine 1", "panic: runtime error: index out of range [1] with length 0"},
		"only the first":  {"panic: runtime error: a\npanic: runtime error: b\n", "panic: runtime error: a"},
		"its own message": {"panic: password hunter2 is wrong\n", "panic"},
		"none":            {"panicking is bad\n|don't panic: it helps\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w panicLine
			for part := range strings.SplitSeq(tc.writes, "|") {
				if _, err := w.Write([]byte(part)); err != nil {
					t.Fatal(err)
				}
			}
			if got := w.line(); got != tc.want {
				t.Errorf("got %q", got)
			}
		})
	}
}
