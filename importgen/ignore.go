package importgen

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// paths are the arguments of ignore_changes as the configuration stands now: the places that are ignored, and every
// secret, whose variable has no value when the plan is made.
func (w *work) paths() []cty.Path {
	paths := secretPaths(w.schema, w.conf)
	for _, place := range slices.Sorted(maps.Keys(w.ignoring)) {
		for _, path := range pathsAt(w.schema, w.conf, place) {
			if !slices.ContainsFunc(paths, path.HasPrefix) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// pathsAt are the paths of a place, one per list element above it. An element of a set has no path that
// configuration could write, so there the path ends at the set.
func pathsAt(schema *tfjson.SchemaBlock, b *body, place string) []cty.Path {
	head, rest, nested := strings.Cut(place, ".")
	here := cty.GetAttrPath(head)
	if !nested {
		return []cty.Path{here}
	}
	block := schema.NestedBlocks[head]
	if block == nil || block.NestingMode == tfjson.SchemaNestingModeSet || len(b.blocks[head]) == 0 {
		return []cty.Path{here}
	}
	var paths []cty.Path
	for i, child := range b.blocks[head] {
		at := here.Copy()
		switch block.NestingMode {
		case tfjson.SchemaNestingModeList:
			at = at.IndexInt(i)
		case tfjson.SchemaNestingModeMap:
			at = at.IndexString(child.label)
		}
		for _, below := range pathsAt(block.Block, child, rest) {
			paths = append(paths, append(at.Copy(), below...))
		}
	}
	return paths
}

// secretPaths are the paths of a body's secrets, shortened where they stand in a set.
func secretPaths(schema *tfjson.SchemaBlock, b *body) []cty.Path {
	var paths []cty.Path
	for _, name := range slices.Sorted(maps.Keys(b.secret)) {
		if b.secret[name].elements == nil {
			paths = append(paths, cty.GetAttrPath(name))
			continue
		}
		for _, key := range b.secret[name].names() {
			paths = append(paths, cty.GetAttrPath(name).IndexString(key))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		nested := schema.NestedBlocks[name]
		for i, child := range b.blocks[name] {
			below := secretPaths(nested.Block, child)
			if len(below) == 0 {
				continue
			}
			at := cty.GetAttrPath(name)
			switch nested.NestingMode {
			case tfjson.SchemaNestingModeSet:
				below = []cty.Path{nil}
			case tfjson.SchemaNestingModeList:
				at = at.IndexInt(i)
			case tfjson.SchemaNestingModeMap:
				at = at.IndexString(child.label)
			}
			for _, path := range below {
				if path = append(at.Copy(), path...); !slices.ContainsFunc(paths, path.HasPrefix) {
					paths = append(paths, path)
				}
			}
		}
	}
	return paths
}

// withPrior is v with the prior value at each path: what Terraform's ignore_changes does.
func withPrior(v, prior cty.Value, paths []cty.Path) cty.Value {
	if len(paths) == 0 || prior.IsNull() {
		return v
	}
	out, err := cty.Transform(v, func(at cty.Path, v cty.Value) (cty.Value, error) {
		if !slices.ContainsFunc(paths, at.Equals) {
			return v, nil
		}
		if before, err := at.Apply(prior); err == nil {
			return before, nil
		}
		return v, nil // the prior value has no such element, so there is nothing to keep
	})
	if err != nil {
		return v
	}
	return out
}

// ignoreLess takes back every argument of ignore_changes that is not needed after all.
func (w *work) ignoreLess() error {
	if len(w.ignoring) < 2 {
		return nil
	}
	for _, place := range slices.Sorted(maps.Keys(w.ignoring)) {
		if _, placeholder := unreadable[w.Type][place]; placeholder {
			continue
		}
		err := w.keepIfNoOp(func() bool {
			delete(w.ignoring, place)
			return true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *work) ignoredPaths() []string {
	var out []string
	for _, path := range w.paths() {
		out = append(out, written(path))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// written is a path as configuration has it.
func written(path cty.Path) string {
	var s strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			if s.Len() > 0 {
				s.WriteByte('.')
			}
			s.WriteString(step.Name)
		case cty.IndexStep:
			if step.Key.Type() == cty.String {
				s.WriteString("[" + strconv.Quote(step.Key.AsString()) + "]")
				continue
			}
			i, _ := step.Key.AsBigFloat().Int64()
			s.WriteString("[" + strconv.FormatInt(i, 10) + "]")
		}
	}
	return s.String()
}
