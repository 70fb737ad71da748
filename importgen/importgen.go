// Package importgen writes the code that brings unmanaged resources under Terraform: an import block and a resource
// block for each, minimal, and planned as a no-op by the resource's own provider before it is shown.
// It does not list or read clouds, does not publish, and never writes to disk.
package importgen

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/since"
)

// Planner is the part of a running provider that code is judged by. None of its calls changes anything in a cloud.
type Planner interface {
	Schema(ctx context.Context, source, typ string) (*tfjson.Schema, error)
	Validate(ctx context.Context, r drift.Resource, config cty.Value) ([]drift.Diagnostic, error)
	Plan(ctx context.Context, r drift.Resource, prior drift.Object, config cty.Value) (drift.Planned, error)
}

// Item is an unmanaged resource as its provider imported and read it.
type Item struct {
	drift.Resource
	Object drift.Object
}

// Options says where code may go and what is known there already. Only Planner is needed.
type Options struct {
	Planner  Planner
	Roots    []drift.RootModule
	Managed  []drift.Managed // what is managed, and in which root module: placement and references ask for it
	Checkout fs.FS           // the user's checkout, for the files that are appended to; nil when there is none

	Secret Secret // what must not be written down although the schema calls it harmless; nil to go by the schema alone

	Group       bool   // alike resources become one block with for_each
	PolicyStyle string // how IAM policies are written: PolicyData or, when anything else, by jsonencode

	Placement   []PlacementRule   // the user's own, the first that matches decides
	DefaultRoot string            // directory of what fits no root module; "driftline" when empty. Made when it is not among Roots
	HomeRegion  string            // region of provider configurations that name none (AWS_REGION); "" when unknown
	Versions    map[string]string // provider source address → version that is running
	Running     string            // what the program of the run says that it is: Terraform v1.11.4; "" when unknown
	Concurrency int               // resources planned at once; 4 when zero
}

// Result is the code and what it means for each item.
type Result struct {
	Files     []drift.File      // whole contents, sorted by path; a file that would not change is not among them
	Unmanaged []drift.Unmanaged // one per item, sorted by resource
	Skipped   []drift.Skipped   // items that the provider failed on; they are among Unmanaged too, not verified
	Calls     Calls
}

// Calls counts what the provider was asked, the measure of what verification costs.
type Calls struct {
	Validate int
	Plan     int
}

// Generate writes code for items. It fails only when ctx ends or the checkout cannot be read: a resource that the
// provider fails on costs itself alone.
func Generate(ctx context.Context, items []Item, opts Options) (Result, error) {
	opts = withDefaults(opts)
	items = slices.Clone(items)
	opts.Secret.clean(items)
	slices.SortFunc(items, func(a, b Item) int { return a.Resource.Compare(b.Resource) })

	checkout, err := readCheckout(opts.Checkout, opts)
	if err != nil {
		return Result{}, err
	}
	blocks, skipped, err := verifyAll(ctx, items, opts)
	if err != nil {
		return Result{}, err
	}
	opts.Secret.cleanMessages(blocks, skipped)
	place(blocks, opts)
	if err := leaveDefaultTags(ctx, blocks, opts); err != nil {
		return Result{}, err
	}
	findWritten(blocks, checkout)
	for settled := false; !settled; { // a group that is given up changes names, and who refers to whom
		taken := name(blocks, opts, checkout)
		if opts.Group {
			groupAlike(blocks, checkout, taken)
		}
		nameVariables(blocks, opts)
		namePolicies(blocks, checkout)
		refer(blocks, opts)
		settled = proven(blocks)
	}
	for _, b := range blocks {
		b.scripted = !since.In(rootOf(opts, b.root), since.ImportBlocks, opts.Running)
	}
	files, err := write(blocks, opts, checkout)
	if err != nil {
		return Result{}, err
	}
	result := Result{Files: files, Skipped: skipped}
	for _, b := range blocks {
		result.Unmanaged = append(result.Unmanaged, b.unmanaged())
		result.Calls.Plan += b.calls.Plan
		result.Calls.Validate += b.calls.Validate
	}
	return result, nil
}

