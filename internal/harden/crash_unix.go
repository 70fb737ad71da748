//go:build unix

package harden

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// moveStderr gives standard error another number, and lets the number that Go's runtime writes to lead nowhere.
func moveStderr() (*os.File, error) {
	fd, err := unix.FcntlInt(uintptr(syscall.Stderr), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	defer nowhere.Close()
	if err := unix.Dup2(int(nowhere.Fd()), syscall.Stderr); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), os.Stderr.Name()), nil
}

func ignoreSignals() { signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT) }
