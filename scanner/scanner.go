// Package scanner holds what Terraform manages against what exists, and tells what is unmanaged, deleted, drifted,
// owned by another tool, ignored or skipped. It calls no cloud and no provider itself: both are given to it, and
// neither has a method that could change anything.
package scanner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
)

// Inventory lists what exists. An error is a *drift.Skipped, and the listing goes on after it.
type Inventory interface {
	Resources(ctx context.Context) iter.Seq2[drift.Listed, error]
}

// Reader asks the provider what a resource looks like now. An error is a *drift.Skipped.
type Reader interface {
	Refresh(ctx context.Context, instance drift.Instance) (drift.Refreshed, error)
	Schema(ctx context.Context, source, typ string) (*tfjson.Schema, error)
}

// Importer gives the attributes of a resource that no state knows. An error is a *drift.Skipped.
type Importer interface {
	Import(ctx context.Context, r drift.Resource) (drift.Object, error)
}

// Options are what a scan is made of. Instances, Inventory, Reader and Identify are needed; the rest may be zero.
type Options struct {
	Instances iter.Seq2[drift.Instance, error] // what the states say; an error is a *drift.Skipped
	Inventory Inventory
	Reader    Reader
	// Identify gives a managed instance's import ID, account and region from its state attributes ("" where they do
	// not say), and the catalogue's name for its type.
	Identify func(typ string, attributes map[string]any) drift.Resource

	Roots       []drift.RootModule
	Account     string // account and region of a managed instance where nothing says otherwise
	Region      string
	Regions     []string              // that are listed
	Include     func(typ string) bool // types in scope; nil: all
	Ignore      Ignore
	Only        Kinds                     // what is looked for; nothing else is asked of cloud or provider
	Tags        TagFilter                 // which resources, by their tags
	Secret      Secret                    // what a change must not show although the schema calls it harmless; nil: nothing
	Strict      bool                      // show what the cloud or another tool owns as unmanaged
	Concurrency int                       // reads under way at once; 0: 8
	Progress    func(phase string, n int) // called as things are seen, from several goroutines; nil: nobody looks
}

// Names of the phases that Progress is told.
const (
	PhaseRead   = "managed resources read"
	PhaseList   = "resources listed"
	PhaseImport = "unmanaged resources read"
)

