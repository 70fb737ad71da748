//go:build unix && !linux

package harden

import "syscall"

// NoCoreDumps keeps a crash of this process, or of any that it starts from here on, from writing its memory to disk.
func NoCoreDumps() error { return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
