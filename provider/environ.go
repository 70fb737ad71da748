package provider

import (
	"runtime"
	"slices"
	"strings"
)

// pluginVariables are the environment variables that a provider plugin is given, of those Driftline was given:
// how to find credentials, certificates, proxies and temporary folders. "NAME*" stands for every name that begins so.
// Terraform's own TF_* are left out: they are meant for Terraform, and some would make a plugin log secrets.
var pluginVariables = []string{
	"AWS_*", "GOOGLE_*", "GCLOUD_*", "CLOUDSDK_*", "ARM_*", "AZURE_*", "MSI_*", "IDENTITY_*", "KUBE*", "USE_STS",
	// azurerm exchanges the workflow's own OIDC token for credentials.
	"ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
	"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TMP", "TEMP", "XDG_*",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
	"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA",
}

// pluginEnviron is the part of environ ("NAME=value") that a plugin is given, and orders to be quiet: without them a
// plugin writes every request with its body to its standard error, and leaves the choice to its parent. Names are compared without regard to
// case: http_proxy is as good as HTTP_PROXY, and Windows writes SystemRoot.
func pluginEnviron(source string, environ []string) []string {
	kept := []string{
		"TF_LOG_SDK=ERROR",
		"TF_LOG_PROVIDER_" + strings.ToUpper(strings.ReplaceAll(providerType(source), "-", "_")) + "=ERROR",
	}
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if slices.ContainsFunc(pluginVariables, func(pattern string) bool { return matchesName(pattern, name) }) {
			kept = append(kept, entry)
		}
	}
	return kept
}

func matchesName(pattern, name string) bool {
	name = strings.ToUpper(name)
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return name == pattern
}

// lookup is the value of a variable in environ, where the last entry wins. Windows writes PATH as it likes.
func lookup(environ []string, name string) string {
	value := ""
	for _, entry := range environ {
		if k, v, _ := strings.Cut(entry, "="); k == name || runtime.GOOS == "windows" && strings.EqualFold(k, name) {
			value = v
		}
	}
	return value
}

// providerType is the last part of a source address: aws of registry.terraform.io/hashicorp/aws.
func providerType(source string) string { return source[strings.LastIndex(source, "/")+1:] }

// shortSource leaves out the default registry, as people write sources: hashicorp/aws.
func shortSource(source string) string {
	return strings.TrimPrefix(strings.TrimPrefix(source, "registry.terraform.io/"), "registry.opentofu.org/")
}
