package peers

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestHoldsProvider(t *testing.T) {
	t.Parallel()
	platform := runtime.GOOS + "_" + runtime.GOARCH
	for name, tc := range map[string]struct {
		path string
		want bool
	}{
		"unpacked":       {awsProvider + "/5.100.0/" + platform + "/terraform-provider-aws", true},
		"packed":         {awsProvider + "/terraform-provider-aws_5.100.0_" + platform + ".zip", true},
		"other platform": {awsProvider + "/5.100.0/plan9_mips/terraform-provider-aws", false},
		"other provider": {"registry.terraform.io/hashicorp/random/1.0.0/" + platform + "/x", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, filepath.FromSlash(tc.path))
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if got := holdsProvider(dir); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

// mothersEnv makes TestMother one that starts a process. Its value is in the environment of everything below it.
const mothersEnv = "DRIFTLINE_TEST_MOTHER"

// TestMother starts what TestNothingIsLeft asks for, and lives until its standard input ends.
func TestMother(t *testing.T) {
	what, _, _ := strings.Cut(os.Getenv(mothersEnv), " ")
	log := filepath.Join(t.TempDir(), "log") // holds something as soon as it runs
	switch what {
	case "guarded":
		Start(t, Process{Command: []string{"sh", "-c", "echo started; exec sleep 300"}, Log: log})
	case "input":
		Start(t, Process{Command: []string{"sh", "-c", "echo started; exec cat"}, Log: log, EndsWithInput: true})
	case "Vault":
		StartVault(t)
		log = os.Args[0] // which holds something: StartVault returns when it answers
	default:
		t.Skip("is a part of TestNothingIsLeft")
	}
	for text, err := os.ReadFile(log); err == nil && len(text) == 0; text, err = os.ReadFile(log) {
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("started")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// TestNothingIsLeft: whatever was started ends with its test, and also when the test's process is killed.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("needs /proc")
	}
	whats := []string{"guarded", "input"}
	if os.Getenv("DRIFTLINE_E2E") != "" {
		VaultProgram(t) // once, and not in each of two mothers
		whats = append(whats, "Vault")
	}
	for _, what := range whats {
		for end, by := range map[string]func(*exec.Cmd, io.Closer) error{
			"its test ends": func(_ *exec.Cmd, stdin io.Closer) error { return stdin.Close() },
			"it is killed":  func(mother *exec.Cmd, _ io.Closer) error { return mother.Process.Kill() },
		} {
			t.Run(what+", "+end, func(t *testing.T) {
				t.Parallel()
				mark := mothersEnv + "=" + what + " " + t.TempDir()
				mother := exec.Command(os.Args[0], "-test.run", "^TestMother$")
				mother.Env = append(os.Environ(), mark)
				stdin, err := mother.StdinPipe()
				if err != nil {
					t.Fatal(err)
				}
				stdout, err := mother.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := mother.Start(); err != nil {
					t.Fatal(err)
				}
				if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "started\n" {
					t.Errorf("%q, %v", line, err)
				}
				if n := alive(t, mark); n < 2 {
					t.Errorf("%d processes: nothing was started", n)
				}
				if err := by(mother, stdin); err != nil {
					t.Error(err)
				}
				_ = mother.Wait() // killed, or done
				for deadline := time.Now().Add(15 * time.Second); alive(t, mark) > 0; time.Sleep(20 * time.Millisecond) {
					if time.Now().After(deadline) {
						t.Fatalf("%d processes are left", alive(t, mark))
					}
				}
			})
		}
	}
}

// alive is how many processes have a variable in the environment that they were started with.
func alive(t *testing.T, mark string) int {
	t.Helper()
	environs, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, path := range environs {
		// What cannot be read has ended, or is somebody else's.
		if text, err := os.ReadFile(path); err == nil && slices.Contains(strings.Split(string(text), "\x00"), mark) {
			count++
		}
	}
	return count
}

func TestReadyTellsOfAnExit(t *testing.T) {
	t.Parallel()
	exited := Start(t, Process{Command: []string{"true"}, Log: filepath.Join(t.TempDir(), "log")})
	err := Ready(t.Context(), "http://127.0.0.1:"+FreePort(t), exited, 30*time.Second)
	if err == nil || !strings.Contains(err.Error(), "exited before") {
		t.Errorf("got %v", err)
	}
}

func TestStartMoto(t *testing.T) {
	E2E(t)
	t.Parallel()
	if !answers(t.Context(), StartMoto(t)) {
		t.Error("moto does not answer")
	}
	if _, err := http.Get(StartMoto(t) + "/moto-api/"); err != nil {
		t.Error(err)
	}
	if config, err := os.ReadFile(CLIConfig(t)); err != nil || !strings.Contains(string(config), "filesystem_mirror") {
		t.Errorf("%s, %v", config, err)
	}
}
