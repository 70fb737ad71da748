// Package settle writes the code that ends a drift or a deletion the cloud's way: a user's own configuration with the
// literal changed that a drifted attribute comes from, and removed blocks for what no longer exists. It touches nothing
// else in a file, evaluates nothing that only a run can tell, and never writes to disk.
package settle

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/since"
)

// Schemas is the part of a provider that is asked what an argument is.
type Schemas interface {
	Schema(ctx context.Context, source, typ string) (*tfjson.Schema, error)
}

// Options say what is to be settled. Without Accept and Remove the report still learns where values come from.
type Options struct {
	Schemas  Schemas
	Roots    []drift.RootModule
	Checkout fs.FS  // the user's; nil when there is none
	Running  string // what the run's program says that it is: Terraform v1.11.4; "" when unknown
	Accept   bool   // change the configuration of what has drifted
	Remove   bool   // take what is gone out of configuration and state
}

// hashed are arguments that read back as a fingerprint, so that no configuration could say what they are.
var hashed = map[string][]string{"aws_instance": {"user_data"}}

// Report notes in found where the drifted values come from and how deleted resources are settled, and returns files with
// what was accepted and removed in them: whole contents, sorted by path. A file that is generated as well (it begins with
// what stands in the checkout) comes back with both.
func Report(ctx context.Context, found *drift.Report, generated []drift.File, opts Options) ([]drift.File, error) {
	w := &work{opts: opts, sources: newSources(opts.Checkout), edits: map[string]edits{}, removed: map[string][][]byte{}, spread: spread(found)}
	for i := range found.Drifted {
		if err := w.drifted(ctx, &found.Drifted[i]); err != nil {
			return nil, err
		}
	}
	w.deleted(found)
	return w.files(generated), nil
}

type work struct {
	opts     Options
	sources  *sources
	edits    map[string]edits
	accepted []accepted
	removed  map[string][][]byte // root module → blocks
	spread   map[string]bool     // root modules that several workspaces are of
	proposed edits               // of the resource at hand, which nobody has accepted
}

// spread are the root modules of which several workspaces have resources: each block stands for one in each of them.
func spread(found *drift.Report) map[string]bool {
	last, several := map[string]string{}, map[string]bool{}
	for _, m := range slices.Concat(found.Managed, found.Deleted) {
		if workspace, seen := last[m.RootModule]; seen && workspace != m.Workspace {
			several[m.RootModule] = true
		}
		last[m.RootModule] = m.Workspace
	}
	return several
}

// accepted is what an edit stands for, should its file not parse afterwards.
type accepted struct {
	file    string
	origins []*drift.Origin
}

// drifted follows every change of one resource.
func (w *work) drifted(ctx context.Context, d *drift.Drifted) error {
	if w.opts.Checkout == nil || d.RootModule == "" {
		return nil
	}
	at, block, why := w.blockOf(d.Managed)
	schema, err := w.opts.Schemas.Schema(ctx, d.Provider, d.Type)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil: // it has been reported when the resource was read
		return nil //nolint:nilerr // as said
	}
	w.proposed = nil
	for _, group := range groups(d.Changes) {
		if why != "" {
			for _, i := range group {
				d.Changes[i].Origin = &drift.Origin{Reason: why}
			}
			continue
		}
		if len(group) > 1 && w.together(at, block, schema.Block, d, group) {
			continue
		}
		for _, i := range group {
			w.change(at, block, schema.Block, d, []int{i}, parsePath(d.Changes[i].Path), d.Changes[i].Before, d.Changes[i].After)
		}
	}
	d.Patch = w.patch()
	return nil
}

// blockOf is the block of a resource and the module around it, or what stands in the way.
func (w *work) blockOf(m drift.Managed) (*scope, sourceBlock, string) {
	at, why := w.sources.enter(m.RootModule, m.Address.Module)
	if why != "" {
		return nil, sourceBlock{}, why
	}
	block, ok := at.resources[m.Address.Type+"."+m.Address.Name]
	if !ok {
		return nil, sourceBlock{}, "its block was not found in " + at.dir
	}
	return at, block, ""
}

