// Package github starts an emulator of GitHub that is not ours, behind a layer that is: it remembers every request and
// adds what the emulator leaves out. It knows nothing of Driftline.
package github

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/internal/peers"
)

// Version is the npm package of the emulator.
const Version = "emulate@0.11.2"

// Owner and Repository are those of the one repository that the emulator has, with a README on branch main.
const (
	Owner      = "octocat"
	Repository = "infra"
)

// startEmulator runs the emulator until the test ends and returns the URL of its API. The program is DRIFTLINE_EMULATE,
// else that of npm.
func startEmulator(t testing.TB, token string) string {
	t.Helper()
	program := install(t)
	seed, err := json.Marshal(map[string]any{
		"tokens": map[string]any{token: map[string]any{"login": Owner, "scopes": []string{"repo"}}},
		"github": map[string]any{
			"users": []any{map[string]any{"login": Owner}},
			"repos": []any{map[string]any{"owner": Owner, "name": Repository, "auto_init": true}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(file, seed, 0o600); err != nil {
		t.Fatal(err)
	}
	port := peers.FreePort(t)
	log := filepath.Join(t.TempDir(), "emulate.log")
	exited := peers.Start(t, peers.Process{
		Command: []string{program, "start", "--service", "github", "--port", port, "--seed", file}, Log: log,
	})
	url := "http://127.0.0.1:" + port
	if err := peers.Ready(t.Context(), url+"/repos/"+Owner+"/"+Repository, exited, time.Minute); err != nil {
		text, _ := os.ReadFile(log)
		t.Fatalf("%s: %v\n%s", Version, err, text)
	}
	return url
}

func install(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("DRIFTLINE_EMULATE"); path != "" {
		return path
	}
	return filepath.Join(peers.NPM(t, Version), ".bin", "emulate")
}
