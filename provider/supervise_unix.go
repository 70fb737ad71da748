//go:build unix

package provider

import (
	"os"
	"os/exec"
	"syscall"
)

// prepareGroup gives the command a process group of its own: a terminal's Ctrl-C does not reach it, and it can be
// killed with everything that it starts.
func prepareGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr)
}

// prepareSupervisor keeps a terminal's Ctrl-C, or a kill of Driftline's whole group, away from the supervisor, which has
// its work still to do then.
func prepareSupervisor(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// holdGroup returns what kills the started command and its group.
func holdGroup(cmd *exec.Cmd) (kill func()) {
	return func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// signalOf is the number of the signal that ended a process, 0 when it exited by itself.
func signalOf(state *os.ProcessState) int {
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return 0
	}
	return int(status.Signal())
}
