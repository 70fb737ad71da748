//go:build unix

package provider

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestFolderIsPrivateAndGone(t *testing.T) {
	t.Parallel()
	f, err := makeFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(f.path); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v: others can look into it", info.Mode(), err)
	}
	if err := f.remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(f.path); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	alive, err := makeFolder(parent)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.remove() //nolint:errcheck // t.TempDir removes it as well
	dead, err := makeFolder(parent)
	if err != nil {
		t.Fatal(err)
	}
	dead.lock.Close() // as the end of a process does
	foreign := filepath.Join(parent, folderPrefix+"of-somebody")
	other := filepath.Join(parent, "terraform-123")
	for _, dir := range []string{foreign, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	there := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	sweep(parent, time.Now())
	if !there(dead.path) {
		t.Error("a folder that may just be in the making was removed")
	}
	sweep(parent, time.Now().Add(2*settled))
	for path, want := range map[string]bool{alive.path: true, dead.path: false, foreign: true, other: true} {
		if there(path) != want {
			t.Errorf("%s: there is %t, want %t", filepath.Base(path), !want, want)
		}
	}
}

func TestAbandonedFoldersAreOnlyOurs(t *testing.T) {
	t.Parallel()
	precious := filepath.Join(t.TempDir(), "home")
	if err := os.Mkdir(precious, 0o700); err != nil {
		t.Fatal(err)
	}
	removeAbandoned(precious)
	removeAbandoned("")
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}
