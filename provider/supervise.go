package provider

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	goplugin "github.com/hashicorp/go-plugin"
)

// superviseEnv names the plugin that a re-executed Driftline has to look after. The plugin itself never sees it.
const superviseEnv = "DRIFTLINE_SUPERVISE"

// Supervise makes this process the supervisor of a provider plugin, when it was started as one; main and TestMain
// must call it before anything else and return at once when it says true.
//
// A plugin must not outlive Driftline, however Driftline ends. SIGKILL cannot be caught, and only Linux can tie a
// child to its parent's death, so Driftline starts itself once more between the two: the supervisor starts the plugin
// in a process group (Windows: a job) of its own, and its standard input is a pipe that only Driftline holds open.
// When that pipe ends, Driftline is gone or wants the plugin gone, and the group is killed.
//
// The supervisor exits with the plugin's exit code, or 128 plus the number of the signal that ended it.
func Supervise() (handled bool) {
	binary, ok := os.LookupEnv(superviseEnv)
	if !ok {
		return false
	}
	os.Unsetenv(superviseEnv)
	if code := supervise(binary); code != 0 {
		os.Exit(code)
	}
	return true
}

func supervise(binary string) (code int) {
	// Linux kills the plugin when the thread that started it ends: hold on to this thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	plugin := exec.Command(binary)
	plugin.Stdout, plugin.Stderr = os.Stdout, os.Stderr // inherited, not copied
	prepareGroup(plugin)
	if err := plugin.Start(); err != nil {
		io.WriteString(os.Stderr, err.Error()+"\n")
		return 127
	}
	kill := holdGroup(plugin)
	defer removeSockets(os.Getenv(pluginSockets))
	defer kill() // whatever the plugin has started itself

	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-asked
		kill()
	}()
	go func() {
		io.Copy(io.Discard, os.Stdin)
		kill()
	}()
	return exitCode(plugin.Wait())
}

// pluginSockets names the folder that go-plugin made for the sockets of this one plugin.
const pluginSockets = goplugin.EnvUnixSocketDir

// removeSockets does what a Driftline that was killed cannot do any more.
func removeSockets(dir string) {
	if strings.HasPrefix(filepath.Base(dir), "plugin-dir") {
		os.RemoveAll(dir)
	}
}

func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		return 126
	case signalOf(exit.ProcessState) != 0:
		return 128 + signalOf(exit.ProcessState)
	default:
		return exit.ExitCode()
	}
}
