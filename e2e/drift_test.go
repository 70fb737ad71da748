package e2e

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// checkDrift: the drift set, as (address, attribute of the resource), is what `terraform plan -refresh-only` tells of the
// three root modules, after normalisation:
//
//   - The older provider SDK does not tell null from an empty string, list or map, zero or false, and writes now one, now
//     the other: these are the same, at any depth.
//   - tags_all repeats tags and the provider's default_tags: it counts only where tags are the same.
//   - A string that holds a JSON object or list is compared by its meaning.
//
// Sets need nothing: Terraform writes them in an order of their own.
func checkDrift(t *testing.T, w *world, r *report) {
	want := refreshOnly(t, w)
	var got []string
	for _, d := range r.Drifted {
		seen := map[string]bool{}
		for _, c := range d.Changes {
			attribute := c.Path[:len(c.Path)-len(strings.TrimLeft(c.Path, "abcdefghijklmnopqrstuvwxyz0123456789_"))]
			if !seen[attribute] {
				got = append(got, d.place()+" "+attribute)
			}
			seen[attribute] = true
		}
	}
	same(t, "drift", got, want)
	for _, place := range w.changed {
		if !slices.ContainsFunc(want, func(w string) bool { return strings.HasPrefix(w, place+" ") }) {
			t.Errorf("Terraform does not see the change of %s: the test compares nothing there", place)
		}
	}
	if len(w.changed) < 10 {
		t.Errorf("only %q were changed", w.changed)
	}
}

// refreshOnly is Terraform's own answer, as ROOT:ADDRESS ATTRIBUTE.
func refreshOnly(t *testing.T, w *world) []string {
	t.Helper()
	var (
		mu       sync.Mutex
		found    []string
		group, c = errgroup.WithContext(t.Context())
	)
	for _, root := range roots {
		group.Go(func() error {
			plan, err := w.plan(c, filepath.Join(w.checkout, root), "-refresh-only")
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			for _, drifted := range plan.ResourceDrift {
				before, _ := drifted.Change.Before.(map[string]any)
				after, _ := drifted.Change.After.(map[string]any)
				if after == nil {
					continue // deleted: told apart
				}
				for _, attribute := range differing(before, after) {
					found = append(found, root+":"+drifted.Address+" "+attribute)
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	return found
}

// differing are the attributes that differ by meaning.
func differing(before, after map[string]any) []string {
	var names []string
	for name := range before {
		if !reflect.DeepEqual(meaning(before[name]), meaning(after[name])) {
			names = append(names, name)
		}
	}
	if slices.Contains(names, "tags") {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "tags_all" })
	}
	slices.Sort(names)
	return names
}

// meaning is a value of JSON without what is nothing, nil when nothing is left.
func meaning(v any) any {
	switch v := v.(type) {
	case bool:
		if !v {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	case json.Number:
		if v == "0" {
			return nil
		}
	case string:
		return document(v)
	case []any:
		if len(v) == 0 {
			return nil
		}
		kept := make([]any, len(v))
		for n, element := range v {
			kept[n] = meaning(element)
		}
		return kept
	case map[string]any:
		kept := map[string]any{}
		for name, member := range v {
			if m := meaning(member); m != nil {
				kept[name] = m
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	}
	return v
}

// document is the meaning of a string: what it says as JSON, where it is an object or a list.
func document(text string) any {
	if text == "" {
		return nil
	}
	if trimmed := strings.TrimSpace(text); strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") {
		var v any
		if json.Unmarshal([]byte(text), &v) == nil {
			return v
		}
	}
	return text
}

func TestDiffering(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		before, after string
		want          []string
	}{
		"nothing":              {`{"a":1,"b":[{"c":"x"}]}`, `{"a":1,"b":[{"c":"x"}]}`, nil},
		"null and empty":       {`{"a":null,"b":"","c":null,"d":[],"e":0}`, `{"a":"","b":null,"c":[],"d":null,"e":null}`, nil},
		"deep inside":          {`{"a":[{"b":null,"c":1}]}`, `{"a":[{"b":{},"c":1}]}`, nil},
		"a number":             {`{"a":1}`, `{"a":2}`, []string{"a"}},
		"to nothing":           {`{"a":"x"}`, `{"a":null}`, []string{"a"}},
		"false to true":        {`{"a":false}`, `{"a":true}`, []string{"a"}},
		"one more":             {`{"a":[1]}`, `{"a":[1,2]}`, []string{"a"}},
		"an empty one more":    {`{"a":[1]}`, `{"a":[1,""]}`, []string{"a"}},
		"JSON, white space":    {`{"a":"{\"b\":[1]}"}`, `{"a":"{ \"b\": [1] }"}`, nil},
		"JSON, another value":  {`{"a":"{\"b\":[1]}"}`, `{"a":"{\"b\":[2]}"}`, []string{"a"}},
		"tags and tags_all":    {`{"tags":{"a":"1"},"tags_all":{"a":"1"}}`, `{"tags":{"a":"2"},"tags_all":{"a":"2"}}`, []string{"tags"}},
		"a default tag":        {`{"tags":{},"tags_all":{"a":"1"}}`, `{"tags":null,"tags_all":{}}`, []string{"tags_all"}},
		"braces that are none": {`{"a":"{x"}`, `{"a":"{y"}`, []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var before, after map[string]any
			decode(t, []byte(tc.before), &before)
			decode(t, []byte(tc.after), &after)
			if got := differing(before, after); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
