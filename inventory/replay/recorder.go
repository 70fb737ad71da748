package replay

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// Recorder passes questions on to a live provider, and keeps the answers. What it gives is scrubbed already, so that
// the run that records sees exactly what a replay will see.
type Recorder struct {
	live  Provider
	scrub scrubber

	mu        sync.Mutex
	recording Recording
}

// NewRecorder starts a recording of the provider's answers, without what is sensitive by the schema, by a state's marks or
// by secret, which may be nil.
func NewRecorder(live Provider, at time.Time, account string, regions []string, roots []drift.RootModule, versions map[string]string, secret Secret) *Recorder {
	return &Recorder{live: live, scrub: newScrubber(secret), recording: Recording{
		Version: Version, RecordedAt: at.UTC().Truncate(time.Second), Account: account, Regions: regions, Roots: roots, Providers: versions,
		Instances: []instance{}, Listed: []drift.Listed{}, Skipped: []drift.Skipped{},
		Schemas:   map[string]map[string]*tfjson.Schema{},
		Refreshed: map[string]refreshed{}, Imported: map[string]object{},
		Validated: map[string]validated{}, Planned: map[string]planned{},
	}}
}

// Recording is what was recorded, in an order that does not depend on which goroutine was first.
func (r *Recorder) Recording() *Recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.recording.Listed, func(a, b drift.Listed) int { return a.Compare(b.Resource) })
	return &r.recording
}

// Instances records the states while they stream by. Managed resources keep their place, not their secrets.
func (r *Recorder) Instances(ctx context.Context, live iter.Seq2[drift.Instance, error]) iter.Seq2[drift.Instance, error] {
	return func(yield func(drift.Instance, error) bool) {
		for i, err := range live {
			if err != nil {
				r.skipped(err)
			} else {
				i = r.instance(ctx, i)
			}
			if !yield(i, err) {
				return
			}
		}
	}
}

func (r *Recorder) instance(ctx context.Context, i drift.Instance) drift.Instance {
	var block *tfjson.SchemaBlock
	if schema, err := r.Schema(ctx, i.Provider, i.Type); err == nil {
		block = schema.Block
	}
	scrubbed := scrubInstance(r.scrub, block, i)
	r.mu.Lock()
	r.recording.Instances = append(r.recording.Instances, instance{
		Resource: i.Resource, Module: i.Address.Module, ResourceType: i.Address.Type, ResourceName: i.Address.Name,
		Key: i.Address.Key, State: i.State, RootModule: i.RootModule, Workspace: i.Workspace, Alias: i.Alias, Deposed: i.Deposed,
		SchemaVersion: i.SchemaVersion, Attributes: scrubbed.Attributes, Sensitive: encodePaths(i.Sensitive),
	})
	r.mu.Unlock()
	// The live provider needs the real attributes to read with; identity is not sensitive and is the same in both.
	return i
}

// Inventory is what lists; the scanner's inventory and the recorder's are the same to it.
type Inventory interface {
	Resources(ctx context.Context) iter.Seq2[drift.Listed, error]
}

// Listing records an inventory.
func (r *Recorder) Listing(live Inventory) Inventory { return recordedInventory{r, live} }

type recordedInventory struct {
	recorder *Recorder
	live     Inventory
}

func (i recordedInventory) Resources(ctx context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) {
		for l, err := range i.live.Resources(ctx) {
			if err != nil {
				i.recorder.skipped(err)
			} else {
				l.Resource, l.Facts = i.recorder.scrub.resource(l.Resource), i.recorder.scrub.facts(l.Facts)
				i.recorder.mu.Lock()
				i.recorder.recording.Listed = append(i.recorder.recording.Listed, l)
				i.recorder.mu.Unlock()
			}
			if !yield(l, err) {
				return
			}
		}
	}
}

// Schema records the schema without its descriptions, which are most of its size.
func (r *Recorder) Schema(ctx context.Context, source, typ string) (*tfjson.Schema, error) {
	schema, err := r.live.Schema(ctx, source, typ)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.recording.Schemas[source] == nil {
		r.recording.Schemas[source] = map[string]*tfjson.Schema{}
	}
	if r.recording.Schemas[source][typ] == nil {
		r.recording.Schemas[source][typ] = &tfjson.Schema{Version: schema.Version, Block: undescribed(schema.Block)}
	}
	return schema, nil
}

