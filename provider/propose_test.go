package provider

import (
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// Words for writing values and schemas in the tables below.
type obj = map[string]cty.Value

func o(values obj) cty.Value              { return cty.ObjectVal(values) }
func s(text string) cty.Value             { return cty.StringVal(text) }
func list(values ...cty.Value) cty.Value  { return cty.ListVal(values) }
func set(values ...cty.Value) cty.Value   { return cty.SetVal(values) }
func tuple(values ...cty.Value) cty.Value { return cty.TupleVal(values) }

var (
	none     = cty.NullVal(cty.String)
	unknown  = cty.UnknownVal(cty.String)
	optional = &tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true}
	computed = &tfjson.SchemaAttribute{AttributeType: cty.String, Computed: true}
	either   = &tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true, Computed: true}
	secret   = &tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true, WriteOnly: true}
	anything = &tfjson.SchemaAttribute{AttributeType: cty.DynamicPseudoType, Optional: true}
)

type attrs = map[string]*tfjson.SchemaAttribute

func blockOf(attributes attrs) *tfjson.SchemaBlock {
	return &tfjson.SchemaBlock{Attributes: attributes}
}

// withBlocks is a block with one nested block type "x".
func withBlocks(mode tfjson.SchemaNestingMode, nested *tfjson.SchemaBlock) *tfjson.SchemaBlock {
	return &tfjson.SchemaBlock{NestedBlocks: map[string]*tfjson.SchemaBlockType{"x": {NestingMode: mode, Block: nested}}}
}

// withNested is a block with one nested attribute "x".
func withNested(mode tfjson.SchemaNestingMode, flags tfjson.SchemaAttribute, attributes attrs) *tfjson.SchemaBlock {
	flags.AttributeNestedType = &tfjson.SchemaNestedAttributeType{NestingMode: mode, Attributes: attributes}
	return blockOf(attrs{"x": &flags})
}

