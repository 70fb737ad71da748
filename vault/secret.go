package vault

import (
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Secret is a path of Vault's API, and which of its fields go into which environment variables.
type Secret struct {
	Path   string            // aws/creds/driftline, secret/data/ci
	Fields map[string]string // environment variable → field; empty: what the engine at Path is known to give
}

var (
	path     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@/+-]*$`)
	variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// ParseSecret reads "PATH [VARIABLE=FIELD …]".
func ParseSecret(text string) (Secret, error) {
	words := strings.Fields(text)
	if len(words) == 0 || !path.MatchString(words[0]) || strings.Contains(words[0], "//") || strings.Contains(words[0], "..") {
		return Secret{}, fmt.Errorf("%q names no path: write it as in aws/creds/driftline, or secret/data/ci GITHUB_TOKEN=token", text)
	}
	s := Secret{Path: strings.Trim(strings.TrimPrefix(words[0], "v1/"), "/"), Fields: map[string]string{}}
	for _, word := range words[1:] {
		name, field, _ := strings.Cut(word, "=")
		if !variable.MatchString(name) || field == "" {
			return Secret{}, fmt.Errorf("%q of %s is not VARIABLE=FIELD: write it as in secret/data/ci GITHUB_TOKEN=token", word, s.Path)
		}
		s.Fields[name] = field
	}
	return s, nil
}

// dynamic are the fields that the engines of the three clouds answer with, and the variables that their SDKs and
// Terraform's providers look for.
var dynamic = []struct {
	field     string
	variables []string
	base64    bool
}{
	// https://developer.hashicorp.com/vault/api-docs/secret/aws#generate-credentials
	{field: "access_key", variables: []string{"AWS_ACCESS_KEY_ID"}},
	{field: "secret_key", variables: []string{"AWS_SECRET_ACCESS_KEY"}},
	{field: "security_token", variables: []string{"AWS_SESSION_TOKEN"}}, // null for a user's key
	// https://developer.hashicorp.com/vault/api-docs/secret/azure#generate-credentials
	{field: "client_id", variables: []string{"ARM_CLIENT_ID", "AZURE_CLIENT_ID"}},
	{field: "client_secret", variables: []string{"ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET"}},
	// https://developer.hashicorp.com/vault/api-docs/secret/gcp#generate-secret-oauth2-access-token
	{field: "token", variables: []string{"GOOGLE_OAUTH_ACCESS_TOKEN"}},
	// https://developer.hashicorp.com/vault/api-docs/secret/gcp#generate-secret-service-account-key
	{field: "private_key_data", variables: []string{"GOOGLE_CREDENTIALS"}, base64: true},
}

// variables are the values of an answer by the variables that they are meant for. The error names fields, no values.
func (s Secret) variables(data map[string]any) (map[string]string, error) {
	found := map[string]string{}
	for name, field := range s.Fields {
		value, ok := data[field].(string)
		if !ok || value == "" {
			return found, fmt.Errorf("%s has no text in the field %s: it has %s", s.Path, field, fields(data))
		}
		found[name] = value
	}
	if len(s.Fields) > 0 {
		return found, nil
	}
	for _, d := range dynamic {
		value, ok := data[d.field]
		if !ok {
			continue
		}
		text, _ := value.(string)
		if d.base64 {
			decoded, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return found, fmt.Errorf("the field %s of %s is not base64", d.field, s.Path)
			}
			text = string(decoded)
		}
		for _, name := range d.variables {
			found[name] = text
		}
	}
	if len(found) == 0 {
		return found, fmt.Errorf("%s is of no engine that is known by its fields: it has %s; say which goes where, as in %s GITHUB_TOKEN=token", s.Path, fields(data), s.Path)
	}
	return found, nil
}

func fields(data map[string]any) string {
	if len(data) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(data)), ", ")
}

// contents are the fields of a secret. Version 2 of the key/value engine puts them beside what it knows of their version.
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version
func contents(data map[string]any) map[string]any {
	inner, versioned := data["data"].(map[string]any)
	if _, ok := data["metadata"].(map[string]any); ok && versioned {
		return inner
	}
	return data
}
