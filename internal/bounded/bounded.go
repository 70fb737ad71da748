// Package bounded is a checkout whose configuration files are fit to be parsed and evaluated: HCL's parser goes down one
// level for each bracket, its evaluation one for each operator, and a file of either ends the program, which no recover can
// stop. Of two lines that double a text, evaluated fifty times over, no memory is large enough. It decides nothing itself.
package bounded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
)

// Limits of a configuration file. Terraform has none; generated files of a thousand resources stay far below.
const (
	MaxSize   = 4 << 20   // bytes
	maxDepth  = 500       // brackets, quotes and directives of templates that are open at one place
	maxChain  = 10_000    // what goes down without a bracket there: a + b + c, a ? b : c ? d : e, f()()
	maxTokens = 1_000_000 // words and signs: each takes the parser half a kilobyte
)

// extensions are those of files that are parsed.
var extensions = []string{".tf", ".tofu", ".hcl", ".tfvars", ".tfbackend", ".json"}

// ErrHostile is behind the error of a file that is beyond a limit.
var ErrHostile = errors.New("is not fit to be read")

// FS is files, of which configuration files beyond the limits cannot be opened: a *fs.PathError with ErrHostile says why.
func FS(files fs.FS) fs.FS { return checked{files} }

type checked struct{ files fs.FS }

// Open opens a file, after a look at what is in it.
func (c checked) Open(name string) (fs.File, error) {
	if slices.Contains(extensions, path.Ext(name)) {
		if info, err := fs.Stat(c.files, name); err == nil && !info.IsDir() {
			if _, err := c.ReadFile(name); err != nil {
				return nil, err
			}
		}
	}
	return c.files.Open(name)
}

// ReadDir reads a directory.
func (c checked) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(c.files, name) }

// Stat describes a file.
func (c checked) Stat(name string) (fs.FileInfo, error) { return fs.Stat(c.files, name) }

// ReadFile reads a whole file.
func (c checked) ReadFile(name string) ([]byte, error) {
	if !slices.Contains(extensions, path.Ext(name)) {
		return fs.ReadFile(c.files, name)
	}
	file, err := c.files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, refused(name, fmt.Errorf("it %w: it is no regular file", ErrHostile))
	}
	content, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err == nil {
		err = Check(name, content)
	}
	if err != nil {
		return nil, refused(name, err)
	}
	return content, nil
}

func refused(name string, err error) error { return &fs.PathError{Op: "read", Path: name, Err: err} }
