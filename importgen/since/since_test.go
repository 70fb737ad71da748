package since

import "testing"

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
	} {
		if got := Knows(tt.feature, tt.required, tt.running); got != tt.want {
			t.Errorf("Knows(%d, %q, %q) = %v", tt.feature, tt.required, tt.running, got)
		}
	}
}
