package settle_test

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen/settle"
	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/provider"
	"github.com/seed-e90528ae/driftline/scanner"
	"github.com/seed-e90528ae/driftline/state"
)

func TestMain(m *testing.M) {
	if provider.Supervise() {
		return
	}
	os.Exit(m.Run())
}

// nothingListed is a cloud in which only what states know is looked at.
type nothingListed struct{}

func (nothingListed) Resources(context.Context) iter.Seq2[drift.Listed, error] {
	return func(func(drift.Listed, error) bool) {}
}

// behindTerraformsBack is what a person does with the console. Each line is arguments of the aws CLI.
const behindTerraformsBack = `
dynamodb tag-resource --resource-arn arn:aws:dynamodb:us-east-1:123456789012:table/orders --tags Key=Env,Value=prod Key=Owner,Value=me
iam create-policy-version --set-as-default --policy-arn arn:aws:iam::123456789012:policy/read --policy-document {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"arn:aws:dynamodb:us-east-1:123456789012:table/orders","Sid":"Read"}]}
iam update-assume-role-policy --role-name app --policy-document {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ec2.amazonaws.com","ecs.amazonaws.com"]}}]}
iam update-role-description --role-name app --description after
logs put-retention-policy --log-group-name /app --retention-in-days 14
logs tag-log-group --log-group-name /app --tags Team=bank,Name=application
ssm put-parameter --overwrite --name /module/parameter --value two --description changed
logs delete-log-group --log-group-name /gone
`

// TestAccepted has real Terraform judge that configuration which accepts drift plans no change: over literals, lists,
// maps, nested blocks, heredocs, jsonencode, variables, locals and modules, and without what is gone.
func TestAccepted(t *testing.T) {
	peers.E2E(t)
	terraform, cli := peers.Program(t, "terraform", "DRIFTLINE_TERRAFORM"), peers.Program(t, "aws", "DRIFTLINE_AWS_CLI")
	endpoint := peers.StartMoto(t)
	environ := append(os.Environ(), append(peers.AWSEnv(endpoint), "TF_CLI_CONFIG_FILE="+peers.CLIConfig(t), "CHECKPOINT_DISABLE=1")...)
	checkout := t.TempDir()
	if err := os.CopyFS(filepath.Join(checkout, "live"), os.DirFS("testdata/e2e")); err != nil {
		t.Fatal(err)
	}
	run := func(program string, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Dir, cmd.Env = filepath.Join(checkout, "live"), environ
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s %s: %v\n%s%s", program, args, err, stdout.String(), stderr.String())
		}
		return stdout.Bytes()
	}
	run(terraform, "init", "-input=false")
	run(terraform, "apply", "-input=false", "-auto-approve")
	for line := range strings.Lines(strings.TrimSpace(behindTerraformsBack)) {
		run(cli, append([]string{"--output", "json"}, strings.Fields(strings.TrimSpace(line))...)...)
	}
	group := strings.Trim(string(run(cli, "--output", "json", "ec2", "describe-security-groups", "--filters", "Name=group-name,Values=web", "--query", "SecurityGroups[0].GroupId")), "\"\n")
	for port, cidr := range map[string]string{"443": "192.168.0.0/16", "8443": "10.1.0.0/16"} {
		run(cli, "ec2", "authorize-security-group-ingress", "--group-id", group, "--protocol", "tcp", "--port", port, "--cidr", cidr)
	}

	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()
	roots, _, _ := state.Roots(ctx, checkout)
	sources, err := state.Parse([]string{"file://" + filepath.ToSlash(filepath.Join(checkout, "live", "terraform.tfstate"))})
	if err != nil {
		t.Fatal(err)
	}
	fleet := provider.New(provider.Options{Environ: environ, Dir: t.TempDir(), Region: "us-east-1", Roots: roots, Checkout: checkout})
	defer fleet.Close()
	found, err := scanner.Scan(ctx, scanner.Options{
		Instances: inLive(state.Instances(ctx, sources, state.Options{})), Inventory: nothingListed{}, Reader: fleet,
		Identify: aws.Identify, Roots: roots, Account: peers.Account, Region: "us-east-1",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range found.Skipped {
		t.Error(&s)
	}
	files, err := settle.Report(ctx, found, nil, settle.Options{Schemas: fleet, Roots: roots, Checkout: os.DirFS(checkout), Accept: true, Remove: true, Running: "1.11.4"})
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for _, d := range found.Drifted {
		for _, c := range d.Changes {
			t.Logf("%s %s: %s -> %s: %+v", d.Address, c.Path, c.Before, c.After, c.Origin)
			if c.Origin != nil && c.Origin.Accepted {
				accepted++
			}
		}
	}
	if accepted < 11 || len(found.Deleted) != 1 {
		t.Errorf("%d changes accepted, %d resources deleted", accepted, len(found.Deleted))
	}
	for _, f := range files {
		t.Logf("%s\n%s", f.Path, f.Content)
		if err := os.WriteFile(filepath.Join(checkout, filepath.FromSlash(f.Path)), f.Content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run(terraform, "plan", "-input=false", "-out=plan.bin")
	var plan tfjson.Plan
	if err := json.Unmarshal(run(terraform, "show", "-json", "plan.bin"), &plan); err != nil {
		t.Fatal(err)
	}
	for _, change := range plan.ResourceChanges {
		if change.Address == "aws_cloudwatch_log_group.gone" && len(change.Change.Actions) == 1 && change.Change.Actions[0] == tfjson.ActionForget {
			continue // what the removed block is for
		}
		if !change.Change.Actions.NoOp() {
			raw, _ := json.Marshal(change.Change)
			t.Errorf("%s: planned %v: %s", change.Address, change.Change.Actions, raw)
		}
	}
}

// inLive says that the instances of a local state are those of the root module beside it.
func inLive(instances iter.Seq2[drift.Instance, error]) iter.Seq2[drift.Instance, error] {
	return func(yield func(drift.Instance, error) bool) {
		for i, err := range instances {
			i.RootModule = "live"
			if !yield(i, err) {
				return
			}
		}
	}
}
