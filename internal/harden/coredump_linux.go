package harden

import "syscall"

// coreLimit is in bytes. It is less than the smallest core file, and it keeps the kernel, too, from handing the core to a
// program such as systemd-coredump, which a limit of 0 does not: https://github.com/torvalds/linux/blob/master/fs/coredump.c
// takes 1 for "no pipe either".
const coreLimit = 1

// NoCoreDumps keeps a crash of this process, or of any that it starts from here on, from writing its memory to disk.
func NoCoreDumps() error {
	return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{Cur: coreLimit, Max: coreLimit})
}
