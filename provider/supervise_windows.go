package provider

import (
	"os"
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

func prepareGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &windows.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// prepareSupervisor keeps a console's Ctrl-C away from the supervisor, which has its work still to do then.
func prepareSupervisor(cmd *exec.Cmd) { prepareGroup(cmd) }

// holdGroup puts the started command into a job that ends with the last handle to it, which this process holds.
// Where Windows refuses the job, only the command itself is killed.
func holdGroup(cmd *exec.Cmd) (kill func()) {
	alone := func() { cmd.Process.Kill() }
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return alone
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		return alone
	}
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(cmd.Process.Pid))
	if err != nil {
		return alone
	}
	defer windows.CloseHandle(process)
	if windows.AssignProcessToJobObject(job, process) != nil {
		return alone
	}
	return func() { windows.TerminateJobObject(job, 1) }
}

func signalOf(*os.ProcessState) int { return 0 }
