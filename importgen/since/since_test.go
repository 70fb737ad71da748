package since

import (
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

func TestKnows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		feature           Feature
		required, running string
		want              bool
	}{
		{ImportBlocks, "", "", true},
		{ImportBlocks, ">= 1.0", "", true},
		{ImportBlocks, "~> 1.3.0", "", false},
		{ImportBlocks, "< 1.5", "", false},
		{ImportBlocks, "1.4.6", "", false},
		{ImportBlocks, "~> 1.10.0", "", true}, // later than 1.5, although its text is not
		{ImportBlocks, ">= 0.14, < 2.0.0", "", true},
		{ImportBlocks, "= 1.9.3", "", true},
		{ImportBlocks, "1.5.7", "", true},
		{ImportBlocks, "nonsense", "", true},
		{ImportBlocks, ">= 1.0", "1.3.9", false},
		{ImportBlocks, ">= 1.0", "v1.11.4", true},
		{ImportBlocks, "~> 1.3.0", "1.11.4", false}, // another Terraform than the run's
		{RemovedBlocks, "~> 1.6.0", "", false},
		{RemovedBlocks, "~> 1.6", "", true},
		{RemovedBlocks, "1.6.6", "1.11.4", false},
		{RemovedBlocks, "", "1.6.0", false},
		{RemovedBlocks, "", "1.7.0-beta1", true},
		{ImportBlockForEach, "< 1.7.0", "", false},
		{ImportBlocks, "", "OpenTofu v1.6.0", true},
		{ImportBlocks, "~> 1.5.0", "OpenTofu v1.6.0", false}, // there is no such OpenTofu
		{ImportBlocks, "~> 1.5.0", "Terraform v1.11.4", true},
		{ImportBlockForEach, "", "OpenTofu v1.6.3", false},
		{ImportBlockForEach, "", "OpenTofu v1.8.0", true},
	} {
		if got := knows(tt.feature, tt.required, tt.running); got != tt.want {
			t.Errorf("knows(%d, %q, %q) = %v", tt.feature, tt.required, tt.running, got)
		}
	}
}

// TestIn: a lock file says which program a root module is run with.
func TestIn(t *testing.T) {
	t.Parallel()
	tofu := map[string]string{"registry.opentofu.org/hashicorp/aws": "5.100.0"}
	for _, tt := range []struct {
		locked            map[string]string
		required, running string
		want              bool
	}{
		{nil, "", "Terraform v1.6.6", false},
		{nil, "", "OpenTofu v1.7.0", true},
		{tofu, "", "Terraform v1.6.6", true}, // some OpenTofu, and not the Terraform that runs
		{tofu, "", "OpenTofu v1.6.2", false},
		{tofu, "~> 1.6.0", "Terraform v1.11.4", false},
		{map[string]string{drift.AWS: "5.100.0"}, "~> 1.6.0", "OpenTofu v1.9.0", false},
		{map[string]string{drift.AWS: "5.100.0"}, "", "1.11.4", true},
	} {
		root := drift.RootModule{Locked: tt.locked, RequiredVersion: tt.required}
		if got := In(root, ImportBlockForEach, tt.running); got != tt.want {
			t.Errorf("In(%v, %q, %q) = %v", tt.locked, tt.required, tt.running, got)
		}
	}
}
