package importgen

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// Bounds on how often the provider is asked about one block. They are never met by blocks that can be verified; a
// block that cannot must not hold up the run.
const (
	maxGrowRounds   = 8
	maxRepairRounds = 16
	maxNoopRounds   = 24
	maxPasses       = 4
)

// work is the verification of one block.
type work struct {
	ctx     context.Context
	planner Planner
	*block
	full     *body  // all that could be written
	policies string // how IAM policies are written

	dropped  map[string]bool // places that the provider refused or that lost to a conflicting one
	restored map[string]bool // places that were written because the provider asked for one of a group
	level    map[string]int  // how far the repair of a place has gone
	ignoring map[string]bool // places that ignore_changes names
	forced   bool            // the provider could not plan from nothing with the least that is written
}

// verify finds the smallest configuration of b that the provider validates and plans as a no-op, and says in
// b.differences why there is none. Its error is the provider's failure to answer.
func verify(ctx context.Context, opts Options, b *block) error {
	schema, err := opts.Planner.Schema(ctx, b.Provider, b.Type)
	if err != nil {
		return err
	}
	if b.Object.Value == cty.NilVal || b.Object.Value.IsNull() {
		return fmt.Errorf("%s %s was not read, so there is nothing to write", b.Type, b.ImportID)
	}
	w := &work{
		ctx: ctx, planner: opts.Planner, block: b, policies: opts.PolicyStyle,
		dropped: map[string]bool{}, restored: map[string]bool{}, level: map[string]int{}, ignoring: map[string]bool{},
	}
	b.schema = schema.Block
	b.Object.Value = normal(b.schema, b.Object.Value)
	w.full = settings(b.Type, b.schema, b.Object.Value)
	if b.regional = drift.ServesAllRegions(b.Provider, opts.Versions[b.Provider]) && drift.HasRegion(b.schema); b.regional {
		w.full.drop("region") // it is written where the provider configuration is for another one
	}
	b.leaveApart(w.full, b.apart)
	hideSecrets(b.schema, w.full)
	opts.Secret.hideFound(b.schema, w.full, "")
	err = w.run()
	b.kept, b.ignored = w.ignoring, w.ignoredPaths()
	return err
}

func (w *work) run() error {
	w.conf = w.required(w.schema, w.full, "")
	if err := w.grow(); err != nil {
		return err
	}
	for range maxPasses {
		invalid, err := w.repair()
		if err != nil {
			return err
		}
		if len(invalid) > 0 {
			w.differences = invalid
			return nil
		}
		changed, differing, err := w.settle()
		if err != nil {
			return err
		}
		if len(differing) > 0 {
			w.differences = differing
			return nil
		}
		if !changed {
			w.differences = nil
			return w.finish()
		}
	}
	w.differences = []drift.Difference{{Reason: "what the provider's validation asks for, its plan takes back"}}
	return nil
}

// finish makes a verified block nicer, one step at a time, and keeps of it what stays a no-op.
func (w *work) finish() error {
	if err := w.shed(); err != nil {
		return err
	}
	if err := w.dropEmptyBlocks(); err != nil {
		return err
	}
	if err := w.ignoreLess(); err != nil {
		return err
	}
	if err := w.encodeDocuments(); err != nil {
		return err
	}
	if w.policies == PolicyData {
		if err := w.policiesAsData(); err != nil {
			return err
		}
	}
	w.explain()
	return nil
}

func (w *work) plan(prior drift.Object, config cty.Value) (drift.Planned, error) {
	w.calls.Plan++
	planned, err := w.planner.Plan(w.ctx, w.Resource, prior, config)
	planned.Value = normal(w.schema, planned.Value)
	return planned, err
}

// planCreate asks what the provider would make of the configuration where nothing exists.
func (w *work) planCreate() (cty.Value, error) {
	planned, err := w.plan(drift.Object{Value: cty.NullVal(drift.ImpliedType(w.schema))}, w.conf.value(w.schema))
	return planned.Value, err
}

// planImport asks what the provider would change after the import, the way Terraform asks: arguments that
// ignore_changes names have the prior value in the configuration and, since legacy providers plan more than the
// configuration says, in the plan too.
func (w *work) planImport() ([]string, error) {
	prior := w.Object.Value
	paths := w.paths()
	planned, err := w.plan(w.Object, withPrior(w.conf.value(w.schema), prior, paths))
	if err != nil {
		return nil, err
	}
	return differing(w.schema, prior, withPrior(planned.Value, prior, paths), ""), nil
}

