// Package peers finds and starts the real programs that whole-run tests are judged by: moto, Terraform, the AWS provider,
// Python, Node, act. It is for tests alone, asserts nothing about Driftline and installs nothing.
package peers

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// E2E skips the test unless DRIFTLINE_E2E is set: `make test` needs nothing but Go and stays short.
func E2E(t testing.TB) {
	t.Helper()
	if os.Getenv("DRIFTLINE_E2E") == "" {
		t.Skip("needs DRIFTLINE_E2E=1 and real peers (moto, terraform): make e2e")
	}
}

// Require ends the test when the named peer is absent (err tells why): it is skipped on a user's machine and fails where
// DRIFTLINE_REQUIRE_PEERS is set, as it is in .ci/run, so that nothing there passes by not running.
func Require(t testing.TB, peer string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("DRIFTLINE_REQUIRE_PEERS") != "":
		t.Fatalf("needs %s, and DRIFTLINE_REQUIRE_PEERS forbids to skip: %v", peer, err)
	default:
		t.Skipf("needs %s: %v", peer, err)
	}
}

// Program is the path of a program: the value of the environment variable named override, else the one on PATH.
// "" for override means that there is none. The test is skipped when the program is absent.
func Program(t testing.TB, name, override string) string {
	t.Helper()
	if override != "" {
		if path := os.Getenv(override); path != "" {
			return path
		}
	}
	path, err := exec.LookPath(name)
	if err != nil && override != "" {
		err = fmt.Errorf("%w; install it or set %s", err, override)
	}
	Require(t, name, err)
	return path
}

// cache is a directory for peers that stay from run to run: below DRIFTLINE_PEERS, as .ci/run sets it, or the user's cache.
func cache(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("DRIFTLINE_PEERS")
	if root == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			user = os.TempDir()
		}
		root = filepath.Join(user, "driftline-peers")
	}
	dir := filepath.Join(root, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Mirror is the root of a Terraform filesystem mirror that holds the AWS provider for this platform, whether packed or
// unpacked: TF_PLUGIN_MIRROR, or the first one found on this machine's disk outside the temporary folder, where leftovers
// of other tests look alike. The test is skipped when there is none.
func Mirror(t testing.TB) string {
	t.Helper()
	dir, err := findMirror()
	Require(t, "a mirror of the AWS provider", err)
	return dir
}

// CLIConfig writes a Terraform CLI configuration that installs providers from Mirror and from nowhere else, and returns
// its path, the value for TF_CLI_CONFIG_FILE.
func CLIConfig(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "terraformrc")
	text := fmt.Sprintf("disable_checkpoint = true\n\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", Mirror(t))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const awsProvider = "registry.terraform.io/hashicorp/aws"

// findMirror walks the disk at most once per test binary: the answer is a fact of the machine.
var findMirror = sync.OnceValues(func() (string, error) {
	if dir := os.Getenv("TF_PLUGIN_MIRROR"); dir != "" {
		if !holdsProvider(dir) {
			return "", fmt.Errorf("TF_PLUGIN_MIRROR %s has no %s for %s_%s", dir, awsProvider, runtime.GOOS, runtime.GOARCH)
		}
		return dir, nil
	}
	for _, root := range []string{"/opt", "/usr/share", "/usr/local", "/srv", "/var/lib", home(), "/"} {
		if dir := searchMirror(root); dir != "" {
			return dir, nil
		}
	}
	return "", fmt.Errorf("no directory %s on this machine; set TF_PLUGIN_MIRROR to the root of a filesystem mirror", awsProvider)
})

func home() string {
	dir, err := os.UserHomeDir()
	if err != nil {
		return "/root"
	}
	return dir
}

// searchMirror looks below root, at most 10 levels down, and does not enter what cannot hold a mirror or is huge.
func searchMirror(root string) string {
	skip := map[string]bool{"node_modules": true, ".git": true, "pkg": true, ".terraform": true}
	top := map[string]bool{"/proc": true, "/sys": true, "/dev": true, "/tmp": true, filepath.Clean(os.TempDir()): true}
	var found string
	//nolint:errcheck // what cannot be read is passed over
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fs.SkipDir
		case !entry.IsDir():
			return nil
		case top[path] || skip[entry.Name()] || strings.Count(path, "/") > 10:
			return fs.SkipDir
		case strings.HasSuffix(path, "/"+awsProvider):
			mirror := filepath.Dir(filepath.Dir(filepath.Dir(path)))
			if !holdsProvider(mirror) {
				return fs.SkipDir
			}
			found = mirror
			return fs.SkipAll
		default:
			return nil
		}
	})
	return found
}

// holdsProvider knows both layouts of a mirror: VERSION/OS_ARCH/ and terraform-provider-aws_VERSION_OS_ARCH.zip.
func holdsProvider(mirror string) bool {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	for _, pattern := range []string{"*/" + platform, "*_" + platform + ".zip"} {
		if hits, err := filepath.Glob(filepath.Join(mirror, awsProvider, pattern)); err == nil && len(hits) > 0 {
			return true
		}
	}
	return false
}
