package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/settle"
	"github.com/seed-e90528ae/driftline/internal/console"
)

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
	return programVersion(ctx, cfg.Terraform)
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
