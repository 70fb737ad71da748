package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen"
	"github.com/seed-e90528ae/driftline/internal/bounded"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/internal/event"
	"github.com/seed-e90528ae/driftline/internal/redact"
	"github.com/seed-e90528ae/driftline/internal/secrets"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/inventory/replay"
	"github.com/seed-e90528ae/driftline/provider"
	"github.com/seed-e90528ae/driftline/scanner"
	"github.com/seed-e90528ae/driftline/state"
)

// world is everything that a run looks at: the states, the cloud and its provider, live or played back.
type world struct {
	roots           []drift.RootModule
	checkout        fs.FS // nil when there is none
	account, region string
	regions         []string

	instances func(context.Context) iter.Seq2[drift.Instance, error]
	inventory scanner.Inventory
	provider  replay.Provider
	identify  func(typ string, attributes map[string]any) drift.Resource
	versions  map[string]string // provider source address → version that is running

	secrets     *secrets.Detector
	credentials *redact.Redactor // that the run was given
	redactor    *redact.Redactor // besides, what was read and is called sensitive

	include func(typ string) bool
	ignore  scanner.Ignore
	tags    scanner.TagFilter
	now     func() time.Time
	close   func()
}

// fitting tells what is wrong with settings that config finds nothing wrong with, because other rooms know better.
func fitting(cfg config.Config, getenv func(string) string) error {
	_, err := state.Parse(cfg.States)
	_, unreadable := importgen.ParsePlacement(cfg.Placement)
	_, unknown := vaultSecrets(cfg.VaultSecrets)
	err = errors.Join(err, unreadable, unknown)
	if publishes(cfg) {
		_, outside := event.Place(cfg.Root, getenv)
		err = errors.Join(err, outside)
	}
	return err
}

// open opens what the settings name. All that is wrong with files and directories is told at once, before a network is
// asked; then all that is wrong with states, credentials and the provider, before anything is scanned.
// Credentials that have to be got first are, and settings learn of them.
func open(ctx context.Context, settings *config.Config, say *console.Console, getenv func(string) string, redactor *redact.Redactor) (*world, error) {
	var w *world
	cfg := *settings
	ignore, err := readIgnore(cfg)
	tags, badTags := scanner.ParseTags(cfg.Tags)
	problems := []error{writable(cfg.OutputDir), writableFile(cfg.Output), err, badTags}
	if cfg.Replay != "" {
		w, err = openReplay(cfg.Replay)
	} else {
		err = isDirectory(cfg.Root)
	}
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, err
	}
	if w == nil {
		release, err := obtain(ctx, settings, say, getenv, redactor)
		if err != nil {
			return nil, err
		}
		if w, err = openLive(ctx, cfg, say, getenv, redactor, ignore); err != nil {
			release()
			return nil, err
		}
		closed := w.close
		w.close = func() { // side by side: whoever cancels a job waits for seconds only
			var group sync.WaitGroup
			group.Go(release)
			closed()
			group.Wait()
		}
	}
	w.tags, w.ignore, w.include = tags, ignore, inScope(cfg, ignore)
	w.credentials = redactor.Credentials()
	w.learn(redactor)
	return w, nil
}

func isDirectory(root string) error {
	info, err := os.Stat(root)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is a file", root)
	}
	if err != nil {
		return fmt.Errorf("open the checkout: %w; give the directory of your root modules as `root`", err)
	}
	return nil
}

