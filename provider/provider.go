// Package provider runs Terraform provider plugins and asks them what they know: schemas, imports, reads, validation
// and plans. It cannot change anything: the call that applies is not part of its protocol.
//
// It does not decide what is drift, lists nothing through cloud SDKs and writes no code.
package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// Options say where providers come from and how they are run. The zero value works: the newest version of each
// provider, got by the terraform or tofu on PATH.
type Options struct {
	Exec    string   // terraform or tofu; "" looks for them on the PATH of Environ
	Dir     string   // parent of temporary folders; "" for the system's
	Environ []string // environment, os.Environ() when nil: `terraform init` gets all of it, plugins what they need

	Checkout           string             // root of the checkout, where Roots are relative to
	Roots              []drift.RootModule // their locked and required versions decide which provider version is used
	VersionConstraints map[string]string  // source address → constraint that overrides Roots ("~> 5.0")

	Account string // account of the credentials, for resources whose own is not known; "" when unknown
	Region  string // region for resources without one (IAM); "" for the one in Environ, else us-east-1 for AWS

	// Config is the configuration of the provider for an account and a region, either of which may be "": attribute
	// or block name → value, blocks as lists of objects. Names that the provider does not have are left out. nil
	// writes region, account and bounded retries, and leaves credentials to the provider's own search.
	Config func(source, account, region string) map[string]cty.Value

	// Extra is added to that configuration, for an account that is entered by a role of its own. nil adds nothing.
	Extra func(source, account string) map[string]cty.Value

	MaxProcesses int           // running at once, 0 for 4. One of AWS takes about 700 MB
	CallTimeout  time.Duration // for each call to a plugin, 0 for two minutes
	Log          io.Writer     // what `terraform init` and plugins print, for debugging; nil drops it
}

const (
	defaultProcesses   = 4
	defaultCallTimeout = 2 * time.Minute
)

// Fleet is a bounded number of provider processes, one for each provider version, account and region in use (from
// version 6 of the AWS provider on: for each account), started when first needed. Its methods may be called from many goroutines; calls to one process run in parallel.
//
// Every failure is a *drift.Skipped, except the end of the context, which is returned as its cause.
type Fleet struct {
	opts    Options
	install func(context.Context, selection) (pluginBinary, error)
	remove  func() error
	pool    *pool

	mu        sync.Mutex
	installed map[selection]*flight[pluginBinary]
	schemas   map[string]*schemaCache // by path of the binary
}

// New prepares a fleet; nothing is started or installed before it is needed. Close it.
func New(opts Options) *Fleet {
	if opts.Environ == nil {
		opts.Environ = os.Environ()
	}
	if opts.MaxProcesses <= 0 {
		opts.MaxProcesses = defaultProcesses
	}
	if opts.CallTimeout <= 0 {
		opts.CallTimeout = defaultCallTimeout
	}
	if opts.Config == nil {
		opts.Config = func(source, account, region string) map[string]cty.Value {
			config := defaultConfig(opts.Environ, source, account, region)
			if opts.Extra != nil {
				maps.Copy(config, opts.Extra(source, account))
			}
			return config
		}
	}
	installer := &installer{exec: opts.Exec, dir: opts.Dir, environ: opts.Environ, log: opts.Log, turn: make(chan struct{}, 1)}
	f := &Fleet{
		opts:      opts,
		install:   installer.install,
		remove:    installer.remove,
		installed: map[selection]*flight[pluginBinary]{},
		schemas:   map[string]*schemaCache{},
	}
	f.pool = newPool(opts.MaxProcesses, func(ctx context.Context, b pluginBinary) (*process, error) {
		return startProcess(ctx, b, opts.Environ, opts.CallTimeout, opts.Log)
	})
	return f
}

// Close ends every process and removes what was installed. Calls under way fail.
func (f *Fleet) Close() error {
	f.pool.close()
	return f.remove()
}

// Refresh upgrades what the state says of an instance to the provider's schema, and reads what is there now.
// After is null when the resource is gone.
func (f *Fleet) Refresh(ctx context.Context, instance drift.Instance) (drift.Refreshed, error) {
	sub := subjectOfInstance(instance)
	var refreshed drift.Refreshed
	err := f.ask(ctx, sub, instance.RootModule, "read it", func(ctx context.Context, p *process, objects objectSchema) error {
		before, err := p.upgrade(ctx, instance, objects.typ)
		if err != nil {
			return fmt.Errorf("upgrade its state: %w", err)
		}
		if before.IsNull() {
			return errors.New("upgrade its state: the provider made nothing of it")
		}
		before = objects.inRegion(before)
		after, err := p.read(ctx, instance.Type, drift.Object{Value: before, Private: instance.Private}, objects.typ)
		if err != nil {
			return err
		}
		refreshed = drift.Refreshed{Before: before, After: after.Value}
		return nil
	})
	return refreshed, err
}

