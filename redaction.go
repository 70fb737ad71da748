package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"reflect"
	"runtime/debug"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/redact"
	"github.com/seed-e90528ae/driftline/inventory/replay"
)

// learn lets a redactor know every value that a state or a provider's schema calls sensitive, as it is read.
func (w *world) learn(redactor *redact.Redactor) {
	w.redactor = redactor
	live := w.instances
	w.instances = func(ctx context.Context) iter.Seq2[drift.Instance, error] {
		return func(yield func(drift.Instance, error) bool) {
			for i, err := range live(ctx) {
				if err == nil {
					learnState(redactor, i)
				}
				if !yield(i, err) {
					return
				}
			}
		}
	}
	w.provider = learning{w.provider, redactor}
}

// credential says whether a string is, or holds, a credential: one of the run's own, or one by its looks.
func (w *world) credential(path, value string) bool {
	return w.credentials.Holds(value) || w.secrets.Secret(path, value)
}

// sensitive says whether a string may not be written at all. Other than credential it knows what has been read so far, so
// it is only asked when the states have been read: the answer must not depend on what came first.
func (w *world) sensitive(path, value string) bool {
	return w.redactor.Holds(value) || w.credential(path, value)
}

// learnState takes what a state marks as sensitive. Attributes that cannot be read are the scanner's to tell.
func learnState(redactor *redact.Redactor, i drift.Instance) {
	if len(i.Sensitive) == 0 {
		return
	}
	var attributes any
	if json.Unmarshal(i.Attributes, &attributes) != nil {
		return
	}
	for _, path := range i.Sensitive {
		learnJSON(redactor, follow(attributes, path))
	}
}

// follow is what stands at a path of decoded JSON, or in all of a set that the path leads into; nil when nothing does.
func follow(v any, path cty.Path) any {
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			object, _ := v.(map[string]any)
			v = object[step.Name]
		case cty.IndexStep:
			switch key := step.Key; {
			case key.IsKnown() && key.Type() == cty.String:
				object, _ := v.(map[string]any)
				v = object[key.AsString()]
			case key.IsKnown() && key.Type() == cty.Number:
				list, _ := v.([]any)
				at, _ := key.AsBigFloat().Int64()
				if at < 0 || at >= int64(len(list)) {
					return nil
				}
				v = list[at]
			default: // an element of a set: which one, JSON does not tell
				return v
			}
		}
	}
	return v
}

func learnJSON(redactor *redact.Redactor, v any) {
	switch v := v.(type) {
	case string:
		redactor.Value(v)
	case []any:
		for _, element := range v {
			learnJSON(redactor, element)
		}
	case map[string]any:
		for _, member := range v {
			learnJSON(redactor, member)
		}
	}
}

// learning is a provider whose sensitive answers are remembered.
type learning struct {
	replay.Provider
	redactor *redact.Redactor
}

// Refresh is the provider's.
func (l learning) Refresh(ctx context.Context, i drift.Instance) (drift.Refreshed, error) {
	refreshed, err := l.Provider.Refresh(ctx, i)
	if err == nil {
		err = l.note(ctx, i.Resource, refreshed.Before, refreshed.After)
	}
	return refreshed, err
}

// Import is the provider's.
func (l learning) Import(ctx context.Context, r drift.Resource) (drift.Object, error) {
	object, err := l.Provider.Import(ctx, r)
	if err == nil {
		err = l.note(ctx, r, object.Value)
	}
	return object, err
}

func (l learning) note(ctx context.Context, r drift.Resource, values ...cty.Value) error {
	schema, err := l.Schema(ctx, r.Provider, r.Type)
	if err != nil {
		return err
	}
	for _, v := range values {
		learnBlock(l.redactor, schema.Block, v)
	}
	return nil
}

// learnBlock takes what a schema calls sensitive, in a value of its or a collection of such values.
func learnBlock(redactor *redact.Redactor, block *tfjson.SchemaBlock, v cty.Value) {
	if block == nil {
		return
	}
	each(v, func(object cty.Value) {
		for name, attribute := range block.Attributes {
			learnAttribute(redactor, attribute, member(object, name))
		}
		for name, nested := range block.NestedBlocks {
			learnBlock(redactor, nested.Block, member(object, name))
		}
	})
}

