package importgen

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/seed-e90528ae/driftline/importgen/defaults"
)

// required is the part of full without which Terraform would not even ask the provider.
func (w *work) required(schema *tfjson.SchemaBlock, full *body, at string) *body {
	b := newBody()
	b.label = full.label
	for name, attr := range schema.Attributes {
		if v, ok := full.attrs[name]; ok && attr.Required {
			b.attrs[name] = v
		}
		if s := full.secret[name]; s != nil {
			b.attrs[name], b.secret[name] = full.attrs[name], s
		}
	}
	for name, nested := range schema.NestedBlocks {
		for _, child := range full.blocks[name] {
			if nested.MinItems > 0 || len(secretPlaces(child, "")) > 0 {
				b.blocks[name] = append(b.blocks[name], w.outline(nested, child, join(at, name)))
			}
		}
	}
	return b
}

// outline is what a block starts with when it is written. The elements of a set cannot be matched with the plan's,
// so they start with all that is set.
func (w *work) outline(nested *tfjson.SchemaBlockType, child *body, at string) *body {
	if nested.NestingMode == tfjson.SchemaNestingModeSet {
		return w.withoutZeros(nested.Block, child, at)
	}
	return w.required(nested.Block, child, at)
}

func (w *work) withoutZeros(schema *tfjson.SchemaBlock, full *body, at string) *body {
	b := full.clone()
	for name, attr := range schema.Attributes {
		v, ok := b.attrs[name]
		switch {
		case !ok:
		case !attr.Required && b.secret[name] == nil && (saysNothing(attr, name, v) || w.chosen(join(at, name), v)):
			delete(b.attrs, name)
		default:
			b.attrs[name] = pruned(v)
		}
	}
	for name, nested := range schema.NestedBlocks {
		var children []*body
		for _, child := range full.blocks[name] {
			if nested.MinItems > 0 || !emptyBody(child) {
				children = append(children, w.withoutZeros(nested.Block, child, join(at, name)))
			}
		}
		delete(b.blocks, name)
		if len(children) > 0 {
			b.blocks[name] = children
		}
	}
	return b
}

// saysNothing reports whether a value is how the SDK writes that nothing was set.
func saysNothing(attr *tfjson.SchemaAttribute, name string, v cty.Value) bool {
	return empty(v) || zero(v) && (!attr.Computed || unsetZero[name])
}

// chosen reports whether the cloud would choose a value by itself, as its documentation says.
func (w *work) chosen(at string, v cty.Value) bool {
	if !defaults.Knows(w.Type, at) {
		return false
	}
	return defaults.Chosen(w.Type, at, asJSON(v), defaults.Resource{
		Account: w.Account, Region: w.Region, At: func(place string) string { return asJSON(w.read(place)) },
	})
}

// chosenBlock reports whether it would make a block by itself: something in it is a documented default, and nothing in it
// is anything else.
func (w *work) chosenBlock(nested *tfjson.SchemaBlockType, b *body, at string) bool {
	known := false
	for name, v := range b.attrs {
		place := join(at, name)
		switch {
		case w.chosen(place, v):
			known = true
		case defaults.Knows(w.Type, place), !zero(v), b.secret[name] != nil:
			return false
		}
	}
	for name, children := range b.blocks {
		for _, child := range children {
			if !emptyBody(child) && !w.chosenBlock(nested.Block.NestedBlocks[name], child, join(at, name)) {
				return false
			}
			known = true
		}
	}
	return known
}

func (w *work) allChosen(nested *tfjson.SchemaBlockType, children []*body, at string) bool {
	return !slices.ContainsFunc(children, func(c *body) bool { return !w.chosenBlock(nested, c, at) })
}

// read is what stands at a place of the resource, null where that is nothing or not the same everywhere.
func (w *work) read(place string) cty.Value {
	holders, name := w.full.at(place)
	value := cty.NullVal(cty.DynamicPseudoType)
	for i, h := range holders {
		v, ok := h.attrs[name]
		if !ok || i > 0 && !v.RawEquals(value) {
			return cty.NullVal(cty.DynamicPseudoType)
		}
		value = v
	}
	return value
}

// asJSON is a value as the table of defaults has it, "" for null.
func asJSON(v cty.Value) string {
	if v.IsNull() || !v.IsWhollyKnown() {
		return ""
	}
	text, err := ctyjson.Marshal(v, v.Type())
	if err != nil { // what is known and not null always encodes
		return ""
	}
	return string(text)
}

