package harden

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"strings"
)

// crashEnv makes this program the teller of another's crash.
const crashEnv = "DRIFTLINE_TELL_CRASH"

// TellCrash makes this process the one that RedactCrashes has started, when it is; main must call it before anything else,
// and return when it says true.
func TellCrash() (handled bool) {
	if os.Getenv(crashEnv) == "" {
		return false
	}
	ignoreSignals() // it ends with its parent, and not before
	told, err := io.ReadAll(io.LimitReader(os.Stdin, 8<<20))
	if err == nil && len(told) > 0 {
		fmt.Fprint(os.Stderr, crashText(string(told)))
	}
	return true
}

// RedactCrashes keeps Go itself from writing what a panic says, which may be anything that was in memory, to standard error:
// a panic in another goroutine than main's cannot be caught. A second process of this program tells where it happened
// instead, and nothing else. From here on, standard error is the file that is returned.
//
// On Windows, and where it cannot be done, standard error stays as it is and the error says why.
func RedactCrashes() (stderr *os.File, err error) {
	if stderr, err = moveStderr(); err != nil {
		return os.Stderr, err
	}
	// Without a teller nothing is told, which is better than everything.
	return stderr, startTeller(stderr)
}

func startTeller(stderr *os.File) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	reading, writing, err := os.Pipe()
	if err != nil {
		return err
	}
	defer reading.Close()
	defer writing.Close() // SetCrashOutput keeps one of its own
	teller := exec.Command(self)
	teller.Env = []string{crashEnv + "=1"}
	teller.Stdin, teller.Stderr = reading, stderr
	if err := teller.Start(); err != nil {
		return err
	}
	if err := debug.SetCrashOutput(writing, debug.CrashOptions{}); err != nil {
		return err
	}
	return teller.Process.Release()
}

var (
	goroutine = regexp.MustCompile(`^goroutine \d+ .*\[[a-zA-Z0-9 ,.()-]*\]:$`)
	place     = regexp.MustCompile(`^\t\S+\.(?:go|s):\d+`)
	arguments = regexp.MustCompile(`\([^()]*\)$`)
	// harmless are the messages of Go's own that hold no values but numbers and types.
	harmless = regexp.MustCompile(`^(?:panic: runtime error: (?:index|slice|invalid memory|integer|makeslice|hash of|comparing)|fatal error: [a-z ]+$)`)
)

// crashText is what may be told of a crash: where, by functions and lines, and no message and no arguments.
func crashText(crash string) string {
	var text strings.Builder
	text.WriteString("driftline: crashed in the background; what the panic said is withheld, because it may hold secrets\n")
	before, inStack := "", false
	lines := bufio.NewScanner(strings.NewReader(crash))
	lines.Buffer(nil, len(crash)+1)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case goroutine.MatchString(line):
			inStack = true
			text.WriteString("\n" + line + "\n")
		case !inStack && harmless.MatchString(line):
			text.WriteString(line + "\n")
		case inStack && place.MatchString(line):
			// A function's arguments are numbers, some of which are what a string is made of.
			text.WriteString(arguments.ReplaceAllString(before, "") + "\n" + place.FindString(line) + "\n")
		}
		before = line
	}
	text.WriteString("\nThis is a mistake of Driftline's: report it, please, with these lines.\n")
	return text.String()
}
