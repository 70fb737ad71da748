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
	"sync/atomic"
	"syscall"

	goplugin "github.com/hashicorp/go-plugin"
)

// superviseEnv names the plugin that a re-executed Driftline has to look after. The plugin itself never sees it.
const superviseEnv = "DRIFTLINE_SUPERVISE"

// abandonedEnv names the folder that the plugin is installed in, when Driftline made it: a Driftline that is killed cannot
// remove it any more. The plugin itself never sees it.
const abandonedEnv = "DRIFTLINE_ABANDONED"

// farewell is what Driftline says to a supervisor that it ends itself.
const farewell = "end\n"

// Supervise makes this process the supervisor of a provider plugin, when it was started as one; main and TestMain
// must call it before anything else and return at once when it says true.
//
// A plugin must not outlive Driftline, however Driftline ends. SIGKILL cannot be caught, and only Linux can tie a
// child to its parent's death, so Driftline starts itself once more between the two: the supervisor starts the plugin
// in a process group (Windows: a job) of its own, and its standard input is a pipe that only Driftline holds open.
// When that pipe ends, Driftline is gone or wants the plugin gone, and the group is killed. A Driftline that is gone
// without a word leaves the folder of its plugin behind, and the supervisor removes it.
//
// The supervisor exits with the plugin's exit code, or 128 plus the number of the signal that ended it.
func Supervise() (handled bool) {
	binary, ok := os.LookupEnv(superviseEnv)
	if !ok {
		return false
	}
	folder := os.Getenv(abandonedEnv)
	os.Unsetenv(superviseEnv)
	os.Unsetenv(abandonedEnv)
	if code := supervise(binary, folder); code != 0 {
		os.Exit(code)
	}
	return true
}

func supervise(binary, folder string) (code int) {
	// Linux kills the plugin when the thread that started it ends: hold on to this thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	plugin := exec.Command(binary)
	plugin.Stdout, plugin.Stderr = os.Stdout, os.Stderr // inherited, not copied
	prepareGroup(plugin)
	if err := plugin.Start(); err != nil {
		_, _ = io.WriteString(os.Stderr, err.Error()+"\n")
		return 127
	}
	kill := holdGroup(plugin)
	var abandoned atomic.Bool
	defer func() {
		if abandoned.Load() {
			removeAbandoned(folder)
		}
	}()
	defer removeSockets(os.Getenv(pluginSockets))
	defer kill() // whatever the plugin has started itself

	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-asked
		kill()
	}()
	go func() {
		last, _ := io.ReadAll(io.LimitReader(os.Stdin, int64(len(farewell)))) // a broken pipe is an end, too
		abandoned.Store(len(last) == 0)
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