// groups puts the changes of one map's elements together: they may have to go into one argument.
func groups(changes []drift.Change) [][]int {
	var out [][]int
	parents := map[string]int{}
	for i, c := range changes {
		parent, _, found := strings.Cut(c.Path, "[\"")
		if !found || len(parsePath(c.Path)) != len(parsePath(parent))+1 {
			out = append(out, []int{i})
			continue
		}
		if n, ok := parents[parent]; ok {
			out[n] = append(out[n], i)
			continue
		}
		parents[parent] = len(out)
		out = append(out, []int{i})
	}
	return out
}

// together patches several elements of a map at once, and reports whether that went.
func (w *work) together(at *scope, block sourceBlock, schema *tfjson.SchemaBlock, d *drift.Drifted, group []int) bool {
	before, after := map[string]any{}, map[string]any{}
	var steps []step
	for _, i := range group {
		c := d.Changes[i]
		steps = parsePath(c.Path)
		old, ok := decode(c.Before)
		now, alsoOK := decode(c.After)
		if !ok || !alsoOK || c.Sensitive {
			return false
		}
		key := steps[len(steps)-1].key
		if old != nil {
			before[key] = old
		}
		if now != nil {
			after[key] = now
		}
	}
	p := &patch{}
	err := w.try(p, at, block, schema, d, steps[:len(steps)-1], before, after)
	if err != nil {
		return false
	}
	w.take(p, d, group)
	return true
}

// change patches one change and notes in it what came of that.
func (w *work) change(at *scope, block sourceBlock, schema *tfjson.SchemaBlock, d *drift.Drifted, group []int, steps []step, rawBefore, rawAfter []byte) {
	c := &d.Changes[group[0]]
	p := &patch{file: block.file, line: block.DefRange().Start.Line}
	before, ok := decode(rawBefore)
	after, alsoOK := decode(rawAfter)
	var err error
	switch {
	case len(steps) == 0 || !ok || !alsoOK:
		err = obstacle("its path cannot be read")
	case c.Sensitive:
		err = obstacle("the value is sensitive")
	default:
		err = w.try(p, at, block, schema, d, steps, before, after)
	}
	if err != nil {
		c.Origin = &drift.Origin{File: p.file, Line: p.line, Reason: err.Error(), Stays: slices.Contains(left, err.Error())}
		return
	}
	w.take(p, d, group)
}

func (w *work) try(p *patch, at *scope, block sourceBlock, schema *tfjson.SchemaBlock, d *drift.Drifted, steps []step, before, after any) error {
	p.file, p.line = block.file, block.DefRange().Start.Line
	switch {
	case repeated(block.Block):
		return obstacle("its block stands for several instances")
	case d.Address.Key != "":
		return obstacle("the state has it as one of several instances")
	case w.spread[d.RootModule]:
		return obstacle("its block stands for several workspaces")
	case slices.Contains(hashed[d.Type], steps[0].name):
		return obstacle("it reads back as a hash only")
	case ignores(block.Block, steps[0].name):
		return obstacle(ignored)
	case slices.Contains(apart[d.Type], steps[0].name) && len(blocksOf(block.Body, steps[0].name)) == 0 && !hasDynamic(block.Body, steps[0].name):
		return obstacle(saidApart)
	}
	c := cursor{scope: at, file: block.file, text: at.content[block.file], sorted: true}
	if err := p.attribute(c, block.Body, schema, steps, before, after); err != nil {
		return err
	}
	if len(p.edits) == 0 {
		return obstacle(saidAlready)
	}
	for i, e := range p.edits {
		if (edits{e}).conflict(p.edits[i+1:]) {
			return obstacle("several parts of one line change")
		}
		if (edits{e}).conflict(w.edits[e.file]) || (edits{e}).conflict(w.proposed) {
			return obstacle("another change goes into the same place")
		}
	}
	return nil
}

