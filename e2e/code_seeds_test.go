package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// TestCodeSeeds holds the code of every type that the seeds can make, none of it managed before, to what is promised of it:
// it is planned as imports and nothing else, it is clean, and it makes the same again in an empty cloud.
func TestCodeSeeds(t *testing.T) {
	peers.E2E(t)
	w, dir := newSeededWorld(t)
	s, out := w.driftline(t, "run", "--dry-run", "--region", "us-east-1", "--exclude", strings.Join(append(notInMoto(), misplaced), ","))
	for name, content := range files(t, filepath.Join(out, "code")) {
		writeFile(t, filepath.Join(filepath.Dir(dir), name), content)
	}
	plan := w.judgeMerged(t, dir)
	t.Run("plan", func(t *testing.T) { checkMerged(t, plan, s, nil) })
	t.Run("lint", func(t *testing.T) { lint(t, dir) })
	t.Run("size", func(t *testing.T) { checkSize(t, w, plan, filepath.Join(out, "code"), 57) })
	t.Run("again", func(t *testing.T) { checkRecreated(t, w, dir, plan, recreationOf(t, "seed_again.json")) })
}