// Scan compares. The error is the context's: whatever else goes wrong is in the report, as skipped.
func Scan(ctx context.Context, o Options) (*drift.Report, error) {
	o.setDefaults()
	s := &scan{Options: o, managed: newIndex(), report: &drift.Report{}}

	group, groupCtx := errgroup.WithContext(ctx)
	var listed []drift.Listed
	group.Go(func() error {
		listed = s.list(groupCtx)
		return nil
	})
	group.Go(func() error {
		s.readManaged(groupCtx)
		return nil
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	s.sort(listed)
	s.report.Finish()
	return s.report, nil
}

func (o *Options) setDefaults() {
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.Include == nil {
		o.Include = func(string) bool { return true }
	}
	if o.Progress == nil {
		o.Progress = func(string, int) {}
	}
}

// scan is one run of Scan.
type scan struct {
	Options
	managed *index

	mu     sync.Mutex // guards report and foreign
	report *drift.Report

	foreign map[string]bool // providers already reported as not scanned
}

func (s *scan) list(ctx context.Context) []drift.Listed {
	var listed []drift.Listed
	if !s.Only.Has(Unmanaged) {
		return nil
	}
	for l, err := range s.Inventory.Resources(ctx) {
		if err != nil {
			s.skip(err)
			continue
		}
		if s.Include(l.Type) {
			listed = append(listed, l)
			s.Progress(PhaseList, 1)
		}
	}
	return listed
}

// readManaged streams the states: of each instance only its identity is kept, its attributes live as long as its read.
// What does not say where it is waits for the end of its state.
func (s *scan) readManaged(ctx context.Context) {
	var reads errgroup.Group
	reads.SetLimit(s.Concurrency)
	defer reads.Wait() //nolint:errcheck // reads report by themselves
	var state string
	var waiting []waiter
	places := whereabouts{}
	settle := func() {
		for _, w := range waiting {
			s.take(ctx, w, places, &reads)
		}
		waiting, places = nil, whereabouts{}
	}
	for instance, err := range s.Instances {
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.skip(err)
			continue
		}
		if instance.State != state {
			settle()
			state = instance.State
		}
		w := s.identify(instance)
		places.see(w.Instance, w.Account, w.Region)
		switch {
		case !s.Include(instance.Type):
		case w.Region == "" || w.Account == "":
			waiting = append(waiting, w)
		default:
			s.take(ctx, w, places, &reads)
		}
	}
	settle()
}

// waiter is an instance that has been identified, as far as its own attributes say.
type waiter struct {
	drift.Instance
	known
	replicas []string // further regions that it makes a resource of its kind in
}

// take enters a managed instance among what is known, and has it read if it is looked for.
func (s *scan) take(ctx context.Context, w waiter, places whereabouts, reads *errgroup.Group) {
	instance := w.Instance
	w.guessed = instance.Region == ""
	nowhere := s.place(&instance, places)
	w.account, w.region = instance.Account, instance.Region
	s.managed.add(w.known)
	for _, region := range w.replicas {
		s.managed.add(known{keys: w.keys, account: w.account, region: region})
	}
	if rule, ok := s.Ignore.Match(instance.Type, instance.ImportID); ok {
		s.add(func(r *drift.Report) {
			r.Ignored = append(r.Ignored, drift.Ignored{Resource: instance.Resource, Rule: rule})
		})
		return
	}
	if !s.Tags.Match(instance.Tags) {
		return
	}
	if instance.Deposed != "" {
		return // apply will destroy it; it is neither unmanaged nor what the configuration speaks of
	}
	reads.Go(func() error {
		s.read(ctx, instance, nowhere)
		s.Progress(PhaseRead, 1)
		return nil
	})
}

// identify fills in the instance's identity, and gives what it is known by.
func (s *scan) identify(instance drift.Instance) waiter {
	var attributes map[string]any
	_ = json.Unmarshal(instance.Attributes, &attributes) // an attribute object that is none has no identity
	identity := s.Identify(instance.Type, attributes)
	keys := append(covers(instance.Type, attributes), key{identity.Type, identity.ImportID})
	if s.Include(instance.Type) {
		s.managed.styles.see(instance.Type, keys, attributes)
	}
	w := waiter{known: known{keys: keys}, replicas: replicaRegions(identity.Type, attributes)}
	identity.Type, identity.Provider = instance.Type, instance.Provider
	instance.Resource = identity
	w.Instance = instance
	return w
}

// providerScope is the account and region of the provider block that the state names for an instance.
func (s *scan) providerScope(instance drift.Instance) (account, region string) {
	for _, root := range s.Roots {
		if instance.RootModule == "" || root.Dir != instance.RootModule {
			continue
		}
		for _, p := range root.Providers {
			if p.Source == instance.Provider && p.Alias == instance.Alias {
				return p.Account, p.Region
			}
		}
	}
	return "", ""
}

// read compares one managed instance with the cloud.
func (s *scan) read(ctx context.Context, instance drift.Instance, nowhere bool) {
	managed := drift.Managed{
		Resource: instance.Resource, Address: instance.Address,
		State: instance.State, RootModule: instance.RootModule, Workspace: instance.Workspace,
	}
	if !s.Only.Has(Deleted, Drifted) || !s.readable(instance.Provider) {
		s.add(func(r *drift.Report) { r.Managed = append(r.Managed, managed) })
		return
	}
	refreshed, err := s.Reader.Refresh(ctx, instance)
	if ctx.Err() != nil {
		return
	}
	var schema *tfjson.Schema
	if err == nil {
		schema, err = s.Reader.Schema(ctx, instance.Provider, instance.Type)
	}
	if err != nil {
		s.skip(fromRead(instance, err))
		s.add(func(r *drift.Report) { r.Managed = append(r.Managed, managed) })
		return
	}
	if refreshed.After.IsNull() {
		s.gone(instance, managed, nowhere)
		return
	}
	if !s.Only.Has(Drifted) {
		s.add(func(r *drift.Report) { r.Managed = append(r.Managed, managed) })
		return
	}
	changes := Changes(schema.Block, refreshed.Before, refreshed.After, instance.Sensitive, s.Secret)
	s.add(func(r *drift.Report) {
		r.Managed = append(r.Managed, managed)
		if len(changes) > 0 {
			r.Drifted = append(r.Drifted, drift.Drifted{Managed: managed, Changes: changes})
		}
	})
}

// gone is what a read says that found nothing: not of a resource that may be elsewhere.
func (s *scan) gone(instance drift.Instance, managed drift.Managed, nowhere bool) {
	switch {
	case !s.Only.Has(Deleted):
	case nowhere:
		s.skip(fromRead(instance, notThere(instance)))
		s.add(func(r *drift.Report) { r.Managed = append(r.Managed, managed) })
	default:
		s.add(func(r *drift.Report) { r.Deleted = append(r.Deleted, managed) })
	}
}

// fromRead makes sure that a failed read names the resource by its address.
func fromRead(instance drift.Instance, err error) error {
	var skipped *drift.Skipped
	if !errors.As(err, &skipped) {
		return err
	}
	named := *skipped
	named.What, named.Type, named.ImportID = instance.Address.String(), instance.Type, instance.ImportID
	if instance.RootModule != "" && instance.RootModule != "." {
		named.What = instance.RootModule + ": " + named.What
	}
	named.Account, named.Region = instance.Account, instance.Region
	return &named
}

// sort puts every listed resource where it belongs.
func (s *scan) sort(listed []drift.Listed) {
	w := newWorld(listed)
	for _, l := range s.managed.unmatched(listed) {
		if !s.Tags.Match(tagsOf(l)) {
			continue
		}
		if rule, ok := s.Ignore.Match(l.Type, l.ImportID); ok {
			s.report.Ignored = append(s.report.Ignored, drift.Ignored{Resource: l.Resource, Rule: rule})
			continue
		}
		if !s.Strict {
			if cloudOwns(l, w) {
				continue
			}
			if owner := ownedBy(l); owner != "" {
				s.report.Owned = append(s.report.Owned, drift.Owned{Resource: l.Resource, Owner: owner})
				continue
			}
		}
		s.report.Unmanaged = append(s.report.Unmanaged, drift.Unmanaged{Resource: l.Resource, Differences: []drift.Difference{}})
	}
}

// localProviders keep everything in the state itself: there is no cloud that could differ from it.
var localProviders = []string{
	"registry.terraform.io/hashicorp/random", "registry.terraform.io/hashicorp/null",
	"registry.terraform.io/hashicorp/tls", "registry.terraform.io/hashicorp/time",
	"registry.terraform.io/hashicorp/local", "registry.terraform.io/hashicorp/archive",
	"registry.terraform.io/hashicorp/external", "registry.terraform.io/hashicorp/template",
	"registry.terraform.io/hashicorp/cloudinit", "terraform.io/builtin/terraform",
}

// readable says whether a provider's resources are compared. One that is not, and is not local, is skipped once.
func (s *scan) readable(source string) bool {
	if source == drift.AWS || source == "registry.opentofu.org/hashicorp/aws" {
		return true
	}
	if slices.Contains(localProviders, source) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.foreign == nil {
		s.foreign = map[string]bool{}
	}
	if !s.foreign[source] {
		s.foreign[source] = true
		s.report.Skipped = append(s.report.Skipped, drift.Skipped{
			What:   "resources of " + source,
			Reason: "Driftline does not scan this provider: its resources count as managed, and are not compared",
			Remedy: "exclude their types to leave them out of the scope",
		})
	}
	return false
}

func (s *scan) add(change func(*drift.Report)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.report)
}

