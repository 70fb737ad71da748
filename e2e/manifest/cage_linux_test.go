package manifest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	image "github.com/moby/docker-image-spec/specs-go/v1"
	"golang.org/x/sys/unix"
)

// cage is what the program of an image is to run in; its variable tells the test's own program to be the one that goes in.
type cage struct {
	Root, Dir      string
	Writable, Args []string
	Env            []string
	User, Group    int
}

const cageVariable = "DRIFTLINE_TEST_CAGE"

func TestMain(m *testing.M) {
	if text := os.Getenv(cageVariable); text != "" {
		var c cage
		err := json.Unmarshal([]byte(text), &c)
		if err == nil {
			err = c.enter()
		}
		fmt.Fprintln(os.Stderr, "cage:", err)
		os.Exit(125)
	}
	os.Exit(m.Run())
}

// contained runs an image's program as a container engine would, in namespaces of its own.
func contained(t *testing.T, root string, writable []string, config image.DockerOCIImageConfig, args []string) (string, error) {
	t.Helper()
	if os.Geteuid() != 0 {
		unable := t.Skip
		if os.Getenv("DRIFTLINE_REQUIRE_PEERS") != "" {
			unable = t.Fatal
		}
		unable("needs root, to be another user in the container")
	}
	user, group, _ := strings.Cut(config.User, ":")
	c := cage{Root: root, Dir: config.WorkingDir, Writable: writable, Args: append(append([]string{}, config.Entrypoint...), args...), Env: config.Env}
	var err error
	if c.User, err = strconv.Atoi(user); err == nil {
		c.Group, err = strconv.Atoi(group)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "/proc/self/exe")
	command.Env = []string{cageVariable + "=" + string(text)}
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS}
	out, err := command.CombinedOutput()
	if strings.Contains(string(out), "cage:") && !strings.Contains(string(out), "no such file") {
		t.Fatalf("no container could be made: %s", out)
	}
	return string(out), err
}

// enter becomes the program in the container: from here on, the machine is the image and its volumes.
func (c cage) enter() error {
	runtime.LockOSThread() // what follows is the thread's own, and the program's that takes its place
	steps := []func() error{
		func() error { return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") },
		func() error { return unix.Mount(c.Root, c.Root, "", unix.MS_BIND, "") },
		func() error {
			return unix.Mount("", c.Root, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV, "")
		},
	}
	for _, dir := range c.Writable {
		steps = append(steps, func() error {
			return unix.Mount("volume", filepath.Join(c.Root, dir), "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, fmt.Sprintf("mode=0770,uid=%d,gid=%d", c.User, c.Group))
		})
	}
	steps = append(steps,
		func() error { return unix.Chroot(c.Root) },
		func() error { return unix.Chdir(c.Dir) },
		func() error {
			for capability := uintptr(0); capability <= unix.CAP_LAST_CAP; capability++ {
				if err := unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0); err != nil {
					return err
				}
			}
			return nil
		},
		func() error { return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) },
		func() error { return syscall.Setgroups([]int{c.Group}) },
		func() error { return syscall.Setresgid(c.Group, c.Group, c.Group) },
		func() error { return syscall.Setresuid(c.User, c.User, c.User) },
		func() error { return syscall.Exec(c.Args[0], c.Args, c.Env) },
	)
	for i, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	return nil
}
