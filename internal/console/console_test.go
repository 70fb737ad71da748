package console_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/seed-e90528ae/driftline/internal/console"
)

func workflow(t *testing.T, level slog.Level) (c *console.Console, out, log *bytes.Buffer, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	files = map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY": filepath.Join(dir, "summary")}
	out, log = &bytes.Buffer{}, &bytes.Buffer{}
	return console.New(out, log, func(k string) string { return files[k] }, level), out, log, files
}

func TestWorkflowGetsCommandsOutputsAndSummary(t *testing.T) {
	t.Parallel()
	c, out, _, files := workflow(t, slog.LevelInfo)
	c.Mask("hunter2")
	c.Output("coverage", "97.5")
	c.Summary("# All is well")
	p := c.Phase("Scan")
	p.Add("resources listed", 2)
	p.Done()
	for _, want := range []string{"::add-mask::hunter2", "::group::Scan", "::endgroup::"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %q", want, out)
		}
	}
	for file, want := range map[string]string{"GITHUB_OUTPUT": "97.5", "GITHUB_STEP_SUMMARY": "# All is well"} {
		if b, err := os.ReadFile(files[file]); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s is %q, %v", file, b, err)
		}
	}
}

func TestAtMostTenAnnotations(t *testing.T) {
	t.Parallel()
	c, out, log, _ := workflow(t, slog.LevelInfo)
	for range 12 {
		c.Warn("careful")
	}
	if n := strings.Count(out.String(), "::warning::careful"); n != 10 {
		t.Errorf("%d annotations", n)
	}
	if n := strings.Count(log.String(), "warning: careful"); n != 2 {
		t.Errorf("%d lines", n)
	}
}

func TestTextFromTheCloudStartsNoWorkflowCommand(t *testing.T) {
	t.Parallel()
	c, out, log, _ := workflow(t, slog.LevelDebug)
	c.Info("a name\n::set-output name=x::y")
	c.Debug("  ::add-mask::x")
	c.Warn("a\n::error::b")
	for line := range strings.SplitSeq(log.String()+out.String(), "\n") {
		if text := strings.TrimSpace(line); strings.HasPrefix(text, "::") && !strings.HasPrefix(text, "::warning::a") {
			t.Errorf("a command: %q", line)
		}
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[slog.Level]string{
		slog.LevelDebug: "debug info warning: warn", slog.LevelInfo: "info warning: warn", slog.LevelWarn: "warning: warn", slog.LevelError: "",
	} {
		var log bytes.Buffer
		c := console.New(&log, &log, func(string) string { return "" }, level)
		c.Debug("debug")
		c.Info("info")
		c.Warn("warn")
		if got := strings.Join(strings.Fields(log.String()), " "); got != want {
			t.Errorf("%s: %q, want %q", level, got, want)
		}
	}
}

func TestPhaseCountsFromSeveralGoroutines(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := console.New(&log, &log, func(string) string { return "" }, slog.LevelInfo)
	p := c.Phase("Scan")
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() { p.Add("read", 2); p.Add("listed", 1) })
	}
	group.Wait()
	p.Done()
	if got := log.String(); !strings.HasPrefix(got, "Scan: 100 read, 50 listed (") {
		t.Errorf("got %q", got)
	}
}

func TestAnnotationsAtLines(t *testing.T) {
	t.Parallel()
	c, out, log, _ := workflow(t, slog.LevelInfo)
	for range 11 {
		c.WarnAt("net/a,b::c.tf", 7, "aws_vpc.main\n::error::x", "changed: 100%\n::stop-commands::y")
	}
	want := "::warning file=net/a%2Cb%3A%3Ac.tf,line=7,title=aws_vpc.main%0A%3A%3Aerror%3A%3Ax::changed: 100%25%0A::stop-commands::y\n"
	if got := out.String(); got != strings.Repeat(want, 10) {
		t.Errorf("got %q, want ten of %q", got, want)
	}
	if strings.Contains("\n"+log.String(), "\n::") || !strings.Contains(log.String(), "warning: net/a,b::c.tf:7:") {
		t.Errorf("the eleventh is %q", log)
	}
}
