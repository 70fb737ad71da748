package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

var errUnknownType = errors.New("unknown resource type")

// flight does something once, for everybody who asks meanwhile or later. What ended with a caller's context is done
// again by the next one.
type flight[T any] struct {
	turn chan struct{}
	done bool
	val  T
	err  error
}

func newFlight[T any]() *flight[T] { return &flight[T]{turn: make(chan struct{}, 1)} }

func (f *flight[T]) get(ctx context.Context, do func() (T, error)) (T, error) {
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
	if f.done {
		return f.val, f.err
	}
	val, err := do()
	if ctx.Err() == nil {
		f.val, f.err, f.done = val, err, true
	}
	return val, err
}

// schemaCache holds the schemas of one provider version: on the wire for all types, decoded for those in use.
type schemaCache struct {
	told *flight[struct{}] // done once a process has told

	mu        sync.Mutex
	wire      *tfplugin.GetSchemaResponse // nil until then
	config    *tfjson.Schema
	resources map[string]*tfjson.Schema
	listers   map[string]*tfjson.Schema
}

func newSchemaCache() *schemaCache {
	return &schemaCache{told: newFlight[struct{}](), resources: map[string]*tfjson.Schema{}, listers: map[string]*tfjson.Schema{}}
}

// see takes the schemas from a process, when they are not known yet, or when the provider must be asked before it
// answers anything else.
func (c *schemaCache) see(ctx context.Context, p *process) error {
	c.mu.Lock()
	wire := c.wire
	c.mu.Unlock()
	if wire.GetServerCapabilities().GetGetProviderSchemaOptional() || p.told {
		return nil
	}
	var answer tfplugin.GetSchemaResponse
	if err := p.call(ctx, rpcSchema, &tfplugin.GetSchemaRequest{}, &answer); err != nil {
		return fmt.Errorf("tell its schemas: %w", err)
	}
	if err := refusalOf(answer.GetDiagnostics()); err != nil {
		return fmt.Errorf("tell its schemas: %w", err)
	}
	p.told = true
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wire == nil {
		c.wire = &answer
	}
	return nil
}

// provider is the schema of the provider's own configuration.
func (c *schemaCache) provider() (*tfjson.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.config != nil {
		return c.config, nil
	}
	var err error
	c.config, err = decodeSchema(c.wire.GetProvider())
	return c.config, err
}

func (c *schemaCache) resource(typ string) (*tfjson.Schema, error) {
	return c.decode(c.resources, c.wire.GetResourceSchemas(), typ)
}

// lister is the schema of the configuration that a listing of the type takes.
func (c *schemaCache) lister(typ string) (*tfjson.Schema, error) {
	return c.decode(c.listers, c.wire.GetListResourceSchemas(), typ)
}

// listed are the types that the provider lists by itself, sorted.
func (c *schemaCache) listed() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	types := slices.Collect(maps.Keys(c.wire.GetListResourceSchemas()))
	types = slices.AppendSeq(types, maps.Keys(c.listers)) // a schema is on the wire or decoded
	slices.Sort(types)
	return types
}

func (c *schemaCache) decode(decoded map[string]*tfjson.Schema, wire map[string][]byte, typ string) (*tfjson.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if schema := decoded[typ]; schema != nil {
		return schema, nil
	}
	data, ok := wire[typ]
	if !ok {
		return nil, errUnknownType
	}
	schema, err := decodeSchema(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", typ, err)
	}
	decoded[typ] = schema
	delete(wire, typ) // decoded once, kept once
	return schema, nil
}