// Import reads a resource by its import ID. Its value is null when the provider says that there is no such thing.
func (f *Fleet) Import(ctx context.Context, resource drift.Resource) (drift.Object, error) {
	var object drift.Object
	err := f.ask(ctx, subjectOf(resource), "", "import it", func(ctx context.Context, p *process, objects objectSchema) error {
		imported, err := p.importState(ctx, resource.Type, objects.importID(resource.ImportID), objects.typ)
		if err == nil && !imported.Value.IsNull() {
			imported, err = p.read(ctx, resource.Type, imported, objects.typ)
		}
		if err != nil && saysNotFound(err) {
			imported, err = drift.Object{Value: cty.NullVal(objects.typ)}, nil
		}
		object = imported
		return err
	})
	return object, err
}

// Schema is the schema of a resource type, which several callers may share: it must not be changed. Only types that
// are asked for are decoded.
func (f *Fleet) Schema(ctx context.Context, source, typ string) (*tfjson.Schema, error) {
	sub := subject{what: typ, resource: drift.Resource{Provider: source, Type: typ}}
	binary, err := f.binary(ctx, choose(f.opts, source, ""))
	if err != nil {
		return nil, sub.skip(ctx, binary, "", err)
	}
	schema, err := f.schema(ctx, binary, typ)
	if err != nil {
		return nil, sub.skip(ctx, binary, "tell its schema", err)
	}
	return schema, nil
}

// Validate is what the provider says of a configuration, which has the schema's implied type.
func (f *Fleet) Validate(ctx context.Context, resource drift.Resource, config cty.Value) ([]drift.Diagnostic, error) {
	var diagnostics []drift.Diagnostic
	err := f.ask(ctx, subjectOf(resource), "", "validate its configuration", func(ctx context.Context, p *process, objects objectSchema) error {
		value, err := wireValue(config, objects.typ)
		if err != nil {
			return err
		}
		var answer tfplugin.ValidateResponse
		request := &tfplugin.ValidateRequest{TypeName: resource.Type, Config: value, ClientCapabilities: clientCapabilities()}
		if err := p.call(ctx, rpcValidate, request, &answer); err != nil {
			return err
		}
		diagnostics = diagnosticsOf(answer.GetDiagnostics())
		return nil
	})
	return diagnostics, err
}

// Plan asks what an apply of config would make of prior. A prior whose value is null (or cty.NilVal) stands for a
// resource that does not exist yet. Both values have the schema's implied type.
func (f *Fleet) Plan(ctx context.Context, resource drift.Resource, prior drift.Object, config cty.Value) (drift.Planned, error) {
	var planned drift.Planned
	err := f.ask(ctx, subjectOf(resource), "", "plan it", func(ctx context.Context, p *process, objects objectSchema) error {
		var err error
		planned, err = p.plan(ctx, resource.Type, prior, config, objects)
		return err
	})
	return planned, err
}

// objectSchema is what the objects of a resource type look like.
type objectSchema struct {
	block  *tfjson.SchemaBlock
	typ    cty.Type // implied by block
	region string   // that questions must name; "" where the process is configured for it
	home   string   // region that the process is configured for
}

// question is one errand to a configured process.
type question func(ctx context.Context, p *process, objects objectSchema) error

// ask runs a question on the process that is configured for the resource's account and region, with the provider
// version of the root module that it belongs to. doing completes "the provider could not …".
func (f *Fleet) ask(ctx context.Context, sub subject, root, doing string, q question) error {
	resource := sub.resource
	binary, err := f.binary(ctx, choose(f.opts, resource.Provider, root))
	if err != nil {
		return sub.skip(ctx, binary, doing, err)
	}
	schema, err := f.schema(ctx, binary, resource.Type)
	if err != nil {
		return sub.skip(ctx, binary, doing, err)
	}
	sc := f.scope(binary, resource)
	objects := objectSchema{schema.Block, drift.ImpliedType(schema.Block), regionArgument(binary, schema.Block, resource), sc.region}
	err = f.pool.use(ctx, sc, binary, f.prepare(binary, sc), func(ctx context.Context, p *process) error {
		return q(ctx, p, objects)
	})
	if err != nil {
		return sub.skip(ctx, binary, doing, err)
	}
	return nil
}

