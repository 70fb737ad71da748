// Package assessment asks programs of the user's own what they think of generated code: Trivy for weaknesses, Infracost
// for what it costs. It installs neither, judges nothing by itself, and gives them no credentials of the run's.
package assessment

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seed-e90528ae/driftline/drift"
)

// Options say whom to ask about what.
type Options struct {
	Program string        // path of the program
	Files   []drift.File  // generated code, as it stands in the checkout
	Environ []string      // of the run; what is no concern of the program's is left out
	Timeout time.Duration // of all that it does; 0 for five minutes
}

// maxOutput is the most that is read of what a program says.
const maxOutput = 64 << 20

// passed are the variables that a program may see, besides those that begin with its own name: where things are, and how
// the network is reached. Credentials of clouds and of GitHub are not among them.
var passed = []string{
	"PATH", "HOME", "USERPROFILE", "LOCALAPPDATA", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LANG", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
}

func environ(all []string, prefix string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		name = strings.ToUpper(name)
		return !slices.Contains(passed, name) && !strings.HasPrefix(name, prefix)
	})
}

// laidOut writes Terraform's own files among files below a folder that lasts as long as use does.
func laidOut(files []drift.File, use func(dir string) error) error {
	dir, err := os.MkdirTemp("", "driftline-assessment-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, f := range files {
		if path.Ext(f.Path) != ".tf" {
			continue
		}
		name := filepath.FromSlash(f.Path)
		if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := root.WriteFile(name, f.Content, 0o600); err != nil {
			return err
		}
	}
	return use(dir)
}

// ask runs the program in dir and returns what it printed.
func (o Options) ask(ctx context.Context, dir string, environ []string, args ...string) ([]byte, error) {
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Minute
	}
	ctx, stop := context.WithTimeout(ctx, o.Timeout)
	defer stop()
	cmd := exec.CommandContext(ctx, o.Program, args...)
	cmd.Dir, cmd.Env = dir, environ
	cmd.WaitDelay = 5 * time.Second // for what it may have started itself
	out, said := &bounded{most: maxOutput}, &bounded{most: 64 << 10}
	cmd.Stdout, cmd.Stderr = out, said
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%s was not done after %s", filepath.Base(o.Program), o.Timeout)
	case out.cut:
		return nil, fmt.Errorf("%s said more than %d MiB", filepath.Base(o.Program), maxOutput>>20)
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(o.Program), err, lastWords(said.String(), dir))
	}
	return out.Bytes(), nil
}

// lastWords is the last line of a program's complaint, without the folder that is another one each night.
func lastWords(said, dir string) string {
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(said, dir, "")), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// bounded keeps the first bytes that are written, and takes the rest without keeping it.
type bounded struct {
	bytes.Buffer
	most int
	cut  bool
}

func (b *bounded) Write(p []byte) (int, error) {
	room := b.most - b.Len()
	if len(p) <= room {
		return b.Buffer.Write(p)
	}
	b.cut = true
	_, _ = b.Buffer.Write(p[:room])
	return len(p), nil
}

// ReadFrom would let io.Copy past Write.
func (b *bounded) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{b}, r)
}

// skip puts into the report that something could not be told.
func skip(found *drift.Report, what string, err error, remedy string) {
	found.Skipped = append(found.Skipped, drift.Skipped{What: what, Reason: err.Error(), Remedy: remedy, Extra: true, Err: err})
	found.Finish()
}