// keepIfNoOp makes a change to the block, and takes it back where the plan after import is then no longer a no-op. A change
// that answers false has made no difference that the provider could be asked about.
func (w *work) keepIfNoOp(change func() bool) error {
	conf, ignoring := w.conf.clone(), maps.Clone(w.ignoring)
	if !change() {
		return nil
	}
	places, err := w.planImport()
	if len(places) > 0 {
		w.conf, w.ignoring = conf, ignoring
	}
	return err
}

// differing lists the places in which two values of a schema differ.
func differing(schema *tfjson.SchemaBlock, a, b cty.Value, at string) []string {
	var places []string
	for _, name := range slices.Sorted(maps.Keys(schema.Attributes)) {
		if !equal(member(a, name), member(b, name)) {
			places = append(places, join(at, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(schema.NestedBlocks)) {
		nested := schema.NestedBlocks[name]
		before, after := member(a, name), member(b, name)
		if equal(before, after) {
			continue
		}
		olds, _ := nestedValues(nested, before)
		news, _ := nestedValues(nested, after)
		if nested.NestingMode == tfjson.SchemaNestingModeSet && len(olds) > 1 || len(olds) != len(news) || len(olds) == 0 {
			places = append(places, join(at, name))
			continue
		}
		for i := range olds {
			places = append(places, differing(nested.Block, olds[i], news[i], join(at, name))...)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

func equal(a, b cty.Value) bool {
	return a.IsWhollyKnown() && b.IsWhollyKnown() && a.RawEquals(b)
}

// settle brings the plan after import to a no-op. It reports whether it changed the configuration, and what still
// differs when it can do no more.
func (w *work) settle() (changed bool, _ []drift.Difference, _ error) {
	for range maxNoopRounds {
		places, err := w.planImport()
		if err != nil {
			return false, nil, err
		}
		if len(places) == 0 {
			return changed, nil, nil
		}
		if !w.advance(places) {
			return false, w.explainDifferences(places), nil
		}
		changed = true
	}
	return false, []drift.Difference{{Reason: "the provider's plan does not come to rest"}}, nil
}

// advance takes one step towards a no-op: first everything that was left out and can be written is written, then,
// one place at a time, what is written and still differs is left to ignore_changes. One at a time, because a
// difference is often only the shadow of another one.
func (w *work) advance(places []string) bool {
	written := false
	for _, place := range places {
		if w.level[place] > 0 || w.dropped[place] {
			continue
		}
		w.level[place] = 1
		written = w.conf.restore(place, w.full) || written
	}
	if written {
		return true
	}
	for _, place := range places {
		if w.level[place] > 1 {
			continue
		}
		w.level[place] = 2
		if attr, block := schemaAt(w.schema, place); block != nil || attr != nil && settable(attr) {
			w.ignoring[place] = true
			return true
		}
	}
	return false
}

// explainDifferences names what keeps a block from being verified: the arguments that a person can set, else all.
func (w *work) explainDifferences(places []string) []drift.Difference {
	var settables, others []drift.Difference
	for _, place := range places {
		d := drift.Difference{Path: place, Reason: "the provider plans another value than the one it read"}
		if attr, block := schemaAt(w.schema, place); block != nil || attr != nil && settable(attr) {
			settables = append(settables, d)
			continue
		}
		others = append(others, d)
	}
	if len(settables) > 0 {
		return settables
	}
	return others
}

// explain writes down what a reader of the verified block must know.
func (w *work) explain() {
	for name, note := range hashed[w.Type] {
		if v := member(w.Object.Value, name); v.IsKnown() && !empty(v) {
			w.notes = append(w.notes, note)
		}
	}
	for place := range w.ignoring {
		if note := unreadable[w.Type][place].note; note != "" && w.conf.has(place) {
			w.notes = append(w.notes, note)
		}
	}
	slices.Sort(w.notes)
	w.notes = slices.Compact(w.notes)
}

func diagnosis(d drift.Diagnostic) drift.Difference {
	reason := strings.TrimSpace(d.Summary)
	if detail := strings.Join(strings.Fields(d.Detail), " "); detail != "" && detail != reason {
		reason += ": " + detail
	}
	return drift.Difference{Path: dotted(d.Path), Reason: reason}
}
