package e2e

import (
	"strings"
	"sync"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// TestWholeRun is the proof of the main job: a real estate, changed behind Terraform's back, seen through the command
// line, through failures of its cloud, and through the action.
func TestWholeRun(t *testing.T) {
	peers.E2E(t)
	w := newWorld(t)
	calm := sync.OnceValue(func() *outcome { return w.run(t) }) // not made when only the action is asked for

	t.Run("unmanaged", func(t *testing.T) { checkUnmanaged(t, w, &calm().report) })
	t.Run("deleted", func(t *testing.T) { checkDeleted(t, w, &calm().report) })
	t.Run("managed", func(t *testing.T) { checkManaged(t, w, &calm().report) })
	t.Run("skipped", func(t *testing.T) { checkSkipped(t, &calm().report) })
	t.Run("verified", func(t *testing.T) { checkVerified(t, &calm().report) })
	t.Run("drift", func(t *testing.T) { checkDrift(t, w, &calm().report) })
	t.Run("code", func(t *testing.T) { checkCode(t, w, calm()) })
	t.Run("read only", func(t *testing.T) { checkReadOnly(t, calm()) })
	t.Run("leaks", func(t *testing.T) { checkLeaks(t, w, calm().texts(t)) })
	t.Run("faults", func(t *testing.T) { checkFaults(t, w, calm()) })
	t.Run("action", func(t *testing.T) { checkAction(t, w) })
}

// texts is all that a run has said.
func (o *outcome) texts(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{"standard output": o.stdout, "standard error": o.stderr}
	for name, content := range files(t, o.dir) {
		texts[name] = string(content)
	}
	return texts
}

// checkReadOnly: neither Driftline nor its provider process has made a call that changes anything.
func checkReadOnly(t *testing.T, o *outcome) {
	services, provider := map[string]int{}, 0
	for _, call := range o.calls {
		if call.Mutating {
			t.Errorf("a call that changes something: %+v", call)
		}
		services[call.Service]++
		if isProvider(call.Agent) {
			provider++
		}
	}
	if len(services) < 20 || provider < 100 || provider == len(o.calls) {
		t.Errorf("%d calls to %d services, %d by the provider: the proxy does not see what it should", len(o.calls), len(services), provider)
	}
	t.Logf("%d calls, %d by the provider: %v", len(o.calls), provider, services)
}

// isProvider tells the AWS provider's process by what it calls itself to AWS.
func isProvider(agent string) bool { return strings.Contains(agent, "terraform-provider-aws") }
