package importgen

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// leaveDefaultTags takes the tags that a block's provider configuration adds by itself out of the block. Where the
// resource lacks one of them, applying would add it: the block stays a no-op by ignoring tags_all. Types of the plugin
// framework, whose tags_all nobody can set, have no such way out: Terraform ignores only what can be configured.
func leaveDefaultTags(blocks []*block, opts Options) {
	for _, b := range blocks {
		defaults := defaultTags(b, opts)
		if len(defaults) == 0 || b.schema == nil || b.schema.Attributes["tags_all"] == nil {
			continue
		}
		tags := map[string]cty.Value{}
		if v, ok := b.conf.attrs["tags"]; ok && !v.IsNull() {
			tags = maps.Clone(v.AsValueMap())
			if tags == nil {
				tags = map[string]cty.Value{}
			}
		}
		var missing []string
		for key, value := range defaults {
			switch own, ok := tags[key]; {
			case !ok:
				missing = append(missing, key)
			case own.AsString() == value:
				delete(tags, key)
			}
		}
		if len(missing) > 0 {
			b.lackTags(missing)
		}
		if len(tags) == 0 {
			delete(b.conf.attrs, "tags")
			continue
		}
		b.conf.attrs["tags"] = cty.MapVal(tags)
	}
}

// lackTags keeps default tags that a resource does not have from being added.
func (b *block) lackTags(missing []string) {
	slices.Sort(missing)
	keys := strings.Join(missing, ", ")
	if !settable(b.schema.Attributes["tags_all"]) {
		b.differences = append(b.differences, drift.Difference{Path: "tags_all", Reason: "default_tags of the root module would add " + keys})
		return
	}
	b.notes = append(b.notes, "It lacks "+oneLine(keys)+" of default_tags: take tags_all out of ignore_changes to add that, and before tags change here.")
	b.ignored = append(b.ignored, "tags_all")
	slices.Sort(b.ignored)
}

func defaultTags(b *block, opts Options) map[string]string {
	i := rootIndex(opts.Roots, b.root)
	if i < 0 {
		return nil
	}
	for _, p := range opts.Roots[i].Providers {
		if p.Source == b.Provider && p.Alias == b.alias {
			return p.DefaultTags
		}
	}
	return nil
}
