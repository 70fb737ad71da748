package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// TestCodeTofu is the whole way with OpenTofu and no Terraform: tofu applies an estate, its state is read, its provider is
// installed by tofu init, and what a run writes, a removed block among it, tofu plans as imports and nothing else.
func TestCodeTofu(t *testing.T) {
	peers.E2E(t)
	tofu := peers.Program(t, "tofu", "DRIFTLINE_TOFU")
	w := newAWSWorld(t)
	w.engine = tofu
	w.env = append(w.env, "TF_CLI_CONFIG_FILE="+tofuConfig(t))
	dir := filepath.Join(w.checkout, awsRoot)
	writeFile(t, filepath.Join(dir, "main.tf"), []byte(awsModule+smallEstate))
	w.initialise(t, dir)
	if _, err := w.terraform(t.Context(), dir, "apply", "-auto-approve", "-input=false", "-no-color"); err != nil {
		t.Fatal(err)
	}
	w.note(t, map[string][]string{"aws_s3_bucket": {stateBucket}})
	w.note(t, w.created(t, "seed", "cloudwatch", "ecs", "lambda", "rds", "secretsmanager"))
	w.python(t, "-c", behindSmallEstate)

	w.env = append(w.env, "PATH="+onlyIn(t, tofu)) // of Driftline: no terraform there
	s, out := w.driftline(t, "run", "--dry-run", "--region", "us-east-1", "--on-drift", "accept", "--on-deleted", "removed",
		"--exclude", strings.Join(append(notInMoto(), misplaced), ","))
	if len(s.report.Unmanaged) < 50 {
		t.Errorf("only %d unmanaged", len(s.report.Unmanaged))
	}
	for _, u := range s.report.Unmanaged {
		if !u.Verified {
			t.Errorf("%s is not verified: %+v", u, u.Differences)
		}
	}
	var managed []string
	for _, m := range s.report.Managed {
		managed = append(managed, m.place())
	}
	same(t, "managed", managed, []string{awsRoot + ":aws_s3_bucket.kept", awsRoot + ":aws_sns_topic.drifted"})
	for name, content := range files(t, filepath.Join(out, "code")) {
		writeFile(t, filepath.Join(w.checkout, name), content)
	}
	// What was taken out of the code may be forgotten: OpenTofu plans nothing at all for what the cloud no longer has.
	checkMerged(t, w.judgeMerged(t, dir), s, func(c *tfjson.ResourceChange) bool {
		return c.Change.Actions.Forget() && c.Address == "aws_s3_bucket.gone"
	})
}

// tofuConfig is a CLI configuration with a mirror that has the AWS provider where OpenTofu looks for it: in its own registry.
func tofuConfig(t *testing.T) string {
	t.Helper()
	mirror, platform := t.TempDir(), runtime.GOOS+"_"+runtime.GOARCH
	theirs := filepath.Join(peers.Mirror(t), "registry.terraform.io", "hashicorp", "aws")
	packages, err := filepath.Glob(filepath.Join(theirs, "*", platform))
	packed, packedErr := filepath.Glob(filepath.Join(theirs, "*_"+platform+".zip"))
	if err = errors.Join(err, packedErr); err != nil {
		t.Fatal(err)
	}
	for _, p := range append(packages, packed...) {
		relative, err := filepath.Rel(theirs, p)
		link := filepath.Join(mirror, "registry.opentofu.org", "hashicorp", "aws", relative)
		if err = errors.Join(err, os.MkdirAll(filepath.Dir(link), 0o755), os.Symlink(p, link)); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(t.TempDir(), "tofurc")
	writeFile(t, config, []byte("provider_installation {\n  filesystem_mirror {\n    path = \""+mirror+"\"\n  }\n}\n"))
	return config
}

// onlyIn is a directory with a program and nothing else.
func onlyIn(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(program, filepath.Join(dir, filepath.Base(program))); err != nil {
		t.Fatal(err)
	}
	return dir
}