// scope is where a resource is looked for. Resources of no account or region of their own share a process with those
// of the default ones, since each process is heavy.
func (f *Fleet) scope(binary pluginBinary, resource drift.Resource) scope {
	sc := scope{binary: binary.path, account: resource.Account, region: resource.Region}
	if sc.account == "" || providerType(binary.source) == "aws" && !awsAccount.MatchString(sc.account) {
		sc.account = f.opts.Account // the ARN of an AWS-managed policy names the account "aws"
	}
	if sc.region == "" || sc.region == drift.Global || drift.ServesAllRegions(binary.source, binary.version) {
		sc.region = f.defaultRegion(binary.source)
	}
	return sc
}

var awsAccount = regexp.MustCompile(`^[0-9]{12}$`)

func (f *Fleet) defaultRegion(source string) string {
	if f.opts.Region != "" {
		return f.opts.Region
	}
	if providerType(source) != "aws" {
		return ""
	}
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if region := lookup(f.opts.Environ, name); region != "" {
			return region
		}
	}
	return "us-east-1"
}

// prepare makes a started process ready for a scope.
func (f *Fleet) prepare(binary pluginBinary, sc scope) func(context.Context, *process) error {
	return func(ctx context.Context, p *process) error {
		cache := f.cache(binary)
		if err := cache.see(ctx, p); err != nil {
			return err
		}
		schema, err := cache.provider()
		if err != nil {
			return err
		}
		return p.configure(ctx, schema, f.opts.Config(binary.source, sc.account, sc.region))
	}
}

// binary installs the selected provider, once.
func (f *Fleet) binary(ctx context.Context, s selection) (pluginBinary, error) {
	f.mu.Lock()
	key := s
	key.lockFile = "" // the same version is the same binary, whichever root module locked it
	flown := f.installed[key]
	if flown == nil {
		flown = newFlight[pluginBinary]()
		f.installed[key] = flown
	}
	f.mu.Unlock()
	return flown.get(ctx, func() (pluginBinary, error) { return f.install(ctx, s) })
}

func (f *Fleet) cache(binary pluginBinary) *schemaCache {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.schemas[binary.path] == nil {
		f.schemas[binary.path] = newSchemaCache()
	}
	return f.schemas[binary.path]
}

// learn asks for the schemas of a provider, once. The process that is started for it has no scope; the first scope that
// needs one takes it over.
func (f *Fleet) learn(ctx context.Context, binary pluginBinary) error {
	cache := f.cache(binary)
	_, err := cache.told.get(ctx, func() (struct{}, error) {
		spare := scope{binary: binary.path, spare: true}
		return struct{}{}, f.pool.use(ctx, spare, binary, cache.see, func(context.Context, *process) error { return nil })
	})
	return err
}

// schema is the schema of a resource type.
func (f *Fleet) schema(ctx context.Context, binary pluginBinary, typ string) (*tfjson.Schema, error) {
	if err := f.learn(ctx, binary); err != nil {
		return nil, err
	}
	schema, err := f.cache(binary).resource(typ)
	if errors.Is(err, errUnknownType) {
		return nil, &drift.Skipped{
			What:   "provider " + binary.String(),
			Reason: "it has no resource type " + typ,
			Remedy: "use a version of the provider that has it (.terraform.lock.hcl or --provider-version), or exclude the type",
			Err:    err,
		}
	}
	return schema, err
}

func (p *process) upgrade(ctx context.Context, instance drift.Instance, typ cty.Type) (cty.Value, error) {
	if !json.Valid(instance.Attributes) {
		return cty.NilVal, errors.New("its attributes in the state are not JSON")
	}
	var answer tfplugin.UpgradeResponse
	request := &tfplugin.UpgradeRequest{
		TypeName: instance.Type,
		Version:  int64(instance.SchemaVersion),
		RawState: &tfplugin.RawState{Json: instance.Attributes},
	}
	if err := p.call(ctx, rpcUpgrade, request, &answer); err != nil {
		return cty.NilVal, err
	}
	if err := refusalOf(answer.GetDiagnostics()); err != nil {
		return cty.NilVal, err
	}
	return decodeValue(answer.GetUpgradedState(), typ)
}

