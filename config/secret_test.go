package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c := mustParse(t, env(), "run", "--github-token", "hush-token", "--repository", "o/r", "--title", "shown",
		"--backend-config", "access_key=hush-key")

	var shown bytes.Buffer
	type holder struct {
		Config Config
		hidden Config
		secret Secret
	}
	for _, v := range []any{c, &c, c.GitHubToken, &c.GitHubToken, holder{c, Config{GitHubToken: c.GitHubToken}, c.GitHubToken}, []Secret{c.GitHubToken}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t"} {
			fmt.Fprintf(&shown, verb+"\n", v)
		}
		encoded, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(encoded)
		slog.New(slog.NewTextHandler(&shown, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&shown, nil)).Info("m", "v", v)
	}
	if strings.Contains(shown.String(), "hush") {
		t.Errorf("a secret shows:\n%s", shown.String())
	}
	if !strings.Contains(c.String(), `title="shown"`) || !strings.Contains(c.String(), `github_token="(redacted)"`) {
		t.Errorf("the rest does not show: %s", c)
	}
	if c.GitHubToken.Reveal() != "hush-token" {
		t.Error("the token is lost")
	}
}

func TestMistakesKeepSecrets(t *testing.T) {
	t.Parallel()
	_, err := Parse([]string{"scan", "--backend-config", "-=hush", "--state", "s3://k:hush@b/x"}, env())
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v, want an error that keeps the secret", err)
	}
}
