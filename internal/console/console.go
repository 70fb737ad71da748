// Package console speaks to whoever watches a run: a live line on a terminal, groups and commands in a GitHub
// workflow, plain lines elsewhere. It renders no report and decides nothing.
package console

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sethvargo/go-githubactions"
	"golang.org/x/term"
)

// Console is where a run says what it does. Its methods may be called from several goroutines.
type Console struct {
	out     io.Writer // in a workflow, commands go here
	log     io.Writer
	action  *githubactions.Action // nil outside of a workflow
	live    bool                  // log is a terminal: one line is redrawn
	noColor bool
	level   slog.Level
	now     func() time.Time
	clean   func(string) string

	mu       sync.Mutex // guards log and annotations
	warnings int
}

// maxAnnotations is how many warnings GitHub shows of one step.
// https://docs.github.com/en/rest/checks/runs (annotations of a job: 50, of a step: 10)
const maxAnnotations = 10

// New makes a console of a run's writers and environment. GITHUB_ACTIONS=true means a workflow.
func New(out, log io.Writer, getenv func(string) string, level slog.Level) *Console {
	c := &Console{out: out, log: log, level: level, now: time.Now, noColor: getenv("NO_COLOR") != "",
		clean: func(text string) string { return text }}
	if getenv("GITHUB_ACTIONS") == "true" {
		c.action = githubactions.New(githubactions.WithWriter(out), githubactions.WithGetenv(getenv))
		return c
	}
	if file := fileBehind(log); file != nil && level <= slog.LevelInfo {
		c.live = term.IsTerminal(int(file.Fd())) && getenv("TERM") != "dumb"
	}
	return c
}

// fileBehind is the file that a writer passes on to, nil where it is none. Such a writer has an Unwrap method.
func fileBehind(w io.Writer) *os.File {
	for {
		if file, ok := w.(*os.File); ok {
			return file
		}
		wrapper, ok := w.(interface{ Unwrap() io.Writer })
		if !ok {
			return nil
		}
		w = wrapper.Unwrap()
	}
}

// Clean sets what outputs and the summary go through, which the workflow keeps in files: what is written to the console's
// own writers they may clean themselves.
func (c *Console) Clean(clean func(string) string) { c.clean = clean }

// Workflow says whether this is a step of a GitHub workflow.
func (c *Console) Workflow() bool { return c.action != nil }

// Size is the width of the terminal that output goes to, 0 where it is none, and whether it takes colours.
// https://no-color.org
func (c *Console) Size() (width int, color bool) {
	file := fileBehind(c.out)
	if file == nil || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		width = 0
	}
	return width, !c.noColor
}

// Mask hides secrets in everything that the workflow logs from here on.
func (c *Console) Mask(secrets ...string) {
	for _, secret := range secrets {
		if c.action != nil && secret != "" {
			c.action.AddMask(secret)
		}
	}
}

// Output sets an output of the workflow step. Elsewhere it does nothing.
func (c *Console) Output(name, value string) {
	if c.action != nil {
		c.action.SetOutput(name, c.clean(value))
	}
}

// Summary adds to the job summary. Elsewhere it does nothing.
func (c *Console) Summary(markdown string) {
	if c.action != nil {
		c.action.AddStepSummary(c.clean(markdown))
	}
}

// Warn shows a warning: as an annotation while GitHub has room for one, else as a line.
func (c *Console) Warn(text string) {
	if c.level > slog.LevelWarn {
		return
	}
	c.mu.Lock()
	c.warnings++
	room := c.warnings <= maxAnnotations
	c.mu.Unlock()
	if c.action != nil && room {
		c.action.Warningf("%s", text)
		return
	}
	c.line("warning: " + text)
}

