package provider

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/seed-e90528ae/driftline/drift"
)

const (
	// everybody is the weight of a call that wants a scope for itself; an ordinary one weighs 1.
	everybody = 1 << 30
	// defaultTurn is how long a process may work while other scopes wait for its place.
	defaultTurn = 30 * time.Second
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
	turn  time.Duration // see the constants
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
	return &pool{max: max, turn: defaultTurn, start: start, seats: map[scope]*seat{}}
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
	proc, err := p.take(ctx, seat, binary, prepare)
	if err != nil {
		return err
	}
	defer proc.end()
	return fn(ctx, proc)
}

// take counts the caller in on the process of the seat, which it fills first when there is none.
func (p *pool) take(ctx context.Context, s *seat, binary pluginBinary, prepare func(context.Context, *process) error) (*process, error) {
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
		m := p.next(s, binary, &waits)
		switch {
		case m.err != nil:
			return nil, m.err
		case m.proc != nil:
			return m.proc, nil
		case m.bury != nil:
			p.bury(m.bury)
		case m.fill:
			p.fill(ctx, s, m.spare, binary, prepare)
		default:
			select {
			case <-m.wait:
			case <-time.After(lookAgain):
			case <-ctx.Done():
			}
		}
	}
}

// move is what a caller who wants a process has to do next; with nothing set, to look again a little later.
type move struct {
	err   error
	proc  *process        // use this one: the caller has been counted in
	bury  *process        // end this one, which makes room
	fill  bool            // fill the seat
	spare *process        // with this one, or with a new one when nil
	wait  <-chan struct{} // until somebody else has filled it
}

func (p *pool) next(s *seat, binary pluginBinary, waits *bool) move {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return move{err: errClosed}
	}
	if s.failed != nil {
		return move{err: s.failed}
	}
	if s.process != nil && !p.mustYield(s) {
		proc := s.process
		if proc.begin() == nil {
			return move{proc: proc}
		}
		s.process = nil
		return move{bury: proc}
	}
	if s.filling != nil {
		return move{wait: s.filling}
	}
	if s.process == nil {
		if m, ok := p.room(s, binary); ok {
			return m
		}
	}
	if !*waits {
		*waits = true
		p.waiting++
		s.waiting++
	}
	return move{}
}

// room finds a process, or room for one, for an empty seat.
func (p *pool) room(s *seat, binary pluginBinary) (move, bool) {
	spare, coming := p.spare(s, binary)
	if coming {
		return move{}, true // sooner there than a new one, and half the memory
	}
	if spare != nil || p.running < p.max {
		if spare == nil {
			p.running++
		}
		s.filling = make(chan struct{})
		return move{fill: true, spare: spare}, true
	}
	if victim := p.evict(); victim != nil {
		return move{bury: victim}, true
	}
	return move{}, false
}

// mustYield says that the seat's process has had its turn while others wait, so that it takes no more calls.
func (p *pool) mustYield(s *seat) bool {
	return p.waiting > s.waiting && time.Since(s.process.born) > p.turn
}

// spare takes the spare process of the binary away from its own seat. coming says that it is there, but busy.
func (p *pool) spare(s *seat, binary pluginBinary) (spare *process, coming bool) {
	from := p.seats[scope{binary: binary.path, spare: true}]
	switch {
	case from == nil || from == s:
		return nil, false
	case from.filling != nil:
		return nil, true
	case from.process == nil:
		return nil, false
	}
	if _, idle := from.process.idle(); !idle {
		return nil, true
	}
	spare, from.process = from.process, nil
	return spare, false
}

// fill puts a process on the seat, which is the caller's alone while filling is set: the spare one, or a new one.
func (p *pool) fill(ctx context.Context, s *seat, proc *process, binary pluginBinary, prepare func(context.Context, *process) error) {
	var err error
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

// evict takes the process away that has been idle longest; nil when none may go.
func (p *pool) evict() *process {
	var oldest *seat
	var oldestSince time.Time
	for _, other := range p.seats {
		if other.process == nil || other.filling != nil {
			continue
		}
		since, idle := other.process.idle()
		rested := time.Since(since) > breath || time.Since(other.process.born) > p.turn
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
