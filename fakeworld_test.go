package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/internal/secrets"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/inventory/replay"
)

// estate is a small cloud and its states, as a script writes them down. Every type has the schema of fakeBlock.
type estate struct {
	States map[string]map[string]thing // state URL → address → attributes; s3://b/net.tfstate is root module net's
	Cloud  map[string][]thing          // type → what exists
	Unseen []drift.Skipped             // what the recorded run could not see
	// Terraform and OpenTofu are the required_version of root modules that are run with these.
	Terraform, OpenTofu map[string]string
}

// thing is the attributes of a resource. In Cloud it may also have "region" and "facts", which are not attributes.
type thing map[string]any

func (t thing) text(name string) string {
	s, _ := t[name].(string)
	return s
}

func (t thing) texts(name string) map[string]string {
	object, _ := t[name].(map[string]any)
	found := map[string]string{}
	for k, v := range object {
		found[k] = fmt.Sprint(v)
	}
	return found
}

const (
	fakeAccount = "123456789012"
	fakeRegion  = "eu-west-1"
)

// recordEstate makes a replay file the way `driftline record` does. Recordings that are made anew for each test cannot
// fall behind the questions that code generation asks.
func recordEstate(ctx context.Context, e estate, output string) error {
	cloud := fakeCloud{e}
	nobody := console.New(discard{}, discard{}, func(string) string { return "" }, 8)
	world := &world{
		secrets: secrets.New(),
		account: fakeAccount, region: fakeRegion, regions: []string{fakeRegion}, roots: e.roots(),
		instances: func(context.Context) iter.Seq2[drift.Instance, error] { return e.instances() },
		inventory: cloud, provider: cloud, identify: aws.Identify, versions: map[string]string{drift.AWS: "5.100.0"},
		now:   func() time.Time { return time.Date(2026, 3, 1, 2, 23, 0, 0, time.UTC) },
		close: func() {},
	}
	return recordWorld(ctx, config.Config{Output: output, DefaultRoot: "driftline", Concurrency: 4}, nobody, world)
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func (e estate) roots() []drift.RootModule {
	var roots []drift.RootModule
	for _, url := range slices.Sorted(maps.Keys(e.States)) {
		root := drift.RootModule{
			Dir: rootOf(url), State: url, Required: map[string]string{drift.AWS: "~> 5.0"}, Locked: map[string]string{drift.AWS: "5.100.0"},
			Providers: []drift.ProviderConfig{{LocalName: "aws", Source: drift.AWS, Region: fakeRegion}},
		}
		root.RequiredVersion = e.Terraform[root.Dir]
		if required, ok := e.OpenTofu[root.Dir]; ok {
			root.RequiredVersion, root.Locked = required, map[string]string{"registry.opentofu.org/hashicorp/aws": "5.100.0"}
		}
		root.Resources = slices.Sorted(maps.Keys(e.States[url]))
		roots = append(roots, root)
	}
	return roots
}

func rootOf(url string) string { return strings.TrimSuffix(path.Base(url), ".tfstate") }

func (e estate) instances() iter.Seq2[drift.Instance, error] {
	return func(yield func(drift.Instance, error) bool) {
		for _, s := range e.Unseen {
			if s.State != "" && !yield(drift.Instance{}, &s) {
				return
			}
		}
		for _, url := range slices.Sorted(maps.Keys(e.States)) {
			for _, address := range slices.Sorted(maps.Keys(e.States[url])) {
				typ, name, _ := strings.Cut(address, ".")
				attributes, err := json.Marshal(e.States[url][address])
				if err != nil {
					panic(err) // it came from JSON
				}
				if !yield(drift.Instance{
					Resource: drift.Resource{Provider: drift.AWS, Type: typ}, Address: drift.Address{Type: typ, Name: name},
					State: url, RootModule: rootOf(url), Attributes: attributes,
				}, nil) {
					return
				}
			}
		}
	}
}

// fakeCloud is an inventory and a provider: it answers as a provider built on the legacy SDK would, for one schema.
type fakeCloud struct{ estate }

var _ replay.Provider = fakeCloud{}

func fakeBlock() *tfjson.SchemaBlock {
	return &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{
		"id":          {AttributeType: cty.String, Computed: true},
		"name":        {AttributeType: cty.String, Required: true},
		"description": {AttributeType: cty.String, Optional: true},
		"retention":   {AttributeType: cty.Number, Optional: true},
		"password":    {AttributeType: cty.String, Optional: true, Sensitive: true},
		"policy":      {AttributeType: cty.String, Optional: true},
		"tags":        {AttributeType: cty.Map(cty.String), Optional: true},
	}}
}