func learnAttribute(redactor *redact.Redactor, attribute *tfjson.SchemaAttribute, v cty.Value) {
	switch {
	case attribute.Sensitive:
		learnValue(redactor, v)
	case attribute.AttributeNestedType != nil:
		each(v, func(object cty.Value) {
			for name, nested := range attribute.AttributeNestedType.Attributes {
				learnAttribute(redactor, nested, member(object, name))
			}
		})
	}
}

func learnValue(redactor *redact.Redactor, v cty.Value) {
	switch {
	case !whole(v):
	case v.Type() == cty.String:
		redactor.Value(v.AsString())
	case v.CanIterateElements():
		for _, element := range v.Elements() {
			learnValue(redactor, element)
		}
	}
}

// each visits an object, or every object in a collection.
func each(v cty.Value, visit func(object cty.Value)) {
	switch {
	case !whole(v):
	case v.Type().IsObjectType():
		visit(v)
	case v.CanIterateElements():
		for _, element := range v.Elements() {
			each(element, visit)
		}
	}
}

func member(object cty.Value, name string) cty.Value {
	if !object.Type().HasAttribute(name) {
		return cty.NilVal
	}
	return object.GetAttr(name)
}

func whole(v cty.Value) bool { return v != cty.NilVal && !v.IsNull() && v.IsKnown() }

// identities are the import IDs of all that was found.
func identities(found *drift.Report) []string {
	var ids []string
	for _, m := range found.Managed {
		ids = append(ids, m.ImportID)
	}
	for _, d := range found.Deleted {
		ids = append(ids, d.ImportID)
	}
	for _, u := range found.Unmanaged {
		ids = append(ids, u.ImportID)
	}
	for _, o := range found.Owned {
		ids = append(ids, o.ImportID)
	}
	for _, i := range found.Ignored {
		ids = append(ids, i.ImportID)
	}
	return ids
}

// seal takes every known secret out of a report and of generated files, before anything is made of them: every rendering
// and everything that is published comes from here.
func seal(redactor *redact.Redactor, found *drift.Report, files []drift.File) {
	sealStrings(redactor, reflect.ValueOf(found).Elem())
	for i := range files {
		files[i].Content = redactor.Bytes(files[i].Content)
	}
}

// sealRecording takes every known secret out of what a recording was not told to scrub: import IDs, for one.
func sealRecording(redactor *redact.Redactor, recording *replay.Recording) (*replay.Recording, error) {
	var text bytes.Buffer
	if err := replay.Write(&text, "", recording); err != nil {
		return nil, err
	}
	if !redactor.Holds(text.String()) {
		return recording, nil
	}
	return replay.Read(bytes.NewReader(redactor.Bytes(text.Bytes())), "the recording without its secrets")
}

// sealStrings goes through everything that a report is made of. Errors behind its lines are never written.
func sealStrings(redactor *redact.Redactor, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(redactor.String(v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			sealStrings(redactor, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				sealStrings(redactor, v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes(redactor.Bytes(v.Bytes()))
			return
		}
		for i := range v.Len() {
			sealStrings(redactor, v.Index(i))
		}
	case reflect.Map: // of strings: tags; it may be shared, so it is replaced and not written into
		if v.IsNil() || v.Type().Elem().Kind() != reflect.String {
			return
		}
		clean := reflect.MakeMapWithSize(v.Type(), v.Len())
		for at := v.MapRange(); at.Next(); {
			text := redactor.String(at.Value().String())
			clean.SetMapIndex(at.Key(), reflect.ValueOf(text).Convert(v.Type().Elem()))
		}
		v.Set(clean)
	}
}

// toGitHub is the way of requests to GitHub, on which no known secret travels but in the header for it.
func toGitHub(redactor *redact.Redactor) http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute // GitHub itself gives up after ten seconds
	return redactor.Transport(transport)
}

// crashed tells of a panic without the secrets that its text may hold.
func crashed(log io.Writer, problem any) int {
	fmt.Fprintf(log, "driftline: crashed: %v\n%s\nThis is a mistake of Driftline's: report it, please, with these lines.\n", problem, debug.Stack())
	return exitNotDone
}
