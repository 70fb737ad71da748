package drift

import "strings"

// Command is what a person types to have Terraform do something with a resource, in its root module and its workspace.
// The address comes directly after what is to be done: "state rm ", "apply -target=".
func (m Managed) Command(do string) string {
	command := "terraform "
	if m.Workspace != "" {
		command = "TF_WORKSPACE=" + shellWord(m.Workspace) + " " + command
	}
	if m.RootModule != "" && m.RootModule != "." {
		command += "-chdir=" + shellWord(m.RootModule) + " "
	}
	return command + do + shellWord(m.Address.String())
}

// shellWord is s as one word of a POSIX shell.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./", r)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}
