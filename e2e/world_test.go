package e2e

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/internal/recorder"
)

// source is the root of Driftline's own checkout.
const source = ".."

// roots are the estate's root modules, regions where its resources are.
var (
	roots   = []string{"network", "platform", "app"}
	regions = []string{"us-east-1", "us-west-2"}
)

// stateBucket holds the states. Nobody manages it.
const stateBucket = "estate-states"

// world is an estate in a simulated cloud, with what happened to it.
type world struct {
	env      []string // of programs that speak to moto itself
	proxy    *recorder.Recorder
	checkout string            // the estate, applied
	binary   string            // driftline
	engine   string            // what plans and applies, "" for terraform
	secrets  map[string]string // planted: where → value

	unmanaged map[string][]string // what stands outside Terraform: type → import IDs
	changed   []string            // behind Terraform's back, as ROOT:ADDRESS
	deleted   []string
}

// newWorld builds Driftline and raises the estate.
func newWorld(t *testing.T) *world {
	t.Helper()
	for _, program := range []string{"terraform", "python3", "git"} {
		peers.Program(t, program, "")
	}
	moto := peers.StartMoto(t, "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	w := &world{
		proxy:    recorder.Start(t, moto),
		checkout: filepath.Join(t.TempDir(), "estate"),
		binary:   filepath.Join(t.TempDir(), "driftline"),
		secrets:  plantedSecrets(),
	}
	w.env = append(os.Environ(), peers.AWSEnv(moto)...)
	w.env = append(w.env, "TF_CLI_CONFIG_FILE="+peers.CLIConfig(t), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "PYTHONDONTWRITEBYTECODE=1")
	for name, place := range map[string]string{
		"api_token": "state ssm", "database_password": "state secret", "stripe_key": "state lambda", "bootstrap_token": "state user data",
	} {
		w.env = append(w.env, "TF_VAR_"+name+"="+w.secrets[place])
	}
	if err := os.CopyFS(w.checkout, os.DirFS(filepath.Join(source, "testdata", "estates", "base"))); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(w.checkout, "app", "worker.zip"), zipped(t, "main.py", "def handler(event, context):\n    return 1\n"))

	timed(t, "apply", func() {
		w.python(t, "-c", "import boto3; boto3.client('s3').create_bucket(Bucket='"+stateBucket+"')")
		w.apply(t)
	})
	timed(t, "change, seed, plant", func() {
		w.mutate(t)
		// In moto, Macie is on everywhere from the beginning; the seeds turn it on in the first region only.
		w.python(t, "-c", "import boto3; boto3.client('macie2', '"+regions[1]+"').disable_macie()")
		w.unmanaged = map[string][]string{}
		w.note(t, map[string][]string{"aws_s3_bucket": {stateBucket}})
		w.note(t, w.created(t, "seed"))
		w.note(t, w.created(t, "plant.py"))
	})
	return w
}

// build compiles Driftline with the flags of action.yml, so that the action's own build finds everything in the cache.
// The first time that takes minutes: the AWS SDK is many packages.
func (w *world) build(ctx context.Context) error {
	environ := append(os.Environ(), "CGO_ENABLED=0")
	_, err := executeWithin(ctx, time.Hour, source, environ, "go", "build", "-trimpath", "-tags=grpcnotrace", "-buildvcs=false", "-o", w.binary, ".")
	return err
}

