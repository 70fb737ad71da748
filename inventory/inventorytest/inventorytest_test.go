package inventorytest

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/drift"
)

// listing is an inventory as a function.
type listing func(ctx context.Context, yield func(drift.Listed, error) bool)

func (l listing) Resources(ctx context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) { l(ctx, yield) }
}

func resource(id string) drift.Listed {
	return drift.Listed{Resource: drift.Resource{Provider: "p", Type: "t", ImportID: id, Account: "a", Region: "r", Tags: map[string]string{}}}
}

func of(items ...any) listing {
	return func(ctx context.Context, yield func(drift.Listed, error) bool) {
		for _, item := range items {
			if ctx.Err() != nil {
				return
			}
			err, _ := item.(error)
			r, _ := item.(drift.Listed)
			if !yield(r, err) {
				return
			}
		}
	}
}

var skip = &drift.Skipped{What: "t in r", Reason: "denied", Remedy: "allow it", Type: "t", Region: "r"}

func good() Conditions {
	return Conditions{
		Calm:    func() Inventory { return of(resource("1"), resource("2")) },
		Partial: func() Inventory { return of(skip, resource("1")) },
		Hanging: func() Inventory {
			return listing(func(ctx context.Context, _ func(drift.Listed, error) bool) { <-ctx.Done() })
		},
	}
}

func TestGoodInventoryPasses(t *testing.T) { Run(t, good()) }

// TestBadInventoriesFail shows that each examination finds what it is for.
func TestBadInventoriesFail(t *testing.T) {
	nameless, untagged, elsewhere := resource(""), resource("2"), resource("2")
	untagged.Tags = nil
	elsewhere.Region = ""
	calls := 0
	for name, tc := range map[string]struct {
		spoil       func(*Conditions)
		examination string // start of its name
		fault       string
	}{
		"no import ID": {func(c *Conditions) { c.Calm = func() Inventory { return of(resource("1"), nameless) } }, "every resource", "has no import ID"},
		"no region":    {func(c *Conditions) { c.Calm = func() Inventory { return of(resource("1"), elsewhere) } }, "every resource", "has no region"},
		"nil tags":     {func(c *Conditions) { c.Calm = func() Inventory { return of(resource("1"), untagged) } }, "every resource", "tags are nil"},
		"twice":        {func(c *Conditions) { c.Calm = func() Inventory { return of(resource("1"), resource("1")) } }, "every resource", "listed twice"},
		"empty":        {func(c *Conditions) { c.Calm = func() Inventory { return of() } }, "every resource", "too few"},
		"failing":      {func(c *Conditions) { c.Calm = c.Partial }, "every resource", "not listed whole"},
		"changing": {func(c *Conditions) {
			c.Calm = func() Inventory {
				calls++
				return of(resource("1"), resource(strings.Repeat("x", calls)))
			}
		}, "the same cloud", "differs"},
		"all or nothing": {func(c *Conditions) { c.Partial = func() Inventory { return of(skip) } }, "what cannot be seen", "hid everything"},
		"silent":         {func(c *Conditions) { c.Partial = c.Calm }, "what cannot be seen", "in silence"},
		"plain error":    {func(c *Conditions) { c.Partial = func() Inventory { return of(errors.New("x"), resource("1")) } }, "what cannot be seen", "no *drift.Skipped"},
		"no remedy": {func(c *Conditions) {
			c.Partial = func() Inventory { return of(&drift.Skipped{What: "t", Reason: "x"}, resource("1")) }
		}, "what cannot be seen", "does not say"},
		"worker left behind": {func(c *Conditions) {
			c.patience = 200 * time.Millisecond
			c.Calm = func() Inventory {
				return listing(func(_ context.Context, yield func(drift.Listed, error) bool) {
					go func() { select {} }()
					yield(resource("1"), nil)
				})
			}
		}, "a consumer", "left behind"},
		"deaf": {func(c *Conditions) {
			c.patience = 200 * time.Millisecond
			c.Hanging = func() Inventory {
				return listing(func(context.Context, func(drift.Listed, error) bool) { select {} })
			}
		}, "a hanging cloud", "still listing"},
		"cancelled is failed": {func(c *Conditions) {
			c.Hanging = func() Inventory {
				return listing(func(ctx context.Context, yield func(drift.Listed, error) bool) {
					<-ctx.Done()
					yield(drift.Listed{}, skip)
				})
			}
		}, "a hanging cloud", "told as a failure"},
	} {
		t.Run(name, func(t *testing.T) {
			c := good()
			c.patience = 10 * time.Second
			tc.spoil(&c)
			for _, e := range examinations {
				if !strings.HasPrefix(e.name, tc.examination) {
					continue
				}
				for _, fault := range e.faults(t.Context(), c) {
					if strings.Contains(fault.Error(), tc.fault) {
						return
					}
				}
			}
			t.Errorf("nothing found fault with it; wanted %q", tc.fault)
		})
	}
}
