//go:build unix

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The test binary plays every part: the tests, the supervisor, the provider plugin, the program that installs it, and
// a Driftline that is killed.
func TestMain(m *testing.M) {
	if Supervise() {
		return
	}
	switch name := filepath.Base(os.Args[0]); {
	case strings.HasPrefix(name, "terraform-provider-"):
		serveFake()
		return
	case name == "terraform" || name == "tofu":
		os.Exit(fakeTerraform(os.Args[1:]))
	}
	if os.Getenv("DRIFTLINE_TEST_HOLD") != "" {
		holdFleet()
		return
	}
	os.Exit(m.Run())
}
