package peers

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
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

// StartVault builds the server, which takes minutes the first time, and runs it until the test ends. DRIFTLINE_VAULT
// names one that is built already.
func StartVault(t testing.TB) Vault {
	t.Helper()
	program := os.Getenv("DRIFTLINE_VAULT")
	if program == "" {
		program = BuildVault(t)
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "vault.log")
	// Its standard input is the guardian's: an empty one would end it at once.
	exited := Start(t, Process{Command: []string{"sh", "-c", `sleep 100000 | "$0"`, program}, Log: log})
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

// BuildVault compiles the server. The test is skipped when that cannot be done.
func BuildVault(t testing.TB) string {
	t.Helper()
	gomod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(filepath.Dir(strings.TrimSpace(string(gomod))), "e2e", "vault")
	program := filepath.Join(t.TempDir(), "vault")
	out, err := exec.Command("go", "build", "-C", source, "-o", program, ".").CombinedOutput()
	if err != nil {
		err = errors.New(string(out))
	}
	Require(t, "a Vault server, built from e2e/vault", err)
	return program
}
