package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/internal/recorder"
)

// awsRoot is the one root module of the AWS estate.
const awsRoot = "estate"

// awsModule is that root module before any code is generated for it: a backend, a provider and nothing else.
const awsModule = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  backend "s3" {
    bucket                      = "` + stateBucket + `"
    key                         = "` + awsRoot + `/terraform.tfstate"
    region                      = "us-east-1"
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}

provider "aws" {
  region                      = "us-east-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
`

// emptyState is what Terraform leaves when everything was taken out of it.
const emptyState = `{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"8f0d4f3e-64f8-4f0e-9d6f-0f6ac1f4b1a5","outputs":{},"resources":[]}`

// newAWSWorld starts a moto with nothing in it but the bucket of the states, builds Driftline, and makes the checkout.
func newAWSWorld(t *testing.T) *world {
	t.Helper()
	for _, program := range []string{"terraform", "python3"} {
		peers.Program(t, program, "")
	}
	moto := peers.StartMoto(t, "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	w := &world{
		proxy:     recorder.Start(t, moto),
		checkout:  filepath.Join(t.TempDir(), "checkout"),
		binary:    filepath.Join(t.TempDir(), "driftline"),
		unmanaged: map[string][]string{},
	}
	w.env = append(os.Environ(), peers.AWSEnv(moto)...)
	w.env = append(w.env, "TF_CLI_CONFIG_FILE="+peers.CLIConfig(t), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "PYTHONDONTWRITEBYTECODE=1")
	if built := os.Getenv("DRIFTLINE_BINARY"); built != "" { // while a test is being written: linking takes a minute
		w.binary = built
	} else if err := w.build(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.python(t, "-c", "import boto3; boto3.client('s3').create_bucket(Bucket='"+stateBucket+"')")
	return w
}

// scanned is a run of the command line that only looks.
type scanned struct {
	report         report
	stdout, stderr string
	calls          []recorder.Call
	providers      int // at once, at most
}

// driftline runs a command through the recording proxy, with an output directory of its own, which it gives back.
func (w *world) driftline(t *testing.T, command string, args ...string) (*scanned, string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	args = append([]string{command, "--root", w.checkout, "--output-dir", out}, args...)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, w.binary, args...)
	run.Dir = t.TempDir()
	run.Env = append(w.env, peers.AWSEnv(w.proxy.URL)...)
	run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
	run.WaitDelay = 20 * time.Second
	var stdout, stderr bytes.Buffer
	run.Stdout, run.Stderr = &stdout, &stderr
	w.proxy.Take()
	providers := make(chan int, 1)
	timed(t, "driftline "+command, func() {
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		watch, ended := context.WithCancel(ctx)
		go func() { providers <- mostProviders(watch, run.Process.Pid) }()
		err := run.Wait()
		ended()
		if err != nil {
			t.Fatalf("driftline %s: %v\n%s%s", strings.Join(args, " "), err, stdout.String(), stderr.String())
		}
	})
	s := &scanned{stdout: stdout.String(), stderr: stderr.String(), calls: w.proxy.Take(), providers: <-providers}
	decode(t, readFile(t, filepath.Join(out, "report.json")), &s.report)
	return s, out
}

// put writes an object into the states' bucket.
func (w *world) put(t *testing.T, key, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "object")
	writeFile(t, file, []byte(text))
	w.python(t, "-c", "import boto3, sys; boto3.client('s3').upload_file(sys.argv[1], '"+stateBucket+"', sys.argv[2])", file, key)
}

// pythonWith runs a script with a JSON document as its standard input.
func (w *world) pythonWith(t *testing.T, input any, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "python3", args...)
	command.Env, command.Stdin = w.env, bytes.NewReader(encode(t, input))
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(errors.Join(err, errors.New(stderr.String())))
	}
	return out
}

// instances are the managed resources of a root module's state, by address.
func (w *world) instances(t *testing.T, dir string) map[string]stateResource {
	t.Helper()
	text, err := w.terraform(t.Context(), dir, "show", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Values struct {
			RootModule struct {
				Resources []stateResource `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	decode(t, text, &state)
	found := map[string]stateResource{}
	for _, r := range state.Values.RootModule.Resources {
		if r.Mode == "managed" {
			found[r.Address] = r
		}
	}
	return found
}

type stateResource struct {
	Address string          `json:"address"`
	Mode    string          `json:"mode"`
	Type    string          `json:"type"`
	Values  json.RawMessage `json:"values"`
}
