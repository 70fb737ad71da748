package config

import (
	"fmt"
	"io"
	"strings"
)

// WriteCompletion writes the script that completes commands and flags in a shell: bash, zsh or fish. The error is the
// writer's. Values that name a file or directory are completed as such, by what Value says.
func WriteCompletion(w io.Writer, shell string) error {
	write := map[string]func(*strings.Builder){"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[shell]
	var b strings.Builder
	if write != nil {
		write(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// completed are the flags of a command.
func completed(c Command) []Setting {
	var flags []Setting
	for _, s := range Settings() {
		if !s.ActionOnly && s.Serves(c) {
			flags = append(flags, s)
		}
	}
	return flags
}

func namesFile(s Setting) bool {
	return strings.Contains(s.Value, "FILE") || strings.Contains(s.Value, "DIR") || strings.Contains(s.Value, "PATH")
}

func bashCompletion(b *strings.Builder) {
	var names []string
	b.WriteString("# bash completion of driftline: source <(driftline completion bash)\n_driftline() {\n")
	b.WriteString("  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flags=\n  case ${COMP_WORDS[1]} in\n")
	var files []string
	for _, c := range Commands() {
		names = append(names, string(c.Name))
		var flags []string
		for _, s := range completed(c.Name) {
			flags = append(flags, "--"+s.Flag())
		}
		fmt.Fprintf(b, "    %s) flags=\"%s\" ;;\n", c.Name, strings.Join(flags, " "))
	}
	for _, s := range Settings() {
		if namesFile(s) && !s.ActionOnly {
			files = append(files, "--"+s.Flag())
		}
	}
	fmt.Fprintf(b, "  esac\n  if [ \"$COMP_CWORD\" -eq 1 ]; then flags=\"%s\"; fi\n", strings.Join(names, " "))
	fmt.Fprintf(b, "  case $prev in %s) COMPREPLY=($(compgen -f -- \"$cur\")); return ;; completion) flags=\"%s\" ;; show|gen-driftignore) COMPREPLY=($(compgen -f -- \"$cur\")) ;; esac\n",
		strings.Join(files, "|"), strings.Join(shells, " "))
	b.WriteString("  COMPREPLY+=($(compgen -W \"$flags\" -- \"$cur\"))\n}\ncomplete -o default -F _driftline driftline\n")
}

// shellQuote makes one word of s for zsh and fish; neither's descriptions may hold brackets or colons bare.
func shellQuote(s string) string {
	return "'" + strings.NewReplacer("'", "", "[", "(", "]", ")", ":", " -", "\\", "").Replace(s) + "'"
}

func firstSentence(s string) string {
	sentence, _, _ := strings.Cut(s, ". ")
	sentence, _, _ = strings.Cut(sentence, ": ")
	return strings.TrimSuffix(sentence, ".")
}

func zshCompletion(b *strings.Builder) {
	b.WriteString("#compdef driftline\n# zsh completion of driftline: driftline completion zsh > \"${fpath[1]}/_driftline\"\n_driftline() {\n  if (( CURRENT == 2 )); then\n    local -a commands=(\n")
	for _, c := range Commands() {
		fmt.Fprintf(b, "      %s\n", shellQuote(string(c.Name))+":"+shellQuote(c.Help))
	}
	b.WriteString("    )\n    _describe command commands\n    return\n  fi\n  local command=$words[2]\n  (( CURRENT-- )); shift words\n  case $command in\n")
	for _, c := range Commands() {
		fmt.Fprintf(b, "    %s) _arguments", c.Name)
		for _, s := range completed(c.Name) {
			repeat, value := "", ""
			if s.List() {
				repeat = "'*'"
			}
			if !s.Switch() {
				value = "':value'"
			}
			if namesFile(s) {
				value = "':file:_files'"
			}
			fmt.Fprintf(b, " \\\n      %s--%s'['%s']'%s", repeat, s.Flag(), shellQuote(firstSentence(s.Help)), value)
		}
		switch arguments[c.Name] {
		case "SHELL":
			fmt.Fprintf(b, " '1:shell:(%s)'", strings.Join(shells, " "))
		case "REPORT.JSON":
			b.WriteString(" '1:report:_files'")
		}
		b.WriteString(" ;;\n")
	}
	b.WriteString("  esac\n}\n_driftline \"$@\"\n")
}

func fishCompletion(b *strings.Builder) {
	b.WriteString("# fish completion of driftline: driftline completion fish > ~/.config/fish/completions/driftline.fish\ncomplete -c driftline -f\n")
	for _, c := range Commands() {
		fmt.Fprintf(b, "complete -c driftline -n __fish_use_subcommand -a %s -d %s\n", c.Name, shellQuote(c.Help))
		for _, s := range completed(c.Name) {
			form := ""
			if !s.Switch() {
				form = " -x"
			}
			if namesFile(s) {
				form = " -r -F"
			}
			fmt.Fprintf(b, "complete -c driftline -n '__fish_seen_subcommand_from %s' -l %s%s -d %s\n", c.Name, s.Flag(), form, shellQuote(firstSentence(s.Help)))
		}
		switch arguments[c.Name] {
		case "SHELL":
			fmt.Fprintf(b, "complete -c driftline -n '__fish_seen_subcommand_from %s' -a '%s'\n", c.Name, strings.Join(shells, " "))
		case "REPORT.JSON":
			fmt.Fprintf(b, "complete -c driftline -n '__fish_seen_subcommand_from %s' -F\n", c.Name)
		}
	}
}
