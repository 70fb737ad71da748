package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestNothingIsWrittenOutside: neither what a root module is called nor a link that lies in the output directory leads a file
// out of it.
func TestNothingIsWrittenOutside(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	outside, dir := filepath.Join(base, "outside"), filepath.Join(base, "out")
	for _, d := range []string{outside, dir} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	victim := filepath.Join(outside, "victim")
	if err := os.WriteFile(victim, []byte("as it was"), 0o600); err != nil {
		t.Fatal(err)
	}
	found := &drift.Report{SchemaVersion: drift.SchemaVersion}
	for _, name := range []string{
		"../outside/victim", "../../outside/victim", "live/../../../outside/victim", "/" + victim, victim, "..", "", "../report.json",
	} {
		if err := save(dir, "", found, []drift.File{{Path: name, Content: []byte("overwritten")}}); err == nil {
			t.Errorf("%q was written", name)
		}
	}
	// Odd names that are no way out are names like any other.
	for _, name := range []string{"..live/main.tf", "a b/\"quoted\".tf", "live/${x}/main.tf", "-rf/main.tf"} {
		if err := save(dir, "", found, []drift.File{{Path: name, Content: []byte("code")}}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := os.Remove(filepath.Join(dir, reportHTML)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, filepath.Join(dir, reportHTML)); err != nil {
		t.Skip("needs symbolic links:", err)
	}
	if err := save(dir, "", found, nil); err == nil {
		t.Error("a link was followed out of the output directory")
	}
	if text, err := os.ReadFile(victim); err != nil || string(text) != "as it was" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestCheckoutEndsAtItsEdge: code that is read to be changed, or placed beside, is code of the checkout.
func TestCheckoutEndsAtItsEdge(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	if err := os.WriteFile(filepath.Join(base, "secret.tf"), []byte("password = 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, "checkout")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../secret.tf", filepath.Join(dir, "main.tf")); err != nil {
		t.Skip("needs symbolic links:", err)
	}
	files, closed, err := checkoutOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closed()
	if file, err := files.Open("main.tf"); err == nil {
		file.Close()
		t.Error("a link was followed out of the checkout")
	}
}
