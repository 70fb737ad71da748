package scanner_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/scanner"
)

var resource = &tfjson.SchemaBlock{
	Attributes: map[string]*tfjson.SchemaAttribute{
		"name":       {AttributeType: cty.String, Optional: true},
		"policy":     {AttributeType: cty.String, Optional: true},
		"size":       {AttributeType: cty.Number, Optional: true},
		"enabled":    {AttributeType: cty.Bool, Optional: true},
		"old_name":   {AttributeType: cty.String, Optional: true, Deprecated: true},
		"zones":      {AttributeType: cty.Set(cty.String), Optional: true},
		"servers":    {AttributeType: cty.List(cty.String), Optional: true},
		"tags":       {AttributeType: cty.Map(cty.String), Optional: true},
		"tags_all":   {AttributeType: cty.Map(cty.String), Optional: true, Computed: true},
		"etag":       {AttributeType: cty.String, Computed: true},
		"password":   {AttributeType: cty.String, Optional: true, Sensitive: true},
		"write_only": {AttributeType: cty.String, Optional: true, WriteOnly: true},
	},
	NestedBlocks: map[string]*tfjson.SchemaBlockType{
		"rule": {NestingMode: tfjson.SchemaNestingModeSet, Block: &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{
			"port": {AttributeType: cty.Number, Optional: true}, "text": {AttributeType: cty.String, Optional: true},
		}}},
		"disk": {NestingMode: tfjson.SchemaNestingModeList, Block: &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{
			"size": {AttributeType: cty.Number, Optional: true}, "key": {AttributeType: cty.String, Optional: true, Sensitive: true},
		}}},
		"timeouts": {NestingMode: tfjson.SchemaNestingModeSingle, Block: &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{
			"create": {AttributeType: cty.String, Optional: true},
		}}},
	},
}

