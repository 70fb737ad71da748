package importgen

import (
	"context"
	"fmt"
	"sync"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/seed-e90528ae/driftline/drift"
)

// fakePlanner is a fake of a provider on the legacy SDK: it plans by schema, and has the habits it is told to have.
// Its messages are worded like those of the AWS provider 5.100.
type fakePlanner struct {
	types map[string]fakeType

	mu    sync.Mutex
	plans int
}

type fakeType struct {
	schema   *tfjson.SchemaBlock
	defaults map[string]cty.Value // place → planned where the configuration has nothing, whatever was read
	complain func(config cty.Value) []drift.Diagnostic
	reword   func(prior, planned cty.Value) cty.Value // what a CustomizeDiff or a diff suppression does
	refuse   func(config cty.Value) error             // what a CustomizeDiff cannot plan from nothing
	crash    error
}

func (f *fakePlanner) Schema(_ context.Context, _, typ string) (*tfjson.Schema, error) {
	t, ok := f.types[typ]
	if !ok {
		return nil, fmt.Errorf("the fake has no %s", typ)
	}
	return &tfjson.Schema{Block: t.schema}, nil
}

func (f *fakePlanner) Validate(_ context.Context, r drift.Resource, config cty.Value) ([]drift.Diagnostic, error) {
	t := f.types[r.Type]
	var out []drift.Diagnostic
	missing(t.schema, config, nil, &out)
	if t.complain != nil {
		out = append(out, t.complain(config)...)
	}
	return out, nil
}

func missing(schema *tfjson.SchemaBlock, config cty.Value, at cty.Path, out *[]drift.Diagnostic) {
	for name, attr := range schema.Attributes {
		if attr.Required && config.GetAttr(name).IsNull() {
			*out = append(*out, drift.Diagnostic{
				Error: true, Summary: "Missing required argument",
				Detail: fmt.Sprintf("The argument %q is required, but no definition was found.", name), Path: at.Copy().GetAttr(name),
			})
		}
	}
}

func (f *fakePlanner) Plan(_ context.Context, r drift.Resource, prior drift.Object, config cty.Value) (drift.Planned, error) {
	f.mu.Lock()
	f.plans++
	f.mu.Unlock()
	t := f.types[r.Type]
	if t.crash != nil {
		return drift.Planned{}, t.crash
	}
	if t.refuse != nil && prior.Value.IsNull() {
		if err := t.refuse(config); err != nil {
			return drift.Planned{}, err
		}
	}
	planned := planObject(t.schema, t.defaults, prior.Value, config, "")
	if t.reword != nil {
		planned = t.reword(prior.Value, planned)
	}
	return drift.Planned{Value: planned}, nil
}

func planObject(schema *tfjson.SchemaBlock, defaults map[string]cty.Value, prior, config cty.Value, at string) cty.Value {
	out := map[string]cty.Value{}
	for name, attr := range schema.Attributes {
		ty := drift.AttributeType(attr)
		def, defaulted := defaults[join(at, name)]
		switch c := config.GetAttr(name); {
		case !c.IsNull():
			out[name] = c
		case attr.Computed && !prior.IsNull():
			out[name] = prior.GetAttr(name)
		case defaulted:
			out[name] = def
		case attr.Computed:
			out[name] = cty.UnknownVal(ty)
		default:
			out[name] = cty.NullVal(ty)
		}
	}
	for name, nested := range schema.NestedBlocks {
		configs, _ := nestedValues(nested, config.GetAttr(name))
		priors := []cty.Value{}
		if !prior.IsNull() {
			priors, _ = nestedValues(nested, prior.GetAttr(name))
		}
		if def, ok := defaults[join(at, name)]; ok && len(configs) == 0 {
			out[name] = def
			continue
		}
		values := []cty.Value{}
		for i, c := range configs {
			p := cty.NullVal(c.Type())
			if i < len(priors) {
				p = priors[i]
			}
			values = append(values, planObject(nested.Block, defaults, p, c, join(at, name)))
		}
		ty := drift.ImpliedType(nested.Block)
		switch {
		case nested.NestingMode == tfjson.SchemaNestingModeSet && len(values) == 0:
			out[name] = cty.SetValEmpty(ty)
		case nested.NestingMode == tfjson.SchemaNestingModeSet:
			out[name] = cty.SetVal(values)
		case len(values) == 0:
			out[name] = cty.ListValEmpty(ty)
		default:
			out[name] = cty.ListVal(values)
		}
	}
	return cty.ObjectVal(out)
}

// The shorthand below writes schemas down.

func flat(attrs map[string]*tfjson.SchemaAttribute) *tfjson.SchemaBlock {
	return &tfjson.SchemaBlock{Attributes: attrs}
}

func needed(ty cty.Type) *tfjson.SchemaAttribute {
	return &tfjson.SchemaAttribute{AttributeType: ty, Required: true}
}

func allowed(ty cty.Type) *tfjson.SchemaAttribute {
	return &tfjson.SchemaAttribute{AttributeType: ty, Optional: true}
}

func either(ty cty.Type) *tfjson.SchemaAttribute {
	return &tfjson.SchemaAttribute{AttributeType: ty, Optional: true, Computed: true}
}

func readOnly(ty cty.Type) *tfjson.SchemaAttribute {
	return &tfjson.SchemaAttribute{AttributeType: ty, Computed: true}
}

func sensitive(a *tfjson.SchemaAttribute) *tfjson.SchemaAttribute {
	a.Sensitive = true
	return a
}

func listOf(block *tfjson.SchemaBlock) *tfjson.SchemaBlockType {
	return &tfjson.SchemaBlockType{NestingMode: tfjson.SchemaNestingModeList, Block: block}
}

func setOf(block *tfjson.SchemaBlock) *tfjson.SchemaBlockType {
	return &tfjson.SchemaBlockType{NestingMode: tfjson.SchemaNestingModeSet, Block: block}
}

// object reads JSON as a value of a schema; what is left out is null.
func object(schema *tfjson.SchemaBlock, text string) cty.Value {
	ty := drift.ImpliedType(schema)
	attrs := map[string]cty.Value{}
	for name, t := range ty.AttributeTypes() {
		attrs[name] = cty.NullVal(t)
		if t.IsListType() && schema.NestedBlocks[name] != nil {
			attrs[name] = cty.ListValEmpty(t.ElementType())
		}
		if t.IsSetType() && schema.NestedBlocks[name] != nil {
			attrs[name] = cty.SetValEmpty(t.ElementType())
		}
	}
	raw := map[string]ctyjson.SimpleJSONValue{}
	if err := jsonInto(text, &raw); err != nil {
		panic(err)
	}
	for name, v := range raw {
		t, ok := ty.AttributeTypes()[name]
		if !ok {
			panic("no attribute " + name)
		}
		attrs[name] = conform(t, v.Value)
	}
	return cty.ObjectVal(attrs)
}
