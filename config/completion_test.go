package config

import (
	"os/exec"
	"strings"
	"testing"
)

func TestCompletionNamesEveryCommandAndFlag(t *testing.T) {
	t.Parallel()
	for _, shell := range shells {
		var b strings.Builder
		if err := WriteCompletion(&b, shell); err != nil {
			t.Fatal(err)
		}
		for _, c := range Commands() {
			if !strings.Contains(b.String(), string(c.Name)) {
				t.Errorf("%s: no command %s", shell, c.Name)
			}
		}
		for _, s := range Settings() {
			if !s.ActionOnly && !strings.Contains(b.String(), s.Flag()) {
				t.Errorf("%s: no flag %s", shell, s.Flag())
			}
		}
		program, err := exec.LookPath(shell)
		if err != nil {
			continue // the script is read above; its syntax by whoever has the shell
		}
		check := exec.Command(program, "-n")
		check.Stdin = strings.NewReader(b.String())
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s -n: %v\n%s", shell, err, out)
		}
	}
}

func TestBashCompletes(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs bash")
	}
	var script strings.Builder
	if err := WriteCompletion(&script, "bash"); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"driftline sc":              "scan",
		"driftline scan --fail":     "--fail-on",
		"driftline scan --team-rev": "", // scan publishes nothing
		"driftline completion f":    "fish",
	} {
		cmd := exec.Command(bash, "-c", script.String()+"\nCOMP_WORDS=("+line+"); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _driftline; echo \"${COMPREPLY[*]}\"")
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%s completes to %q, %v; want %q", line, out, err, want)
		}
	}
}