// What stands in the way of a patch, and of an apply as well: it leaves what the cloud has.
const (
	ignored     = "lifecycle ignores its changes"
	saidAlready = "the configuration says so already"
	computed    = "nothing sets it: the provider computes it"
	leftToCloud = "the configuration leaves it to the cloud"
	saidApart   = "resources of their own say it"
)

var left = []string{ignored, saidAlready, computed, leftToCloud, saidApart}

// apart are blocks that read back what resources of their own have made: a configuration without such blocks leaves them
// alone. Schemas, which tell of arguments that they are computed, do not tell it of blocks.
var apart = map[string][]string{"aws_iam_role": {"inline_policy"}}

// ignores reports whether the lifecycle of a block leaves an argument alone.
func ignores(b *hclsyntax.Block, name string) bool {
	for _, lifecycle := range blocksOf(b.Body, "lifecycle") {
		attr := lifecycle.Body.Attributes["ignore_changes"]
		if attr == nil {
			continue
		}
		if hcl.ExprAsKeyword(attr.Expr) == "all" {
			return true
		}
		for _, t := range traversals(attr.Expr) {
			if t.RootName() == name {
				return true
			}
		}
	}
	return false
}

// take notes a patch that works; its edits are made when drift is accepted.
func (w *work) take(p *patch, d *drift.Drifted, group []int) {
	var origins []*drift.Origin
	for _, i := range group {
		d.Changes[i].Origin = &drift.Origin{File: p.file, Line: p.line, Accepted: w.opts.Accept}
		origins = append(origins, d.Changes[i].Origin)
	}
	if !w.opts.Accept {
		w.proposed = append(w.proposed, p.edits...)
		return
	}
	for _, e := range p.edits {
		w.edits[e.file] = append(w.edits[e.file], e)
		w.accepted = append(w.accepted, accepted{e.file, origins})
	}
}

// files puts edits and removed blocks into the files that they belong to.
func (w *work) files(generated []drift.File) []drift.File {
	out := slices.Clone(generated)
	contents := map[string][]byte{}
	for name, list := range w.edits {
		content := w.content(name)
		if i := slices.IndexFunc(out, func(f drift.File) bool { return f.Path == name }); i >= 0 && bytes.HasPrefix(out[i].Content, content) {
			content = out[i].Content
		}
		changed := list.apply(content)
		if _, diags := hclsyntax.ParseConfig(changed, name, hcl.InitialPos); diags.HasErrors() {
			w.takeBack(name)
			continue
		}
		contents[name] = changed
	}
	for root, blocks := range w.removed {
		name := path.Join(root, removedFile)
		content, ok := contents[name]
		if !ok {
			content = w.content(name)
		}
		for _, b := range blocks {
			if len(content) > 0 {
				content = append(bytes.TrimRight(content, "\n"), "\n\n"...)
			}
			content = append(slices.Clip(content), b...)
		}
		contents[name] = content
	}
	for name, content := range contents {
		if i := slices.IndexFunc(out, func(f drift.File) bool { return f.Path == name }); i >= 0 {
			out[i].Content = content
			continue
		}
		out = append(out, drift.File{Path: name, Content: content})
	}
	slices.SortFunc(out, func(a, b drift.File) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// takeBack says of a file's changes that they were not made.
func (w *work) takeBack(file string) {
	for _, a := range w.accepted {
		if a.file != file {
			continue
		}
		for _, o := range a.origins {
			o.Accepted, o.Reason = false, "the patched file would not be read"
		}
	}
}

func (w *work) content(name string) []byte {
	if w.opts.Checkout == nil {
		return nil
	}
	content, err := fs.ReadFile(w.opts.Checkout, name)
	if err != nil {
		return nil // a new file
	}
	return content
}

// knows reports whether the Terraform of a root module has a part of the language.
func (w *work) knows(root string, f since.Feature) bool {
	for _, r := range w.opts.Roots {
		if r.Dir == root {
			return since.In(r, f, w.opts.Running)
		}
	}
	return since.In(drift.RootModule{}, f, w.opts.Running)
}
