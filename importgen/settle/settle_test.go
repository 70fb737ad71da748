package settle

import (
	"context"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// schemas is one type that has an argument of every kind.
type schemas struct{}

func (schemas) Schema(context.Context, string, string) (*tfjson.Schema, error) {
	attr := func(ty cty.Type) *tfjson.SchemaAttribute {
		return &tfjson.SchemaAttribute{AttributeType: ty, Optional: true}
	}
	rule := &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{
		"port": attr(cty.Number), "cidrs": attr(cty.List(cty.String)), "text": attr(cty.String), "id": {AttributeType: cty.String, Computed: true},
	}}
	return &tfjson.Schema{Block: &tfjson.SchemaBlock{
		Attributes: map[string]*tfjson.SchemaAttribute{
			"name": attr(cty.String), "size": attr(cty.Number), "enabled": attr(cty.Bool), "policy": attr(cty.String), "script": attr(cty.String),
			"tags": attr(cty.Map(cty.String)), "zones": attr(cty.Set(cty.String)), "servers": attr(cty.List(cty.String)),
			"arn": {AttributeType: cty.String, Computed: true}, "user_data": attr(cty.String),
			"chosen":  {AttributeType: cty.String, Optional: true, Computed: true},
			"ingress": attr(cty.Set(cty.Object(map[string]cty.Type{"port": cty.Number, "cidrs": cty.List(cty.String), "text": cty.String}))),
		},
		NestedBlocks: map[string]*tfjson.SchemaBlockType{
			"disk": {NestingMode: tfjson.SchemaNestingModeList, Block: rule}, "rule": {NestingMode: tfjson.SchemaNestingModeSet, Block: rule},
		},
	}}, nil
}

// TestSettle plays testdata/*.txtar. In each, files under in/ are the checkout, those under out/ what is to become of
// them (a file that is not there must not be touched), and "report" is lines of
//
//	drifted ADDRESS PATH BEFORE -> AFTER        with JSON for the values, and
//	deleted ADDRESS                             or
//	managed ADDRESS
//
// each followed by " # " and what the report is to say: the place that was patched, or the reason.
func TestSettle(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no test cases", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			play(t, txtar.Parse(content))
		})
	}
}

func play(t *testing.T, archive *txtar.Archive) {
	checkout := fstest.MapFS{}
	want, got, said := map[string]string{}, map[string]string{}, map[string]string{}
	found := &drift.Report{}
	opts := Options{Schemas: schemas{}, Accept: true, Remove: true, Running: "1.11.4", Roots: []drift.RootModule{{Dir: "live"}}}
	for _, f := range archive.Files {
		switch dir, rest, _ := strings.Cut(f.Name, "/"); {
		case dir == "in":
			checkout[rest] = &fstest.MapFile{Data: f.Data}
		case dir == "out":
			want[rest] = string(f.Data)
		case f.Name == "running":
			opts.Running = strings.TrimSpace(string(f.Data))
		case f.Name == "report":
			readReport(t, string(f.Data), found, said)
		}
	}
	opts.Checkout = checkout
	files, err := Report(context.Background(), found, nil, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		got[f.Path] = string(f.Content)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	says := map[string]string{}
	for _, d := range found.Drifted {
		for _, c := range d.Changes {
			if c.Origin == nil {
				t.Fatalf("%s %s has no origin", d.Address, c.Path)
			}
			word := c.Origin.Reason
			if c.Origin.Accepted {
				raw, _ := json.Marshal(c.Origin.Line)
				word = path.Base(c.Origin.File) + ":" + string(raw)
			}
			says[d.Address.String()+" "+c.Path] = word
		}
	}
	for _, m := range found.Deleted {
		says[m.Address.String()] = m.Settled
	}
	if diff := cmp.Diff(said, says); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func readReport(t *testing.T, text string, found *drift.Report, said map[string]string) {
	drifted := map[string]int{}
	for line := range strings.Lines(text) {
		line, word, _ := strings.Cut(strings.TrimSpace(line), " # ")
		kind, rest, _ := strings.Cut(line, " ")
		address, rest, _ := strings.Cut(rest, " ")
		m := drift.Managed{Resource: drift.Resource{Type: "x_y"}, Address: addressOf(address), RootModule: "live"}
		switch kind {
		case "deleted":
			found.Deleted = append(found.Deleted, m)
			said[address] = word
		case "managed":
			found.Managed = append(found.Managed, m)
		case "drifted":
			at, values, _ := strings.Cut(rest, " ")
			before, after, ok := strings.Cut(values, " -> ")
			if !ok {
				t.Fatalf("%q has no values", line)
			}
			i, known := drifted[address]
			if !known {
				i = len(found.Drifted)
				drifted[address] = i
				found.Drifted = append(found.Drifted, drift.Drifted{Managed: m})
			}
			found.Drifted[i].Changes = append(found.Drifted[i].Changes, drift.Change{
				Path: at, Before: json.RawMessage(before), After: json.RawMessage(after), Sensitive: strings.Contains(at, "secret"),
			})
			said[address+" "+at] = word
		}
	}
}

// addressOf reads module.a["k"].x_y.name[0].
func addressOf(s string) drift.Address {
	a := drift.Address{Type: "x_y"}
	module, rest, ok := strings.Cut(s, "x_y.")
	if ok {
		a.Module = strings.TrimSuffix(module, ".")
	}
	a.Name, a.Key = rest, ""
	if i := strings.IndexByte(rest, '['); i >= 0 {
		a.Name, a.Key = rest[:i], rest[i:]
	}
	return a
}