func openLive(ctx context.Context, cfg config.Config, say *console.Console, getenv func(string) string, redactor *redact.Redactor, ignore scanner.Ignore) (*world, error) {
	phase := say.Phase("Open states, cloud and provider")
	defer phase.Done()
	for _, glob := range unlisted(cfg.Include) {
		say.Warn(fmt.Sprintf("include: no type that is listed is %s, so only your states can have resources of it; `driftline types` prints those that are", glob))
	}
	roots, backends, broken := state.Roots(ctx, cfg.Root, cfg.BackendConfig...)
	phase.Add("root modules", len(roots))
	redactor.Credential(state.Secrets(backends)...)
	sources, err := state.Parse(cfg.States)
	if err != nil {
		return nil, err
	}
	if len(cfg.States) == 0 {
		sources = backends
	}
	if len(sources) == 0 && len(broken) == 0 {
		return nil, fmt.Errorf("no state to compare with: no root module under %s has a backend; give `state`, or the checkout's directory as `root`", cfg.Root)
	}
	reading := state.Options{
		Roots: backends, Concurrency: cfg.Concurrency, AllowInsecureEndpoint: cfg.AllowInsecureEndpoint, Getenv: getenv,
	}
	instances := func(ctx context.Context) iter.Seq2[drift.Instance, error] {
		return failuresFirst(broken, state.Instances(ctx, sources, reading))
	}
	stateErr := readable(instances(ctx))
	inventory, inventoryErr := aws.New(ctx, aws.Options{
		Regions: regionsOf(cfg, roots), Roles: rolesOf(cfg), Include: inScope(cfg, ignore), Concurrency: cfg.Concurrency, CallTimeout: cfg.CallTimeout,
		AllowInsecureEndpoint: cfg.AllowInsecureEndpoint, Hide: redactor.Credential,
	})
	detector := secrets.New()
	options := provider.Options{
		Exec: cfg.Terraform, Roots: roots, Checkout: cfg.Root, VersionConstraints: map[string]string{},
		MaxProcesses: cfg.MaxProviderProcesses, CallTimeout: cfg.CallTimeout, Environ: os.Environ(), Log: guarded(say.DebugWriter(), detector),
	}
	if cfg.ProviderVersion != "" {
		options.VersionConstraints[drift.AWS] = cfg.ProviderVersion
	}
	if inventory != nil {
		options.Account, options.Region = inventory.Account(), inventory.Regions()[0]
		options.Extra = func(source, account string) map[string]cty.Value { return assumed(source, inventory.Role(account)) }
	}
	fleet := provider.New(options)
	version, fleetErr := fleet.Open(ctx, drift.AWS)
	files, closeFiles, filesErr := checkoutOf(cfg.Root)
	if err := errors.Join(stateErr, inventoryErr, withRemedy(fleetErr), filesErr); err != nil {
		closeFiles()
		return nil, errors.Join(err, fleet.Close())
	}
	say.Info("provider hashicorp/aws " + version)
	return &world{
		roots: roots, checkout: files, now: time.Now,
		account: inventory.Account(), region: inventory.Regions()[0], regions: inventory.Regions(),
		instances: instances,
		inventory: wholeInventory{
			catalogue: inventory, provider: fleet, scopes: inventory.Scopes(), include: inScope(cfg, ignore), concurrency: cfg.Concurrency,
		},
		provider: fleet, identify: aws.Identify,
		versions: map[string]string{drift.AWS: version}, secrets: detector,
		close: func() {
			closeFiles()
			if err := fleet.Close(); err != nil {
				say.Warn(fmt.Sprintf("a provider process or its folder could not be cleaned up: %v", err))
			}
		},
	}, nil
}

// checkoutOf are the files below a directory: no link leads out of it, and none is longer than configuration is.
func checkoutOf(dir string) (files fs.FS, closed func(), err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, func() {}, fmt.Errorf("open the checkout: %w; give the directory of your root modules as `root`", err)
	}
	return bounded.FS(root.FS()), func() { _ = root.Close() }, nil
}

// readable makes sure that a state can be read, by reading as far as the first resource: it takes a request or two, where
// a scan and its provider take minutes. States without any resource are fine.
func readable(instances iter.Seq2[drift.Instance, error]) error {
	var unread []*drift.Skipped
	for _, err := range instances {
		var skipped *drift.Skipped
		switch {
		case err != nil && !errors.As(err, &skipped):
			return err
		case err == nil, skipped.State == "":
			return nil
		}
		unread = append(unread, skipped)
	}
	if len(unread) == 0 {
		return nil
	}
	return noState(unread)
}

// noState is the error of a run none of whose states can be read: everything would be called unmanaged.
func noState(unread []*drift.Skipped) error {
	problems := []error{errors.New("no state could be read, so nothing can be told apart")}
	for _, s := range unread {
		problems = append(problems, withRemedy(s))
	}
	return errors.Join(problems...)
}

// withRemedy tells the remedy of what a room calls skipped, where it ends the run instead.
func withRemedy(err error) error {
	var skipped *drift.Skipped
	if errors.As(err, &skipped) {
		return fmt.Errorf("%s: %s; %s", skipped.What, skipped.Reason, skipped.Remedy)
	}
	return err
}

// rolesOf are the roles by which accounts are entered.
func rolesOf(cfg config.Config) []aws.Role {
	var roles []aws.Role
	for _, text := range cfg.Accounts {
		roles = append(roles, aws.ParseRole(text))
	}
	return roles
}

// assumed makes the AWS provider enter an account as the inventory does, by a read-only session of the same role.
func assumed(source string, role aws.Role) map[string]cty.Value {
	if source != drift.AWS || role.ARN == "" {
		return nil
	}
	name, policy := role.Session()
	block := map[string]cty.Value{
		"role_arn": cty.StringVal(role.ARN), "session_name": cty.StringVal(name),
		"policy_arns": cty.SetVal([]cty.Value{cty.StringVal(policy)}),
	}
	if role.ExternalID != "" {
		block["external_id"] = cty.StringVal(role.ExternalID)
	}
	return map[string]cty.Value{"assume_role": cty.TupleVal([]cty.Value{cty.ObjectVal(block)})}
}

