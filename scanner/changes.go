package scanner

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/seed-e90528ae/driftline/drift"
)

// volatile are computed attributes that change without anybody changing anything.
var volatile = []string{
	"etag", "last_modified", "last_modified_date", "last_updated_date", "last_updated_time", "last_update_time",
	"latest_restorable_time", "version_id", "status", "state", "instance_state", "lifecycle_state", "ready", "health_status",
}

// Changes are the attributes in which a resource differs from its state, in the order of their paths. Its measure is
// `terraform plan -refresh-only`, less what is no change of meaning: null against an empty value, the order of a set,
// a JSON document spelled otherwise, tags_all beside tags, the provider's default_tags, volatile attributes, and a
// deprecated attribute that mirrors its successor. What is sensitive by the schema, by the state's marks or by secret is
// said to have changed, without its values.
func Changes(block *tfjson.SchemaBlock, before, after cty.Value, sensitive []cty.Path, secret Secret) []drift.Change {
	c := &comparison{secret: secret, goesBy: map[string]string{}}
	for _, p := range sensitive {
		c.sensitive = append(c.sensitive, formatPath(p))
	}
	before, after = splitTags(before, after)
	c.block("", block, before, after)
	c.changes = withoutMirrors(block, c.changes)
	slices.SortFunc(c.changes, func(a, b drift.Change) int { return strings.Compare(a.Path, b.Path) })
	return c.changes
}

type comparison struct {
	sensitive []string // paths that the state marks
	secret    Secret
	goesBy    map[string]string // path of a value → path that ends with the name beside it
	changes   []drift.Change
}

func (c *comparison) block(path string, block *tfjson.SchemaBlock, before, after cty.Value) {
	for _, name := range sortedKeys(block.Attributes) {
		attribute := block.Attributes[name]
		if attribute.WriteOnly || (attribute.Computed && !attribute.Optional && slices.Contains(volatile, name)) {
			continue
		}
		at := join(path, name)
		b, a := member(before, name), member(after, name)
		if attribute.Sensitive && !equal(b, a) {
			c.changes = append(c.changes, sensitiveChange(at))
			continue
		}
		if called := pairName(before, after); name == "value" && called != "" {
			c.goesBy[at] = fmt.Sprintf("%s[%q]", path, called)
		}
		c.value(at, b, a)
	}
	for _, name := range sortedKeys(block.NestedBlocks) {
		if path == "" && name == "timeouts" {
			continue // how long Terraform waits, not what exists
		}
		c.nested(join(path, name), block.NestedBlocks[name], member(before, name), member(after, name))
	}
}

func (c *comparison) nested(path string, schema *tfjson.SchemaBlockType, before, after cty.Value) {
	if equal(before, after) {
		return
	}
	switch schema.NestingMode {
	case tfjson.SchemaNestingModeSingle, tfjson.SchemaNestingModeGroup:
		if !before.IsNull() && !after.IsNull() {
			c.block(path, schema.Block, before, after)
			return
		}
	case tfjson.SchemaNestingModeList:
		if length(before) == length(after) {
			for n := range length(before) {
				i := cty.NumberIntVal(int64(n))
				c.block(fmt.Sprintf("%s[%d]", path, n), schema.Block, before.Index(i), after.Index(i))
			}
			return
		}
	case tfjson.SchemaNestingModeMap:
		for _, k := range unionKeys(before, after) {
			b, a := element(before, k), element(after, k)
			if !b.IsNull() && !a.IsNull() {
				c.block(fmt.Sprintf("%s[%q]", path, k), schema.Block, b, a)
			} else {
				c.add(fmt.Sprintf("%s[%q]", path, k), b, a, holdsSensitive(schema.Block))
			}
		}
		return
	}
	c.add(path, before, after, holdsSensitive(schema.Block))
}

// value descends into maps, objects and lists of one length, so that a change names the smallest thing that changed.
func (c *comparison) value(path string, before, after cty.Value) {
	if equal(before, after) {
		return
	}
	if !before.IsNull() && !after.IsNull() && before.IsKnown() && after.IsKnown() {
		switch typ := before.Type(); {
		case typ.IsMapType() || typ.IsObjectType():
			for _, k := range unionKeys(before, after) {
				at := fmt.Sprintf("%s[%q]", path, k)
				if typ.IsObjectType() {
					at = join(path, k)
				}
				c.value(at, element(before, k), element(after, k))
			}
			return
		case (typ.IsListType() || typ.IsTupleType()) && length(before) == length(after):
			for n := range length(before) {
				i := cty.NumberIntVal(int64(n))
				c.value(fmt.Sprintf("%s[%d]", path, n), before.Index(i), after.Index(i))
			}
			return
		}
	}
	c.add(path, before, after, false)
}

