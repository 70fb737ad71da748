package state

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"github.com/seed-e90528ae/driftline/drift"
)

// checkoutOf unpacks a fixture into a directory of its own.
func checkoutOf(t testing.TB, name string) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join(fixtures, "checkouts", name))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		write(t, filepath.Join(dir, filepath.FromSlash(f.Name)), string(f.Data))
	}
	return dir
}

func TestRoots(t *testing.T) {
	t.Parallel()
	dir := checkoutOf(t, "roots.txtar")
	slash := "/" + strings.TrimPrefix(filepath.ToSlash(dir), "/")
	roots, sources, skipped := Roots(t.Context(), dir)

	const registry = "registry.terraform.io/hashicorp/"
	want := []drift.RootModule{
		{Dir: "azure", State: "azblob://tfstate/prod.tfstate"},
		{Dir: "cloud"},
		{Dir: "elsewhere", State: "file://" + slash + "/states/elsewhere.tfstate"},
		{Dir: "here", State: "file://" + slash + "/here/terraform.tfstate", Resources: []string{"random_id.x"}, Required: map[string]string{registry + "random": ""}},
		{Dir: "http"},
		{Dir: "locked"},
		{Dir: "modules/uncalled", Resources: []string{"aws_vpc.lonely"}, Required: map[string]string{drift.AWS: ""}},
		{
			Dir: "net", State: "s3://states/net/terraform.tfstate", RequiredVersion: ">= 1.5, < 2.0",
			Providers: []drift.ProviderConfig{
				{LocalName: "aws", Source: drift.AWS, Region: "eu-west-1", Account: "111122223333", DefaultTags: map[string]string{"Owner": "team-prod", "a:b": "c"}},
				{LocalName: "aws", Source: drift.AWS, Alias: "west", Region: "us-west-2", Account: "444455556666"},
			},
			Required: map[string]string{
				drift.AWS: "~> 5.0", registry + "random": "", "registry.example.com/corp/dns": "1.2.3", registry + "legacy": "~> 2.0", registry + "google": "",
			},
			Locked:    map[string]string{drift.AWS: "5.100.0"},
			Resources: []string{"aws_subnet.json", "aws_vpc.main", "google_project.p", "other_thing.x"},
			Modules:   []string{"remote", "sub"},
			Variables: []string{"account", "env", "region", "zone"},
		},
		{Dir: "override", State: "gs://right/team/net/default.tfstate"},
		{Dir: "partial"},
	}
	if diff := cmp.Diff(want, roots, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("roots (-want +got):\n%s", diff)
	}
	if len(skipped) != 1 || skipped[0].What != "directory broken" || skipped[0].State == "" ||
		!strings.Contains(skipped[0].Reason, "broken/main.tf:1") {
		t.Errorf("skipped %+v", skipped)
	}

	var broken []string
	for _, s := range sources {
		if s.broken != nil {
			broken = append(broken, s.Root+": "+s.broken.Reason)
			if s.broken.State == "" || s.broken.Remedy == "" || strings.Contains(s.broken.Error(), "s3cr3t") {
				t.Errorf("%+v", s.broken)
			}
		}
	}
	wantBroken := []string{
		"cloud: its state is kept by HCP Terraform",
		`http: states of the "http" backend are not read`,
		`partial: its backend "s3" has no bucket`,
	}
	if diff := cmp.Diff(wantBroken, broken); diff != "" {
		t.Errorf("broken (-want +got):\n%s", diff)
	}
}

