// Package bounded is a checkout whose configuration files are fit to be parsed: HCL's parser goes down one level for each
// bracket, and a file of brackets ends the program, which no recover can stop. It parses nothing itself.
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
	MaxSize  = 4 << 20 // bytes
	maxDepth = 500     // brackets that are open at one place, and signs in a row
	maxForks = 10_000  // conditionals within one block: a ? b : c ? d : … goes down as well
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
		err = Check(content)
	}
	if err != nil {
		return nil, refused(name, err)
	}
	return content, nil
}

func refused(name string, err error) error { return &fs.PathError{Op: "read", Path: name, Err: err} }

// Check says what is wrong with a configuration file's content, nil for nothing. It looks at bytes alone, so brackets in
// strings count as well: they mostly close.
func Check(content []byte) error {
	if len(content) > MaxSize {
		return fmt.Errorf("it %w: it has more than %d MiB", ErrHostile, MaxSize>>20)
	}
	depth, signs, forks := 0, 0, 0
	for _, c := range content {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth = max(0, depth-1); depth == 0 {
				forks = 0
			}
		case '?':
			forks++
		}
		switch c {
		case '-', '!':
			signs++
		case ' ', '\t', '\n', '\r':
		default:
			signs = 0
		}
		if depth > maxDepth || signs > maxDepth || forks > maxForks {
			return fmt.Errorf("it %w: it nests too deeply", ErrHostile)
		}
	}
	return nil
}
