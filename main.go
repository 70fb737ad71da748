// Driftline tells what is in a cloud that Terraform does not know, and what has changed behind its back.
//
// This package is wiring only: it reads the settings, opens what they name, and hands one room's answer to the next.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/internal/event"
	"github.com/seed-e90528ae/driftline/internal/harden"
	"github.com/seed-e90528ae/driftline/internal/redact"
	"github.com/seed-e90528ae/driftline/internal/secrets"
	"github.com/seed-e90528ae/driftline/inventory/replay"
	"github.com/seed-e90528ae/driftline/provider"
	"github.com/seed-e90528ae/driftline/publication"
	"github.com/seed-e90528ae/driftline/scanner"
)

// Exit codes.
const (
	exitDone    = 0
	exitFailOn  = 1 // fail_on was met
	exitNotDone = 2 // the job could not be done
	exitUsage   = 3 // the settings are wrong
)

func main() {
	_ = harden.NoCoreDumps() // where it may not be set, nobody allows core dumps either
	if harden.TellCrash() || provider.Supervise() {
		return
	}
	stderr := os.Stderr
	if cfg, err := config.Parse(os.Args[1:], os.Getenv); err == nil && live(cfg) {
		stderr, _ = harden.RedactCrashes() // where it cannot be done, SECURITY.md says so
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, stderr)
	stop()
	os.Exit(code)
}

// live says that states are read and a cloud is asked: the run meets secrets.
func live(cfg config.Config) bool {
	return cfg.Replay == "" && (cfg.Command == config.Run || cfg.Command == config.Scan || cfg.Command == config.Record)
}

// run is the program: its arguments and environment in, its exit code out.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (code int) {
	cfg, err := config.Parse(args, getenv)
	redactor, out, log := sealed(cfg, getenv, stdout, stderr)
	defer func() {
		if problem := recover(); problem != nil {
			code = crashed(log, problem)
		}
		if errors.Join(out.Flush(), log.Flush()) != nil && code == exitDone {
			code = exitNotDone
		}
	}()
	return do(ctx, cfg, err, getenv, redactor, out, log)
}

// do carries out a command, unless the settings are wrong.
func do(ctx context.Context, cfg config.Config, err error, getenv func(string) string, redactor *redact.Redactor, stdout, stderr io.Writer) int {
	if err == nil {
		err = fitting(cfg, getenv)
	}
	say := console.New(stdout, stderr, getenv, cfg.LogLevel)
	say.Clean(redactor.String)
	if err != nil {
		say.Error(err)
		return exitUsage
	}
	for _, warning := range cfg.Warnings {
		say.Warn(warning)
	}
	code := exitDone
	switch cfg.Command {
	case config.Version:
		fmt.Fprintln(stdout, "driftline", version())
	case config.Help:
		err = config.WriteHelp(stdout, cfg.Topic)
	case config.Types:
		err = writeTypes(stdout)
	case config.Policy:
		err = writePolicy(cfg, say, stdout)
	case config.Completion:
		err = config.WriteCompletion(stdout, cfg.Argument)
	case config.Show, config.GenDriftignore:
		err = render(cfg, say, stdout)
	case config.Demo:
		code, err = demo(ctx, cfg, say, getenv, stdout)
	case config.Record:
		err = record(ctx, cfg, say, getenv, redactor)
	default:
		code, err = report(ctx, cfg, say, getenv, redactor, stdout)
	}
	if err != nil {
		if ctx.Err() != nil {
			err = errors.New("interrupted: nothing more is written")
		}
		say.Error(errors.New(secrets.URLs(err.Error())))
		return exitNotDone
	}
	return code
}

// report is `driftline run` and `driftline scan`: load, scan, generate, publish.
func report(ctx context.Context, cfg config.Config, say *console.Console, getenv func(string) string, redactor *redact.Redactor, stdout io.Writer) (int, error) {
	world, err := open(ctx, &cfg, say, getenv, redactor)
	if err != nil {
		return 0, err
	}
	defer world.close()
	return reportWorld(ctx, cfg, say, getenv, redactor, world, stdout)
}