func (c *comparison) add(path string, before, after cty.Value, sensitive bool) {
	if sensitive || slices.ContainsFunc(c.sensitive, func(marked string) bool { return within(path, marked) || within(marked, path) }) {
		c.changes = append(c.changes, sensitiveChange(path))
		return
	}
	judged := path
	if called := c.goesBy[path]; called != "" {
		judged = called
	}
	if c.secret.in(judged, before) || c.secret.in(judged, after) {
		c.changes = append(c.changes, sensitiveChange(path))
		return
	}
	c.changes = append(c.changes, drift.Change{Path: path, Before: toJSON(before), After: toJSON(after)})
}

func sensitiveChange(path string) drift.Change {
	null := json.RawMessage("null")
	return drift.Change{Path: path, Before: null, After: null, Sensitive: true}
}

// holdsSensitive says whether a block has a sensitive attribute anywhere, so that it is never shown whole.
func holdsSensitive(block *tfjson.SchemaBlock) bool {
	for _, a := range block.Attributes {
		if a.Sensitive {
			return true
		}
	}
	for _, b := range block.NestedBlocks {
		if holdsSensitive(b.Block) {
			return true
		}
	}
	return false
}

// equal compares by meaning.
func equal(before, after cty.Value) bool {
	if empty(before) || empty(after) {
		return empty(before) && empty(after)
	}
	if !before.IsKnown() || !after.IsKnown() {
		return false
	}
	switch typ := before.Type(); {
	case typ == cty.String && after.Type() == cty.String:
		return before.AsString() == after.AsString() || sameJSON(before.AsString(), after.AsString())
	case typ.IsPrimitiveType():
		return before.RawEquals(after)
	case typ.IsSetType():
		return sameSet(before, after)
	case typ.IsListType(), typ.IsTupleType():
		if length(before) != length(after) {
			return false
		}
		for n := range length(before) {
			i := cty.NumberIntVal(int64(n))
			if !equal(before.Index(i), after.Index(i)) {
				return false
			}
		}
		return true
	case typ.IsMapType(), typ.IsObjectType():
		for _, k := range unionKeys(before, after) {
			if !equal(element(before, k), element(after, k)) {
				return false
			}
		}
		return true
	}
	return before.RawEquals(after)
}

// empty holds for null and for every value that the legacy SDK does not tell from null.
func empty(v cty.Value) bool {
	if v == cty.NilVal || v.IsNull() {
		return true
	}
	if !v.IsKnown() {
		return false
	}
	switch typ := v.Type(); {
	case typ == cty.String:
		return v.AsString() == ""
	case typ == cty.Bool:
		return v.False()
	case typ == cty.Number:
		return v.RawEquals(cty.Zero)
	case typ.IsObjectType():
		for _, m := range v.AsValueMap() {
			if !empty(m) {
				return false
			}
		}
		return true
	case typ.IsCollectionType(), typ.IsTupleType():
		return length(v) == 0
	}
	return false
}

// sameSet pairs off equal elements; sets of the same bytes, the common case, are told at once.
func sameSet(before, after cty.Value) bool {
	if length(before) != length(after) {
		return false
	}
	if before.RawEquals(after) {
		return true
	}
	rest := after.AsValueSlice()
	for _, b := range before.AsValueSlice() {
		n := slices.IndexFunc(rest, func(a cty.Value) bool { return equal(b, a) })
		if n < 0 {
			return false
		}
		rest = slices.Delete(rest, n, n+1)
	}
	return true
}

// sameJSON holds for two JSON objects or arrays that differ in key order and white space only.
func sameJSON(a, b string) bool {
	if !looksLikeJSON(a) || !looksLikeJSON(b) {
		return false
	}
	var x, y any
	return decodeJSON(a, &x) == nil && decodeJSON(b, &y) == nil && reflect.DeepEqual(x, y)
}