func TestBackends(t *testing.T) {
	t.Parallel()
	dir := checkoutOf(t, "backends.txtar")
	get := func(root string, pairs ...string) Source {
		t.Helper()
		_, sources, _ := Roots(t.Context(), dir, pairs...)
		for _, s := range sources {
			if s.Root == root {
				return s
			}
		}
		t.Fatalf("no source for %s", root)
		return Source{}
	}

	full := get("full")
	if full.URL != "s3://b/full.tfstate" || full.query.Encode() != "endpoint=https%3A%2F%2Fminio.example.com&profile=states&region=eu-west-1&use_path_style=true" {
		t.Errorf("%s %s", full.URL, full.query.Encode())
	}
	if !full.spaces.match("spaces/prod/full.tfstate") || full.spaces.match("env:/prod/full.tfstate") || full.spaces.match("spaces/full.tfstate") {
		t.Errorf("workspaces %+v", full.spaces)
	}
	args := backendArgs{accessKey: "AKIAEXAMPLE", secretKey: "s3cr3t", role: assumeRole{arn: "arn:aws:iam::111122223333:role/states", externalID: "ext"}}
	if full.args != args {
		t.Errorf("%+v", full.args)
	}
	if legacy := get("legacy"); legacy.query.Encode() != "endpoint=https%3A%2F%2Fold.example.com&use_path_style=true" || legacy.args.role.arn == "" || legacy.args.role.sessionName != "nightly" {
		t.Errorf("%s %+v", legacy.query.Encode(), legacy.args)
	}
	if j := get("json"); j.URL != "s3://b/json.tfstate" || j.args.role.arn != "arn:aws:iam::111122223333:role/json" {
		t.Errorf("%s %+v", j.URL, j.args)
	}

	for _, tt := range []struct {
		root  string
		pairs []string
		want  string // URL, or the reason why there is none
	}{
		{"empty", nil, `its backend "s3" has no bucket`},
		{"empty", []string{"bucket=x"}, `its backend "s3" has no key`},
		{"empty", []string{"bucket=x", "key=a/b=c"}, "s3://x/a/b=c"},
		{"empty", []string{"common.hcl", "key=k"}, "s3://from-file/k"},
		{"empty", []string{"common.hcl", "prod.tfbackend"}, "s3://from-file/from-module-file.tfstate"},
		{"full", []string{"bucket=x", "key=y"}, "s3://b/full.tfstate"},
		{"variable", nil, `the key of its backend "s3" is not a literal`},
		{"variable", []string{"key=k"}, "s3://b/k"},
		{"badendpoint", nil, "its backend's endpoint must be a URL such as https://minio.example.com"},
	} {
		s := get(tt.root, tt.pairs...)
		got := s.URL
		if s.broken != nil {
			got = s.broken.Reason
		}
		if got != tt.want {
			t.Errorf("%s with %v: %s, want %s", tt.root, tt.pairs, got, tt.want)
		}
	}
	if s := get("empty", "common.hcl", "key=k"); s.query.Get("endpoint") != "https://file.example.com" {
		t.Errorf("endpoint of a file: %s", s.query.Encode())
	}
	if s := get("empty", `bucket=x`, "key=k", `endpoints={s3="https://pair.example.com"}`); s.query.Get("endpoint") != "https://pair.example.com" {
		t.Errorf("endpoint of a pair: %s", s.query.Encode())
	}
	for input, want := range map[string]string{
		"nowhere.hcl": "there is no such file",
		"broken.hcl":  "broken.hcl:",
		"../outside":  "there is no such file",
	} {
		_, _, skipped := Roots(t.Context(), dir, input)
		if len(skipped) != 1 || !strings.Contains(skipped[0].Reason, want) || skipped[0].Remedy == "" {
			t.Errorf("%s: %+v", input, skipped)
		}
	}
}

func TestLocalBackendWithWorkspaces(t *testing.T) {
	t.Parallel()
	dir := checkoutOf(t, "roots.txtar")
	at := "file:///" + strings.TrimPrefix(filepath.ToSlash(dir), "/")
	_, sources, _ := Roots(t.Context(), dir)
	var local []Source
	for _, s := range sources {
		if s.scheme == "file" {
			local = append(local, s)
		}
	}
	want(t, gather(t, local, Options{}),
		"skipped "+at+"/states/elsewhere.tfstate: there is no such directory",
		at+`/here/terraform.tfstate.d/blue/terraform.tfstate: {"id":"blue"} of here`,
		at+`/here/terraform.tfstate: {"id":"default"} of here`)
	// The same by URL: where the state stands is enough to know whose it is.
	want(t, sorted(gather(t, mustParse(t, at+"/**/*.tfstate"), Options{Roots: sources})),
		at+`/here/terraform.tfstate.d/blue/terraform.tfstate: {"id":"blue"} of here`,
		at+`/here/terraform.tfstate: {"id":"default"} of here`)
}

