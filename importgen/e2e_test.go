package importgen_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/importgen"
	"github.com/seed-e90528ae/driftline/provider"
)

// unverifiable are the seeded resources whose blocks cannot be verified against moto, with the reason. The test
// notices when one more or one less belongs here.
var unverifiable = map[string]string{}

// unimportable are the seeded types that the provider cannot read from moto, with the reason.
var unimportable = map[string]string{
	"aws_sfn_state_machine": "moto answers ListStateMachineVersions with a 500",
}

// TestMain lets the test binary look after the provider plugins that it starts.
func TestMain(m *testing.M) {
	if provider.Supervise() {
		return
	}
	os.Exit(m.Run())
}

// TestRealProvider generates code for an estate in moto with the real AWS provider, and has real Terraform judge it:
// every verified block must be planned as an import without a change.
func TestRealProvider(t *testing.T) {
	if os.Getenv("DRIFTLINE_E2E") == "" {
		t.Skip("needs DRIFTLINE_E2E=1, terraform, the AWS provider and moto: make e2e")
	}
	for _, peer := range []string{"terraform", "moto_server", "python3"} {
		needPeer(t, peer)
	}
	environ := startMoto(t)
	seeded := seed(t, environ)

	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	fleet := provider.New(provider.Options{Environ: environ, Dir: t.TempDir(), Region: "us-east-1"})
	defer fleet.Close()
	items := importAll(t, ctx, fleet, seeded)

	start := time.Now()
	options := importgen.Options{
		Planner: fleet, DefaultRoot: "infra", HomeRegion: "us-east-1", Running: "1.11.4", Versions: map[string]string{drift.AWS: "5.100.0"},
	}
	result, err := importgen.Generate(ctx, items, options)
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, f := range result.Files {
		lines += codeLines(f.Content)
	}
	t.Logf("%d blocks in %s, %d lines; per block: %.1f plans, %.1f validations", len(items), time.Since(start).Round(time.Millisecond),
		lines, float64(result.Calls.Plan)/float64(len(items)), float64(result.Calls.Validate)/float64(len(items)))

	verified := 0
	seen := map[string]bool{}
	for _, u := range result.Unmanaged {
		if u.Verified {
			verified++
			continue
		}
		seen[u.Type] = true
		if unverifiable[u.Type] == "" {
			t.Errorf("%s is not verified: %v", u.SuggestedAddress, u.Differences)
		}
	}
	for typ := range unverifiable {
		if !seen[typ] {
			t.Errorf("%s is verified now: take it off the list", typ)
		}
	}
	t.Logf("%d of %d blocks verified", verified, len(items))

	out := os.Getenv("DRIFTLINE_E2E_OUT")
	if out == "" {
		out = t.TempDir()
	}
	writeFiles(t, out, result.Files)
	judge(t, filepath.Join(out, "infra"), environ, verified)
	t.Run("grouped, policies as data", func(t *testing.T) {
		styled := options
		styled.Group, styled.PolicyStyle = true, importgen.PolicyData
		result, err := importgen.Generate(ctx, items, styled)
		if err != nil {
			t.Fatal(err)
		}
		var code []byte
		for _, f := range result.Files {
			code = append(code, f.Content...)
		}
		for _, want := range []string{`aws_sqs_queue.mail[each.key]`, `data "aws_iam_policy_document" "app_role_assume_role"`} {
			if !bytes.Contains(code, []byte(want)) {
				t.Errorf("nowhere: %s", want)
			}
		}
		dir := filepath.Join(out, "styled")
		writeFiles(t, dir, result.Files)
		judge(t, filepath.Join(dir, "infra"), environ, verified)
	})
	if dumped := dump(t, items, environ); lines*100 > dumped*maxShare {
		t.Errorf("%d lines of code, and Terraform itself would write %d", lines, dumped)
	} else {
		t.Logf("%d lines, %.0f %% of the %d that terraform plan -generate-config-out writes", lines, 100*float64(lines)/float64(dumped), dumped)
	}
}