func reportWorld(ctx context.Context, cfg config.Config, say *console.Console, getenv func(string) string, redactor *redact.Redactor, world *world, stdout io.Writer) (int, error) {
	found, err := scan(ctx, cfg, say, world)
	if err != nil {
		return 0, err
	}
	var files []drift.File
	if cfg.Command == config.Run {
		if files, err = generate(ctx, cfg, say, world, found); err != nil {
			return 0, err
		}
		if files, err = settled(ctx, cfg, say, world, found, files); err != nil {
			return 0, err
		}
	}
	if err := attribute(ctx, cfg, say, world, found); err != nil {
		return 0, err
	}
	locate(world.checkout, found, files)
	redactor.Seal(found, &files)
	assess(ctx, cfg, say, found, files) // after what is secret has gone: it is shown to other programs
	redactor.Seal(found)
	prefix, _ := event.Place(cfg.Root, getenv) // outside of the repository, where nothing goes into a pull request, it is none
	plan, err := publication.Prepare(ctx, publication.Options{
		Config: cfg, Console: say, Getenv: getenv, Checkout: world.checkout, Prefix: prefix, Version: version(), Transport: toGitHub(redactor),
	}, found, files)
	if err != nil {
		return 0, err
	}
	if err := save(cfg.OutputDir, prefix, found, files); err != nil {
		return 0, err
	}
	show(cfg, say, prefix, found, files, stdout)
	if err := plan.Publish(ctx); err != nil {
		return 0, err
	}
	plan.Notify(ctx, nil)
	return verdict(cfg, say, found), nil
}

// record is `driftline record`: a run whose every answer is kept.
func record(ctx context.Context, cfg config.Config, say *console.Console, getenv func(string) string, redactor *redact.Redactor) error {
	world, err := open(ctx, &cfg, say, getenv, redactor)
	if err != nil {
		return err
	}
	defer world.close()
	return recordWorld(ctx, cfg, say, world)
}

func recordWorld(ctx context.Context, cfg config.Config, say *console.Console, world *world) error {
	cfg.Strict = true // a replay may be strict: what the cloud or another tool owns has to be in the recording, too
	recorder := world.record()
	found, err := scan(ctx, cfg, say, world)
	if err != nil {
		return err
	}
	if err := askForCode(ctx, cfg, say, world, found); err != nil {
		return err
	}
	recording, err := sealRecording(world.redactor, recorder.Recording())
	if err != nil {
		return err
	}
	return saveRecording(cfg.Output, recording)
}

// askForCode asks the provider all that code generation may ask in a replay, whatever its settings are.
func askForCode(ctx context.Context, cfg config.Config, say *console.Console, w *world, found *drift.Report) error {
	phase := say.Phase("Write code")
	defer phase.Done()
	items, err := readUnmanaged(ctx, cfg, w, found, phase)
	for _, style := range []string{config.PolicyJSONEncode, config.PolicyData} {
		if err == nil {
			cfg.PolicyStyle = style
			_, err = writeCode(ctx, cfg, w, found, items, phase)
		}
	}
	return err
}

// demo is `driftline run --dry-run` on the recording inside the program.
func demo(ctx context.Context, cfg config.Config, say *console.Console, getenv func(string) string, stdout io.Writer) (int, error) {
	if err := writable(cfg.OutputDir); err != nil {
		return 0, err
	}
	world, err := openDemo()
	if err != nil {
		return 0, err
	}
	found, err := scan(ctx, cfg, say, world)
	if err != nil {
		return 0, err
	}
	files, err := generate(ctx, cfg, say, world, found)
	if err != nil {
		return 0, err
	}
	locate(nil, found, files)
	if err := save(cfg.OutputDir, "", found, files); err != nil {
		return 0, err
	}
	show(cfg, say, "", found, files, stdout)
	for _, f := range files {
		fmt.Fprintf(stdout, "\n%s\n\n%s", f.Path, f.Content)
	}
	return verdict(cfg, say, found), nil
}

// scan compares what the states say with what exists.
func scan(ctx context.Context, cfg config.Config, say *console.Console, w *world) (*drift.Report, error) {
	phase := say.Phase("Scan")
	defer phase.Done()
	started := w.now()
	found, err := scanner.Scan(ctx, scanner.Options{
		Instances: w.instances(ctx), Inventory: w.inventory, Reader: w.provider, Identify: w.identify,
		Roots: w.roots, Account: w.account, Region: w.region, Regions: w.regions,
		Include: w.include, Ignore: w.ignore, Tags: w.tags, Only: kindsOf(cfg), Secret: w.credential, Strict: cfg.Strict,
		Concurrency: cfg.Concurrency, Progress: func(unit string, n int) { phase.Add(unit, n) },
	})
	if err != nil {
		return nil, err
	}
	w.redactor.Reveal(identities(found))
	withhold(found, w.secrets)
	found.StartedAt, found.DurationSeconds = started.UTC(), w.now().Sub(started).Seconds()
	return found, noStateRead(found)
}