// WarnAt shows a warning at a line of a file of the repository's, while GitHub has room for it; else as a line.
func (c *Console) WarnAt(file string, line int, title, text string) {
	if c.action == nil || file == "" {
		c.Warn(title + ": " + text)
		return
	}
	c.mu.Lock()
	c.warnings++
	room := c.warnings <= maxAnnotations
	c.mu.Unlock()
	if c.level > slog.LevelWarn {
		return
	}
	if !room {
		c.line(fmt.Sprintf("warning: %s:%d: %s: %s", file, line, title, text))
		return
	}
	c.action.WithFieldsMap(map[string]string{"file": file, "line": strconv.Itoa(line), "title": title}).Warningf("%s", text)
}

// Error shows why a run could not do its job.
func (c *Console) Error(err error) {
	if c.action != nil {
		c.action.Errorf("%s", err)
		return
	}
	c.line("driftline: " + err.Error())
}

// Info says something worth knowing in one line.
func (c *Console) Info(text string) {
	if c.level <= slog.LevelInfo {
		c.line(text)
	}
}

// Debug says something that only matters when something is wrong.
func (c *Console) Debug(text string) {
	if c.level <= slog.LevelDebug {
		c.line(text)
	}
}

// DebugWriter is where chatty helpers may write; nil unless the level is debug.
func (c *Console) DebugWriter() io.Writer {
	if c.level > slog.LevelDebug {
		return nil
	}
	return writer(func(b []byte) { c.line(strings.TrimRight(string(b), "\n")) })
}

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) {
	w(b)
	return len(b), nil
}

// newlines are what a runner, which reads lines as .NET does, takes for the end of one.
var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// line writes a line of its own. Untrusted text cannot start a workflow command with it: those begin a line with "::".
func (c *Console) line(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live {
		fmt.Fprint(c.log, "\r\x1b[K")
	}
	for l := range strings.SplitSeq(newlines.Replace(text), "\n") {
		if c.action != nil && strings.HasPrefix(strings.TrimSpace(l), "::") {
			l = "\u200b" + l
		}
		fmt.Fprintln(c.log, l)
	}
}

// Phase is a part of a run that takes a while.
type Phase struct {
	console *Console
	title   string
	started time.Time
	counts  sync.Map // unit → *atomic.Int64
	stop    chan struct{}
	ended   sync.WaitGroup
}

// redraw is how often the live line changes.
const redraw = 100 * time.Millisecond

// Phase begins a phase, which must be ended by Done.
func (c *Console) Phase(title string) *Phase {
	p := &Phase{console: c, title: title, started: c.now(), stop: make(chan struct{})}
	if c.action != nil {
		c.action.Group(title)
	}
	if c.live {
		p.ended.Go(p.redraw)
	}
	return p
}

// Add counts n more of a unit: "resources listed".
func (p *Phase) Add(unit string, n int) {
	counter, ok := p.counts.Load(unit)
	if !ok {
		counter, _ = p.counts.LoadOrStore(unit, new(atomic.Int64))
	}
	counter.(*atomic.Int64).Add(int64(n))
}

// Done ends the phase with one line: its title, what was counted and how long it took.
func (p *Phase) Done() {
	close(p.stop)
	p.ended.Wait()
	p.console.Info(p.status())
	if p.console.action != nil {
		p.console.action.EndGroup()
	}
}

func (p *Phase) status() string {
	var parts []string
	p.counts.Range(func(unit, count any) bool {
		parts = append(parts, fmt.Sprintf("%d %s", count.(*atomic.Int64).Load(), unit))
		return true
	})
	slices.Sort(parts)
	status := p.title
	if len(parts) > 0 {
		status += ": " + strings.Join(parts, ", ")
	}
	return fmt.Sprintf("%s (%.1f s)", status, p.console.now().Sub(p.started).Seconds())
}

func (p *Phase) redraw() {
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-tick.C:
			p.console.mu.Lock()
			fmt.Fprint(p.console.log, "\r\x1b[K"+p.status())
			p.console.mu.Unlock()
		}
	}
}
