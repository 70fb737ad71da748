package replay

import (
	"context"
	"fmt"
	"iter"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// Player answers as the recorded provider, inventory and states did.
type Player struct{ recording *Recording }

var _ Provider = (*Player)(nil)

// NewPlayer plays a recording back.
func NewPlayer(r *Recording) *Player { return &Player{recording: r} }

// Instances are the recorded states' instances, and what of the states was skipped.
func (p *Player) Instances() iter.Seq2[drift.Instance, error] {
	return func(yield func(drift.Instance, error) bool) {
		for _, s := range p.recording.Skipped {
			if s.State != "" && !yield(drift.Instance{}, &s) {
				return
			}
		}
		for _, i := range p.recording.Instances {
			played := drift.Instance{
				Resource: i.Resource,
				Address:  drift.Address{Module: i.Module, Type: i.ResourceType, Name: i.ResourceName, Key: i.Key},
				State:    i.State, RootModule: i.RootModule, Workspace: i.Workspace, Alias: i.Alias, Deposed: i.Deposed,
				SchemaVersion: i.SchemaVersion, Attributes: i.Attributes, Sensitive: decodePaths(i.Sensitive),
			}
			if !yield(played, nil) {
				return
			}
		}
	}
}

// Resources is the recorded listing, and what of it was skipped.
func (p *Player) Resources(ctx context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) {
		for _, s := range p.recording.Skipped {
			if s.State == "" && !yield(drift.Listed{}, &s) {
				return
			}
		}
		for _, l := range p.recording.Listed {
			if ctx.Err() != nil || !yield(l, nil) {
				return
			}
		}
	}
}

// Schema is the recorded schema of a type.
func (p *Player) Schema(_ context.Context, source, typ string) (*tfjson.Schema, error) {
	if schema := p.recording.Schemas[source][typ]; schema != nil {
		return schema, nil
	}
	return nil, unrecorded("the schema of "+typ, typ)
}

// Refresh is the recorded read of a managed instance.
func (p *Player) Refresh(ctx context.Context, i drift.Instance) (drift.Refreshed, error) {
	record, ok := p.recording.Refreshed[refreshQuestion(i)]
	if !ok {
		return drift.Refreshed{}, unrecorded(i.Address.String(), i.Type)
	}
	typ, err := p.answer(ctx, i.Provider, i.Type, record.failure)
	if err != nil {
		return drift.Refreshed{}, err
	}
	var r drift.Refreshed
	if r.Before, err = record.Before.decode(typ); err != nil {
		return r, broken(i.Address.String(), err)
	}
	if r.After, err = record.After.decode(typ); err != nil {
		return r, broken(i.Address.String(), err)
	}
	return r, nil
}

// Import is the recorded read of an unmanaged resource.
func (p *Player) Import(ctx context.Context, r drift.Resource) (drift.Object, error) {
	record, ok := p.recording.Imported[importQuestion(r)]
	if !ok {
		return drift.Object{}, unrecorded(r.Type+" "+r.ImportID, r.Type)
	}
	typ, err := p.answer(ctx, r.Provider, r.Type, record.failure)
	if err != nil {
		return drift.Object{}, err
	}
	v, err := record.Value.decode(typ)
	if err != nil {
		return drift.Object{}, broken(r.Type+" "+r.ImportID, err)
	}
	return drift.Object{Value: v}, nil
}

// Validate is the recorded verdict on a configuration.
func (p *Player) Validate(_ context.Context, r drift.Resource, config cty.Value) ([]drift.Diagnostic, error) {
	record, ok := p.recording.Validated[validateQuestion(r, config)]
	if !ok {
		return nil, unrecorded(r.Type+" "+r.ImportID, r.Type)
	}
	if record.Skipped != nil {
		return nil, record.Skipped
	}
	var diagnostics []drift.Diagnostic
	for _, d := range record.Diagnostics {
		diagnostics = append(diagnostics, drift.Diagnostic{Error: d.Error, Summary: d.Summary, Detail: d.Detail, Path: decodePath(d.Path)})
	}
	return diagnostics, nil
}

// Plan is the recorded plan of a configuration.
func (p *Player) Plan(ctx context.Context, r drift.Resource, prior drift.Object, config cty.Value) (drift.Planned, error) {
	record, ok := p.recording.Planned[planQuestion(r, prior, config)]
	if !ok {
		return drift.Planned{}, unrecorded(r.Type+" "+r.ImportID, r.Type)
	}
	typ, err := p.answer(ctx, r.Provider, r.Type, record.failure)
	if err != nil {
		return drift.Planned{}, err
	}
	planned := drift.Planned{RequiresReplace: decodePaths(record.RequiresReplace)}
	if record.NoOp {
		planned.Value = prior.Value
		return planned, nil
	}
	if planned.Value, err = record.Value.decode(typ); err != nil {
		return drift.Planned{}, broken(r.Type+" "+r.ImportID, err)
	}
	return planned, nil
}

// answer gives the type that an answer is of, or the failure that was recorded in its stead.
func (p *Player) answer(ctx context.Context, source, typ string, f failure) (cty.Type, error) {
	if f.Skipped != nil {
		return cty.NilType, f.Skipped
	}
	schema, err := p.Schema(ctx, source, typ)
	if err != nil {
		return cty.NilType, err
	}
	return drift.ImpliedType(schema.Block), nil
}

func unrecorded(what, typ string) *drift.Skipped {
	return &drift.Skipped{What: what, Type: typ, Reason: "the recording holds no answer for it", Remedy: "record again with this version of Driftline"}
}

func broken(what string, err error) *drift.Skipped {
	return &drift.Skipped{What: what, Reason: fmt.Sprintf("the recording holds a value that is none: %v", err), Remedy: "record again", Err: err}
}
