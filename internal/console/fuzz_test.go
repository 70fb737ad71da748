package console_test

import (
	"log/slog"
	"strings"
	"testing"
)

// FuzzWorkflowCommands has untrusted text said in every way: a runner must find no command in it but those that are ours.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func FuzzWorkflowCommands(f *testing.F) {
	for _, s := range []string{"::set-output name=x::y", "a\n::error::b", "a\r::error::b", "\u2028::error::b", " \t::add-mask::x", "##[error]x", "%0A::x::", "\v::stop-commands::x", "\xff::x::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, out, log, _ := workflow(t, slog.LevelDebug)
		c.Info("info " + s)
		c.Info(s)
		c.Debug(s)
		c.Warn(s)
		c.WarnAt(s, 3, s, s)
		phase := c.Phase("Scan")
		phase.Add(s, 1)
		phase.Done()
		for _, line := range strings.FieldsFunc(log.String(), func(r rune) bool { return r == '\n' || r == '\r' }) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%q makes a command of %q", s, line)
			}
		}
		// Of the commands that are ours: two warnings, a group and its end.
		commands := 0
		for _, line := range strings.FieldsFunc(out.String(), func(r rune) bool { return r == '\n' || r == '\r' }) {
			if !strings.HasPrefix(line, "::warning") && !strings.HasPrefix(line, "::group::Scan") && !strings.HasPrefix(line, "::endgroup::") {
				t.Errorf("%q makes the line %q", s, line)
			}
			commands++
		}
		if commands != 4 {
			t.Errorf("%q makes %d commands:\n%s", s, commands, out)
		}
	})
}
