package importgen

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// leaveDefaultTags takes the tags that a block's provider configuration adds by itself out of the block. Where the
// resource lacks one of them, applying would add it: such a block is not a no-op in that root module.
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
		switch {
		case len(missing) > 0:
			slices.Sort(missing)
			b.differences = append(b.differences, drift.Difference{
				Path: "tags_all", Reason: "default_tags of the root module would add " + strings.Join(missing, ", "),
			})
		case len(tags) == 0:
			delete(b.conf.attrs, "tags")
		default:
			b.conf.attrs["tags"] = cty.MapVal(tags)
		}
	}
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
