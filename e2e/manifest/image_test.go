//go:build linux

package manifest

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	image "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	digest "github.com/opencontainers/go-digest"
)

const checkout = "../.."

// bases answers for registries: the images that ours are made from, which are not fetched.
type bases struct{}

func (bases) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	return ref, "", []byte(`{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/usr/local/bin:/usr/bin:/bin"]}}`), nil
}

// convert is what BuildKit makes of a Dockerfile, and what its checks find there.
func convert(t *testing.T, text []byte) (config image.DockerOCIImageConfig, found []string) {
	t.Helper()
	_, made, _, _, err := dockerfile2llb.Dockerfile2LLB(t.Context(), text, dockerfile2llb.ConvertOpt{
		MetaResolver: bases{},
		Warn:         func(rule, _, _, detail string, _ []parser.Range) { found = append(found, rule+": "+detail) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return made.Config, found
}

// TestDockerfile has the builder of Docker check the file, and tells what becomes of it.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(checkout, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	config, found := convert(t, text)
	if len(found) > 0 {
		t.Errorf("its checks find %q", found)
	}
	if config.User != "65532:65532" || len(config.ExposedPorts)+len(config.Volumes) > 0 || config.Healthcheck != nil || len(config.Entrypoint) != 1 {
		t.Errorf("%+v", config)
	}
	if _, found := convert(t, []byte("FROM a as B\nMAINTAINER x\nENV a b\nCMD x\n")); len(found) < 3 {
		t.Errorf("the checks see nothing: %q", found)
	}
}

// TestContainer assembles the image as far as it is ours, from just the files that .dockerignore gives a builder, and runs it as
// the CronJob asks: as that user, on a root filesystem that is read-only and has no shell, without capabilities, without the
// way to get any, without network, with the volumes to write to. What it is based on (certificates, OpenTofu) comes from
// registries and is not there, and neither is seccomp.
func TestContainer(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(checkout, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	config, _ := convert(t, text)
	source, root := t.TempDir(), t.TempDir()
	contextOf(t, source)
	built := filepath.Join(source, "dist", "driftline")
	build := exec.CommandContext(t.Context(), "make", "-C", source, "dist/driftline")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("what .dockerignore leaves cannot be built: %v\n%s", err, out)
	}
	pod := cronJob(t).Spec.JobTemplate.Spec.Template.Spec
	container := pod.Containers[0]
	if want := pod.SecurityContext.RunAsUser; want == nil || !strings.HasPrefix(config.User, "65532:") || *want != 65532 || !*container.SecurityContext.ReadOnlyRootFilesystem {
		t.Fatalf("the image's user %s, the pod's %v", config.User, want)
	}
	writable := []string{}
	for _, v := range container.VolumeMounts {
		writable = append(writable, v.MountPath)
	}
	for _, to := range copied(t, text, "build", "/src/dist/driftline") {
		place(t, built, filepath.Join(root, to))
	}
	for _, dir := range append(writable, config.WorkingDir) {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range []struct {
		args []string
		says string
	}{
		{config.Cmd, "driftline scan"},
		{[]string{"version"}, "driftline "},
		{[]string{"demo", "--output-dir=/tmp/driftline"}, "3 drifted, 1 deleted"},
		{[]string{"scan", "--replay=/none"}, "open the recording"},
	} {
		out, err := contained(t, root, writable, config, command.args)
		if !strings.Contains(out, command.says) || (err != nil) != (command.args[0] == "scan") {
			t.Errorf("%q: %v\n%s", command.args, err, out)
		}
	}
	// That the program is refused what the cage refuses shows that there is one.
	if out, err := contained(t, root, writable, config, []string{"demo", "--output-dir=/usr/local/bin/driftline.d"}); err == nil || !strings.Contains(out, "read-only file system") && !strings.Contains(out, "permission denied") {
		t.Errorf("the root filesystem can be written to: %v\n%s", err, out)
	}
	for _, shell := range []string{"/bin/sh", "/bin/bash", "/busybox/sh"} {
		changed := config
		changed.Entrypoint = []string{shell}
		if out, err := contained(t, root, writable, changed, []string{"-c", "true"}); err == nil {
			t.Errorf("%s runs: %s", shell, out)
		}
	}
}

// contextOf copies what a builder would be sent: files of the checkout's index, without those that .dockerignore names.
func contextOf(t *testing.T, to string) {
	t.Helper()
	rules, err := os.ReadFile(filepath.Join(checkout, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	patterns, err := ignorefile.ReadAll(bytes.NewReader(rules))
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(checkout, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == ".git" {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(checkout, name)
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		out, err := ignored.MatchesOrParentMatches(filepath.ToSlash(rel))
		if err == nil && !out {
			place(t, name, filepath.Join(to, rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// copied are the places that the last stage copies a stage's file to.
func copied(t *testing.T, dockerfile []byte, stage, file string) (to []string) {
	t.Helper()
	parsed, err := parser.Parse(bytes.NewReader(dockerfile))
	if err != nil {
		t.Fatal(err)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range stages[len(stages)-1].Commands {
		if c, ok := command.(*instructions.CopyCommand); ok && c.From == stage && slices.Contains(c.SourcePaths, file) {
			to = append(to, c.DestPath)
		}
	}
	if len(to) == 0 {
		t.Fatalf("%s of stage %s is copied nowhere", file, stage)
	}
	return to
}

func place(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, info.Mode().Perm()); err != nil {
		t.Fatal(err)
	}
}
