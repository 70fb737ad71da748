package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// plantedSecrets are values that must not be seen anywhere: those in a state, and those of unmanaged resources. They are
// new for every run, so that what an earlier one left cannot be met.
func plantedSecrets() map[string]string {
	secrets := map[string]string{}
	for _, place := range []string{
		"state ssm", "state secret", "state lambda", "state user data", // variables of the estate
		"cloud ssm", "cloud secret", "cloud lambda", "cloud user_data", "cloud database", // for plant.py
	} {
		secrets[place] = "Planted" + rand.Text()
	}
	return secrets
}

// checkLeaks: no planted secret stands in any of the texts, neither plain nor as base64 nor as JSON escapes it.
func checkLeaks(t *testing.T, w *world, texts map[string]string) {
	t.Helper()
	if len(texts) == 0 {
		t.Fatal("nothing to search")
	}
	for place, secret := range w.secrets {
		for name, text := range texts {
			if n := find(text, secret); n >= 0 {
				t.Errorf("%s holds the secret of %s: …%s…", name, place, around(text, n))
			}
		}
	}
}

// find is where a secret stands in a text, -1 when nowhere. In base64 its bytes begin at one of three offsets, each of
// which has characters in the middle that depend on the secret alone.
func find(text, secret string) int {
	if n := strings.Index(text, secret); n >= 0 {
		return n
	}
	for offset := range 3 {
		padded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", offset) + secret))
		from, to := 4, len(padded)-4
		if n := strings.Index(text, padded[from:to]); n >= 0 {
			return n
		}
	}
	return -1
}

func around(text string, n int) string {
	return strings.ReplaceAll(text[max(0, n-80):min(len(text), n+20)], "\n", "⏎")
}

// unpacked is a request's body with what it carries as base64 written out.
func unpacked(body string) string {
	var blob struct{ Content, Encoding string }
	if json.Unmarshal([]byte(body), &blob) == nil && blob.Encoding == "base64" {
		if content, err := base64.StdEncoding.DecodeString(blob.Content); err == nil {
			return body + "\n" + string(content)
		}
	}
	return body
}

func TestFind(t *testing.T) {
	t.Parallel()
	secret := plantedSecrets()["cloud ssm"]
	for _, before := range []string{"", "#", "##", "###", "#!/bin/sh\n"} {
		script := before + "enrol --token " + secret + "\n"
		for name, text := range map[string]string{"plain": script, "base64": base64.StdEncoding.EncodeToString([]byte(script))} {
			if find(text, secret) < 0 {
				t.Errorf("%s, after %q: not found", name, before)
			}
			if find(text, plantedSecrets()["cloud ssm"]) >= 0 {
				t.Errorf("%s, after %q: another secret found", name, before)
			}
		}
	}
}
