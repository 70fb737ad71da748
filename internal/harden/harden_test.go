//go:build unix

package harden_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/harden"
)

// TestMain lets this program stand for Driftline, whose children must not dump core, and which must not tell what a panic
// says.
func TestMain(m *testing.M) {
	if harden.TellCrash() {
		return
	}
	if os.Getenv("HARDEN_TEST_CRASH") != "" {
		crash(os.Getenv("HARDEN_TEST_CRASH"))
	}
	if os.Getenv("HARDEN_TEST_PARENT") == "" {
		os.Exit(m.Run())
	}
	if err := harden.NoCoreDumps(); err != nil {
		panic(err)
	}
	shell := exec.Command("/bin/sh", "-c", "ulimit -c; ulimit -H -c; ulimit -c unlimited")
	shell.Stdout, shell.Stderr = os.Stdout, os.Stderr
	if shell.Run() == nil {
		os.Stdout.WriteString("a child could raise the limit again\n")
	}
}

func TestNoCoreDumps(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		t.Log("root may raise any limit: only that it is set is tested")
	}
	parent := exec.Command(self)
	parent.Env = []string{"HARDEN_TEST_PARENT=1"}
	out, err := parent.Output()
	if err != nil {
		t.Fatal(err)
	}
	// A shell counts in blocks: the one byte of Linux shows as 0.
	lines := strings.Fields(string(out))
	if len(lines) < 2 || lines[0] != "0" || lines[1] != "0" {
		t.Errorf("a child's limits are %q", out)
	}
	if os.Geteuid() != 0 && strings.Contains(string(out), "raise") {
		t.Error("a child could raise the limit again")
	}
}

// crash ends this process by a panic that says what it must not.
func crash(secret string) {
	stderr, err := harden.RedactCrashes()
	if err != nil {
		panic(err)
	}
	if _, err := stderr.WriteString("before the crash\n"); err != nil {
		panic(err)
	}
	go inTheBackground(secret)
	select {}
}

//go:noinline
func inTheBackground(secret string) {
	panic("first line\n" + secret + "\ngoroutine 1 [running]:\n" + secret + "\n\tat /" + secret + ".go:12")
}

func TestCrashIsToldWithoutItsWords(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const canary = "quiet-meadow-lantern"
	crashing := exec.Command(self)
	crashing.Env = []string{"HARDEN_TEST_CRASH=" + canary}
	out, err := crashing.CombinedOutput() // waits for whoever holds standard error: for the teller, too
	if err == nil {
		t.Fatal("it did not crash")
	}
	text := string(out)
	if strings.Contains(text, canary) || strings.Contains(text, "first line") {
		t.Errorf("told:\n%s", text)
	}
	for _, want := range []string{"before the crash\n", "what the panic said is withheld", "harden_test.inTheBackground\n", "harden_test.go:"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing:\n%s", want, text)
		}
	}
}