// apply raises the root modules with real Terraform while Driftline is being built.
func (w *world) apply(t *testing.T) {
	t.Helper()
	group, ctx := errgroup.WithContext(t.Context())
	group.Go(func() error { return w.build(ctx) })
	apply := func(ctx context.Context, root string) error {
		dir := filepath.Join(w.checkout, root)
		_, err := execute(ctx, dir, w.env, "terraform", "init", "-input=false", "-no-color")
		if err == nil {
			_, err = execute(ctx, dir, w.env, "terraform", "apply", "-auto-approve", "-input=false", "-no-color")
		}
		return err
	}
	group.Go(func() error { // app looks up what the other two have made
		first, ctx := errgroup.WithContext(ctx)
		for _, root := range []string{"network", "platform"} {
			first.Go(func() error { return apply(ctx, root) })
		}
		if err := first.Wait(); err != nil {
			return err
		}
		return apply(t.Context(), "app")
	})
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

// mutate changes and deletes behind Terraform's back.
func (w *world) mutate(t *testing.T, args ...string) {
	t.Helper()
	var done struct{ Changed, Deleted []string }
	decode(t, w.python(t, append([]string{estates("mutate.py")}, args...)...), &done)
	w.changed, w.deleted = append(w.changed, done.Changed...), append(w.deleted, done.Deleted...)
}

// created runs a script that makes resources outside Terraform.
func (w *world) created(t *testing.T, script string, args ...string) map[string][]string {
	t.Helper()
	ids := map[string][]string{}
	decode(t, w.python(t, append([]string{estates(script)}, args...)...), &ids)
	return ids
}

// spelledInside are the types whose every seeded resource is a setting of an unmanaged one, whose code will spell it.
var spelledInside = []string{
	"aws_api_gateway_rest_api_policy", "aws_eip_association", "aws_network_acl_rule", "aws_route", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule",
}

func (w *world) note(t *testing.T, created map[string][]string) {
	t.Helper()
	if len(created) == 0 {
		t.Fatal("nothing was created")
	}
	for typ, ids := range created {
		if slices.Contains(spelledInside, typ) {
			continue
		}
		w.unmanaged[typ] = append(w.unmanaged[typ], ids...)
	}
}

func (w *world) python(t *testing.T, args ...string) []byte {
	t.Helper()
	planted := map[string]string{}
	for place, value := range w.secrets {
		if name, ok := strings.CutPrefix(place, "cloud "); ok {
			planted[name] = value
		}
	}
	out, err := execute(t.Context(), ".", append(w.env, "DRIFTLINE_PLANT="+string(encode(t, planted))), "python3", args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// terraform runs in one of the estate's root modules.
func (w *world) terraform(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return execute(ctx, dir, w.env, cmp.Or(w.engine, "terraform"), args...)
}

// plan makes a plan and returns its JSON form.
func (w *world) plan(ctx context.Context, dir string, args ...string) (*tfjson.Plan, error) {
	file := filepath.Join(dir, "e2e.plan")
	if _, err := w.terraform(ctx, dir, append([]string{"plan", "-input=false", "-lock=false", "-no-color", "-out=" + file}, args...)...); err != nil {
		return nil, err
	}
	text, err := w.terraform(ctx, dir, "show", "-json", file)
	if err != nil {
		return nil, err
	}
	plan := &tfjson.Plan{}
	return plan, json.Unmarshal(text, plan)
}

// outcome is what a run of the command line left behind.
type outcome struct {
	dir            string // the output directory
	stdout, stderr string
	report         report
	calls          []recorder.Call
}

// run is `driftline run --dry-run` through the recording proxy.
func (w *world) run(t *testing.T, args ...string) *outcome {
	t.Helper()
	o := &outcome{dir: filepath.Join(t.TempDir(), "out")}
	args = append([]string{"run", "--dry-run", "--root", w.checkout, "--output-dir", o.dir}, args...)
	for _, region := range regions {
		args = append(args, "--region", region)
	}
	args = append(args, "--exclude", strings.Join(notInMoto(), ","))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, w.binary, args...)
	command.Dir = t.TempDir()
	command.Env = append(w.env, peers.AWSEnv(w.proxy.URL)...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	w.proxy.Take()
	timed(t, "driftline", func() {
		if err := command.Run(); err != nil {
			t.Fatalf("driftline %s: %v\n%s%s", strings.Join(args, " "), err, stdout.String(), stderr.String())
		}
	})
	o.stdout, o.stderr, o.calls = stdout.String(), stderr.String(), w.proxy.Take()
	decode(t, readFile(t, filepath.Join(o.dir, "report.json")), &o.report)
	return o
}

func estates(name string) string { return filepath.Join(source, "testdata", "estates", name) }

// execute runs a program for at most ten minutes and returns its standard output. An error holds all that it said.
func execute(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	return executeWithin(ctx, 10*time.Minute, dir, env, name, args...)
}

func executeWithin(ctx context.Context, limit time.Duration, dir string, env []string, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.Dir, command.Env = dir, env
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) } // Terraform then ends its plugins
	command.WaitDelay = 20 * time.Second
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		return nil, errors.Join(err, errors.New(name+" "+strings.Join(args, " ")+" in "+dir+":\n"+stdout.String()+stderr.String()))
	}
	return stdout.Bytes(), nil
}

func timed(t *testing.T, what string, do func()) {
	t.Helper()
	started := time.Now()
	do()
	t.Logf("%s: %s", what, time.Since(started).Round(100*time.Millisecond))
}

func zipped(t *testing.T, name, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	file, err := archive.Create(name)
	if err == nil {
		_, err = file.Write([]byte(text))
	}
	if err := errors.Join(err, archive.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// files are the regular files below dir, slash-separated, with their contents.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			found[path] = readFile(t, filepath.Join(dir, filepath.FromSlash(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644)); err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