func kindsOf(cfg config.Config) scanner.Kinds {
	var kinds scanner.Kinds
	for _, kind := range cfg.Only {
		kinds = append(kinds, scanner.Kind(kind))
	}
	return kinds
}

// noStateRead refuses a report that knows no state at all: everything would be called unmanaged.
func noStateRead(found *drift.Report) error {
	if !found.UnmanagedUncertain || found.Summary.Managed+found.Summary.Deleted+found.Summary.Ignored > 0 {
		return nil
	}
	var unread []*drift.Skipped
	for _, s := range found.Skipped {
		if s.State != "" {
			unread = append(unread, &s)
		}
	}
	return noState(unread)
}

// generate writes code for everything unmanaged, and notes in the report where it stands and whether it plans.
func generate(ctx context.Context, cfg config.Config, say *console.Console, w *world, found *drift.Report) ([]drift.File, error) {
	phase := say.Phase("Write code")
	defer phase.Done()
	items, err := readUnmanaged(ctx, cfg, w, found, phase)
	if err != nil {
		return nil, err
	}
	return writeCode(ctx, cfg, w, found, items, phase)
}

func readUnmanaged(ctx context.Context, cfg config.Config, w *world, found *drift.Report, phase *console.Phase) ([]importgen.Item, error) {
	read, err := scanner.Import(ctx, found, w.provider, cfg.Concurrency, func(unit string, n int) { phase.Add(unit, n) })
	if err != nil {
		return nil, err
	}
	items := make([]importgen.Item, len(read))
	for n, f := range read {
		items[n] = importgen.Item{Resource: f.Resource, Object: f.Object}
	}
	return items, nil
}

func writeCode(ctx context.Context, cfg config.Config, w *world, found *drift.Report, items []importgen.Item, phase *console.Phase) ([]drift.File, error) {
	rules, err := importgen.ParsePlacement(cfg.Placement)
	if err != nil {
		return nil, err
	}
	code, err := importgen.Generate(ctx, items, importgen.Options{
		Planner: w.provider, Secret: w.sensitive, Roots: w.roots, Managed: found.Managed, Checkout: w.checkout,
		DefaultRoot: cfg.DefaultRoot, Placement: rules, Group: cfg.Group, PolicyStyle: cfg.PolicyStyle, HomeRegion: w.region, Concurrency: cfg.Concurrency,
		Versions: w.versions, Running: running(ctx, cfg, w),
	})
	if err != nil {
		return nil, err
	}
	phase.Add("files", len(code.Files))
	phase.Add("plans asked of the provider", code.Calls.Plan)
	merge(found, code)
	return code.Files, nil
}

// merge puts what code generation found out into the report.
func merge(found *drift.Report, code importgen.Result) {
	written := map[string]drift.Unmanaged{}
	key := func(r drift.Resource) string {
		return fmt.Sprint(r.Provider, "\x00", r.Type, "\x00", r.Account, "\x00", r.Region, "\x00", r.ImportID)
	}
	for _, u := range code.Unmanaged {
		written[key(u.Resource)] = u
	}
	for n, u := range found.Unmanaged {
		if w, ok := written[key(u.Resource)]; ok {
			found.Unmanaged[n] = w
		}
	}
	found.Skipped = append(found.Skipped, code.Skipped...)
	found.Finish()
}

// verdict is the exit code that fail_on asks for.
func verdict(cfg config.Config, say *console.Console, found *drift.Report) int {
	met := cfg.FailOn.Met(found.Summary.Drifted, found.Summary.Deleted, found.Summary.Unmanaged, found.Summary.Skipped)
	if len(met) == 0 {
		return exitDone
	}
	say.Error(fmt.Errorf("fail_on: the report has %s resources", orList(met)))
	return exitFailOn
}

func orList(words []string) string {
	list := words[0]
	for n, w := range words[1:] {
		if n == len(words)-2 {
			list += " and " + w
		} else {
			list += ", " + w
		}
	}
	return list
}

// version is the module's version, with the commit where the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v := info.Main.Version
	if r := released(); r != "" {
		v = r
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			v += " " + setting.Value
		}
	}
	return v + fmt.Sprintf(", replay format %d", replay.Version)
}
