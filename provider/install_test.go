//go:build unix

package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

// fakeTerraform is the program that installs providers: `version -json` and `init`, which notes what it was given in
// $HOME and fails when $FAKE_INIT says so.
func fakeTerraform(args []string) int {
	switch args[0] {
	case "version":
		fmt.Println(`{"terraform_version": "1.11.4", "platform": "linux_amd64", "provider_selections": {}}`)
		return 0
	case "init":
	default:
		return 1
	}
	if why := os.Getenv("FAKE_INIT"); why != "" {
		fmt.Fprintln(os.Stderr, why)
		return 1
	}
	var module struct {
		Terraform struct {
			RequiredProviders map[string]struct{ Source, Version string } `json:"required_providers"`
		}
	}
	data, err := os.ReadFile("main.tf.json")
	if err == nil {
		err = json.Unmarshal(data, &module)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	wanted := module.Terraform.RequiredProviders["wanted"]
	version := strings.TrimPrefix(wanted.Version, "= ")
	if version == "" {
		version = "9.9.9"
	}
	lock, _ := os.ReadFile(".terraform.lock.hcl")
	config := os.Getenv("TF_CLI_CONFIG_FILE")
	note := fmt.Sprintf("%s|%s|%s|%s %t|%s\n", wanted.Source, wanted.Version, strings.TrimSpace(string(lock)),
		filepath.Base(config), filepath.IsAbs(config), os.Getenv("TF_DATA_DIR"))
	record, err := os.OpenFile(filepath.Join(os.Getenv("HOME"), "inits"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 1
	}
	defer record.Close()
	fmt.Fprint(record, note)
	dir := filepath.Join(".terraform", "providers", filepath.FromSlash(wanted.Source), version, runtime.GOOS+"_"+runtime.GOARCH)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 1
	}
	if err := os.WriteFile(filepath.Join(dir, "LICENSE.txt"), nil, 0o600); err != nil {
		return 1
	}
	self, err := os.Executable()
	if err != nil {
		return 1
	}
	if err := os.Symlink(self, filepath.Join(dir, "terraform-provider-fake-five")); err != nil {
		return 1
	}
	return 0
}

// installPeer puts this test binary into a folder as terraform or tofu.
func installPeer(t *testing.T, name string) (dir string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestInstall(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		program string
		note    string
	}{
		"terraform": {"terraform", "registry.terraform.io/driftline/fake|= 1.2.3|# locked|cli.tfrc true|"},
		"tofu":      {"tofu", "registry.opentofu.org/driftline/fake|= 1.2.3|# locked|cli.tfrc true|"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home, checkout, temp := t.TempDir(), t.TempDir(), t.TempDir()
			if err := os.MkdirAll(filepath.Join(checkout, "live"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(checkout, "live", ".terraform.lock.hcl"), []byte("# locked\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			fleet := New(Options{
				Environ: []string{"PATH=" + installPeer(t, tc.program), "HOME=" + home, "TF_CLI_CONFIG_FILE=cli.tfrc",
					"TF_DATA_DIR=/elsewhere", "TF_LOG=trace", "TF_VAR_secret=x"},
				Checkout: checkout,
				Dir:      temp,
				Roots:    []drift.RootModule{{Dir: "live", Locked: map[string]string{fakeSource: "1.2.3"}}},
			})
			for range 2 {
				if _, err := fleet.Schema(t.Context(), fakeSource, "fake_thing"); err != nil {
					t.Fatal(err)
				}
			}
			inits, err := os.ReadFile(filepath.Join(home, "inits"))
			if err != nil || strings.TrimSpace(string(inits)) != tc.note {
				t.Errorf("inits: %q, %v", inits, err)
			}
			made, err := os.ReadDir(temp)
			if err != nil || len(made) != 1 {
				t.Fatalf("%v, %v", made, err)
			}
			if info, err := made[0].Info(); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
			if err := fleet.Close(); err != nil {
				t.Error(err)
			}
			if left, _ := os.ReadDir(temp); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestInstallFailures(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		source         string
		opts           Options
		reason, remedy string
	}{
		"no program": {fakeSource, Options{Environ: []string{"PATH=" + t.TempDir()}},
			"neither terraform nor tofu is on PATH", "setup-terraform"},
		"named program is missing": {fakeSource, Options{Exec: filepath.Join(t.TempDir(), "terraform")},
			"cannot be run", "install Terraform"},
		"init fails": {fakeSource, Options{Environ: []string{"FAKE_INIT=╷\n│ Error: no such\n│ registry\n╵", "PATH=" + installPeer(t, "terraform")}},
			"terraform init could not install the newest version: exit status 1 Error: no such registry", "terraform init"},
		"odd source": {`registry.terraform.io/x/"${file("/etc/passwd")}`, Options{}, "source address", "namespace/type"},
		"odd constraint": {fakeSource, Options{VersionConstraints: map[string]string{fakeSource: "${x}"}},
			"version constraint", "~> 5.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fleet := New(tc.opts)
			defer fleet.Close()
			_, err := fleet.Schema(t.Context(), tc.source, "fake_thing")
			s := skipped(t, err)
			contains(t, s.Reason, tc.reason)
			contains(t, s.Remedy, tc.remedy)
		})
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	const openTofu = "registry.opentofu.org/hashicorp/aws"
	roots := []drift.RootModule{
		{Dir: "old", Locked: map[string]string{drift.AWS: "5.9.0"}, Required: map[string]string{drift.AWS: "~> 5.0"}},
		{Dir: "new", Locked: map[string]string{openTofu: "5.100.0"}},
		{Dir: "loose", Required: map[string]string{drift.AWS: ">= 4.0"}},
	}
	for name, tc := range map[string]struct {
		opts     Options
		dir      string
		want     string
		lockFile string
	}{
		"locked by its root module": {Options{Roots: roots, Checkout: "c"}, "old", "= 5.9.0", filepath.Join("c", "old", ".terraform.lock.hcl")},
		"locked by OpenTofu":        {Options{Roots: roots}, "new", "= 5.100.0", filepath.Join("new", ".terraform.lock.hcl")},
		"required by its root":      {Options{Roots: roots}, "loose", ">= 4.0", ""},
		"newest locked of all":      {Options{Roots: roots}, "", "= 5.100.0", filepath.Join("new", ".terraform.lock.hcl")},
		"of a root not in the checkout": {Options{Roots: roots}, "away", "= 5.100.0",
			filepath.Join("new", ".terraform.lock.hcl")},
		"required by all": {Options{Roots: []drift.RootModule{{Required: map[string]string{drift.AWS: "~> 5.0"}}, roots[2],
			{Required: map[string]string{drift.AWS: "~> 5.0"}}}}, "", ">= 4.0, ~> 5.0", ""},
		"given by the user": {Options{Roots: roots, VersionConstraints: map[string]string{drift.AWS: "~> 6.0"}}, "old", "~> 6.0", ""},
		"nothing known":     {Options{}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := choose(tc.opts, drift.AWS, tc.dir)
			if want := (selection{drift.AWS, tc.want, tc.lockFile}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestPluginEnviron(t *testing.T) {
	t.Parallel()
	got := strings.Join(pluginEnviron(drift.AWS, []string{
		"AWS_PROFILE=p", "GITHUB_TOKEN=secret", "TF_LOG=trace", "TF_VAR_x=secret", "https_proxy=h", "PATH=/bin", "PATHOLOGY=x",
		"DRIFTLINE_TOKEN=secret", "ACTIONS_RUNTIME_TOKEN=secret", "SystemRoot=C:", superviseEnv + "=x",
	}), " ")
	want := "TF_LOG_SDK=ERROR TF_LOG_PROVIDER_AWS=ERROR AWS_PROFILE=p https_proxy=h PATH=/bin SystemRoot=C:"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
