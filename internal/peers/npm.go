package peers

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// NPM is the directory of node_modules that holds a package of npm's ("emulate@0.11.2") at that very version. Where it is
// not there, it is installed into the user's cache, where .ci/run puts it, too.
func NPM(t testing.TB, pkg string) string {
	t.Helper()
	Program(t, "node", "")
	npm := Program(t, "npm", "")
	dir := cache(t, "npm")
	modules := filepath.Join(dir, "node_modules")
	at := strings.LastIndexByte(pkg, '@')
	if version(filepath.Join(modules, filepath.FromSlash(pkg[:at]), "package.json")) == pkg[at+1:] {
		return modules
	}
	_, err := exec.Command(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", dir, pkg).Output()
	Require(t, pkg+" from npm", err)
	return modules
}

// version is that of a package by its package.json; "" when it is not there.
func version(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	var found struct{ Version string }
	if json.Unmarshal(text, &found) != nil {
		return ""
	}
	return found.Version
}