// failuresFirst puts the checkout's problems before the states'.
func failuresFirst(failures []*drift.Skipped, rest iter.Seq2[drift.Instance, error]) iter.Seq2[drift.Instance, error] {
	return func(yield func(drift.Instance, error) bool) {
		for _, f := range failures {
			if !yield(drift.Instance{}, f) {
				return
			}
		}
		rest(yield)
	}
}

// regionsOf are the regions to list: those asked for, else those that the root modules' providers name.
func regionsOf(cfg config.Config, roots []drift.RootModule) []string {
	if len(cfg.Regions) > 0 {
		return cfg.Regions
	}
	var regions []string
	for _, root := range roots {
		for _, p := range root.Providers {
			if p.Source == drift.AWS && p.Region != "" && !slices.Contains(regions, p.Region) {
				regions = append(regions, p.Region)
			}
		}
	}
	slices.Sort(regions)
	return regions
}

// inScope says which types are looked at.
func inScope(cfg config.Config, ignore scanner.Ignore) func(string) bool {
	matches := func(globs []string, typ string) bool {
		return slices.ContainsFunc(globs, func(g string) bool {
			ok, _ := path.Match(g, typ)
			return ok
		})
	}
	return func(typ string) bool {
		return (len(cfg.Include) == 0 || matches(cfg.Include, typ)) && !matches(cfg.Exclude, typ) && !ignore.WholeType(typ)
	}
}

// unlisted are the patterns that no type of the catalogue fits, under whatever name a state may have it. A slip there
// would pass for an estate in which all is well.
func unlisted(globs []string) []string {
	return slices.DeleteFunc(slices.Clone(globs), func(glob string) bool {
		fits := func(typ string) bool {
			ok, _ := path.Match(glob, typ)
			return ok
		}
		return scanner.SpelledOtherwise(glob) || aws.Lists(glob) || slices.ContainsFunc(aws.Types(), fits)
	})
}

// readIgnore reads the ignore file. It may be absent unless the user has named it.
func readIgnore(cfg config.Config) (scanner.Ignore, error) {
	name := cfg.IgnoreFile
	if name == "" {
		return scanner.Ignore{}, nil
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(cfg.Root, name)
	}
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) && !cfg.Given("ignore_file") {
		return scanner.Ignore{}, nil
	}
	if err != nil {
		return scanner.Ignore{}, fmt.Errorf("open the ignore file: %w; correct `ignore_file` or leave it out", err)
	}
	defer file.Close()
	return scanner.ParseIgnore(cfg.IgnoreFile, file)
}

func openReplay(name string) (*world, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the recording: %w; write one with `driftline record`", err)
	}
	defer file.Close()
	recording, err := replay.Read(file, name)
	if err != nil {
		return nil, err
	}
	return played(recording), nil
}

// demoRecording was made by `make record-demo`: a small estate in a simulated cloud, and what happened behind its back.
//
//go:embed testdata/replay/demo.json.gz
var demoRecording []byte

func openDemo() (*world, error) {
	recording, err := replay.Read(bytes.NewReader(demoRecording), "demo.json.gz")
	if err != nil {
		return nil, err
	}
	w := played(recording)
	w.include = func(string) bool { return true }
	return w, nil
}

// played is a world in which nothing happens that has not happened before: its clock stands still as well.
func played(recording *replay.Recording) *world {
	player := replay.NewPlayer(recording)
	w := &world{
		roots: recording.Roots, account: recording.Account, regions: recording.Regions,
		instances: func(context.Context) iter.Seq2[drift.Instance, error] { return player.Instances() },
		inventory: player, provider: player, identify: aws.Identify,
		versions: recording.Providers, secrets: secrets.New(),
		now:   func() time.Time { return recording.RecordedAt },
		close: func() {},
	}
	if len(recording.Regions) > 0 {
		w.region = recording.Regions[0]
	}
	return w
}

// record puts a recorder between the world and whoever looks at it.
func (w *world) record() *replay.Recorder {
	recorder := replay.NewRecorder(w.provider, w.now(), w.account, w.regions, w.roots, w.versions, w.sensitive)
	live := w.instances
	w.instances = func(ctx context.Context) iter.Seq2[drift.Instance, error] { return recorder.Instances(ctx, live(ctx)) }
	w.inventory = recorder.Listing(w.inventory)
	w.provider = recorder
	return recorder
}
