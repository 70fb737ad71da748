// Package replay records one run (its states, its listing and every answer of the provider) in a file, and plays it
// back, so that a run can be repeated, tested and shown without a cloud. Sensitive values never enter a recording:
// they are scrubbed before they leave the recorder, in the run that records as well. It decides nothing itself: an
// answer that was not recorded is a skipped, not a guess.
package replay

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// Provider is what is recorded, and what a Player stands in for.
type Provider interface {
	Refresh(ctx context.Context, instance drift.Instance) (drift.Refreshed, error)
	Import(ctx context.Context, r drift.Resource) (drift.Object, error)
	Schema(ctx context.Context, source, typ string) (*tfjson.Schema, error)
	Validate(ctx context.Context, r drift.Resource, config cty.Value) ([]drift.Diagnostic, error)
	Plan(ctx context.Context, r drift.Resource, prior drift.Object, config cty.Value) (drift.Planned, error)
}

// Version is the version of the file format. A file of another version is refused.
const Version = 1

// Recording is the content of a replay file.
type Recording struct {
	Version    int               `json:"replay_version"`
	RecordedAt time.Time         `json:"recorded_at"`
	Account    string            `json:"account"`
	Regions    []string          `json:"regions"`
	Providers  map[string]string `json:"providers"` // source address → version that answered

	Roots     []drift.RootModule                   `json:"roots"`
	Instances []instance                           `json:"instances"`
	Listed    []drift.Listed                       `json:"listed"`
	Skipped   []drift.Skipped                      `json:"skipped"` // of states and listings
	Schemas   map[string]map[string]*tfjson.Schema `json:"schemas"` // source address → type

	// Answers of the provider by a hash of the question.
	Refreshed map[string]refreshed `json:"refreshed"`
	Imported  map[string]object    `json:"imported"`
	Validated map[string]validated `json:"validated"`
	Planned   map[string]planned   `json:"planned"`
}

// instance is a drift.Instance as JSON can hold it.
type instance struct {
	drift.Resource
	Module        string          `json:"module,omitempty"`
	ResourceType  string          `json:"resource_type"`
	ResourceName  string          `json:"resource_name"`
	Key           string          `json:"key,omitempty"`
	State         string          `json:"state"`
	RootModule    string          `json:"root_module"`
	Workspace     string          `json:"workspace,omitempty"`
	Alias         string          `json:"alias,omitempty"`
	Deposed       string          `json:"deposed,omitempty"`
	SchemaVersion uint64          `json:"schema_version"`
	Attributes    json.RawMessage `json:"attributes"`
	Sensitive     [][]step        `json:"sensitive,omitempty"`
}

// step is a cty.PathStep: an attribute, or an index by string or number.
type step struct {
	Attribute string `json:"attribute,omitempty"`
	Key       string `json:"key,omitempty"`
	Index     *int64 `json:"index,omitempty"`
}

type failure struct {
	Skipped *drift.Skipped `json:"skipped,omitempty"`
}

type refreshed struct {
	failure
	Before value `json:"before,omitzero"`
	After  value `json:"after,omitzero"`
}

type object struct {
	failure
	Value value `json:"value,omitzero"` // the provider's private data is opaque, and so stays out
}

type validated struct {
	failure
	Diagnostics []diagnostic `json:"diagnostics,omitempty"`
}

type diagnostic struct {
	Error   bool   `json:"error"`
	Summary string `json:"summary"`
	Detail  string `json:"detail,omitempty"`
	Path    []step `json:"path,omitempty"`
}

type planned struct {
	failure
	NoOp            bool     `json:"no_op,omitempty"` // Value is the prior value
	Value           value    `json:"value,omitzero"`
	RequiresReplace [][]step `json:"requires_replace,omitempty"`
}

// Write writes a recording, compressed when the file's name ends in .gz.
func Write(w io.Writer, name string, r *Recording) error {
	out := w
	if strings.HasSuffix(name, ".gz") {
		zip := gzip.NewWriter(w)
		defer zip.Close() // closed below; this one is for the error paths
		out = zip
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("write the recording %s: %w", name, err)
	}
	if zip, ok := out.(*gzip.Writer); ok {
		if err := zip.Close(); err != nil {
			return fmt.Errorf("write the recording %s: %w", name, err)
		}
	}
	return nil
}

// maxRecording bounds what a recording may unpack to, in bytes: a kilobyte of gzip may be a megabyte of spaces. One of a
// thousand resources has some megabytes.
const maxRecording = 256 << 20

// Read reads what Write wrote, or what a stranger says was. Its error names the file and what is wrong with it.
func Read(r io.Reader, name string) (recording *Recording, err error) {
	if strings.HasSuffix(name, ".gz") {
		unzipped, err := gzip.NewReader(r)
		if err != nil {
			return nil, fmt.Errorf("%s is not a compressed recording: %w; write one with `driftline record`", name, err)
		}
		r = unzipped
	}
	// A schema's types are read by go-cty, which panics on some that are none.
	defer func() {
		if recover() != nil {
			recording, err = nil, fmt.Errorf("%s is not a recording: it has a type that is none; write one with `driftline record`", name)
		}
	}()
	limited := &io.LimitedReader{R: r, N: maxRecording}
	recording = new(Recording)
	err = json.NewDecoder(limited).Decode(recording)
	switch {
	case limited.N <= 0:
		return nil, fmt.Errorf("%s has more than %d MiB: record less of the cloud, by --include, --region or --tag", name, maxRecording>>20)
	case err != nil:
		return nil, fmt.Errorf("%s is not a recording: %w; write one with `driftline record`", name, err)
	case recording.Version != Version:
		return nil, fmt.Errorf("%s has recording version %d, this Driftline reads version %d; record it again", name, recording.Version, Version)
	}
	return recording, nil
}
