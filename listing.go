package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	ctyjson "github.com/zclconf/go-cty/cty/json"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/provider"
	"github.com/seed-e90528ae/driftline/scanner"
)

// providerLister is a provider that lists some types by itself.
type providerLister interface {
	Listable(ctx context.Context, source string, want func(typ string) bool) ([]provider.Listable, error)
	List(ctx context.Context, resource drift.Resource) ([]provider.Found, error)
}

// wholeInventory is the catalogue's inventory, and beside it what the provider lists by itself of other types.
type wholeInventory struct {
	catalogue   scanner.Inventory
	provider    providerLister
	scopes      []aws.Scope
	include     func(typ string) bool
	concurrency int
}

func (w wholeInventory) Resources(ctx context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) {
		for l, err := range w.catalogue.Resources(ctx) {
			if !yield(l, err) {
				return
			}
		}
		for l, err := range w.byProvider(ctx) {
			if !yield(l, err) {
				return
			}
		}
	}
}

// byProvider lists the types that the provider offers, that are in scope, and that no row of the catalogue covers.
func (w wholeInventory) byProvider(ctx context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) {
		types, err := w.provider.Listable(ctx, drift.AWS, func(typ string) bool {
			return w.include(typ) && !aws.Lists(typ) && !scanner.SpelledOtherwise(typ)
		})
		if err != nil {
			yield(drift.Listed{}, err)
			return
		}
		asked := w.questions(types)
		answers := make([]func(func(drift.Listed, error) bool) bool, len(asked))
		var group errgroup.Group
		group.SetLimit(max(w.concurrency, 1))
		for n, resource := range asked {
			group.Go(func() error {
				found, err := w.provider.List(ctx, resource)
				answers[n] = func(yield func(drift.Listed, error) bool) bool { return tell(resource, found, err, yield) }
				return nil
			})
		}
		_ = group.Wait() // answers hold the errors
		for _, answer := range answers {
			if !answer(yield) {
				return
			}
		}
	}
}

// questions are the types in the places where they are to be listed.
func (w wholeInventory) questions(types []provider.Listable) []drift.Resource {
	var asked []drift.Resource
	for _, t := range types {
		seen := map[string]bool{}
		for _, s := range w.scopes {
			if t.Global {
				s.Region = drift.Global
			}
			if !t.Global || !seen[s.Account] {
				asked = append(asked, drift.Resource{Provider: drift.AWS, Type: t.Type, Account: s.Account, Region: s.Region})
			}
			seen[s.Account] = true
		}
	}
	return asked
}

// tell yields what one listing has found; false when the caller wants no more.
func tell(asked drift.Resource, found []provider.Found, err error, yield func(drift.Listed, error) bool) bool {
	if err != nil {
		return yield(drift.Listed{}, err)
	}
	for _, f := range found {
		l, err := identified(f)
		if err != nil {
			return yield(drift.Listed{}, &drift.Skipped{
				What: fmt.Sprintf("%s in %s", asked.Type, asked.Region), Type: asked.Type, Account: asked.Account, Region: asked.Region, Err: err,
				Reason: "the provider's own listing gives " + err.Error(), Remedy: "exclude the type, or report it",
			})
		}
		if !yield(l, nil) {
			return false
		}
	}
	return true
}

// identified gives a resource that a provider has listed the identity that a state would give it, and the import ID: its
// identity, where that is a single value, as it is in all of the AWS provider's types that are known by an ARN or a name.
func identified(f provider.Found) (drift.Listed, error) {
	attributes := map[string]any{}
	if !f.Value.IsNull() {
		text, err := ctyjson.Marshal(f.Value, f.Value.Type())
		if err != nil {
			return drift.Listed{}, err
		}
		if err := json.Unmarshal(text, &attributes); err != nil {
			return drift.Listed{}, err
		}
	}
	known := aws.Identify(f.Type, attributes)
	if known.ImportID == "" {
		return drift.Listed{}, errors.New("nothing by which it could be told from what the states manage")
	}
	l := drift.Listed{Resource: f.Resource}
	l.ImportID, l.Tags = known.ImportID, known.Tags
	for _, single := range f.Identity {
		if len(f.Identity) == 1 && single != known.ImportID {
			l.ImportID, l.Facts = single, map[string]string{"id": known.ImportID}
		}
	}
	return l, nil
}