func TestChanges(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, before, after string
		sensitive           []cty.Path
		want                map[string]string // path → "before to after"
	}{
		{name: "nothing", before: `{"name":"a"}`, after: `{"name":"a"}`},
		{name: "a string", before: `{"name":"a"}`, after: `{"name":"b"}`, want: map[string]string{"name": `"a" to "b"`}},
		{name: "null and empty", before: `{}`, after: `{"name":"","zones":[],"servers":[],"tags":{},"size":0,"enabled":false,"rule":[]}`},
		{name: "empty and null", before: `{"name":"","disk":[]}`, after: `{}`},
		{name: "something to nothing", before: `{"name":"a"}`, after: `{}`, want: map[string]string{"name": `"a" to null`}},
		{name: "order of a set", before: `{"zones":["a","b"]}`, after: `{"zones":["b","a"]}`},
		{name: "order of a list", before: `{"servers":["a","b"]}`, after: `{"servers":["b","a"]}`,
			want: map[string]string{"servers[0]": `"a" to "b"`, "servers[1]": `"b" to "a"`}},
		{name: "a longer list", before: `{"servers":["a"]}`, after: `{"servers":["a","b"]}`, want: map[string]string{"servers": `["a"] to ["a","b"]`}},
		{name: "JSON by meaning", before: `{"policy":"{\"a\":1,\"b\":[2]}"}`, after: `{"policy":"{ \"b\": [2], \"a\": 1 }"}`},
		{name: "JSON of another meaning", before: `{"policy":"{\"a\":1}"}`, after: `{"policy":"{\"a\":2}"}`, want: map[string]string{"policy": `"{\"a\":1}" to "{\"a\":2}"`}},
		{name: "JSON numbers keep their precision", before: `{"policy":"[12345678901234567890]"}`, after: `{"policy":"[12345678901234567891]"}`,
			want: map[string]string{"policy": `"[12345678901234567890]" to "[12345678901234567891]"`}},
		{name: "numbers keep their precision", before: `{"size":12345678901234567890}`, after: `{"size":12345678901234567891}`,
			want: map[string]string{"size": `12345678901234567890 to 12345678901234567891`}},
		{name: "a set of blocks with empty members", before: `{"rule":[{"port":1}]}`, after: `{"rule":[{"port":1,"text":""}]}`},
		{name: "one block of a set", before: `{"rule":[{"port":1}]}`, after: `{"rule":[{"port":2}]}`,
			want: map[string]string{"rule": `[{"port":1,"text":null}] to [{"port":2,"text":null}]`}},
		{name: "one attribute of a block", before: `{"disk":[{"size":1}]}`, after: `{"disk":[{"size":2}]}`, want: map[string]string{"disk[0].size": `1 to 2`}},
		{name: "a tag", before: `{"tags":{"a":"1"},"tags_all":{"a":"1"}}`, after: `{"tags":{"a":"2"},"tags_all":{"a":"2"}}`, want: map[string]string{`tags["a"]`: `"1" to "2"`}},
		{name: "the first tag", before: `{}`, after: `{"tags":{"a":"2"},"tags_all":{"a":"2"}}`, want: map[string]string{`tags`: `null to {"a":"2"}`}},
		{name: "default tags", before: `{"tags":{"a":"1"},"tags_all":{"a":"1","team":"x"}}`, after: `{"tags":{"a":"1","team":"x"},"tags_all":{"a":"1","team":"x"}}`},
		{name: "a default tag that was removed", before: `{"tags":{"a":"1"},"tags_all":{"a":"1","team":"x"}}`, after: `{"tags":{"a":"1"},"tags_all":{"a":"1"}}`,
			want: map[string]string{"tags_all": `{"team":"x"} to null`}},
		{name: "volatile", before: `{"etag":"1"}`, after: `{"etag":"2"}`},
		{name: "write-only", before: `{"write_only":"1"}`, after: `{"write_only":"2"}`},
		{name: "timeouts", before: `{}`, after: `{"timeouts":{"create":"1m"}}`},
		{name: "a mirrored deprecation", before: `{"name":"a","old_name":"a"}`, after: `{"name":"b","old_name":"b"}`, want: map[string]string{"name": `"a" to "b"`}},
		{name: "a deprecation alone", before: `{"old_name":"a"}`, after: `{"old_name":"b"}`, want: map[string]string{"old_name": `"a" to "b"`}},
		{name: "sensitive by schema", before: `{"password":"hunter2"}`, after: `{"password":"hunter3"}`, want: map[string]string{"password": "sensitive"}},
		{name: "sensitive in a block", before: `{"disk":[{"key":"a"}]}`, after: `{"disk":[{"key":"b"}]}`, want: map[string]string{"disk[0].key": "sensitive"}},
		{name: "a block that holds something sensitive", before: `{"disk":[{"key":"a"}]}`, after: `{}`, want: map[string]string{"disk": "sensitive"}},
		{name: "sensitive by state", before: `{"tags":{"a":"1"}}`, after: `{"tags":{"a":"2"}}`,
			sensitive: []cty.Path{cty.GetAttrPath("tags").IndexString("a")}, want: map[string]string{`tags["a"]`: "sensitive"}},
		{name: "sensitive by state, seen from above", before: `{"tags":{"a":"1"}}`, after: `{}`,
			sensitive: []cty.Path{cty.GetAttrPath("tags").IndexString("a")}, want: map[string]string{`tags`: "sensitive"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := map[string]string{}
			for _, c := range scanner.Changes(resource, parse(t, test.before), parse(t, test.after), test.sensitive, nil) {
				got[c.Path] = string(c.Before) + " to " + string(c.After)
				if c.Sensitive {
					got[c.Path] = "sensitive"
					if string(c.Before) != "null" || string(c.After) != "null" {
						t.Errorf("%s shows a sensitive value: %s", c.Path, c.Before)
					}
				}
			}
			if test.want == nil {
				test.want = map[string]string{}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// parse fills in a null for every attribute that the JSON leaves out.
func parse(t *testing.T, text string) cty.Value {
	t.Helper()
	typ := drift.ImpliedType(resource)
	given := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(text), &given); err != nil {
		t.Fatal(err)
	}
	attributes := map[string]cty.Value{}
	for name, member := range typ.AttributeTypes() {
		attributes[name] = cty.NullVal(member)
		if raw, ok := given[name]; ok {
			v, err := ctyjson.Unmarshal(completed(raw, member), member)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			attributes[name] = v
		}
	}
	return cty.ObjectVal(attributes)
}

// completed writes nulls for the members that blocks leave out.
func completed(raw json.RawMessage, typ cty.Type) json.RawMessage {
	if !(typ.IsListType() || typ.IsSetType()) || !typ.ElementType().IsObjectType() {
		return raw
	}
	var blocks []map[string]any
	if json.Unmarshal(raw, &blocks) != nil {
		return raw
	}
	for _, b := range blocks {
		for name := range typ.ElementType().AttributeTypes() {
			if _, ok := b[name]; !ok {
				b[name] = nil
			}
		}
	}
	full, _ := json.Marshal(blocks)
	return full
}
