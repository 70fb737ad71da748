package main

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/seed-e90528ae/driftline/assessment"
	"github.com/seed-e90528ae/driftline/attribution"
	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/settle"
	"github.com/seed-e90528ae/driftline/internal/blocks"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/provider"
)

// What else is said of findings: how the code settles them, who did it, where they stand, how weak and dear they are.

// settled says in the report where drifted values come from and how deleted resources can go, and does what on_drift and
// on_deleted ask for: files come back with it.
func settled(ctx context.Context, cfg config.Config, say *console.Console, w *world, found *drift.Report, files []drift.File) ([]drift.File, error) {
	if w.checkout == nil || len(found.Drifted)+len(found.Deleted) == 0 {
		return files, nil
	}
	phase := say.Phase("Look where values come from")
	defer phase.Done()
	options := settle.Options{
		Schemas: w.provider, Roots: w.roots, Checkout: w.checkout,
		Accept: cfg.OnDrift == config.OnDriftAccept, Remove: cfg.OnDeleted == config.OnDeletedRemoved,
		Running: running(ctx, cfg, w),
	}
	return settle.Report(ctx, found, files, options)
}

// running is what the run's program says that it is, "" where none takes part.
func running(ctx context.Context, cfg config.Config, w *world) string {
	if w.checkout == nil {
		return ""
	}
	programs := provider.Programs
	if cfg.Terraform != "" {
		programs = []string{cfg.Terraform}
	}
	for _, program := range programs {
		if version := programVersion(ctx, program); version != "" {
			return version
		}
	}
	return ""
}

// programVersion is the line in which a program says what it is, Terraform v1.11.4 or OpenTofu v1.9.0; "" when none does.
func programVersion(ctx context.Context, program string) string {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	command := exec.CommandContext(ctx, program, "version")
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1") // it would ask its maker for newer versions of itself
	out, err := command.Output()
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Terraform v") || strings.HasPrefix(line, "OpenTofu v") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// attribute asks who did it, when asked to. A recording has no trail.
func attribute(ctx context.Context, cfg config.Config, say *console.Console, w *world, found *drift.Report) error {
	if !cfg.Attribution || cfg.Replay != "" || found.Summary.Findings() == 0 {
		return nil
	}
	phase := say.Phase("Ask who did it")
	defer phase.Done()
	trails, err := attribution.AWS(ctx)
	if err != nil {
		return err
	}
	return attribution.Attribute(ctx, found, attribution.Options{Trails: trails, Account: w.account})
}

// locate writes into found where the blocks of its findings stand: in the checkout, or in the files just generated.
func locate(checkout fs.FS, found *drift.Report, files []drift.File) {
	finder := blocks.New(checkout)
	find := func(m *drift.Managed) {
		if m.RootModule == "" {
			return
		}
		if place, ok := finder.Find(m.RootModule, m.Address.Module, m.Address.Type, m.Address.Name); ok {
			m.File, m.Line = place.File, place.Line
		}
	}
	for i := range found.Drifted {
		find(&found.Drifted[i].Managed)
	}
	for i := range found.Deleted {
		find(&found.Deleted[i])
	}
	lines := map[string]int{} // file and address → line; a block that is not verified is commented out
	header := regexp.MustCompile(`^(?:# ?)?resource "([^"]+)" "([^"]+)" \{`)
	for _, f := range files {
		for n, line := range strings.Split(string(f.Content), "\n") {
			if m := header.FindStringSubmatch(line); m != nil {
				lines[f.Path+"\x00"+m[1]+"."+m[2]] = n + 1
			}
		}
	}
	references := map[string]map[string][]string{}
	for _, f := range files {
		references[f.Path] = blocks.References(f.Content, f.Path)
	}
	for i, u := range found.Unmanaged {
		block, _, _ := strings.Cut(u.SuggestedAddress, "[") // one block stands for all of a for_each
		found.Unmanaged[i].References = references[u.File][block]
		found.Unmanaged[i].Line = lines[u.File+"\x00"+block]
	}
}

// assess has Trivy look at the generated code, where it is on PATH or was asked for, and Infracost, where it was given a
// key. A recording is played without them unless they were asked for: it should say the same everywhere.
func assess(ctx context.Context, cfg config.Config, say *console.Console, found *drift.Report, files []drift.File) {
	if len(files) == 0 || len(found.Unmanaged) == 0 {
		return
	}
	options := assessment.Options{Files: files, Environ: os.Environ()}
	trivy, absent := exec.LookPath("trivy")
	switch {
	case cfg.SecurityScan == config.No || cfg.SecurityScan == config.Auto && (absent != nil || cfg.Replay != ""):
	case absent != nil:
		assessment.NoTrivy(found)
	default:
		phase := say.Phase("Scan the code with Trivy")
		options.Program = trivy
		assessment.Security(ctx, found, options)
		phase.Done()
	}
	key := cfg.InfracostAPIKey.Reveal()
	if key == "" {
		return
	}
	infracost, err := exec.LookPath("infracost")
	if err != nil {
		assessment.NoInfracost(found)
		return
	}
	phase := say.Phase("Ask Infracost for costs")
	defer phase.Done()
	options.Program = infracost
	assessment.Cost(ctx, found, key, options)
}