func writeFiles(t *testing.T, dir string, files []drift.File) {
	t.Helper()
	for _, f := range files {
		if bytes.Contains(f.Content, []byte("planted-secret")) {
			t.Errorf("%s holds a planted secret", f.Path)
		}
		file := filepath.Join(dir, f.Path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// maxShare is how many lines Driftline may write where Terraform itself writes a hundred, import blocks and provider
// configuration aside on both sides.
const maxShare = 45

// dump counts the lines that Terraform itself generates for the same resources.
func dump(t *testing.T, items []importgen.Item, environ []string) int {
	t.Helper()
	dir := t.TempDir()
	var code strings.Builder
	code.WriteString("terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n    }\n  }\n}\n" +
		"provider \"aws\" {\n  s3_use_path_style = true\n}\n" +
		"provider \"aws\" {\n  alias = \"us_west_2\"\n  region = \"us-west-2\"\n  s3_use_path_style = true\n}\n")
	for i, item := range items {
		alias := ""
		if item.Region == "us-west-2" {
			alias = "  provider = aws.us_west_2\n"
		}
		fmt.Fprintf(&code, "import {\n%s  to = %s.r%d\n  id = %q\n}\n", alias, item.Type, i, item.ImportID)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(code.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-input=false"}, {"plan", "-input=false", "-generate-config-out=generated.tf"}} {
		cmd := exec.Command("terraform", args...)
		cmd.Dir, cmd.Env = dir, environ
		if out, err := cmd.CombinedOutput(); err != nil && args[0] == "init" { // its own code does not plan: a known complaint
			t.Fatalf("terraform %s: %v\n%s", args[0], err, out)
		}
	}
	generated, err := os.ReadFile(filepath.Join(dir, "generated.tf"))
	if out := os.Getenv("DRIFTLINE_E2E_OUT"); out != "" {
		_ = os.WriteFile(filepath.Join(out, "dump.txt"), generated, 0o644) // for people to look at
	}
	if err != nil {
		t.Fatal(err)
	}
	if blocks := bytes.Count(generated, []byte("\nresource ")); blocks != len(items) {
		t.Logf("Terraform itself generates %d blocks of %d", blocks, len(items))
	}
	return codeLines(generated)
}

// codeLines counts the lines of resources and of the variables that they need, blank lines and comments left out.
func codeLines(code []byte) int {
	n, counted := 0, false
	for line := range bytes.Lines(code) {
		if head, _, _ := bytes.Cut(line, []byte(" ")); len(line) > 1 && line[0] >= 'a' && line[0] <= 'z' {
			counted = string(head) == "resource" || string(head) == "variable"
		}
		if line = bytes.TrimSpace(line); counted && len(line) > 0 && line[0] != '#' {
			n++
		}
	}
	return n
}

// judge plans a root module with real Terraform and requires imports and nothing else.
func judge(t *testing.T, dir string, environ []string, imports int) {
	t.Helper()
	// What a bucket in moto needs, and no bucket in AWS does.
	override := `
provider "aws" {
  s3_use_path_style = true
}

provider "aws" {
  alias             = "us_west_2"
  s3_use_path_style = true
}
`
	if err := os.WriteFile(filepath.Join(dir, "moto_override.tf"), []byte(override), 0o644); err != nil {
		t.Fatal(err)
	}
	terraform := func(args ...string) []byte {
		t.Helper()
		cmd := exec.Command("terraform", args...)
		cmd.Dir, cmd.Env = dir, environ
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("terraform %s: %v\n%s%s", args[0], err, stdout.String(), stderr.String())
		}
		return stdout.Bytes()
	}
	terraform("init", "-no-color", "-input=false")
	terraform("fmt", "-check", "-no-color")
	terraform("validate", "-no-color")
	lint(t, dir)
	t.Logf("%s", lastLine(terraform("plan", "-no-color", "-input=false", "-out=plan.bin")))
	var plan tfjson.Plan
	if err := json.Unmarshal(terraform("show", "-json", "plan.bin"), &plan); err != nil {
		t.Fatal(err)
	}
	imported := 0
	for _, change := range plan.ResourceChanges {
		if change.Change.Importing == nil || !change.Change.Actions.NoOp() {
			t.Errorf("%s: planned %v", change.Address, change.Change.Actions)
			continue
		}
		imported++
	}
	if imported != imports {
		t.Errorf("%d pure imports planned, %d blocks verified", imported, imports)
	}
}

// lint holds a root module against tflint's default rules. What else the test shows does not need tflint, so that a
// machine without it loses this alone.
func lint(t *testing.T, dir string) {
	t.Helper()
	if _, err := exec.LookPath("tflint"); err != nil {
		if os.Getenv("DRIFTLINE_REQUIRE_PEERS") == "1" {
			t.Errorf("tflint is required and absent: %v", err)
		}
		t.Log("not linted: no tflint")
		return
	}
	cmd := exec.Command("tflint", "--no-color")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("tflint: %v\n%s", err, out)
	}
}

func lastLine(out []byte) string {
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Plan:") || strings.HasPrefix(line, "No changes") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

func needPeer(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("DRIFTLINE_REQUIRE_PEERS") == "1" {
		t.Fatalf("%s is required and absent", name)
	}
	t.Skipf("needs %s", name)
}

// startMoto starts a moto server and returns the environment in which everything speaks to it.
func startMoto(t *testing.T) []string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	listener.Close()
	moto := exec.Command("moto_server", "-H", "127.0.0.1", "-p", port)
	if err := moto.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = moto.Process.Kill(), moto.Wait() })
	for range 300 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	cli := filepath.Join(t.TempDir(), "terraform.rc")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror(t))
	if err := os.WriteFile(cli, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "AWS_ENDPOINT_URL=http://"+address, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_REGION=us-east-1", "TF_CLI_CONFIG_FILE="+cli, "CHECKPOINT_DISABLE=1")
}

