package provider

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/seed-e90528ae/driftline/drift"
	"golang.org/x/sync/semaphore"
)

const (
	// everybody is the weight of a call that wants a scope for itself; an ordinary one weighs 1.
	everybody = 1 << 30
	// turn is how long a process may work while other scopes wait for its place.
	turn = 30 * time.Second
	// breath is how long a process must be idle before its place is given away: callers that work through a region
	// pause between calls, and a start costs seconds.
	breath = 500 * time.Millisecond
	// lookAgain is how often somebody who waits for a place looks whether one came free.
	lookAgain = 50 * time.Millisecond
)

var errClosed = errors.New("the provider fleet is closed")

// scope is what a provider process is configured for.
type scope struct {
	binary          string // path
	account, region string
	spare           bool // not configured yet, waits for its first scope
}

// pool holds the running processes, no more than max at once.
type pool struct {
	max   int
	start func(context.Context, pluginBinary) (*process, error)

	mu      sync.Mutex
	seats   map[scope]*seat
	running int
	waiting int // callers that found no place
	closed  bool
}

// seat is the place of one scope: empty, being filled, or taken by a process.
type seat struct {
	alone   *semaphore.Weighted // held by calls: 1 each, or everybody
	process *process
	filling chan struct{} // closed when the process that is being started is there, or is not
	waiting int           // callers of this seat that found no place
	failed  error         // why it could not be started, twice: kept, so that a thousand resources fail fast
	strikes int
}

func newPool(max int, start func(context.Context, pluginBinary) (*process, error)) *pool {
	return &pool{max: max, start: start, seats: map[scope]*seat{}}
}

func (p *pool) seat(sc scope) *seat {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seats[sc] == nil {
		p.seats[sc] = &seat{alone: semaphore.NewWeighted(everybody)}
	}
	return p.seats[sc]
}

// use runs fn with a process of the scope, started and configured as needed.
//
// When the process is lost meanwhile, it is not known which of the calls under way was the cause. Each of them is
// then run once more, alone on a fresh process, so that only the guilty one fails. A call that was alone in the first
// place needs no second run, unless the process was killed from outside.
func (p *pool) use(ctx context.Context, sc scope, binary pluginBinary, prepare func(context.Context, *process) error,
	fn func(context.Context, *process) error) error {
	err := p.attempt(ctx, sc, binary, 1, prepare, fn)
	var lost lostError
	if !errors.As(err, &lost) || lost.inflight <= 1 && lost.fault || ctx.Err() != nil {
		return err
	}
	return p.attempt(ctx, sc, binary, everybody, prepare, fn)
}

func (p *pool) attempt(ctx context.Context, sc scope, binary pluginBinary, weight int64, prepare func(context.Context, *process) error,
	fn func(context.Context, *process) error) error {
	seat := p.seat(sc)
	if err := seat.alone.Acquire(ctx, weight); err != nil {
		return context.Cause(ctx)
	}
	defer seat.alone.Release(weight)
	proc, err := p.take(ctx, sc, seat, binary, prepare)
	if err != nil {
		return err
	}
	defer proc.end()
	return fn(ctx, proc)
}

// take counts the caller in on the process of the seat, which it fills first when there is none.
func (p *pool) take(ctx context.Context, sc scope, s *seat, binary pluginBinary, prepare func(context.Context, *process) error) (*process, error) {
	waits := false
	defer func() {
		if waits {
			p.mu.Lock()
			p.waiting--
			s.waiting--
			p.mu.Unlock()
		}
	}()
	for {
		if cause := context.Cause(ctx); cause != nil {
			return nil, cause
		}
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, errClosed
		}
		if s.failed != nil {
			p.mu.Unlock()
			return nil, s.failed
		}
		if s.process != nil && !p.mustYield(s) {
			if s.process.begin() == nil {
				proc := s.process
				p.mu.Unlock()
				return proc, nil
			}
			gone := s.process
			s.process = nil
			p.mu.Unlock()
			p.bury(gone)
			continue
		}
		if filling := s.filling; filling != nil {
			p.mu.Unlock()
			select {
			case <-filling:
			case <-ctx.Done():
			}
			continue
		}
		if s.process == nil && (p.adopt(s, binary) || p.running < p.max) {
			if s.process == nil {
				p.running++
			}
			s.filling = make(chan struct{})
			p.mu.Unlock()
			p.fill(ctx, s, binary, prepare)
			continue
		}
		victim := p.evict(s)
		if victim == nil && !waits {
			waits = true
			p.waiting++
			s.waiting++
		}
		p.mu.Unlock()
		if victim != nil {
			p.bury(victim)
			continue
		}
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
		}
	}
}

