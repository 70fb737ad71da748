package state

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"

	"github.com/seed-e90528ae/driftline/drift"
)

// reader is one call of Instances.
type reader struct {
	opts  Options
	slots chan struct{} // one per state in flight
	seen  map[string]bool

	mu      sync.Mutex
	buckets map[string]opened
}

type opened struct {
	bucket *blob.Bucket
	err    *failure
}

func newReader(opts Options) *reader {
	opts = opts.withDefaults()
	return &reader{opts: opts, slots: make(chan struct{}, opts.Concurrency), seen: map[string]bool{}, buckets: map[string]opened{}}
}

func (r *reader) close() {
	for _, o := range r.buckets {
		if o.bucket != nil {
			o.bucket.Close()
		}
	}
}

// object is one state file to read.
type object struct {
	source *Source
	bucket *blob.Bucket
	key    string
	url    string

	root, workspace string
}

// enqueue finds the objects, starts a worker for each when a slot is free, and hands out their answers in order.
func (r *reader) enqueue(ctx context.Context, sources []Source, queue chan<- chan item, work *sync.WaitGroup) {
	for i := range sources {
		for o, skipped := range r.objects(ctx, &sources[i]) {
			select {
			case r.slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			answers := make(chan item, readAhead)
			select {
			case queue <- answers:
			case <-ctx.Done():
				return
			}
			work.Go(func() {
				defer func() { <-r.slots }()
				defer close(answers)
				if skipped != nil {
					send(ctx, answers, item{err: skipped})
					return
				}
				r.read(ctx, o, answers)
			})
		}
	}
}

func send(ctx context.Context, answers chan<- item, it item) bool {
	select {
	case answers <- it:
		return true
	case <-ctx.Done():
		return false
	}
}

// objects lists the states of a source that were not met before.
func (r *reader) objects(ctx context.Context, s *Source) iter.Seq2[object, *drift.Skipped] {
	return func(consume func(object, *drift.Skipped) bool) {
		// A failure does not end the search, so what ended it is remembered here: nothing may follow.
		stopped := false
		yield := func(o object, skipped *drift.Skipped) bool {
			stopped = stopped || !consume(o, skipped)
			return !stopped
		}
		if s.broken != nil {
			yield(object{}, s.broken)
			return
		}
		found := 0
		visit := func(bucket *blob.Bucket, base location, key string) bool {
			if stopped {
				return false
			}
			found++
			id := s.identity(base, key)
			if r.seen[id] {
				return true
			}
			r.seen[id] = true
			root, workspace := r.root(s, base, key)
			return yield(object{s, bucket, key, s.show(base, key), root, workspace}, nil)
		}
		fail := func(f *failure) bool { return !stopped && yield(object{}, f.skipped(s.URL)) }
		if s.spaces != nil {
			r.backend(ctx, s, visit, fail)
			return
		}

		bucket, f := r.open(ctx, s, s.base)
		switch {
		case f != nil:
			fail(f)
		case s.match == nil:
			visit(bucket, s.base, s.key)
		case !r.list(ctx, s, bucket, s.base, s.prefix, s.match, visit, fail):
		case found == 0:
			fail(&failure{cause: causeNoMatch})
		}
	}
}

// backend visits the default workspace's state and those of other workspaces. A missing default state is no news
// when other workspaces have theirs: then the default one was never used.
func (r *reader) backend(ctx context.Context, s *Source, visit func(*blob.Bucket, location, string) bool, fail func(*failure) bool) {
	spaces, f := r.open(ctx, s, s.spaces.base)
	others := 0
	counted := func(b *blob.Bucket, base location, key string) bool {
		if s.place(base, key) == s.place(s.base, s.key) {
			return true // gcs: default.tfstate is named like any other
		}
		others++
		return visit(b, base, key)
	}
	local := s.scheme == "file"
	switch {
	case f != nil && local: // no terraform.tfstate.d: no workspaces
	case f != nil:
		fail(f)
		return
	default:
		said := false
		ok := r.list(ctx, s, spaces, s.spaces.base, s.spaces.prefix, s.spaces.match, counted, func(f *failure) bool {
			said = true
			f.detail = strings.TrimSuffix("its workspaces cannot be listed: "+f.detail, ": ")
			return fail(f)
		})
		if !ok && !said {
			return
		}
	}

	bucket, f := r.open(ctx, s, s.base)
	if f != nil {
		fail(f)
		return
	}
	if others > 0 {
		if exists, err := bucket.Exists(ctx, s.key); err == nil && !exists {
			return
		}
	}
	visit(bucket, s.base, s.key)
}

// root is the directory of the root module whose backend holds a state, and the workspace that it is of.
func (r *reader) root(s *Source, base location, key string) (root, workspace string) {
	if s.Root != "" {
		return s.Root, s.workspace(s.place(base, key))
	}
	for i := range r.opts.Roots {
		if of := &r.opts.Roots[i]; of.owns(s, base, key) {
			return of.Root, of.workspace(s.place(base, key))
		}
	}
	return "", ""
}

// open opens each bucket once.
func (r *reader) open(ctx context.Context, s *Source, base location) (*blob.Bucket, *failure) {
	id := strings.Join([]string{s.scheme, base.name, s.query.Encode(), s.args.id()}, "\x00")
	r.mu.Lock()
	defer r.mu.Unlock()
	if o, ok := r.buckets[id]; ok {
		return o.bucket, o.err
	}
	var o opened
	bucket, err := open(ctx, s, base, r.opts)
	if err != nil {
		o.err = diagnose(ctx, s.scheme, err)
	} else {
		o.bucket = bucket
	}
	r.buckets[id] = o
	return o.bucket, o.err
}

func (a backendArgs) id() string {
	return strings.Join([]string{a.accessKey, a.secretKey, a.token, a.gcsEndpoint, a.azureKey, a.azureSAS,
		a.role.arn, a.role.externalID, a.role.sessionName, a.role.tokenFile, a.role.endpoint}, "\x00")
}

// list pages through a bucket. It returns false when the consumer has stopped or the listing failed.
func (r *reader) list(ctx context.Context, s *Source, bucket *blob.Bucket, base location, prefix string, match func(string) bool,
	visit func(*blob.Bucket, location, string) bool, fail func(*failure) bool) bool {
	if s.scheme == "file" && !reportUnreadable(base.name, prefix, fail) {
		return false
	}
	ctx, watch := newWatch(ctx, r.opts.StepTimeout)
	defer watch.stop()
	pages := bucket.List(&blob.ListOptions{Prefix: prefix})
	for {
		watch.arm()
		o, err := pages.Next(ctx)
		watch.disarm()
		if errors.Is(err, io.EOF) {
			return true
		}
		if err != nil {
			f := diagnose(ctx, s.scheme, err)
			if f.cause == causeMissing {
				f.cause = causeMissingBucket
			}
			fail(f)
			return false
		}
		if !o.IsDir && match(o.Key) && !visit(bucket, base, o.Key) {
			return false
		}
	}
}

// reportUnreadable names the directories that fileblob's listing passes over in silence because it may not read them.
func reportUnreadable(dir, prefix string, fail func(*failure) bool) bool {
	below, _ := cutLast(prefix)
	start := filepath.Join(filepath.FromSlash(dir), filepath.FromSlash(below))
	more := true
	err := filepath.WalkDir(start, func(p string, _ fs.DirEntry, err error) error {
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		rel, relErr := filepath.Rel(filepath.FromSlash(dir), p)
		if relErr != nil {
			rel = filepath.Base(p)
		}
		more = fail(&failure{cause: cause{causeDenied.reason, "check the directory's permissions"}, detail: "directory " + filepath.ToSlash(rel), err: err})
		if !more {
			return filepath.SkipAll
		}
		return nil
	})
	return err == nil && more
}

// read sends the instances of one state and then, when it could not be read to its end, why.
func (r *reader) read(ctx context.Context, o object, answers chan<- item) {
	emit := func(i drift.Instance) bool {
		i.State, i.RootModule, i.Workspace = o.url, o.root, o.workspace
		return send(ctx, answers, item{instance: i})
	}
	skip := func(what string, c cause) bool {
		return send(ctx, answers, item{err: &drift.Skipped{What: what + " in " + o.url, Reason: c.reason, Remedy: c.remedy, State: o.url}})
	}
	err := r.decode(ctx, o, emit, skip)
	var f *failure
	if errors.As(err, &f) {
		send(ctx, answers, item{err: f.skipped(o.url)})
	}
}

func (r *reader) decode(parent context.Context, o object, emit func(drift.Instance) bool, skip func(string, cause) bool) error {
	ctx, watch := newWatch(parent, r.opts.StepTimeout)
	defer watch.stop()
	watch.arm()
	body, err := o.bucket.NewReader(ctx, o.key, nil)
	watch.disarm()
	if err != nil {
		return explainMissing(o, diagnose(ctx, o.source.scheme, err))
	}
	defer body.Close()
	if body.Size() > r.opts.MaxBytes {
		return &failure{cause: tooLarge(r.opts.MaxBytes)}
	}

	guarded := &guardedReader{r: body, watch: watch, left: r.opts.MaxBytes}
	err = decodeState(guarded, emit, skip)
	switch {
	case err == nil || errors.Is(err, errStop):
		return err
	case guarded.tooLarge:
		return &failure{cause: tooLarge(r.opts.MaxBytes)}
	case guarded.err != nil && errors.Is(context.Cause(ctx), errStalled):
		return &failure{cause: causeStalled, err: errStalled}
	case guarded.err != nil:
		// A body that ends before its announced length is a broken connection; a whole one that ends in the
		// middle of the JSON is a truncated state.
		return &failure{cause: causeInterrupted, detail: clean(guarded.err), err: guarded.err}
	}
	return err
}

// explainMissing tells a directory from a missing file.
func explainMissing(o object, f *failure) *failure {
	if f.cause != causeMissing || o.source.scheme != "file" {
		return f
	}
	dir := o.source.base.name
	if info, err := os.Stat(filepath.FromSlash(path.Join(dir, o.key))); err == nil && info.IsDir() {
		f.cause = causeDirectory
	}
	return f
}

// guardedReader bounds the bytes and the wait for each piece of them.
type guardedReader struct {
	r        io.Reader
	watch    *watch
	left     int64
	tooLarge bool
	err      error // of r, unless it is its end
}

func (g *guardedReader) Read(p []byte) (int, error) {
	g.watch.arm()
	n, err := g.r.Read(p)
	g.watch.disarm()
	if g.left -= int64(n); g.left < 0 {
		g.tooLarge = true
		return 0, errors.New("too large")
	}
	if err != nil && err != io.EOF {
		g.err = err
	}
	return n, err
}

// watch cancels a context with errStalled when something that was armed takes longer than its limit. The time
// between disarm and arm is the consumer's and does not count.
type watch struct {
	limit  time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc
}

func newWatch(ctx context.Context, limit time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{limit: limit, cancel: cancel}
	w.timer = time.AfterFunc(limit, func() { cancel(errStalled) })
	w.timer.Stop()
	return ctx, w
}

func (w *watch) arm()    { w.timer.Reset(w.limit) }
func (w *watch) disarm() { w.timer.Stop() }
func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(nil)
}
