// Package aws lists what exists in AWS accounts, through list and describe calls only, and knows how a Terraform
// state spells the identity of each type. It reads no attributes (the provider does) and decides nothing about
// ownership or drift.
package aws

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
)

// Options configure an Inventory. The zero value lists every type of the catalogue in the default region.
type Options struct {
	Regions     []string              // regions to list, or AllRegions; empty: the default region of the environment
	Roles       []Role                // accounts to list, by the roles to assume; empty: the account of the credentials
	Include     func(typ string) bool // which types to list; nil: all. What is left out is not called at all.
	Concurrency int                   // listings under way at once; 0: 8
	CallTimeout time.Duration         // bound of one API call with its retries; 0: 60 s

	AllowInsecureEndpoint bool // plain http beyond this machine

	Hide func(values ...string) // told every secret of the credentials that are found or got; nil for nobody
}

// Inventory lists one or more AWS accounts in one or more regions.
type Inventory struct {
	options  Options
	config   awssdk.Config // in the default region, with the credentials of the run
	accounts []account     // at least one
	skipped  []*drift.Skipped
}

// New finds the credentials as every AWS tool does (environment, profile, web identity, instance role), asks whose
// they are, and gives an Inventory. The error names what is missing: region or credentials.
func New(ctx context.Context, o Options) (*Inventory, error) {
	o.Concurrency = cmp.Or(o.Concurrency, 8)
	o.CallTimeout = cmp.Or(o.CallTimeout, time.Minute)
	config, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w; check AWS_PROFILE and the files of the AWS CLI", err)
	}
	if len(o.Regions) == 0 {
		if config.Region == "" {
			return nil, fmt.Errorf("no AWS region: give `region`, or set AWS_REGION")
		}
		o.Regions = []string{config.Region}
	}
	if o.Regions[0] != AllRegions {
		config.Region = o.Regions[0]
	}
	if config.Region == "" {
		config.Region = defaultRegion
	}
	config = guarded(patient(config))
	config.Credentials = o.hidden(config.Credentials)
	if !o.AllowInsecureEndpoint {
		config.APIOptions = append(config.APIOptions, refusePlain)
	}
	inventory := &Inventory{options: o, config: config}
	if err := inventory.enter(ctx); err != nil {
		return nil, err
	}
	return inventory, nil
}

// defaultRegion is where accounts are entered when all regions are asked for and none is the environment's.
const defaultRegion = "us-east-1"

// Account is the twelve-digit number of the first account that is listed.
func (i *Inventory) Account() string { return i.accounts[0].id }

// Role is the role by which an account is seen; its ARN is empty for the credentials of the run.
func (i *Inventory) Role(account string) Role {
	for _, a := range i.accounts {
		if a.id == account {
			return a.role
		}
	}
	return Role{}
}

// Regions are the regions that are listed, the first one being the default.
func (i *Inventory) Regions() []string {
	var regions []string
	for _, a := range i.accounts {
		for _, r := range a.regions {
			if !slices.Contains(regions, r) {
				regions = append(regions, r)
			}
		}
	}
	return regions
}

// Scope is one account and region that is listed.
type Scope struct{ Account, Region string }

// Scopes are all of them, account by account.
func (i *Inventory) Scopes() []Scope {
	var scopes []Scope
	for _, a := range i.accounts {
		for _, region := range a.regions {
			scopes = append(scopes, Scope{a.id, region})
		}
	}
	return scopes
}

// Resources lists every type of the catalogue in every region, in parallel, in no particular order. What cannot be
// listed comes as a *drift.Skipped beside an empty Listed, and listing goes on. Only a cancelled context ends it early.
func (i *Inventory) Resources(ctx context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) {
		for _, s := range i.skipped {
			if !yield(drift.Listed{}, s) {
				return
			}
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		sinks := make(chan listing)
		go func() {
			defer close(sinks)
			var group errgroup.Group
			group.SetLimit(i.options.Concurrency)
			for _, job := range i.jobs() {
				group.Go(func() error {
					job.run(ctx, func(l listing) bool {
						select {
						case sinks <- l:
							return true
						case <-ctx.Done():
							return false
						}
					})
					return nil
				})
			}
			_ = group.Wait() // jobs answer through the channel, never by error
		}()
		for l := range sinks {
			if !yield(l.resource, l.err) {
				cancel()
				for range sinks { // let the workers end
				}
				return
			}
		}
	}
}

type listing struct {
	resource drift.Listed
	err      error
}

// job is one row of the catalogue in one scope.
type job struct {
	row   Row
	scope *scope
}