// grow adds to the required arguments each one that the provider, planning from nothing, would not choose by itself,
// until a plan from nothing shows everything that was read. Where the provider cannot plan with so little, its message
// or its validation says what more it needs, and where neither helps, everything that is set stands.
func (w *work) grow() error {
	failures := 0
	for range maxGrowRounds {
		planned, err := w.planCreate()
		if err != nil {
			failures++
			w.forced = true
			switch {
			case w.ctx.Err() != nil:
				return w.ctx.Err()
			case w.writeNamed(err.Error()):
				continue
			case failures == 1:
				if _, err := w.repair(); err != nil {
					return err
				}
				continue
			case failures == 2:
				w.conf = w.withoutZeros(w.schema, w.full, "")
				continue
			}
			return nil // whether the plan after import works is what counts
		}
		if !w.add(w.schema, w.conf, w.full, planned, "") {
			return nil
		}
	}
	return nil
}

var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_]*`)

// writeNamed writes the arguments that a message names, and reports whether there was one that was not written yet. A
// provider whose plan depends on several arguments at once says in prose which it misses.
func (w *work) writeNamed(message string) bool {
	named := map[string]bool{}
	for _, name := range word.FindAllString(message, -1) {
		named[identify(name)] = true
	}
	return w.writeNamedIn(w.full, "", named)
}

func (w *work) writeNamedIn(full *body, at string, named map[string]bool) bool {
	wrote := false
	for _, name := range slices.Sorted(maps.Keys(full.attrs)) {
		place := join(at, name)
		if named[name] && !zero(full.attrs[name]) && !w.dropped[place] && !w.conf.has(place) && !w.chosen(place, full.attrs[name]) {
			wrote = w.conf.restore(place, w.full) || wrote
		}
	}
	for _, name := range slices.Sorted(maps.Keys(full.blocks)) {
		if !w.conf.has(join(at, name)) {
			continue // a name is too little to write a whole block for
		}
		for _, child := range full.blocks[name] {
			wrote = w.writeNamedIn(child, join(at, name), named) || wrote
		}
	}
	return wrote
}

// add writes what planned does not show of full, and reports whether there was anything.
func (w *work) add(schema *tfjson.SchemaBlock, conf, full *body, planned cty.Value, at string) bool {
	added := false
	for name, read := range full.attrs {
		if _, ok := conf.attrs[name]; ok || !w.wanted(schema.Attributes[name], join(at, name), read, member(planned, name)) {
			continue
		}
		conf.attrs[name] = pruned(read)
		added = true
	}
	for name, children := range full.blocks {
		nested := schema.NestedBlocks[name]
		values, _ := nestedValues(nested, member(planned, name))
		if len(conf.blocks[name]) == 0 {
			if shows(nested, children, values) || w.dropped[join(at, name)] || assignedByCloud(w.Type, join(at, name)) {
				continue
			}
			if nested.MinItems == 0 && w.allChosen(nested, children, join(at, name)) {
				continue
			}
			for _, child := range children {
				conf.blocks[name] = append(conf.blocks[name], w.outline(nested, child, join(at, name)))
			}
			added = true
			continue
		}
		if len(values) != len(children) || len(conf.blocks[name]) != len(children) {
			continue
		}
		if nested.NestingMode == tfjson.SchemaNestingModeSet && len(children) > 1 {
			continue
		}
		for i, child := range conf.blocks[name] {
			added = w.add(nested.Block, child, children[i], values[i], join(at, name)) || added
		}
	}
	return added
}

// wanted decides on one attribute that is not written yet.
func (w *work) wanted(attr *tfjson.SchemaAttribute, at string, read, planned cty.Value) bool {
	switch {
	case w.dropped[at], attr.Deprecated, same(read, planned):
		return false
	case planned.IsKnown() && !empty(planned): // the provider chooses, and something else
		return true
	case w.chosen(at, read):
		return false
	case planned.IsKnown():
		return true
	case empty(read), unsetZero[attributeName(at)] && zero(read):
		return false
	}
	return !assignedByCloud(w.Type, at)
}

// shed takes back what was written only because the provider could not plan with less or because it stands in a set, whose
// elements cannot be matched with the plan's one by one: what a plan from nothing shows without it just the same.
func (w *work) shed() error {
	for _, place := range w.spare(w.schema, w.conf, "", w.forced) {
		err := w.keepIfNoOp(func() bool {
			before := w.conf.clone()
			w.conf.drop(place)
			if planned, err := w.planCreate(); err == nil && !w.missing(planned, place) && w.valid() {
				return true
			}
			w.conf = before
			return false
		})
		if err = cmp.Or(err, w.ctx.Err()); err != nil {
			return err
		}
	}
	return nil
}

// spare are the places of optional arguments that may be written in vain: those in a set, and all when asked for.
func (w *work) spare(schema *tfjson.SchemaBlock, b *body, at string, all bool) []string {
	var places []string
	for _, name := range slices.Sorted(maps.Keys(b.attrs)) {
		if all && !schema.Attributes[name].Required && b.secret[name] == nil {
			places = append(places, join(at, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		nested := schema.NestedBlocks[name]
		for _, child := range b.blocks[name] {
			places = append(places, w.spare(nested.Block, child, join(at, name), all || nested.NestingMode == tfjson.SchemaNestingModeSet)...)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// missing reports whether a plan from nothing lacks anything of what was read, now that a place is not written: the place
// itself, or something else for want of it. Where a block is there more than once, all of it is compared: elements of sets
// cannot be matched one by one.
func (w *work) missing(planned cty.Value, place string) bool {
	full, schema, value, at := w.full, w.schema, planned, place
	for head, rest, nested := strings.Cut(at, "."); nested; head, rest, nested = strings.Cut(at, ".") {
		block := schema.NestedBlocks[head]
		values, _ := nestedValues(block, member(value, head))
		if len(full.blocks[head]) != 1 || len(values) != 1 {
			top, _, _ := strings.Cut(place, ".")
			return !same(member(w.Object.Value, top), member(planned, top))
		}
		full, schema, value, at = full.blocks[head][0], block.Block, values[0], rest
	}
	read, ok := full.attrs[at]
	return !ok || w.wanted(schema.Attributes[at], place, read, member(value, at)) || w.add(w.schema, w.conf.clone(), w.full, planned, "")
}

// dropEmptyBlocks takes away the blocks that say nothing, where the plan stays a no-op: a block whose arguments all
// have the provider's own values.
func (w *work) dropEmptyBlocks() error {
	for _, place := range emptyPlaces(w.schema, w.conf, "") {
		if err := w.keepIfNoOp(func() bool { return w.conf.drop(place) }); err != nil {
			return err
		}
	}
	return nil
}

// emptyPlaces are the optional block types of which no block holds anything.
func emptyPlaces(schema *tfjson.SchemaBlock, b *body, at string) []string {
	var places []string
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		nested, hollow := schema.NestedBlocks[name], true
		for _, child := range b.blocks[name] {
			hollow = hollow && child.hollow()
		}
		if hollow && nested.MinItems == 0 {
			places = append(places, join(at, name))
			continue
		}
		for _, child := range b.blocks[name] {
			places = append(places, emptyPlaces(nested.Block, child, join(at, name))...)
		}
	}
	return places
}

// hollow reports whether nothing is written in a body, or only blocks in which nothing is.
func (b *body) hollow() bool {
	for _, children := range b.blocks {
		if slices.ContainsFunc(children, func(c *body) bool { return !c.hollow() }) {
			return false
		}
	}
	return len(b.attrs) == 0
}

// shows reports whether the planned blocks are those that were read, so that they need not be written. Blocks in
// which nothing is set need not be either.
func shows(nested *tfjson.SchemaBlockType, children []*body, planned []cty.Value) bool {
	allEmpty := true
	for _, child := range children {
		allEmpty = allEmpty && emptyBody(child)
	}
	if allEmpty && len(planned) == 0 {
		return true
	}
	if len(children) != len(planned) {
		return false
	}
	for i, child := range children {
		if !showsBody(nested.Block, child, planned[i]) {
			return false
		}
	}
	return true
}

func showsBody(schema *tfjson.SchemaBlock, b *body, planned cty.Value) bool {
	for name, read := range b.attrs {
		if !same(read, member(planned, name)) {
			return false
		}
	}
	for name, children := range b.blocks {
		values, _ := nestedValues(schema.NestedBlocks[name], member(planned, name))
		if !shows(schema.NestedBlocks[name], children, values) {
			return false
		}
	}
	return true
}
