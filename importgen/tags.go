package importgen

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
)

// leaveDefaultTags takes the tags that a block's provider configuration adds by itself out of the block. Where the
// resource lacks one of them, applying would add it: the block stays a no-op by ignoring that, where it can.
func leaveDefaultTags(ctx context.Context, blocks []*block, opts Options) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(opts.Concurrency)
	for _, b := range blocks {
		defaults := defaultTags(b, opts)
		if len(defaults) == 0 || b.schema == nil || b.schema.Attributes["tags_all"] == nil {
			continue
		}
		own := map[string]cty.Value{}
		if v, ok := b.conf.attrs["tags"]; ok && !v.IsNull() && v.LengthInt() > 0 {
			own = v.AsValueMap()
		}
		missing, all := map[string]string{}, maps.Clone(own)
		for key, value := range defaults {
			switch tag, ok := own[key]; {
			case !ok:
				missing[key], all[key] = value, cty.StringVal(value)
			case tag.AsString() == value:
				delete(own, key)
			}
		}
		delete(b.conf.attrs, "tags")
		if len(own) > 0 {
			b.conf.attrs["tags"] = cty.MapVal(own)
		}
		if len(missing) > 0 && b.verified() {
			group.Go(func() error { return b.lackTags(ctx, opts, slices.Sorted(maps.Keys(missing)), all) })
		}
	}
	return group.Wait()
}

// lackTags keeps default tags that a resource does not have from being added: by ignoring tags_all, and whatever else a
// legacy provider plans once there is a change at all, such as a default where an import leaves null. The plan is made
// with the default tags in the configuration, since the provider that is asked has none. Types of the plugin framework
// have no such way out: their tags_all cannot be configured, and Terraform ignores only what can.
func (b *block) lackTags(ctx context.Context, opts Options, keys []string, all map[string]cty.Value) error {
	missing := oneLine(strings.Join(keys, ", "))
	w := &work{ctx: ctx, planner: opts.Planner, block: b, ignoring: map[string]bool{}}
	maps.Copy(w.ignoring, b.kept)
	places, err := w.planTags(all)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	places = slices.DeleteFunc(places, func(place string) bool { return followTags[b.Type] == place })
	inTheWay := slices.ContainsFunc(places, func(place string) bool {
		attr, block := schemaAt(b.schema, place)
		return block == nil && (attr == nil || !settable(attr))
	})
	if err != nil || inTheWay || !settable(b.schema.Attributes["tags_all"]) {
		b.differences = append(b.differences, drift.Difference{Path: "tags_all", Reason: "default_tags of the root module would add " + missing})
		return nil //nolint:nilerr // a plan that fails leaves the block unverified, and the reason is the same
	}
	before := b.ignored
	for _, place := range append(places, "tags_all") {
		w.ignoring[place] = true
	}
	b.ignored = w.ignoredPaths()
	added := slices.DeleteFunc(slices.Clone(b.ignored), func(path string) bool { return slices.Contains(before, path) })
	b.notes = append(b.notes, "It lacks "+missing+" of default_tags. To add that, take out of ignore_changes: "+strings.Join(added, ", ")+".")
	return nil
}

// followTags are attributes that the provider plans anew when the configuration's own tags change: planTags changes them,
// where only tags_all will.
var followTags = map[string]string{"aws_launch_template": "latest_version"}

// planTags is where the plan after import differs from what was read when tags are these, apart from tags.
func (w *work) planTags(tags map[string]cty.Value) ([]string, error) {
	conf := w.conf.clone()
	conf.attrs["tags"] = cty.MapVal(tags)
	prior, paths := w.Object.Value, w.paths()
	planned, err := w.plan(w.Object, withPrior(conf.value(w.schema), prior, paths))
	if err != nil {
		return nil, err
	}
	if !member(planned.Value, "tags_all").IsWhollyKnown() { // an empty tag: what it becomes, the provider says on apply
		return nil, errors.New("the tags cannot be planned")
	}
	paths = append(paths, cty.GetAttrPath("tags"), cty.GetAttrPath("tags_all"))
	return differing(w.schema, prior, withPrior(planned.Value, prior, paths), ""), nil
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