func looksLikeJSON(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[")
}

// decodeJSON keeps the precision of numbers.
func decodeJSON(s string, v any) error {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	return d.Decode(v)
}

// splitTags makes tags and tags_all disjoint and comparable. The provider that Driftline configures has no
// default_tags, the one that wrote the state may have had: they are what the state's tags_all has beyond its tags, and
// are taken out of the tags as read. What tags say is taken out of tags_all, which then holds the default tags alone.
func splitTags(before, after cty.Value) (cty.Value, cty.Value) {
	if after.IsNull() || !after.Type().IsObjectType() || !after.Type().HasAttribute("tags") || !after.Type().HasAttribute("tags_all") {
		return before, after
	}
	state, read := stringMap(member(before, "tags")), stringMap(member(after, "tags"))
	stateAll, readAll := stringMap(member(before, "tags_all")), stringMap(member(after, "tags_all"))
	for k, v := range stateAll {
		if _, own := state[k]; !own && read[k] == v {
			delete(read, k)
		}
	}
	for _, own := range []map[string]string{state, read} {
		for k := range own {
			delete(stateAll, k)
			delete(readAll, k)
		}
	}
	return withTags(before, state, stateAll), withTags(after, read, readAll)
}

func withTags(v cty.Value, tags, tagsAll map[string]string) cty.Value {
	if v.IsNull() {
		return v
	}
	attributes := v.AsValueMap()
	attributes["tags"], attributes["tags_all"] = tagMap(tags), tagMap(tagsAll)
	return cty.ObjectVal(attributes)
}

func tagMap(tags map[string]string) cty.Value {
	if len(tags) == 0 {
		return cty.NullVal(cty.Map(cty.String))
	}
	values := make(map[string]cty.Value, len(tags))
	for k, v := range tags {
		values[k] = cty.StringVal(v)
	}
	return cty.MapVal(values)
}

// withoutMirrors drops a deprecated attribute that changed from and to the same value as one that is not deprecated.
func withoutMirrors(block *tfjson.SchemaBlock, changes []drift.Change) []drift.Change {
	deprecated := func(c drift.Change) bool {
		attribute, ok := block.Attributes[c.Path]
		return ok && attribute.Deprecated
	}
	successors := map[string]bool{}
	for _, c := range changes {
		if !deprecated(c) {
			successors[string(c.Before)+" to "+string(c.After)] = true
		}
	}
	var kept []drift.Change
	for _, c := range changes {
		if !deprecated(c) || !successors[string(c.Before)+" to "+string(c.After)] {
			kept = append(kept, c)
		}
	}
	return kept
}

func member(v cty.Value, name string) cty.Value {
	if v == cty.NilVal || v.IsNull() || !v.Type().IsObjectType() || !v.Type().HasAttribute(name) {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v.GetAttr(name)
}

// element of a map or object, null when it has none of that name.
func element(v cty.Value, k string) cty.Value {
	if v == cty.NilVal || v.IsNull() {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	if v.Type().IsObjectType() {
		return member(v, k)
	}
	if i := cty.StringVal(k); v.HasIndex(i).True() {
		return v.Index(i)
	}
	return cty.NullVal(v.Type().ElementType())
}

func unionKeys(a, b cty.Value) []string {
	keys := map[string]bool{}
	for _, v := range []cty.Value{a, b} {
		if v != cty.NilVal && !v.IsNull() && v.IsKnown() {
			for k := range v.AsValueMap() {
				keys[k] = true
			}
		}
	}
	return sortedKeys(keys)
}

func length(v cty.Value) int {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() {
		return 0
	}
	return v.LengthInt()
}

func stringMap(v cty.Value) map[string]string {
	m := map[string]string{}
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !(v.Type().IsMapType() || v.Type().IsObjectType()) {
		return m
	}
	for k, e := range v.AsValueMap() {
		if !e.IsNull() && e.Type() == cty.String {
			m[k] = e.AsString()
		}
	}
	return m
}

func toJSON(v cty.Value) json.RawMessage {
	if v == cty.NilVal || v.IsNull() || !v.IsWhollyKnown() {
		return json.RawMessage("null")
	}
	b, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return json.RawMessage("null")
	}
	return b
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// within says that inner lies at or below outer.
func within(inner, outer string) bool {
	rest, ok := strings.CutPrefix(inner, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// formatPath writes a path as Terraform does: tags["Name"], ingress[0].from_port.
func formatPath(path cty.Path) string {
	s := ""
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			s = join(s, step.Name)
		case cty.IndexStep:
			switch {
			case step.Key.IsNull() || !step.Key.IsKnown():
				s += "[*]"
			case step.Key.Type() == cty.String:
				s += fmt.Sprintf("[%q]", step.Key.AsString())
			case step.Key.Type() == cty.Number:
				s += "[" + step.Key.AsBigFloat().Text('f', -1) + "]"
			default:
				return s // an element of a set: the set itself is what is meant
			}
		}
	}
	return s
}