func (i *Inventory) jobs() []job {
	var jobs []job
	for _, a := range i.accounts {
		for n, region := range a.regions {
			config := a.config.Copy() // one for each region: a shared one signs for the wrong region
			config.Region = region
			regional := &scope{account: a.id, region: region, config: config, timeout: i.options.CallTimeout}
			global := &scope{account: a.id, region: drift.Global, config: config, timeout: i.options.CallTimeout}
			for _, row := range Catalogue() {
				switch {
				case i.options.Include != nil && !i.options.Include(row.Type):
				case row.Global && n == 0:
					jobs = append(jobs, job{row, global})
				case !row.Global:
					jobs = append(jobs, job{row, regional})
				}
			}
		}
	}
	return jobs
}

func (j job) run(ctx context.Context, send func(listing) bool) {
	out := &sink{job: j, ctx: ctx, send: send}
	if err := j.row.list(ctx, j.scope, out); err != nil && ctx.Err() == nil {
		out.failed("", err)
	}
}

// scope is one account and region, with the SDK configuration for it. Clients come from methods beside each service's
// rows, typed as interfaces that name list and describe calls only.
type scope struct {
	account, region string // region is drift.Global for the global services
	config          awssdk.Config
	timeout         time.Duration

	memo sync.Map // key → func() (any, error)
}

// shared loads a list that several rows of a scope need (roles, buckets, clusters) once.
func shared[T any](s *scope, key string, load func() ([]T, error)) ([]T, error) {
	once, _ := s.memo.LoadOrStore(key, sync.OnceValues(func() (any, error) { return load() }))
	list, err := once.(func() (any, error))()
	if err != nil {
		return nil, err
	}
	return list.([]T), nil
}

// found is one resource as its lister sees it.
type found struct {
	id    string // import ID
	name  string // "" : the Name tag, if there is one
	tags  map[string]string
	facts map[string]string // what the scanner's ownership rules ask for
}

// sink takes what a lister finds.
type sink struct {
	job  job
	ctx  context.Context
	send func(listing) bool

	tagless sync.Once // tagsFailed
}

// add reports a resource. A resource without an import ID is a lister's mistake and is dropped by no one silently.
func (s *sink) add(f found) {
	if f.id == "" {
		s.failed(f.name, fmt.Errorf("the listing gave no identifier"))
		return
	}
	if f.name == "" {
		f.name = f.tags["Name"]
	}
	if f.tags == nil {
		f.tags = map[string]string{}
	}
	s.send(listing{resource: drift.Listed{
		Resource: drift.Resource{
			Provider: drift.AWS, Type: s.job.row.Type, ImportID: f.id,
			Account: s.job.scope.account, Region: s.job.scope.region, Name: f.name, Tags: f.tags,
		},
		Facts: f.facts,
	}})
}

// failed reports that a part of the listing could not be seen: the part that belongs to parent (a bucket, a role), or
// all of it when parent is "". Listing of the siblings goes on.
func (s *sink) failed(parent string, err error) {
	if s.ctx.Err() == nil && !absent(err) {
		s.send(listing{err: skipped(s.job, parent, err)})
	}
}

// pager is what every paginator of the SDK offers.
type pager[Page, Options any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*Options)) (*Page, error)
}

// pages iterates over a paginator, each page under the scope's call timeout. The error comes last.
func pages[Page, Options any](ctx context.Context, s *scope, p pager[Page, Options]) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		for p.HasMorePages() {
			callCtx, cancel := context.WithTimeout(ctx, s.timeout)
			page, err := p.NextPage(callCtx)
			cancel()
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// all collects the items of every page.
func all[Page, Options, Item any](ctx context.Context, s *scope, p pager[Page, Options], items func(*Page) []Item) ([]Item, error) {
	var list []Item
	for page, err := range pages(ctx, s, p) {
		if err != nil {
			return nil, err
		}
		list = append(list, items(page)...)
	}
	return list, nil
}

// call bounds a single, unpaged API call by the scope's timeout:
//
//	out, err := call(ctx, s, client.GetQueueAttributes, &sqs.GetQueueAttributesInput{...})
func call[In, Out, Options any](ctx context.Context, s *scope, operation func(context.Context, *In, ...func(*Options)) (*Out, error), in *In) (*Out, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	return operation(ctx, in)
}

// lister finds all resources of one type in one scope.
type lister func(ctx context.Context, s *scope, out *sink) error

// paged is the lister of a type whose listing is one paginator: pages of items, each of which is a resource.
func paged[Page, Options, Item any](open func(*scope) pager[Page, Options], items func(*Page) []Item, see func(*scope, Item) found) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		for page, err := range pages(ctx, s, open(s)) {
			if err != nil {
				return err
			}
			for _, item := range items(page) {
				out.add(see(s, item))
			}
		}
		return nil
	}
}

// Types are the catalogue's types, sorted.
func Types() []string {
	var types []string
	for _, row := range Catalogue() {
		types = append(types, row.Type)
	}
	slices.Sort(types)
	return types
}
