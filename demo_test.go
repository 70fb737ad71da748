package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/inventory/aws"
)

// The demo is the first thing that anybody sees: it must show each kind of finding, and code that was verified.
func TestDemo(t *testing.T) {
	t.Parallel()
	out, stderr, code := driftline(t, nil, "demo")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, want := range []string{
		"aws_security_group.web", "aws_cloudwatch_log_group.checkout", // drifted
		"aws_sns_topic.alerts",                   // deleted
		"acme-uploads", "ci-deploy", "reporting", // unmanaged
		"import {", "resource \"aws_sqs_queue\" \"orders_dead_letter\"",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in the demo:\n%s", want, out)
		}
	}
	for _, unwanted := range []string{"the recording holds no answer", "demo-only-not-a-real"} {
		if strings.Contains(out+stderr, unwanted) {
			t.Errorf("%q in the demo:\n%s", unwanted, out)
		}
	}
}

// The same recording gives the same bytes.
func TestDemoIsStable(t *testing.T) {
	t.Parallel()
	first, _, _ := driftline(t, nil, "demo")
	for range 3 {
		if again, _, _ := driftline(t, nil, "demo"); again != first {
			t.Fatalf("first:\n%s\nthen:\n%s", first, again)
		}
	}
}

// TestRecordDemo makes the demo's recording anew: make record-demo.
func TestRecordDemo(t *testing.T) {
	if os.Getenv("DRIFTLINE_RECORD_DEMO") == "" {
		t.Skip("records the demo anew with DRIFTLINE_RECORD_DEMO=1: make record-demo")
	}
	endpoint := peers.StartMoto(t, "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	env := append(os.Environ(), peers.AWSEnv(endpoint)...)
	env = append(env, "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1", "TF_CLI_CONFIG_FILE="+peers.CLIConfig(t))
	// A queue's URL is its import ID, and moto makes it of the host that it is asked at. Moto stands in as a proxy, so that
	// the demo shows one as AWS has them rather than a port of this machine's.
	env = append(env, "AWS_ENDPOINT_URL_SQS=http://sqs.eu-west-1.amazonaws.com", "HTTP_PROXY="+endpoint, "NO_PROXY=127.0.0.1")
	checkout := t.TempDir()
	if err := os.CopyFS(checkout, os.DirFS(filepath.Join("testdata", "estates", "demo"))); err != nil {
		t.Fatal(err)
	}
	command := func(dir, name string, args ...string) {
		t.Helper()
		c := exec.Command(name, args...)
		c.Dir, c.Env = dir, env
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
	}
	command(".", "aws", "s3", "mb", "s3://acme-terraform")
	for _, root := range []string{"network", "shop"} {
		dir := filepath.Join(checkout, root)
		command(dir, "terraform", "init", "-input=false", "-no-color", "-backend-config=use_path_style=true", "-backend-config=skip_credentials_validation=true")
		command(dir, "terraform", "apply", "-auto-approve", "-input=false", "-no-color")
	}
	command(".", "python3", filepath.Join("testdata", "estates", "demo", "behind_the_back.py"))

	recording, err := filepath.Abs(filepath.Join("testdata", "replay", "demo.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	// What moto cannot list would be skipped, and it calls Macie enabled in every account.
	excluded := []string{"aws_macie2_account"}
	for _, row := range aws.Catalogue() {
		if row.TestedAgainst() != "moto" {
			excluded = append(excluded, row.Type)
		}
	}
	command(checkout, "driftline", "record", "--region", "eu-west-1", "--exclude", strings.Join(excluded, ","),
		"--allow-insecure-endpoint", "--output", recording)
}

// driftline runs the program in this process. A nil getenv is an empty environment.
func driftline(t *testing.T, getenv func(string) string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	if getenv == nil {
		getenv = func(string) string { return "" }
	}
	var out, log bytes.Buffer
	code = run(t.Context(), args, getenv, &out, &log)
	return out.String(), log.String(), code
}