func withDefaults(opts Options) Options {
	opts.DefaultRoot = cmp.Or(opts.DefaultRoot, "driftline")
	opts.Concurrency = cmp.Or(opts.Concurrency, 4)
	return opts
}

// block is one resource on its way into a file.
type block struct {
	Item
	schema *tfjson.SchemaBlock
	conf   *body           // what is written
	apart  map[parent]bool // who has resources of its own for what could be an argument
	calls  Calls

	kept        map[string]bool // places that ignore_changes names, but for secrets
	ignored     []string        // arguments of ignore_changes, in order
	notes       []string        // comments above the block
	differences []drift.Difference

	root, placement string
	confidence      string // in the placement
	alias           string // provider configuration, "" for the default one
	regional        bool   // the provider takes an argument for the region
	region          string // that argument, where the provider configuration is for another region
	needs           reach  // what the configuration named by alias is for, where it is still to be written
	local           string // local name of the provider in the root module
	name            string
	file            string
	scripted        bool   // its root module's Terraform has no import blocks: a script imports it
	written         bool   // an import block for it stands in the checkout already
	at              string // its address there
	group           *group // nil when it stands alone
	key             string // in its group
	alone           bool   // code for a group did not say the same
}

func (b *block) verified() bool { return len(b.differences) == 0 }

func (b *block) address() string {
	switch {
	case b.written:
		return b.at
	case b.group != nil:
		return b.Type + "." + b.group.name + index(b.key)
	}
	return b.Type + "." + b.name
}

// importID is what Terraform is told to import.
func (b *block) importID() string {
	if b.region != "" {
		return drift.RegionalID(b.ImportID, b.region)
	}
	return b.ImportID
}

// label is the name of the resource block that describes it.
func (b *block) label() string {
	if b.group != nil {
		return b.group.name
	}
	return b.name
}

// leads reports whether the code of b is written for itself or, first of its group, for all of that.
func (b *block) leads() bool { return b.group == nil || b.group.members[0] == b }

func (b *block) unmanaged() drift.Unmanaged {
	differences := b.differences
	if differences == nil {
		differences = []drift.Difference{}
	}
	return drift.Unmanaged{
		Resource: b.Resource, SuggestedAddress: b.address(), RootModule: b.root, Placement: b.placement, Confidence: b.confidence, File: b.file,
		Verified: b.verified(), Differences: differences,
	}
}

// verifyAll finds the minimal block of every item. The order of the answer is the order of the items.
func verifyAll(ctx context.Context, items []Item, opts Options) ([]*block, []drift.Skipped, error) {
	blocks := make([]*block, len(items))
	failures := make([]*drift.Skipped, len(items))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(opts.Concurrency)
	apart := apart(items, opts.Managed)
	for i, item := range items {
		group.Go(func() error {
			b := &block{Item: item, conf: newBody(), apart: apart}
			blocks[i] = b
			err := verify(ctx, opts, b)
			if err == nil {
				return nil
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			failures[i] = failure(item, err)
			b.differences = []drift.Difference{{Reason: failures[i].Reason}}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	var skipped []drift.Skipped
	for _, f := range failures {
		if f != nil {
			skipped = append(skipped, *f)
		}
	}
	return blocks, skipped, nil
}

// failure is what the report says of an item that its provider failed on.
func failure(item Item, err error) *drift.Skipped {
	var known *drift.Skipped
	if errors.As(err, &known) {
		s := *known
		s.Type, s.Account, s.Region, s.ImportID = item.Type, item.Account, item.Region, item.ImportID
		return &s
	}
	return &drift.Skipped{
		What: item.Type + " " + item.ImportID, Reason: err.Error(),
		Remedy: "write its block by hand, or report this with the provider's version",
		Type:   item.Type, Account: item.Account, Region: item.Region, ImportID: item.ImportID, Err: err,
	}
}