func (s *scan) skip(err error) {
	var skipped *drift.Skipped
	if !errors.As(err, &skipped) {
		skipped = &drift.Skipped{What: "part of the scan", Reason: err.Error(), Remedy: "run again; if it stays, report it", Err: err}
	}
	s.add(func(r *drift.Report) { r.Skipped = append(r.Skipped, *skipped) })
}

// Found is an unmanaged resource with its attributes.
type Found struct {
	drift.Resource
	Object drift.Object
}

// Import reads the attributes of every unmanaged resource of a report, limit at once. A resource that is gone by now
// leaves the report; one that cannot be read stays, says why in its Differences, and is skipped.
func Import(ctx context.Context, report *drift.Report, importer Importer, limit int, progress func(phase string, n int)) ([]Found, error) {
	type answer struct {
		object drift.Object
		err    error
	}
	answers := make([]answer, len(report.Unmanaged))
	var group errgroup.Group
	group.SetLimit(max(limit, 1))
	for n, u := range report.Unmanaged {
		group.Go(func() error {
			answers[n].object, answers[n].err = importer.Import(ctx, u.Resource)
			if progress != nil {
				progress(PhaseImport, 1)
			}
			return nil
		})
	}
	_ = group.Wait() // answers hold the errors
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}

	var found []Found
	var unmanaged []drift.Unmanaged
	for n, u := range report.Unmanaged {
		switch object, err := answers[n].object, answers[n].err; {
		case err != nil:
			var skipped *drift.Skipped
			if !errors.As(err, &skipped) {
				skipped = &drift.Skipped{What: fmt.Sprintf("%s %s", u.Type, u.ImportID), Reason: err.Error(), Remedy: "run again"}
			}
			named := *skipped
			named.Type, named.Account, named.Region, named.ImportID = u.Type, u.Account, u.Region, u.ImportID
			report.Skipped = append(report.Skipped, named)
			u.Differences = append(u.Differences, drift.Difference{Reason: "could not be read: " + named.Reason})
			unmanaged = append(unmanaged, u)
		case object.Value == cty.NilVal || object.Value.IsNull():
			continue
		default:
			found = append(found, Found{Resource: u.Resource, Object: object})
			unmanaged = append(unmanaged, u)
		}
	}
	report.Unmanaged = unmanaged
	report.Finish()
	return found, nil
}
