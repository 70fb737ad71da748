package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// TestCodeSeeds takes code for one resource of every type that the seeds can make: how long it is beside Terraform's own,
// and what it makes of an empty cloud. That it imports and changes nothing, TestAWSEstate holds.
func TestCodeSeeds(t *testing.T) {
	peers.E2E(t)
	w := newAWSWorld(t)
	dir := filepath.Join(w.checkout, awsRoot)
	writeFile(t, filepath.Join(dir, "main.tf"), []byte(awsModule))
	w.put(t, awsRoot+"/terraform.tfstate", emptyState)
	timed(t, "seed", func() { w.note(t, w.created(t, "seed")) })
	w.initialise(t, dir)
	_, out := w.driftline(t, "run", "--dry-run", "--region", "us-east-1", "--exclude", strings.Join(notInMoto(), ","))
	code := filepath.Join(out, "code")
	for name, content := range files(t, code) {
		writeFile(t, filepath.Join(w.checkout, name), content)
	}
	plan := w.judgeMerged(t, dir)
	t.Run("size", func(t *testing.T) { checkSize(t, w, plan, code, 60) })
	t.Run("again", func(t *testing.T) { checkRecreated(t, w, dir, plan, recreationOf(t, "again.json")) })
}
