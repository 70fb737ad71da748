package main

import (
	"context"
	"os"
	"os/exec"

	"github.com/seed-e90528ae/driftline/assessment"
	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/console"
)

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