// mirror finds the directory in which the AWS provider lies as Terraform's filesystem mirrors have it.
func mirror(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("TF_PLUGIN_MIRROR"); dir != "" {
		return dir
	}
	found := ""
	_ = filepath.WalkDir("/", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return nil //nolint:nilerr // what cannot be looked into is passed by
		case path == "/proc" || path == "/sys" || path == "/dev" || path == filepath.Clean(os.TempDir()):
			return fs.SkipDir
		case strings.HasSuffix(path, "/registry.terraform.io/hashicorp/aws"):
			found = filepath.Dir(filepath.Dir(filepath.Dir(path)))
			return fs.SkipAll
		}
		return nil
	})
	if found == "" {
		if os.Getenv("DRIFTLINE_REQUIRE_PEERS") == "1" {
			t.Fatal("a mirror of the AWS provider is required and absent: set TF_PLUGIN_MIRROR")
		}
		t.Skip("needs a mirror of the AWS provider")
	}
	return found
}

func seed(t *testing.T, environ []string) []drift.Resource {
	t.Helper()
	cmd := exec.Command("python3", filepath.Join("testdata", "seed.py"), "--strict")
	cmd.Env = environ
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("seed moto: %v\n%s", err, stderr.String())
	}
	var made []drift.Resource
	if err := json.Unmarshal(out, &made); err != nil {
		t.Fatal(err)
	}
	for i := range made {
		made[i].Provider = drift.AWS
	}
	return made
}

func importAll(t *testing.T, ctx context.Context, fleet *provider.Fleet, resources []drift.Resource) []importgen.Item {
	t.Helper()
	objects := make([]drift.Object, len(resources))
	failures := make([]error, len(resources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i, r := range resources {
		group.Go(func() error {
			objects[i], failures[i] = fleet.Import(ctx, r)
			return nil
		})
	}
	_ = group.Wait()
	var items []importgen.Item
	types := map[string]bool{}
	for i, r := range resources {
		switch {
		case failures[i] != nil && unimportable[r.Type] != "":
			continue
		case unimportable[r.Type] != "":
			t.Errorf("%s is imported now: take it off the list", r.Type)
		case failures[i] != nil:
			t.Errorf("import %s %s: %v", r.Type, r.ImportID, failures[i])
		case objects[i].Value.IsNull():
			t.Errorf("import %s %s: not found", r.Type, r.ImportID)
		default:
			items = append(items, importgen.Item{Resource: r, Object: objects[i]})
			types[r.Type] = true
		}
	}
	t.Logf("%d resources of %d types", len(items), len(types))
	return items
}