func TestSymlinksStayInTheCheckout(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "main.tf"), `resource "aws_vpc" "outside" {}`)
	write(t, filepath.Join(dir, "shared/main.tf"), `resource "aws_vpc" "shared" {}`)
	for name, target := range map[string]string{
		"in/main.tf": "../shared/main.tf", "out/main.tf": filepath.Join(outside, "main.tf"), "dangling/main.tf": "nowhere", "loop": ".", "away": outside,
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("needs symbolic links:", err)
		}
	}
	roots, _, skipped := Roots(t.Context(), dir)
	var got []string
	for _, r := range roots {
		got = append(got, r.Dir+" "+strings.Join(r.Resources, " "))
	}
	for _, s := range skipped {
		got = append(got, "skipped "+s.What)
	}
	want(t, got, "in aws_vpc.shared", "shared aws_vpc.shared", "skipped directory dangling", "skipped directory out")
}

func TestRootsOfNoDirectory(t *testing.T) {
	t.Parallel()
	roots, sources, skipped := Roots(t.Context(), filepath.Join(t.TempDir(), "none"))
	if len(roots)+len(sources) > 0 || len(skipped) != 1 {
		t.Errorf("%v %v %v", roots, sources, skipped)
	}
}

// describedBy writes files into a checkout and gives its root modules by directory.
func describedBy(t *testing.T, files map[string]string, links map[string]string) map[string]drift.RootModule {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	roots, _, skipped := Roots(t.Context(), dir)
	if len(skipped) != 0 {
		t.Errorf("skipped %+v", skipped)
	}
	byDir := map[string]drift.RootModule{}
	for _, r := range roots {
		byDir[r.Dir] = r
	}
	return byDir
}

func TestOpenTofuFilesStandInForTerraforms(t *testing.T) {
	t.Parallel()
	roots := describedBy(t, map[string]string{
		"only/main.tofu":       "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"only\"\n  }\n}\n",
		"both/main.tf":         "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"terraform\"\n  }\n}\nresource \"aws_vpc\" \"a\" {}\n",
		"both/main.tofu":       "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"tofu\"\n  }\n}\n",
		"both/more.tf":         "resource \"aws_vpc\" \"b\" {}\n",
		"both/json.tf.json":    `{"resource": {"aws_vpc": {"c": {}}}}`,
		"both/json.tofu.json":  `{"resource": {"aws_vpc": {"d": {}}}}`,
		"both/x_override.tofu": "terraform {\n  required_version = \">= 1.8\"\n}\n",
	}, nil)
	if got := roots["only"].State; got != "s3://b/only" {
		t.Errorf("only .tofu: state %q", got)
	}
	both := roots["both"]
	if both.State != "s3://b/tofu" || !slices.Equal(both.Resources, []string{"aws_vpc.b", "aws_vpc.d"}) || both.RequiredVersion != ">= 1.8" {
		t.Errorf("both: %+v", both)
	}
}

func TestOverrideFilesSayMoreOfWhatIsThere(t *testing.T) {
	t.Parallel()
	r := describedBy(t, map[string]string{
		"main.tf": `terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 4.0" }
  }
}
provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["111122223333"]
}
provider "aws" {
  alias  = "west"
  region = "us-west-1"
}
resource "aws_vpc" "main" {}
module "m" {
  source = "example/m"
}
`,
		"a_override.tf": `terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}
provider "aws" {
  region = "eu-west-1"
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
module "m" {
  version = "2.0.0"
}
`,
	}, nil)["."]
	want := drift.RootModule{
		Dir: ".", RequiredVersion: ">= 1.9", Required: map[string]string{drift.AWS: "~> 5.0"},
		Providers: []drift.ProviderConfig{
			{LocalName: "aws", Source: drift.AWS, Region: "eu-west-1", Account: "111122223333"},
			{LocalName: "aws", Source: drift.AWS, Alias: "west", Region: "us-west-1"},
		},
		Resources: []string{"aws_vpc.main"}, Modules: []string{"m"},
	}
	if diff := cmp.Diff(want, r, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestModuleCalledByALinkIsNoRoot(t *testing.T) {
	t.Parallel()
	roots := describedBy(t, map[string]string{
		"shared/queue/main.tf": "resource \"aws_sqs_queue\" \"q\" {}\n",
		"live/main.tf":         "terraform {\n  backend \"local\" {}\n}\nmodule \"q\" {\n  source = \"./queue\"\n}\n",
	}, map[string]string{"live/queue": "../shared/queue"})
	if _, is := roots["shared/queue"]; is || len(roots) != 1 {
		t.Errorf("roots: %v", roots)
	}
}
