package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/internal/redact"
	"github.com/seed-e90528ae/driftline/internal/secrets"
	"github.com/seed-e90528ae/driftline/inventory/replay"
)

// Secrets are kept in two ways. What a run is told to be secret, package redact takes out of everything that leaves; this
// file tells it, and puts it in every way out. What looks like a credential, though nobody has said so (package secrets),
// is not written in the first place.

// sealed is what a run may write to, and the redactor in front of it, which knows the credentials that the run is given.
// Only masks are written past it.
func sealed(cfg config.Config, getenv func(string) string, stdout, stderr io.Writer) (redactor *redact.Redactor, out, log *redact.Writer) {
	redactor = redact.New()
	out, log = redactor.Writer(stdout), redactor.Writer(stderr)
	redactor.Mask(console.New(out.Past(), stderr, getenv, cfg.LogLevel).Mask)
	redactor.Credential(redact.Credentials(getenv, os.Environ())...)
	redactor.Credential(cfg.GitHubToken.Reveal(), cfg.InfracostAPIKey.Reveal(), cfg.NotifyWebhook.Reveal())
	return redactor, out, log
}

// learn lets a redactor know every value that a state or a provider's schema calls sensitive, as it is read.
func (w *world) learn(redactor *redact.Redactor) {
	w.redactor = redactor
	live := w.instances
	w.instances = func(ctx context.Context) iter.Seq2[drift.Instance, error] {
		return func(yield func(drift.Instance, error) bool) {
			for i, err := range live(ctx) {
				if err == nil {
					redactor.State(i.Attributes, i.Sensitive)
				}
				if !yield(i, err) {
					return
				}
			}
		}
	}
	w.provider = learning{w.provider, redactor}
}

// learning is a provider whose sensitive answers are remembered.
type learning struct {
	replay.Provider
	redactor *redact.Redactor
}

// Refresh is the provider's.
func (l learning) Refresh(ctx context.Context, i drift.Instance) (drift.Refreshed, error) {
	refreshed, err := l.Provider.Refresh(ctx, i)
	if err == nil {
		err = l.note(ctx, i.Resource, refreshed.Before, refreshed.After)
	}
	return refreshed, err
}

// Import is the provider's.
func (l learning) Import(ctx context.Context, r drift.Resource) (drift.Object, error) {
	object, err := l.Provider.Import(ctx, r)
	if err == nil {
		err = l.note(ctx, r, object.Value)
	}
	return object, err
}

func (l learning) note(ctx context.Context, r drift.Resource, values ...cty.Value) error {
	schema, err := l.Schema(ctx, r.Provider, r.Type)
	if err != nil {
		return err
	}
	for _, v := range values {
		l.redactor.Object(schema.Block, v)
	}
	return nil
}

// credential says whether a string is, or holds, a credential: one of the run's own, or one by its looks.
func (w *world) credential(path, value string) bool {
	return w.credentials.Holds(value) || w.secrets.Secret(path, value)
}

// sensitive says whether a string may not be written at all. Other than credential it knows what has been read so far, so
// it is only asked when the states have been read: the answer must not depend on what came first.
func (w *world) sensitive(path, value string) bool {
	return w.redactor.Holds(value) || w.credential(path, value)
}

// withhold takes out of a report what looks like a credential where no room judges it: in what resources are called and
// tagged with, and in what others said of them.
func withhold(found *drift.Report, detector *secrets.Detector) {
	for _, r := range resources(found) {
		if detector.Secret("name", r.Name) {
			r.Name = secrets.Withheld
		}
		for key, value := range r.Tags {
			if detector.Secret("tags["+strconv.Quote(key)+"]", value) {
				r.Tags = maps.Clone(r.Tags) // others have it, too
				r.Tags[key] = secrets.Withheld
			}
		}
	}
	for i := range found.Skipped {
		found.Skipped[i].Reason = detector.Strip(found.Skipped[i].Reason)
	}
}

// identities are the import IDs of all that was found.
func identities(found *drift.Report) []string {
	var ids []string
	for _, r := range resources(found) {
		ids = append(ids, r.ImportID)
	}
	return ids
}

// resources are all that was found, in place.
func resources(found *drift.Report) []*drift.Resource {
	return slices.Concat(
		resourcesOf(found.Managed, func(m *drift.Managed) *drift.Resource { return &m.Resource }),
		resourcesOf(found.Deleted, func(m *drift.Managed) *drift.Resource { return &m.Resource }),
		resourcesOf(found.Drifted, func(d *drift.Drifted) *drift.Resource { return &d.Resource }),
		resourcesOf(found.Unmanaged, func(u *drift.Unmanaged) *drift.Resource { return &u.Resource }),
		resourcesOf(found.Owned, func(o *drift.Owned) *drift.Resource { return &o.Resource }),
		resourcesOf(found.Ignored, func(i *drift.Ignored) *drift.Resource { return &i.Resource }),
	)
}

func resourcesOf[T any](list []T, resource func(*T) *drift.Resource) []*drift.Resource {
	all := make([]*drift.Resource, len(list))
	for i := range list {
		all[i] = resource(&list[i])
	}
	return all
}

// sealRecording takes every known secret out of what a recording was not told to scrub: import IDs, for one.
func sealRecording(redactor *redact.Redactor, recording *replay.Recording) (*replay.Recording, error) {
	var text bytes.Buffer
	if err := replay.Write(&text, "", recording); err != nil {
		return nil, err
	}
	if !redactor.Holds(text.String()) {
		return recording, nil
	}
	return replay.Read(bytes.NewReader(redactor.Bytes(text.Bytes())), "the recording without its secrets")
}

// guarded is a log without the lines that hold what looks like a credential; nil for no log.
func guarded(log io.Writer, detector *secrets.Detector) io.Writer {
	if log == nil {
		return nil
	}
	return guard{log, detector}
}

type guard struct {
	log      io.Writer
	detector *secrets.Detector
}

func (g guard) Write(text []byte) (int, error) {
	if !g.detector.Secret("", string(text)) {
		return g.log.Write(text)
	}
	_, err := io.WriteString(g.log, "a line is left out, because it holds a credential\n")
	return len(text), err
}

// toGitHub is the way of requests to GitHub, on which no known secret travels but in the header for it.
func toGitHub(redactor *redact.Redactor) http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = time.Minute // GitHub itself gives up after ten seconds
	return redactor.Transport(transport)
}

// crashed tells of a panic without the secrets that its text may hold.
func crashed(log io.Writer, problem any) int {
	fmt.Fprintf(log, "driftline: crashed: %v\n%s\nThis is a mistake of Driftline's: report it, please, with these lines.\n", problem, debug.Stack())
	return exitNotDone
}
