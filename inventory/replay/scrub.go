package replay

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// scrubber replaces sensitive values. Equal values get equal replacements, so that a changed secret still shows as
// changed; the key that makes them is random, lives as long as the recorder, and is stored nowhere.
type scrubber struct {
	key    []byte
	secret Secret
}

// Secret reports whether the string at a path, written as Terraform writes it, is a credential or holds one, whatever
// its schema says.
type Secret func(path, value string) bool

const scrubbedPrefix = "(sensitive "

func newScrubber(secret Secret) scrubber {
	if secret == nil {
		secret = func(string, string) bool { return false }
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: https://pkg.go.dev/crypto/rand#Read
	return scrubber{key: key, secret: secret}
}

func (s scrubber) text(secret string) string {
	if secret == "" || strings.HasPrefix(secret, scrubbedPrefix) {
		return secret
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(secret))
	return scrubbedPrefix + hex.EncodeToString(mac.Sum(nil)[:4]) + ")"
}

// value scrubs what the schema calls sensitive or write-only, the paths given, and what is a credential.
func (s scrubber) value(block *tfjson.SchemaBlock, v cty.Value, sensitive []cty.Path) cty.Value {
	if v == cty.NilVal || v.IsNull() {
		return v
	}
	scrubbed, err := cty.Transform(v, func(path cty.Path, v cty.Value) (cty.Value, error) {
		if v.IsNull() || !v.IsKnown() {
			return v, nil
		}
		if v.Type().IsObjectType() {
			return s.pair(path, v), nil
		}
		if !v.Type().IsPrimitiveType() {
			return v, nil
		}
		if !schemaSensitive(block, path) && !anyWithin(path, sensitive) && (v.Type() != cty.String || !s.secret(spelled(block, path), v.AsString())) {
			return v, nil
		}
		if v.Type() == cty.String {
			return cty.StringVal(s.text(v.AsString())), nil
		}
		return cty.NullVal(v.Type()), nil
	})
	if err != nil {
		return cty.NullVal(v.Type())
	}
	return scrubbed
}

// resource scrubs what a resource is called and tagged with.
func (s scrubber) resource(r drift.Resource) drift.Resource {
	if s.secret("name", r.Name) {
		r.Name = s.text(r.Name)
	}
	tags := maps.Clone(r.Tags)
	for key, value := range tags {
		if s.secret(keyed("tags", key), value) {
			tags[key] = s.text(value)
		}
	}
	r.Tags = tags
	return r
}

// facts scrubs what a lister has learnt: the tags of what a resource belongs to are among it.
func (s scrubber) facts(facts map[string]string) map[string]string {
	clean := maps.Clone(facts)
	for name, value := range clean {
		if _, key, isTag := strings.Cut(name, ":"); isTag && s.secret(keyed("tags", key), value) {
			clean[name] = s.text(value)
		}
	}
	return clean
}

// attributes scrubs a state's attribute object. Without a schema to go by, nothing but what identifies it is kept.
func (s scrubber) attributes(block *tfjson.SchemaBlock, raw json.RawMessage, sensitive []cty.Path) json.RawMessage {
	var object map[string]any
	if json.Unmarshal(raw, &object) != nil {
		return json.RawMessage("{}")
	}
	if block == nil {
		kept := map[string]any{}
		for _, name := range []string{"id", "arn", "name", "region"} {
			if v, ok := object[name]; ok {
				kept[name] = v
			}
		}
		return toJSON(kept)
	}
	return toJSON(s.any(block, nil, object, sensitive))
}

func (s scrubber) any(block *tfjson.SchemaBlock, path cty.Path, v any, sensitive []cty.Path) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"name", "key"} {
			called, named := v[name].(string)
			if text, ok := v["value"].(string); named && ok && s.secret(keyed(spelled(block, path), called), text) {
				v["value"] = s.text(text)
			}
		}
		for k, e := range v {
			v[k] = s.any(block, append(path.Copy(), cty.GetAttrStep{Name: k}), e, sensitive)
		}
		return v
	case []any:
		for n, e := range v {
			v[n] = s.any(block, append(path.Copy(), cty.IndexStep{Key: cty.NumberIntVal(int64(n))}), e, sensitive)
		}
		return v
	}
	text, isText := v.(string)
	if v == nil || (!schemaSensitive(block, path) && !anyWithin(path, sensitive) && (!isText || !s.secret(spelled(block, path), text))) {
		return v
	}
	if isText {
		return s.text(text)
	}
	return nil
}

