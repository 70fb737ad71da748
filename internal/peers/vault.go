package peers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Vault is a running Vault server of e2e/vault, unsealed and empty.
type Vault struct {
	Address string // https://127.0.0.1:PORT
	CA      string // path of the certificate that it is to be verified by
	Token   string // its root's
}

// StartVault runs the server until the test ends.
func StartVault(t testing.TB) Vault {
	t.Helper()
	program, dir := VaultProgram(t), t.TempDir()
	log := filepath.Join(dir, "vault.log")
	exited := Start(t, Process{Command: []string{program}, Log: log, EndsWithInput: true})
	var said struct{ Address, CA, Token string }
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		text, err := os.ReadFile(log)
		if err == nil && json.Unmarshal(text, &said) == nil {
			break
		}
		select {
		case <-exited:
			t.Fatalf("Vault does not start:\n%s", text)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("Vault does not answer:\n%s", text)
		}
	}
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, []byte(said.CA), 0o600); err != nil {
		t.Fatal(err)
	}
	return Vault{Address: said.Address, CA: ca, Token: said.Token}
}

// VaultProgram is the server: the one that DRIFTLINE_VAULT names, or the one in the cache that was built from e2e/vault as
// it is now. Where there is none it is built, which takes minutes. The test is skipped when that cannot be done.
func VaultProgram(t testing.TB) string {
	t.Helper()
	if named := os.Getenv("DRIFTLINE_VAULT"); named != "" {
		return named
	}
	gomod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(filepath.Dir(strings.TrimSpace(string(gomod))), "e2e", "vault")
	dir := cache(t, "vault")
	program := filepath.Join(dir, "vault-"+fingerprint(t, source))
	if _, err := os.Stat(program); err == nil {
		return program
	}
	building, err := os.MkdirTemp(dir, "building-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(building)
	built := filepath.Join(building, "vault")
	out, err := exec.Command("go", "build", "-C", source, "-o", built, ".").CombinedOutput()
	if err != nil {
		err = errors.New(string(out))
	}
	Require(t, "a Vault server, built from e2e/vault", err)
	former, _ := filepath.Glob(filepath.Join(dir, "vault-*")) // the pattern is well formed
	if err := os.Rename(built, program); err != nil {         // at once: others may be waiting for it
		t.Fatal(err)
	}
	for _, old := range former {
		if old != program { // which another test may have built meanwhile
			_ = os.Remove(old) // 100 MB each; where it cannot be, it only takes room
		}
	}
	return program
}

// fingerprint stands for a module's own files and for the compiler.
func fingerprint(t testing.TB, source string) string {
	t.Helper()
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	files, err := os.ReadDir(source) // by name, always in the same order
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(source, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(sum, file.Name(), len(text))
		sum.Write(text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