func TestProposeNew(t *testing.T) {
	t.Parallel()
	const (
		single = tfjson.SchemaNestingModeSingle
		group  = tfjson.SchemaNestingModeGroup
		lists  = tfjson.SchemaNestingModeList
		sets   = tfjson.SchemaNestingModeSet
		maps   = tfjson.SchemaNestingModeMap
	)
	pair := attrs{"a": optional, "id": computed}
	ab := func(a, id cty.Value) cty.Value { return o(obj{"a": a, "id": id}) }
	pairType := cty.Object(map[string]cty.Type{"a": cty.String, "id": cty.String})
	optionalComputed := tfjson.SchemaAttribute{Optional: true, Computed: true}

	for name, tc := range map[string]struct {
		block                *tfjson.SchemaBlock
		prior, config, wants cty.Value // NilVal for a prior that is null
	}{
		"attributes": {
			block:  blockOf(attrs{"set": optional, "unset": optional, "computed": computed, "kept": either, "changed": either, "secret": secret}),
			prior:  o(obj{"set": s("old"), "unset": s("old"), "computed": s("id"), "kept": s("k"), "changed": s("k"), "secret": none}),
			config: o(obj{"set": s("new"), "unset": none, "computed": none, "kept": none, "changed": s("n"), "secret": s("hush")}),
			wants:  o(obj{"set": s("new"), "unset": none, "computed": s("id"), "kept": s("k"), "changed": s("n"), "secret": none}),
		},
		"creation": {
			block:  blockOf(attrs{"set": optional, "computed": computed, "kept": either}),
			config: o(obj{"set": s("new"), "computed": none, "kept": none}),
			wants:  o(obj{"set": s("new"), "computed": none, "kept": none}),
		},
		"unknown in the configuration": {
			block:  blockOf(attrs{"set": optional, "kept": either}),
			prior:  o(obj{"set": s("old"), "kept": s("old")}),
			config: o(obj{"set": unknown, "kept": unknown}),
			wants:  o(obj{"set": unknown, "kept": unknown}),
		},
		"single block": {
			block:  withBlocks(single, blockOf(pair)),
			prior:  o(obj{"x": ab(s("old"), s("1"))}),
			config: o(obj{"x": ab(s("new"), none)}),
			wants:  o(obj{"x": ab(s("new"), s("1"))}),
		},
		"single block that is removed": {
			block:  withBlocks(single, blockOf(pair)),
			prior:  o(obj{"x": ab(s("old"), s("1"))}),
			config: o(obj{"x": cty.NullVal(pairType)}),
			wants:  o(obj{"x": cty.NullVal(pairType)}),
		},
		"group block": {
			block:  withBlocks(group, blockOf(pair)),
			config: o(obj{"x": ab(none, none)}),
			wants:  o(obj{"x": ab(none, none)}),
		},
		"list of blocks by index": {
			block:  withBlocks(lists, blockOf(pair)),
			prior:  o(obj{"x": list(ab(s("a"), s("1")), ab(s("b"), s("2")))}),
			config: o(obj{"x": list(ab(s("b"), none), ab(s("a"), none), ab(s("c"), none))}),
			wants:  o(obj{"x": list(ab(s("b"), s("1")), ab(s("a"), s("2")), ab(s("c"), none))}),
		},
		"list of blocks that is emptied": {
			block:  withBlocks(lists, blockOf(pair)),
			prior:  o(obj{"x": list(ab(s("a"), s("1")))}),
			config: o(obj{"x": cty.ListValEmpty(pairType)}),
			wants:  o(obj{"x": cty.ListValEmpty(pairType)}),
		},
		"list of blocks of no fixed type": {
			block:  withBlocks(lists, blockOf(attrs{"a": anything, "id": computed})),
			prior:  o(obj{"x": tuple(o(obj{"a": s("a"), "id": s("1")}))}),
			config: o(obj{"x": tuple(o(obj{"a": cty.True, "id": none}), o(obj{"a": s("b"), "id": none}))}),
			wants:  o(obj{"x": tuple(o(obj{"a": cty.True, "id": s("1")}), o(obj{"a": s("b"), "id": none}))}),
		},
		"map of blocks by key": {
			block:  withBlocks(maps, blockOf(pair)),
			prior:  o(obj{"x": cty.MapVal(obj{"k": ab(s("a"), s("1")), "gone": ab(s("b"), s("2"))})}),
			config: o(obj{"x": cty.MapVal(obj{"k": ab(s("c"), none), "new": ab(s("b"), none)})}),
			wants:  o(obj{"x": cty.MapVal(obj{"k": ab(s("c"), s("1")), "new": ab(s("b"), none)})}),
		},
		"set of blocks by what is not computed": {
			block:  withBlocks(sets, blockOf(pair)),
			prior:  o(obj{"x": set(ab(s("a"), s("1")), ab(s("b"), s("2")))}),
			config: o(obj{"x": set(ab(s("b"), none), ab(s("c"), none))}),
			wants:  o(obj{"x": set(ab(s("b"), s("2")), ab(s("c"), none))}),
		},
		"set of blocks where an exact match wins": {
			block:  withBlocks(sets, blockOf(attrs{"a": optional, "id": either})),
			prior:  o(obj{"x": set(ab(s("a"), none), ab(s("a"), s("1")))}),
			config: o(obj{"x": set(ab(s("a"), none))}),
			wants:  o(obj{"x": set(ab(s("a"), none))}),
		},
		"set of blocks, each prior one used once": {
			block:  withBlocks(sets, blockOf(attrs{"a": either, "id": either})),
			prior:  o(obj{"x": set(ab(s("a"), s("1")))}),
			config: o(obj{"x": set(ab(none, s("1")), ab(s("a"), none))}),
			wants:  o(obj{"x": set(ab(s("a"), s("1")), ab(none, s("1")))}), // the one that cty orders first
		},
		"set of blocks with blocks inside": {
			block: withBlocks(sets, withBlocks(lists, blockOf(pair))),
			prior: o(obj{"x": set(o(obj{"x": list(ab(s("a"), s("1")))}), o(obj{"x": list(ab(s("b"), s("2")))}))}),
			config: o(obj{"x": set(o(obj{"x": list(ab(s("b"), none))}),
				o(obj{"x": list(ab(s("b"), none), ab(s("c"), none))}))}),
			wants: o(obj{"x": set(o(obj{"x": list(ab(s("b"), s("2")))}),
				o(obj{"x": list(ab(s("b"), none), ab(s("c"), none))}))}),
		},
		"set of blocks with sets and maps inside": {
			block: withBlocks(sets, &tfjson.SchemaBlock{NestedBlocks: map[string]*tfjson.SchemaBlockType{
				"s": {NestingMode: sets, Block: blockOf(pair)}, "m": {NestingMode: maps, Block: blockOf(pair)}}}),
			prior: o(obj{"x": set(o(obj{"s": set(ab(s("a"), s("1"))), "m": cty.MapVal(obj{"k": ab(s("b"), s("2"))})}))}),
			config: o(obj{"x": set(
				o(obj{"s": set(ab(s("a"), none)), "m": cty.MapVal(obj{"k": ab(s("b"), none)})}),
				o(obj{"s": set(ab(s("a"), none)), "m": cty.MapVal(obj{"other": ab(s("b"), none)})}))}),
			wants: o(obj{"x": set(
				o(obj{"s": set(ab(s("a"), s("1"))), "m": cty.MapVal(obj{"k": ab(s("b"), s("2"))})}),
				o(obj{"s": set(ab(s("a"), none)), "m": cty.MapVal(obj{"other": ab(s("b"), none)})}))}),
		},
		"attributes written as blocks": { // SDKv2's optional and computed list of objects, as aws_security_group.ingress
			block: blockOf(attrs{"x": {AttributeType: cty.Set(pairType), Optional: true, Computed: true}}),
			prior: o(obj{"x": set(ab(s("a"), s("1")))}), config: o(obj{"x": cty.NullVal(cty.Set(pairType))}),
			wants: o(obj{"x": set(ab(s("a"), s("1")))}),
		},
		"nested attribute": {
			block:  withNested(single, tfjson.SchemaAttribute{Optional: true}, pair),
			prior:  o(obj{"x": ab(s("old"), s("1"))}),
			config: o(obj{"x": ab(s("new"), none)}),
			wants:  o(obj{"x": ab(s("new"), s("1"))}),
		},
		"nested attribute that is new": {
			block:  withNested(single, tfjson.SchemaAttribute{Optional: true}, pair),
			prior:  o(obj{"x": cty.NullVal(pairType)}),
			config: o(obj{"x": ab(s("new"), none)}),
			wants:  o(obj{"x": ab(s("new"), none)}),
		},
		"nested list": {
			block:  withNested(lists, tfjson.SchemaAttribute{Optional: true}, pair),
			prior:  o(obj{"x": list(ab(s("a"), s("1")))}),
			config: o(obj{"x": list(ab(s("b"), none), ab(s("c"), none))}),
			wants:  o(obj{"x": list(ab(s("b"), s("1")), ab(s("c"), none))}),
		},
		"nested map": {
			block:  withNested(maps, tfjson.SchemaAttribute{Optional: true}, pair),
			prior:  o(obj{"x": cty.NullVal(cty.Map(pairType))}),
			config: o(obj{"x": cty.MapVal(obj{"k": ab(s("b"), none)})}),
			wants:  o(obj{"x": cty.MapVal(obj{"k": ab(s("b"), none)})}),
		},
		"nested set": {
			block:  withNested(sets, tfjson.SchemaAttribute{Optional: true}, pair),
			prior:  o(obj{"x": set(ab(s("a"), s("1")), ab(s("b"), s("2")))}),
			config: o(obj{"x": set(ab(s("b"), none))}),
			wants:  o(obj{"x": set(ab(s("b"), s("2")))}),
		},
		"nested attribute that the provider chose": {
			block:  withNested(single, optionalComputed, attrs{"a": either, "id": computed}),
			prior:  o(obj{"x": ab(s("a"), s("1"))}),
			config: o(obj{"x": cty.NullVal(pairType)}),
			wants:  o(obj{"x": ab(s("a"), s("1"))}),
		},
		"nested attribute that was taken out": {
			block:  withNested(single, optionalComputed, pair),
			prior:  o(obj{"x": ab(s("a"), s("1"))}),
			config: o(obj{"x": cty.NullVal(pairType)}),
			wants:  o(obj{"x": cty.NullVal(pairType)}),
		},
		"nested attribute in a set of blocks": {
			block:  withBlocks(sets, withNested(single, tfjson.SchemaAttribute{Optional: true}, pair)),
			prior:  o(obj{"x": set(o(obj{"x": ab(s("a"), s("1"))}))}),
			config: o(obj{"x": set(o(obj{"x": ab(s("a"), none)}), o(obj{"x": ab(s("b"), none)}))}),
			wants:  o(obj{"x": set(o(obj{"x": ab(s("a"), s("1"))}), o(obj{"x": ab(s("b"), none)}))}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			typ := drift.ImpliedType(tc.block)
			prior := tc.prior
			if prior == cty.NilVal {
				prior = cty.NullVal(typ)
			}
			got := proposeNew(tc.block, prior, tc.config)
			if !got.RawEquals(tc.wants) {
				t.Errorf("got   %#v\nwants %#v", got, tc.wants)
			}
			if problems := got.Type().TestConformance(typ); len(problems) > 0 {
				t.Errorf("does not fit its schema: %v", problems)
			}
		})
	}
}