// mustYield says that the seat's process has had its turn while others wait, so that it takes no more calls.
func (p *pool) mustYield(s *seat) bool {
	return p.waiting > s.waiting && time.Since(s.process.born) > turn
}

// adopt moves a spare process of the binary to the seat.
func (p *pool) adopt(s *seat, binary pluginBinary) bool {
	spare := p.seats[scope{binary: binary.path, spare: true}]
	if spare == nil || spare == s || spare.process == nil || spare.filling != nil {
		return false
	}
	if _, idle := spare.process.idle(); !idle {
		return false
	}
	s.process, spare.process = spare.process, nil
	return true
}

// fill starts a process for the seat, or configures the spare one that it has adopted.
func (p *pool) fill(ctx context.Context, s *seat, binary pluginBinary, prepare func(context.Context, *process) error) {
	proc, err := s.process, error(nil)
	s.process = nil // nobody else may use it before it is configured; s is ours while filling is set
	if proc == nil {
		proc, err = p.start(ctx, binary)
	}
	if err == nil {
		if err = prepare(ctx, proc); err != nil {
			proc.stop()
		}
	}
	p.mu.Lock()
	close(s.filling)
	s.filling = nil
	late := err == nil && p.closed
	switch {
	case late:
	case err == nil:
		proc.born = time.Now()
		s.process, s.strikes = proc, 0
	default:
		p.running--
		p.strike(ctx, s, binary, err)
	}
	p.mu.Unlock()
	if late {
		p.bury(proc)
	}
}

// strike remembers a failed start. What the provider refuses, it refuses again; what broke gets a second chance.
func (p *pool) strike(ctx context.Context, s *seat, binary pluginBinary, err error) {
	if ctx.Err() != nil {
		return
	}
	s.strikes++
	var refused *refusal
	if !errors.As(err, &refused) && s.strikes < 2 {
		return
	}
	s.failed = &drift.Skipped{
		What:   "provider " + binary.String(),
		Reason: "it could not be started and configured: " + err.Error(),
		Remedy: remedyForStart(err),
		Err:    err,
	}
}

func remedyForStart(err error) string {
	if remedy := remedyFor(err.Error()); remedy != defaultRemedy {
		return remedy
	}
	return "check the credentials and the settings that the provider finds in its environment, and that its binary runs on this system"
}

// evict takes the process away that has been idle longest, for a caller whose seat s is empty; nil when none may go.
func (p *pool) evict(s *seat) *process {
	if s.process != nil {
		return nil // it has had its turn: somebody else's caller takes it
	}
	var oldest *seat
	var oldestSince time.Time
	for _, other := range p.seats {
		if other.process == nil || other.filling != nil {
			continue
		}
		since, idle := other.process.idle()
		rested := time.Since(since) > breath || time.Since(other.process.born) > turn
		if idle && rested && (oldest == nil || since.Before(oldestSince)) {
			oldest, oldestSince = other, since
		}
	}
	if oldest == nil {
		return nil
	}
	victim := oldest.process
	oldest.process = nil
	return victim
}

// bury ends a process that no seat holds any more, and gives its place away.
func (p *pool) bury(proc *process) {
	proc.stop()
	p.mu.Lock()
	p.running--
	p.mu.Unlock()
}

// close ends every process.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	var all []*process
	for _, s := range p.seats {
		if s.process != nil {
			all = append(all, s.process)
			s.process = nil
		}
	}
	p.mu.Unlock()
	var wait sync.WaitGroup
	for _, proc := range all {
		wait.Go(func() { p.bury(proc) })
	}
	wait.Wait()
}
