package redact

import (
	"encoding/json"
	"net/url"
	"strings"
)

// variables are the environment variables that hold credentials of a run, by how they hold them. "NAME*" stands for every
// name that begins so.
var variables = []struct {
	secrets func(value string) []string
	names   []string
}{
	{whole, []string{
		"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
		"GITHUB_TOKEN", "GH_TOKEN", "INPUT_GITHUB_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN",
		"ARM_CLIENT_SECRET", "ARM_ACCESS_KEY", "ARM_OIDC_TOKEN", "ARM_OIDC_REQUEST_TOKEN", "ARM_CLIENT_CERTIFICATE", "ARM_CLIENT_CERTIFICATE_PASSWORD",
		"AZURE_CLIENT_SECRET", "AZURE_PASSWORD", "AZURE_STORAGE_KEY", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "IDENTITY_HEADER", "MSI_SECRET",
		"GOOGLE_OAUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_ACCESS_TOKEN",
		"TF_TOKEN_*", "VAULT_TOKEN", "VAULT_SECRET_ID", "KUBE_TOKEN", "KUBE_PASSWORD", "KUBE_CLIENT_KEY_DATA", "TRIVY_TOKEN", "TRIVY_PASSWORD",
	}},
	{ofKeyFile, []string{"GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"}},
	{ofConnection, []string{"AZURE_STORAGE_CONNECTION_STRING"}},
	{ofQuery, []string{"ARM_SAS_TOKEN", "AZURE_STORAGE_SAS_TOKEN"}},
	{ofURL, []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"}},
}

// Credentials are the run's own, from its environment; environ ("NAME=value") has the names that a pattern stands for.
func Credentials(getenv func(string) string, environ []string) []string {
	var found []string
	for _, kind := range variables {
		for _, name := range kind.names {
			prefix, pattern := strings.CutSuffix(name, "*")
			if !pattern {
				found = append(found, kind.secrets(strings.TrimSpace(getenv(name)))...)
				continue
			}
			for _, entry := range environ {
				if name, value, _ := strings.Cut(entry, "="); strings.HasPrefix(name, prefix) {
					found = append(found, kind.secrets(value)...)
				}
			}
		}
	}
	return found
}

func whole(value string) []string { return []string{value} }

// ofKeyFile is what is secret in a JSON document; the variable may hold the path of one instead.
func ofKeyFile(value string) []string {
	var document map[string]any
	if json.Unmarshal([]byte(value), &document) != nil {
		return nil
	}
	var found []string
	for _, key := range []string{"private_key", "private_key_id", "client_secret", "refresh_token"} {
		if secret, ok := document[key].(string); ok {
			found = append(found, secret)
		}
	}
	return found
}

// ofConnection is a connection string of Azure's, and what is secret in it.
func ofConnection(value string) []string {
	found := whole(value)
	for part := range strings.SplitSeq(value, ";") {
		switch name, secret, _ := strings.Cut(part, "="); name {
		case "AccountKey":
			found = append(found, secret)
		case "SharedAccessSignature":
			found = append(found, ofQuery(secret)...)
		}
	}
	return found
}

// ofQuery is a signature with what it signs, and the signature alone: requests have it in another order.
func ofQuery(value string) []string {
	query, _ := url.ParseQuery(strings.TrimPrefix(value, "?")) // what does not parse has no signature
	return append(whole(value), query.Get("sig"))
}

// ofURL is the password of a URL, as it is written there and as it is sent.
func ofURL(value string) []string {
	parsed, err := url.Parse(value)
	if err != nil || parsed.User == nil {
		return nil
	}
	password, _ := parsed.User.Password()
	_, written, _ := strings.Cut(parsed.User.String(), ":")
	return []string{password, written}
}
