// Package inventorytest is the examination that every inventory passes, whatever cloud it lists. It knows no cloud and
// does not judge whether the right things were found: that is for each cloud's own tests.
package inventorytest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/drift"
)

// Inventory is what is examined.
type Inventory interface {
	Resources(ctx context.Context) iter.Seq2[drift.Listed, error]
}

// Conditions open the same inventory over a cloud in three conditions. Each call opens a new one.
type Conditions struct {
	Calm    func() Inventory // everything answers; there are at least two resources
	Partial func() Inventory // something is listed, and something else cannot be
	Hanging func() Inventory // no call answers before its context ends

	patience time.Duration // how long it may go on after it was told to stop; 0: 10 s, for a busy machine
}

// Run examines an inventory. The test that calls it is not parallel, so that what it leaves behind can be told.
func Run(t *testing.T, c Conditions) {
	t.Helper()
	if c.patience == 0 {
		c.patience = 10 * time.Second
	}
	for _, e := range examinations {
		t.Run(e.name, func(t *testing.T) {
			for _, fault := range e.faults(t.Context(), c) {
				t.Error(fault)
			}
		})
	}
}

// examinations find faults; none means passed.
var examinations = []struct {
	name   string
	faults func(context.Context, Conditions) []error
}{
	{"every resource is complete and there once", complete},
	{"the same cloud gives the same resources", repeatable},
	{"what cannot be seen is skipped, the rest is not", partial},
	{"a consumer may stop early", stopsEarly},
	{"a cancelled context stops it", stopsCancelled},
	{"a hanging cloud is left when cancelled", leavesHanging},
}

// take is one whole listing.
func take(ctx context.Context, inventory Inventory) (listed []drift.Listed, failures []error) {
	for r, err := range inventory.Resources(ctx) {
		if err != nil {
			failures = append(failures, err)
			continue
		}
		listed = append(listed, r)
	}
	return listed, failures
}

func complete(ctx context.Context, c Conditions) (faults []error) {
	listed, failures := take(ctx, c.Calm())
	for _, err := range failures {
		faults = append(faults, fmt.Errorf("a calm cloud was not listed whole: %w", err))
	}
	if len(listed) < 2 {
		faults = append(faults, fmt.Errorf("%d resources are too few to examine anything", len(listed)))
	}
	return append(faults, incomplete(listed)...)
}

func incomplete(listed []drift.Listed) (faults []error) {
	type identity struct{ provider, typ, account, region, id string }
	seen := map[identity]bool{}
	for _, r := range listed {
		for _, field := range []struct{ name, value string }{
			{"provider", r.Provider}, {"type", r.Type}, {"import ID", r.ImportID}, {"account", r.Account}, {"region", r.Region},
		} {
			if field.value == "" {
				faults = append(faults, fmt.Errorf("a resource has no %s: %+v", field.name, r))
			}
		}
		if r.Tags == nil {
			faults = append(faults, fmt.Errorf("%s %s: tags are nil, which a report would show as null", r.Type, r.ImportID))
		}
		id := identity{r.Provider, r.Type, r.Account, r.Region, r.ImportID}
		if seen[id] {
			faults = append(faults, fmt.Errorf("%s %s is listed twice", r.Type, r.ImportID))
		}
		seen[id] = true
	}
	return faults
}

// repeatable lists twice by one inventory and once by another: neither order nor earlier listings may matter.
func repeatable(ctx context.Context, c Conditions) (faults []error) {
	first := c.Calm()
	var runs [][]drift.Listed
	for _, inventory := range []Inventory{first, first, c.Calm()} {
		listed, _ := take(ctx, inventory)
		slices.SortFunc(listed, func(a, b drift.Listed) int { return a.Compare(b.Resource) })
		runs = append(runs, listed)
	}
	for n, run := range runs[1:] {
		if !reflect.DeepEqual(runs[0], run) {
			faults = append(faults, fmt.Errorf("listing %d of the same cloud differs from the first:\n%+v\n%+v", n+2, runs[0], run))
		}
	}
	return faults
}

func partial(ctx context.Context, c Conditions) (faults []error) {
	listed, failures := take(ctx, c.Partial())
	if len(listed) == 0 {
		faults = append(faults, errors.New("one failure hid everything else"))
	}
	if len(failures) == 0 {
		faults = append(faults, errors.New("what could not be listed is passed over in silence"))
	}
	for _, err := range failures {
		var s *drift.Skipped
		switch {
		case !errors.As(err, &s):
			faults = append(faults, fmt.Errorf("%T is no *drift.Skipped: %w", err, err))
		case s.What == "" || s.Reason == "" || s.Remedy == "":
			faults = append(faults, fmt.Errorf("the skip does not say what it hides, why, and what to do: %+v", *s))
		case s.Type == "" || s.Region == "":
			faults = append(faults, fmt.Errorf("the skip does not say which listing it is about: %+v", *s))
		}
	}
	return append(faults, incomplete(listed)...)
}

func stopsEarly(ctx context.Context, c Conditions) []error {
	return stops(c.patience, func() {
		for range c.Calm().Resources(ctx) { //nolint:errcheck // only that it stops is looked at
			return
		}
	})
}

func stopsCancelled(ctx context.Context, c Conditions) []error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return endsQuietly(ctx, c.patience, c.Calm(), func() {})
}

func leavesHanging(ctx context.Context, c Conditions) []error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return endsQuietly(ctx, c.patience, c.Hanging(), func() { time.AfterFunc(50*time.Millisecond, cancel) })
}

// endsQuietly lists under a context that ends: what was not asked any more is not a failure of the cloud, and gets no
// skip.
func endsQuietly(ctx context.Context, patience time.Duration, inventory Inventory, begin func()) []error {
	var failures []error
	faults := stops(patience, func() {
		begin()
		_, failures = take(ctx, inventory)
	})
	if len(faults) > 0 { // it may be running still
		return faults
	}
	for _, err := range failures {
		faults = append(faults, fmt.Errorf("being cancelled is told as a failure: %w", err))
	}
	return faults
}

// stops runs a listing that ends early and sees that it returns soon and leaves no goroutine behind.
func stops(patience time.Duration, listing func()) []error {
	before := len(workers())
	done := make(chan struct{})
	go func() {
		defer close(done)
		listing()
	}()
	select {
	case <-done:
	case <-time.After(patience):
		return []error{fmt.Errorf("still listing %s after it was told to stop", patience)}
	}
	var left []string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if left = workers(); len(left) <= before {
			return nil
		}
	}
	return []error{fmt.Errorf("%d goroutines are left behind, one of them:\n%s", len(left)-before, left[len(left)-1])}
}

// workers are the stacks of goroutines that an inventory started: not the tests' own, nor an HTTP client's idle
// connections.
func workers() []string {
	buffer := make([]byte, 1<<20)
	buffer = buffer[:runtime.Stack(buffer, true)]
	var stacks []string
	for stack := range strings.SplitSeq(string(buffer), "\n\n") {
		if strings.Contains(stack, "driftline/inventory/") && !strings.Contains(stack, "testing.tRunner") {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}
