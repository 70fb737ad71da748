package provider

import "syscall"

// dieWithParent covers the one case that the pipe cannot: the supervisor itself is killed.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