// Refresh reads, scrubs and records a managed instance.
func (r *Recorder) Refresh(ctx context.Context, i drift.Instance) (drift.Refreshed, error) {
	live, err := r.live.Refresh(ctx, i)
	record := refreshed{failure: failed(err)}
	if err == nil {
		var schema *tfjson.Schema
		if schema, err = r.Schema(ctx, i.Provider, i.Type); err != nil {
			return drift.Refreshed{}, err
		}
		typ := drift.ImpliedType(schema.Block)
		live.Before = r.scrub.value(schema.Block, live.Before, i.Sensitive)
		live.After = r.scrub.value(schema.Block, live.After, i.Sensitive)
		if record.Before, err = encode(live.Before, typ); err != nil {
			return drift.Refreshed{}, err
		}
		if record.After, err = encode(live.After, typ); err != nil {
			return drift.Refreshed{}, err
		}
	} else if record.Skipped == nil {
		return live, err // cancelled: nothing worth keeping
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recording.Refreshed[refreshQuestion(i)] = record
	return live, err
}

// Import reads, scrubs and records an unmanaged resource.
func (r *Recorder) Import(ctx context.Context, resource drift.Resource) (drift.Object, error) {
	live, err := r.live.Import(ctx, resource)
	record := object{failure: failed(err)}
	if err == nil {
		var schema *tfjson.Schema
		if schema, err = r.Schema(ctx, resource.Provider, resource.Type); err != nil {
			return drift.Object{}, err
		}
		live.Value = r.scrub.value(schema.Block, live.Value, nil)
		if record.Value, err = encode(live.Value, drift.ImpliedType(schema.Block)); err != nil {
			return drift.Object{}, err
		}
	} else if record.Skipped == nil {
		return live, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recording.Imported[importQuestion(resource)] = record
	return live, err
}

// Validate records the diagnostics.
func (r *Recorder) Validate(ctx context.Context, resource drift.Resource, config cty.Value) ([]drift.Diagnostic, error) {
	diagnostics, err := r.live.Validate(ctx, resource, config)
	record := validated{failure: failed(err)}
	if err != nil && record.Skipped == nil {
		return nil, err
	}
	for _, d := range diagnostics {
		record.Diagnostics = append(record.Diagnostics, diagnostic{Error: d.Error, Summary: d.Summary, Detail: d.Detail, Path: encodePath(d.Path)})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recording.Validated[validateQuestion(resource, config)] = record
	return diagnostics, err
}

// Plan records the planned value.
func (r *Recorder) Plan(ctx context.Context, resource drift.Resource, prior drift.Object, config cty.Value) (drift.Planned, error) {
	live, err := r.live.Plan(ctx, resource, prior, config)
	record := planned{failure: failed(err)}
	if err != nil && record.Skipped == nil {
		return live, err
	}
	if err == nil {
		record.RequiresReplace = encodePaths(live.RequiresReplace)
		record.NoOp = prior.Value != cty.NilVal && live.Value.RawEquals(prior.Value)
		if !record.NoOp {
			if record.Value, err = encode(live.Value, live.Value.Type()); err != nil {
				return drift.Planned{}, err
			}
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recording.Planned[planQuestion(resource, prior, config)] = record
	return live, err
}

func (r *Recorder) skipped(err error) {
	if f := failed(err); f.Skipped != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.recording.Skipped = append(r.recording.Skipped, *f.Skipped)
	}
}

func failed(err error) failure {
	var skipped *drift.Skipped
	if errors.As(err, &skipped) {
		return failure{Skipped: skipped}
	}
	return failure{}
}

func refreshQuestion(i drift.Instance) string {
	return question("refresh", i.State, i.Address.String(), i.Deposed)
}

func importQuestion(r drift.Resource) string {
	return question("import", r.Provider, r.Type, r.Account, r.Region, r.ImportID)
}

func validateQuestion(r drift.Resource, config cty.Value) string {
	return question("validate", r.Provider, r.Type, config)
}

func planQuestion(r drift.Resource, prior drift.Object, config cty.Value) string {
	return question("plan", r.Provider, r.Type, r.Account, r.Region, prior.Value, config)
}

// undescribed copies a block without its descriptions.
func undescribed(block *tfjson.SchemaBlock) *tfjson.SchemaBlock {
	if block == nil {
		return nil
	}
	copied := *block
	copied.Description = ""
	copied.Attributes = map[string]*tfjson.SchemaAttribute{}
	for name, a := range block.Attributes {
		attribute := *a
		attribute.Description = ""
		copied.Attributes[name] = &attribute
	}
	copied.NestedBlocks = map[string]*tfjson.SchemaBlockType{}
	for name, b := range block.NestedBlocks {
		nested := *b
		nested.Block = undescribed(b.Block)
		copied.NestedBlocks[name] = &nested
	}
	return &copied
}
