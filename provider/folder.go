package provider

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	folderPrefix = "driftline-provider-"
	lockName     = ".in-use"
	// A folder younger than this may not be locked yet by the Driftline that is just making it.
	settled = time.Minute
)

// folder is a temporary folder that only this user can look into. While its Driftline lives it is locked, so that a later
// one can tell it from what a killed one has left behind.
type folder struct {
	path string
	lock *os.File
}

// makeFolder makes a folder under parent ("" for the system's temporary folder), after removing those of Driftlines
// that were killed before they had a supervisor to tidy up after them.
func makeFolder(parent string) (folder, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	sweep(parent, time.Now())
	path, err := os.MkdirTemp(parent, folderPrefix) // mode 0700
	if err != nil {
		return folder{}, err
	}
	f := folder{path: path}
	f.lock, err = os.OpenFile(filepath.Join(path, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		// Where the file system has no locks, the folder is swept by nobody: only its own Driftline removes it.
		if locked, lockErr := tryLock(f.lock); lockErr != nil || !locked {
			err = errors.Join(f.lock.Close(), os.Remove(f.lock.Name()))
			f.lock = nil
		}
	}
	if err != nil {
		return folder{}, errors.Join(err, os.RemoveAll(path))
	}
	return f, nil
}

// remove deletes the folder and what is in it.
func (f folder) remove() error {
	if f.lock != nil {
		f.lock.Close() // Windows deletes no open file
	}
	return os.RemoveAll(f.path)
}

// sweep removes the folders under parent whose Driftline is gone. What cannot be looked at or removed is left: it may be
// another user's.
func sweep(parent string, now time.Time) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if info, err := entry.Info(); !strings.HasPrefix(entry.Name(), folderPrefix) || err != nil || !info.IsDir() || now.Sub(info.ModTime()) < settled {
			continue
		}
		path := filepath.Join(parent, entry.Name())
		lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR, 0)
		if err != nil {
			continue
		}
		free, err := tryLock(lock)
		lock.Close()
		if err == nil && free {
			os.RemoveAll(path)
		}
	}
}

// removeAbandoned does in a supervisor what a Driftline that was killed cannot do any more. The program in the folder may
// take a moment to let go of it, and so may a `terraform init` that lost its parent.
func removeAbandoned(path string) {
	if !strings.HasPrefix(filepath.Base(path), folderPrefix) || !filepath.IsAbs(path) {
		return
	}
	for range 20 {
		if os.RemoveAll(path) == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}