func TestProposeNothing(t *testing.T) {
	t.Parallel()
	block := blockOf(attrs{"a": optional})
	typ := drift.ImpliedType(block)
	if got := proposeNew(block, o(obj{"a": s("x")}), cty.NullVal(typ)); !got.RawEquals(cty.NullVal(typ)) {
		t.Errorf("a null configuration proposes %#v", got)
	}
}

func TestEmptyBlock(t *testing.T) {
	t.Parallel()
	nested := func(mode tfjson.SchemaNestingMode, a *tfjson.SchemaAttribute) *tfjson.SchemaBlockType {
		return &tfjson.SchemaBlockType{NestingMode: mode, Block: blockOf(attrs{"a": a})}
	}
	element := cty.Object(map[string]cty.Type{"a": cty.String})
	got := emptyBlock(&tfjson.SchemaBlock{Attributes: attrs{"t": optional}, NestedBlocks: map[string]*tfjson.SchemaBlockType{
		"l": nested(tfjson.SchemaNestingModeList, optional), "ld": nested(tfjson.SchemaNestingModeList, anything),
		"m": nested(tfjson.SchemaNestingModeMap, optional), "md": nested(tfjson.SchemaNestingModeMap, anything),
		"s": nested(tfjson.SchemaNestingModeSet, optional), "g": nested(tfjson.SchemaNestingModeGroup, optional),
		"o": nested(tfjson.SchemaNestingModeSingle, optional),
	}})
	wants := o(obj{"t": none, "l": cty.ListValEmpty(element), "ld": cty.EmptyTupleVal, "m": cty.MapValEmpty(element),
		"md": cty.EmptyObjectVal, "s": cty.SetValEmpty(element), "g": o(obj{"a": none}), "o": cty.NullVal(element)})
	if !got.RawEquals(wants) {
		t.Errorf("got   %#v\nwants %#v", got, wants)
	}
}
