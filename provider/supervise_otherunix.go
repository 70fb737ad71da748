//go:build unix && !linux

package provider

import "syscall"

// dieWithParent does nothing where the kernel has no such thing: a plugin whose supervisor alone is killed lives on
// until Driftline closes its connection.
func dieWithParent(*syscall.SysProcAttr) {}
