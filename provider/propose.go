package provider

import (
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// proposeNew merges a prior state and a configuration into the state that Terraform proposes to a provider when it
// asks for a plan. Both values have the block's implied type; a null prior proposes a creation. The rules are
// Terraform's, since providers rely on them:
//   - what the configuration sets, wins;
//   - a computed attribute that the configuration leaves out keeps its prior value;
//   - nested blocks and attributes are merged with the prior one of the same index (list) or key (map); in a set, with
//     the one that differs from the configuration only in what is computed;
//   - a write-only attribute is null.
func proposeNew(block *tfjson.SchemaBlock, prior, config cty.Value) cty.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	if prior.IsNull() || !prior.IsKnown() {
		prior = emptyBlock(block)
	}
	merged := proposeAttributes(block.Attributes, prior, config)
	for name, nested := range block.NestedBlocks {
		merged[name] = proposeNested(blockNesting(nested), prior.GetAttr(name), config.GetAttr(name))
	}
	return cty.ObjectVal(merged)
}

func proposeAttributes(attributes map[string]*tfjson.SchemaAttribute, prior, config cty.Value) map[string]cty.Value {
	merged := make(map[string]cty.Value, len(attributes))
	for name, attribute := range attributes {
		merged[name] = proposeAttribute(attribute, attributeOf(prior, name, attribute), config.GetAttr(name))
	}
	return merged
}

func proposeAttribute(attribute *tfjson.SchemaAttribute, prior, config cty.Value) cty.Value {
	switch {
	case attribute.WriteOnly:
		return cty.NullVal(drift.AttributeType(attribute))
	case attribute.Computed && !attribute.Optional:
		return prior
	case attribute.Computed && config.IsNull() && !hasConfigured(attribute, prior):
		return prior
	case attribute.AttributeNestedType != nil:
		return proposeNested(attributeNesting(attribute.AttributeNestedType), prior, config)
	default:
		return config
	}
}

// hasConfigured says whether a nested attribute holds something that only a configuration can have set. When such an
// attribute is left out of the configuration, it was removed from there: its prior value must not come back.
func hasConfigured(attribute *tfjson.SchemaAttribute, value cty.Value) bool {
	nested := attribute.AttributeNestedType
	if nested == nil || value.IsNull() || !value.IsKnown() {
		return false
	}
	for _, object := range objectsOf(nested.NestingMode, value) {
		if object.IsNull() || !object.IsKnown() {
			continue
		}
		for name, inner := range nested.Attributes {
			v := object.GetAttr(name)
			if !inner.Computed && !v.IsNull() || hasConfigured(inner, v) {
				return true
			}
		}
	}
	return false
}

func objectsOf(mode tfjson.SchemaNestingMode, value cty.Value) []cty.Value {
	switch mode {
	case tfjson.SchemaNestingModeList, tfjson.SchemaNestingModeSet, tfjson.SchemaNestingModeMap:
		return value.AsValueSlice()
	default:
		return []cty.Value{value}
	}
}

// nesting is what nested blocks and nested attributes have in common.
type nesting struct {
	mode    tfjson.SchemaNestingMode
	propose func(prior, config cty.Value) cty.Value // for one object
	matches func(prior, config cty.Value) bool      // whether prior can be what became of config
}

func blockNesting(nested *tfjson.SchemaBlockType) nesting {
	return nesting{
		mode:    nested.NestingMode,
		propose: func(prior, config cty.Value) cty.Value { return proposeNew(nested.Block, prior, config) },
		matches: func(prior, config cty.Value) bool { return blockMatches(nested.Block, prior, config) },
	}
}

func attributeNesting(nested *tfjson.SchemaNestedAttributeType) nesting {
	return nesting{
		mode: nested.NestingMode,
		propose: func(prior, config cty.Value) cty.Value {
			if config.IsNull() || !config.IsKnown() {
				return config
			}
			return cty.ObjectVal(proposeAttributes(nested.Attributes, prior, config))
		},
		matches: func(prior, config cty.Value) bool { return attributesMatch(nested.Attributes, prior, config) },
	}
}

func proposeNested(n nesting, prior, config cty.Value) cty.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	switch n.mode {
	case tfjson.SchemaNestingModeList:
		return proposeList(n, prior, config)
	case tfjson.SchemaNestingModeMap:
		return proposeMap(n, prior, config)
	case tfjson.SchemaNestingModeSet:
		return proposeSet(n, prior, config)
	default:
		return n.propose(prior, config)
	}
}

func proposeList(n nesting, prior, config cty.Value) cty.Value {
	elements := config.AsValueSlice()
	if len(elements) == 0 {
		return config
	}
	priors := elementsOf(prior)
	for i, element := range elements {
		before := cty.NullVal(element.Type())
		if i < len(priors) {
			before = priors[i]
		}
		elements[i] = n.propose(before, element)
	}
	if config.Type().IsTupleType() {
		return cty.TupleVal(elements)
	}
	return cty.ListVal(elements)
}

func proposeMap(n nesting, prior, config cty.Value) cty.Value {
	elements := config.AsValueMap()
	if len(elements) == 0 {
		return config
	}
	var priors map[string]cty.Value
	if !prior.IsNull() && prior.IsKnown() {
		priors = prior.AsValueMap()
	}
	for key, element := range elements {
		before, ok := priors[key]
		if !ok {
			before = cty.NullVal(element.Type())
		}
		elements[key] = n.propose(before, element)
	}
	if config.Type().IsObjectType() {
		return cty.ObjectVal(elements)
	}
	return cty.MapVal(elements)
}

