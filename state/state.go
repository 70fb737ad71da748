// Package state reads what Terraform believes it manages: state files in blob storage, and the root modules of a
// checkout whose backends say where those files are. It writes nothing, locks nothing, runs no Terraform and knows
// no provider: attributes stay the JSON that the state file has.
package state

import (
	"cmp"
	"context"
	"iter"
	"net/url"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"

	"github.com/seed-e90528ae/driftline/drift"
)

// Options says how states are read. Its zero value works.
type Options struct {
	// Roots are the sources that Roots found in the checkout. An instance whose state is the backend of one of them,
	// in any workspace, has that root module's directory in RootModule, whichever way its state was given.
	Roots []Source

	// MaxBytes is the largest state that is read, in bytes; 0 means DefaultMaxBytes.
	MaxBytes int64

	// Concurrency is how many states are fetched and decoded at a time; 0 means DefaultConcurrency.
	Concurrency int

	// AllowInsecureEndpoint permits plain http to hosts other than this one.
	AllowInsecureEndpoint bool

	// CredentialTimeout bounds the search for cloud credentials of one bucket; 0 means 15 seconds. On a machine
	// without any, the SDKs ask a metadata service that may never answer.
	CredentialTimeout time.Duration

	// StepTimeout bounds each single wait for a storage service: one listing page, the first byte of a state, the
	// next bytes of it; 0 means one minute. Time that the consumer of Instances takes does not count.
	StepTimeout time.Duration

	// Getenv looks up STORAGE_EMULATOR_HOST, AZURE_STORAGE_* and ARM_*; nil means os.Getenv. The SDKs read others
	// (AWS_*, GOOGLE_*, AZURE_CLIENT_ID and its like) from the process in any case.
	Getenv func(string) string

	// Buckets opens buckets of the schemes that are registered in it, before the schemes that this package knows.
	// It gives mem:// something to hold: go-cloud opens a new, empty bucket for each mem:// URL.
	Buckets *blob.URLMux
}

// Limits that Options takes where it is zero.
const (
	DefaultMaxBytes    = 256 << 20
	DefaultConcurrency = 8
)

func (o Options) withDefaults() Options {
	o.MaxBytes = cmp.Or(o.MaxBytes, DefaultMaxBytes)
	o.Concurrency = cmp.Or(max(o.Concurrency, 0), DefaultConcurrency)
	o.CredentialTimeout = cmp.Or(o.CredentialTimeout, 15*time.Second)
	o.StepTimeout = cmp.Or(o.StepTimeout, time.Minute)
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	return o
}

// Source is one state, or all states below a prefix or under a glob, or the states of all workspaces of one backend.
type Source struct {
	URL  string // without query and credentials
	Root string // directory of the root module whose backend it is, "" when it was given as a URL

	scheme string
	base   location          // bucket, container or directory
	query  url.Values        // go-cloud's parameters for opening base
	key    string            // of a single state in base; "" for a listing
	prefix string            // of a listing
	match  func(string) bool // keys of a listing
	spaces *workspaces       // of a backend; nil for a URL
	args   backendArgs
	broken *drift.Skipped // a backend that cannot be read at all
}

// location is a bucket's name, or a directory.
type location struct {
	name  string // bucket or container, or an absolute, slash-separated directory
	shown string // name, or the directory as it was given
}

// workspaces is the rule by which a backend names the states of workspaces other than the default one:
// prefix, workspace, suffix.
type workspaces struct {
	base           location
	prefix, suffix string
}

func (w *workspaces) match(key string) bool { return w.name(key) != "" }

// name is the workspace that a key is the state of, "" where it is none's.
func (w *workspaces) name(key string) string {
	name, ok := strings.CutPrefix(key, w.prefix)
	if !ok {
		return ""
	}
	name, ok = strings.CutSuffix(name, w.suffix)
	if !ok || strings.Contains(name, "/") {
		return ""
	}
	return name
}

// show is the URL of a key as reports have it. It parses back to the same key.
func (s *Source) show(base location, key string) string {
	if s.scheme != "file" {
		return s.scheme + "://" + base.shown + (&url.URL{Path: "/" + key}).EscapedPath()
	}
	if isAbs(base.shown) {
		return "file://" + (&url.URL{Path: path.Join("/", base.shown, key)}).EscapedPath()
	}
	relative := (&url.URL{Path: path.Join(base.shown, key)}).EscapedPath()
	if strings.HasPrefix(relative, "../") {
		return "file://" + relative
	}
	if relative == "." {
		return "file://./"
	}
	return "file://./" + relative
}

// identity tells states apart. Bucket names are unique within a service, so the service is part of it.
func (s *Source) identity(base location, key string) string {
	q := s.query
	return strings.Join([]string{s.scheme, q.Get("endpoint"), q.Get("storage_account"), q.Get("domain"), s.place(base, key)}, "\x00")
}

// place is base and key in one. The same file can be met from several directories above it.
func (s *Source) place(base location, key string) string {
	if s.scheme == "file" {
		return path.Join(base.name, key)
	}
	return base.name + "/" + key
}

// owns says whether a key of another source is one of this backend's states.
func (s *Source) owns(o *Source, base location, key string) bool {
	if s.broken != nil || s.scheme != o.scheme {
		return false
	}
	a, b := s.query.Get("storage_account"), o.query.Get("storage_account")
	if a != "" && b != "" && a != b {
		return false
	}
	place := s.place(base, key)
	return place == s.place(s.base, s.key) || s.workspace(place) != ""
}

// workspace is the one that a place is the state of, "" for the default one's and for what is none's.
func (s *Source) workspace(place string) string {
	if s.spaces == nil || place == s.place(s.base, s.key) { // gcs: default.tfstate is named like any other
		return ""
	}
	key, ok := strings.CutPrefix(place, s.spaces.base.name+"/")
	if !ok {
		return ""
	}
	return s.spaces.name(key)
}

// item is one answer on its way to the consumer.
type item struct {
	instance drift.Instance
	err      error
}

// readAhead is how many instances of each state wait, decoded, for the consumer.
const readAhead = 16

// Instances streams the managed instances of all sources, state by state, in the order of sources and of keys.
// A state that is given twice is read once. Errors are *drift.Skipped with State set (the listing goes on), or,
// last, the cause of a cancelled context. A state that turns out to be damaged half-way has yielded its first
// instances by then. At most Options.Concurrency states are in flight, none of them held as a whole.
func Instances(ctx context.Context, sources []Source, opts Options) iter.Seq2[drift.Instance, error] {
	return func(yield func(drift.Instance, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		r := newReader(opts)
		var work sync.WaitGroup
		defer r.close()
		defer work.Wait()
		defer cancel()

		queue := make(chan chan item, r.opts.Concurrency)
		work.Go(func() {
			defer close(queue)
			r.enqueue(ctx, sources, queue, &work)
		})
		for states := range queue {
			for it := range states {
				if ctx.Err() != nil {
					break
				}
				if !yield(it.instance, it.err) {
					return
				}
			}
		}
		if ctx.Err() != nil {
			yield(drift.Instance{}, context.Cause(ctx))
		}
	}
}