func (p *process) read(ctx context.Context, name string, current drift.Object, typ cty.Type) (drift.Object, error) {
	state, err := encodeValue(current.Value, typ)
	if err != nil {
		return drift.Object{}, err
	}
	var answer tfplugin.ReadResponse
	request := &tfplugin.ReadRequest{
		TypeName:           name,
		CurrentState:       state,
		Private:            current.Private,
		ClientCapabilities: clientCapabilities(),
	}
	if err := p.call(ctx, rpcRead, request, &answer); err != nil {
		return drift.Object{}, err
	}
	if err := refusalOf(answer.GetDiagnostics()); err != nil {
		return drift.Object{}, err
	}
	value, err := decodeValue(answer.GetNewState(), typ)
	return drift.Object{Value: value, Private: answer.GetPrivate()}, err
}

// importState makes an import ID into a state that can be read. Of several imported objects (some importers add
// associated ones), the one of the same type is meant. None at all is null.
func (p *process) importState(ctx context.Context, name, id string, typ cty.Type) (drift.Object, error) {
	var answer tfplugin.ImportResponse
	request := &tfplugin.ImportRequest{
		TypeName:           name,
		Id:                 id,
		ClientCapabilities: clientCapabilities(),
	}
	if err := p.call(ctx, rpcImport, request, &answer); err != nil {
		return drift.Object{}, err
	}
	if err := refusalOf(answer.GetDiagnostics()); err != nil {
		return drift.Object{}, err
	}
	for _, imported := range answer.GetImportedResources() {
		if imported.GetTypeName() != name {
			continue
		}
		value, err := decodeValue(imported.GetState(), typ)
		return drift.Object{Value: value, Private: imported.GetPrivate()}, err
	}
	return drift.Object{}, fmt.Errorf("the provider imported nothing of type %s", name)
}

func (p *process) plan(ctx context.Context, name string, prior drift.Object, config cty.Value, objects objectSchema) (drift.Planned, error) {
	before, err := conform(prior.Value, objects.typ)
	if err != nil {
		return drift.Planned{}, fmt.Errorf("prior %w", err)
	}
	wanted, err := conform(config, objects.typ)
	if err != nil {
		return drift.Planned{}, fmt.Errorf("configured %w", err)
	}
	before, wanted = objects.inRegion(before), objects.inRegion(wanted)
	request := &tfplugin.PlanRequest{TypeName: name, PriorPrivate: prior.Private, ClientCapabilities: clientCapabilities()}
	for _, field := range []struct {
		wire  **tfplugin.DynamicValue
		value cty.Value
	}{
		{&request.PriorState, before},
		{&request.Config, wanted},
		{&request.ProposedNewState, proposeNew(objects.block, before, wanted)},
	} {
		if *field.wire, err = encodeValue(field.value, objects.typ); err != nil {
			return drift.Planned{}, err
		}
	}
	var answer tfplugin.PlanResponse
	if err := p.call(ctx, rpcPlan, request, &answer); err != nil {
		return drift.Planned{}, err
	}
	if err := refusalOf(answer.GetDiagnostics()); err != nil {
		return drift.Planned{}, err
	}
	value, err := decodeValue(answer.GetPlannedState(), objects.typ)
	if err != nil {
		return drift.Planned{}, err
	}
	planned := drift.Planned{Value: value, Private: answer.GetPlannedPrivate()}
	for _, path := range answer.GetRequiresReplace() {
		planned.RequiresReplace = append(planned.RequiresReplace, attributePath(path))
	}
	return planned, nil
}

func wireValue(value cty.Value, typ cty.Type) (*tfplugin.DynamicValue, error) {
	value, err := conform(value, typ)
	if err != nil {
		return nil, err
	}
	return encodeValue(value, typ)
}

// notFound are the words by which an import says that there is no such thing. They are few on purpose: what is taken
// for missing is left out of a report, so any other failure must stay one.
var notFound = []string{"cannot import non-existent remote object", "couldn't find resource"}

func saysNotFound(err error) bool {
	var refused *refusal
	if !errors.As(err, &refused) {
		return false
	}
	for _, d := range refused.errors {
		text := strings.ToLower(d.Summary + " " + d.Detail)
		for _, words := range notFound {
			if strings.Contains(text, words) {
				return true
			}
		}
	}
	return false
}