// pair scrubs the value of an object that says beside it what it is called: {name = "DB_PASSWORD", value = …}.
func (s scrubber) pair(path cty.Path, v cty.Value) cty.Value {
	members := v.AsValueMap()
	value, ok := members["value"]
	if !ok || value.Type() != cty.String || value.IsNull() || !value.IsKnown() {
		return v
	}
	for _, name := range []string{"name", "key"} {
		called, ok := members[name]
		if !ok || called.Type() != cty.String || called.IsNull() || !called.IsKnown() {
			continue
		}
		if s.secret(keyed(spelled(nil, path), called.AsString()), value.AsString()) {
			members["value"] = cty.StringVal(s.text(value.AsString()))
			return cty.ObjectVal(members)
		}
	}
	return v
}

// spelled is a path as Terraform writes it, as far as a judge of names asks: what lies below an attribute of a schema
// has a key that a person chose.
func spelled(block *tfjson.SchemaBlock, path cty.Path) string {
	text, below := "", false
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			if below {
				text = keyed(text, step.Name)
				continue
			}
			if text != "" {
				text += "."
			}
			text += step.Name
			if block == nil {
				continue
			}
			if nested := block.NestedBlocks[step.Name]; nested != nil {
				block = nested.Block
			} else {
				below = true
			}
		case cty.IndexStep:
			if step.Key.Type() == cty.String {
				text = keyed(text, step.Key.AsString())
			}
		}
	}
	return text
}

func keyed(path, key string) string { return path + "[" + strconv.Quote(key) + "]" }

// schemaSensitive follows a path through a schema until an attribute answers.
func schemaSensitive(block *tfjson.SchemaBlock, path cty.Path) bool {
	for _, step := range path {
		attribute, ok := step.(cty.GetAttrStep)
		if !ok {
			continue // an index leads deeper into the same block
		}
		if block == nil {
			return false
		}
		if a, ok := block.Attributes[attribute.Name]; ok {
			return a.Sensitive || a.WriteOnly || nestedSensitive(a.AttributeNestedType, path[1:])
		}
		nested, ok := block.NestedBlocks[attribute.Name]
		if !ok {
			return false
		}
		block = nested.Block
	}
	return false
}

// nestedSensitive does the same through a nested attribute type, whose attributes stand somewhere along the path.
func nestedSensitive(nested *tfjson.SchemaNestedAttributeType, path cty.Path) bool {
	for n, step := range path {
		if nested == nil {
			return false
		}
		attribute, ok := step.(cty.GetAttrStep)
		if !ok {
			continue
		}
		if a, ok := nested.Attributes[attribute.Name]; ok {
			return a.Sensitive || a.WriteOnly || nestedSensitive(a.AttributeNestedType, path[n+1:])
		}
	}
	return false
}

// anyWithin says that a path lies at or below one of the marked ones. Index and attribute steps of the same name are
// alike: in JSON a map and an object look the same.
func anyWithin(path cty.Path, marked []cty.Path) bool {
	for _, m := range marked {
		if len(m) <= len(path) && sameSteps(path[:len(m)], m) {
			return true
		}
	}
	return false
}

func sameSteps(a, b cty.Path) bool {
	for n := range a {
		if stepName(a[n]) != stepName(b[n]) {
			return false
		}
	}
	return true
}

func stepName(s cty.PathStep) string {
	switch s := s.(type) {
	case cty.GetAttrStep:
		return s.Name
	case cty.IndexStep:
		if s.Key.IsKnown() && !s.Key.IsNull() {
			switch s.Key.Type() {
			case cty.String:
				return s.Key.AsString()
			case cty.Number:
				return s.Key.AsBigFloat().Text('f', -1)
			}
		}
	}
	return "*"
}

func toJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("{}")
	}
	return b
}

func scrubInstance(s scrubber, block *tfjson.SchemaBlock, i drift.Instance) drift.Instance {
	i.Attributes = s.attributes(block, i.Attributes, i.Sensitive)
	i.Private = nil
	return i
}