func proposeSet(n nesting, prior, config cty.Value) cty.Value {
	elements := config.AsValueSlice()
	if len(elements) == 0 {
		return config
	}
	priors := elementsOf(prior)
	for i, element := range elements {
		before := cty.NullVal(element.Type())
		if at := indexOfPrior(n, priors, element); at >= 0 {
			before = priors[at]
			priors = append(priors[:at], priors[at+1:]...) // each prior element is continued once
		}
		elements[i] = n.propose(before, element)
	}
	return cty.SetVal(elements)
}

func indexOfPrior(n nesting, priors []cty.Value, config cty.Value) int {
	for i, prior := range priors {
		if prior.RawEquals(config) {
			return i
		}
	}
	for i, prior := range priors {
		if n.matches(prior, config) {
			return i
		}
	}
	return -1
}

func elementsOf(collection cty.Value) []cty.Value {
	if collection.IsNull() || !collection.IsKnown() {
		return nil
	}
	return collection.AsValueSlice()
}

// blockMatches says whether prior differs from config only in attributes that config leaves to the provider.
func blockMatches(block *tfjson.SchemaBlock, prior, config cty.Value) bool {
	if !bothObjects(prior, config) {
		return prior.RawEquals(config)
	}
	if !attributesMatch(block.Attributes, prior, config) {
		return false
	}
	for name, nested := range block.NestedBlocks {
		if !nestedMatches(blockNesting(nested), prior.GetAttr(name), config.GetAttr(name)) {
			return false
		}
	}
	return true
}

func attributesMatch(attributes map[string]*tfjson.SchemaAttribute, prior, config cty.Value) bool {
	if !bothObjects(prior, config) {
		return prior.RawEquals(config)
	}
	for name, attribute := range attributes {
		before, wanted := prior.GetAttr(name), config.GetAttr(name)
		switch {
		case before.RawEquals(wanted):
		case attribute.Computed && wanted.IsNull() && !hasConfigured(attribute, before):
		case attribute.AttributeNestedType != nil && nestedMatches(attributeNesting(attribute.AttributeNestedType), before, wanted):
		default:
			return false
		}
	}
	return true
}

func nestedMatches(n nesting, prior, config cty.Value) bool {
	if prior.RawEquals(config) {
		return true
	}
	if !bothObjects(prior, config) {
		return false
	}
	switch n.mode {
	case tfjson.SchemaNestingModeList:
		return pairwise(n, prior.AsValueSlice(), config.AsValueSlice())
	case tfjson.SchemaNestingModeSet:
		priors, configs := prior.AsValueSlice(), config.AsValueSlice()
		if len(priors) != len(configs) {
			return false
		}
		for _, wanted := range configs {
			at := indexOfPrior(n, priors, wanted)
			if at < 0 {
				return false
			}
			priors = append(priors[:at], priors[at+1:]...)
		}
		return true
	case tfjson.SchemaNestingModeMap:
		priors, configs := prior.AsValueMap(), config.AsValueMap()
		if len(priors) != len(configs) {
			return false
		}
		for key, wanted := range configs {
			before, ok := priors[key]
			if !ok || !n.matches(before, wanted) {
				return false
			}
		}
		return true
	default:
		return n.matches(prior, config)
	}
}

func pairwise(n nesting, priors, configs []cty.Value) bool {
	if len(priors) != len(configs) {
		return false
	}
	for i := range configs {
		if !n.matches(priors[i], configs[i]) {
			return false
		}
	}
	return true
}

func bothObjects(a, b cty.Value) bool {
	return !a.IsNull() && a.IsKnown() && !b.IsNull() && b.IsKnown()
}

// attributeOf is an attribute of an object that may be null.
func attributeOf(object cty.Value, name string, attribute *tfjson.SchemaAttribute) cty.Value {
	if object.IsNull() || !object.IsKnown() {
		return cty.NullVal(drift.AttributeType(attribute))
	}
	return object.GetAttr(name)
}

// emptyBlock is what Terraform makes of `{}`: null attributes, and no nested blocks.
func emptyBlock(block *tfjson.SchemaBlock) cty.Value {
	values := make(map[string]cty.Value, len(block.Attributes)+len(block.NestedBlocks))
	for name, attribute := range block.Attributes {
		values[name] = cty.NullVal(drift.AttributeType(attribute))
	}
	for name, nested := range block.NestedBlocks {
		values[name] = emptyNested(nested)
	}
	return cty.ObjectVal(values)
}

func emptyNested(nested *tfjson.SchemaBlockType) cty.Value {
	element := drift.ImpliedType(nested.Block)
	dynamic := element.HasDynamicTypes()
	switch nested.NestingMode {
	case tfjson.SchemaNestingModeList:
		if dynamic {
			return cty.EmptyTupleVal
		}
		return cty.ListValEmpty(element)
	case tfjson.SchemaNestingModeMap:
		if dynamic {
			return cty.EmptyObjectVal
		}
		return cty.MapValEmpty(element)
	case tfjson.SchemaNestingModeSet:
		return cty.SetValEmpty(element)
	case tfjson.SchemaNestingModeGroup:
		return emptyBlock(nested.Block)
	default:
		return cty.NullVal(element)
	}
}