func (c fakeCloud) Resources(context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) {
		for _, s := range c.Unseen {
			if s.State == "" && !yield(drift.Listed{}, &s) {
				return
			}
		}
		for typ, things := range c.Cloud {
			for _, t := range things {
				region := t.text("region")
				if region == "" {
					region = fakeRegion
				}
				if !yield(drift.Listed{Facts: t.texts("facts"), Resource: drift.Resource{
					Provider: drift.AWS, Type: typ, ImportID: t.text("id"), Account: fakeAccount, Region: region,
					Name: t.text("name"), Tags: t.texts("tags"),
				}}, nil) {
					return
				}
			}
		}
	}
}

func (c fakeCloud) value(t thing) cty.Value {
	values := map[string]cty.Value{}
	for name, typ := range drift.ImpliedType(fakeBlock()).AttributeTypes() {
		values[name] = cty.NullVal(typ)
		switch v := t[name].(type) {
		case string:
			values[name] = cty.StringVal(v)
		case float64:
			values[name] = cty.NumberFloatVal(v)
		case map[string]any:
			tags := map[string]cty.Value{}
			for k := range v {
				tags[k] = cty.StringVal(t.texts(name)[k])
			}
			if len(tags) > 0 {
				values[name] = cty.MapVal(tags)
			}
		}
	}
	return cty.ObjectVal(values)
}

func (c fakeCloud) read(typ, id string) cty.Value {
	for _, t := range c.Cloud[typ] {
		if t.text("id") == id {
			return c.value(t)
		}
	}
	return cty.NullVal(drift.ImpliedType(fakeBlock()))
}

func (c fakeCloud) Schema(context.Context, string, string) (*tfjson.Schema, error) {
	return &tfjson.Schema{Block: fakeBlock()}, nil
}

func (c fakeCloud) Refresh(_ context.Context, i drift.Instance) (drift.Refreshed, error) {
	var t thing
	if err := json.Unmarshal(i.Attributes, &t); err != nil {
		return drift.Refreshed{}, err
	}
	return drift.Refreshed{Before: c.value(t), After: c.read(i.Address.Type, t.text("id"))}, nil
}

func (c fakeCloud) Import(_ context.Context, r drift.Resource) (drift.Object, error) {
	return drift.Object{Value: c.read(r.Type, r.ImportID)}, nil
}

func (c fakeCloud) Validate(_ context.Context, _ drift.Resource, wanted cty.Value) ([]drift.Diagnostic, error) {
	if wanted.GetAttr("name").IsNull() {
		return []drift.Diagnostic{{Error: true, Summary: "Missing required argument", Path: cty.GetAttrPath("name")}}, nil
	}
	return nil, nil
}

func (c fakeCloud) Plan(_ context.Context, _ drift.Resource, prior drift.Object, wanted cty.Value) (drift.Planned, error) {
	values := wanted.AsValueMap()
	values["id"] = cty.UnknownVal(cty.String)
	if prior.Value != cty.NilVal && !prior.Value.IsNull() {
		values["id"] = prior.Value.GetAttr("id")
		if before := prior.Value.GetAttr("policy"); sameDocument(before, values["policy"]) {
			values["policy"] = before
		}
	}
	return drift.Planned{Value: cty.ObjectVal(values)}, nil
}

// sameDocument reports whether two documents are the same but for their whitespace and the order of members.
func sameDocument(a, b cty.Value) bool {
	if a.IsNull() || b.IsNull() {
		return false
	}
	var x, y any
	return json.Unmarshal([]byte(a.AsString()), &x) == nil && json.Unmarshal([]byte(b.AsString()), &y) == nil && reflect.DeepEqual(x, y)
}
