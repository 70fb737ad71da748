package config

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// ExitCodes lists how Driftline can end, in order of the code.
func ExitCodes() []struct {
	Code int
	Help string
} {
	return []struct {
		Code int
		Help string
	}{
		{0, "done; the report may hold findings"},
		{1, "done, and fail_on is met"},
		{2, "could not do the job"},
		{3, "bad usage: a flag, an input or an environment variable is wrong; nothing was done"},
	}
}

// WriteHelp explains topic and its flags, or, when topic is "", all commands. The error is the writer's.
func WriteHelp(w io.Writer, topic Command) error {
	var b strings.Builder
	if topic == "" || topic == Help {
		writeOverview(&b)
	} else {
		writeCommand(&b, topic)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeOverview(b *strings.Builder) {
	b.WriteString("Driftline tells what is in the cloud that Terraform does not know, and what has changed behind its back.\n\n")
	b.WriteString("Usage: driftline COMMAND [flags]\n\nCommands:\n")
	for _, c := range Commands() {
		fmt.Fprintf(b, "  %-15s %s\n", c.Name, c.Help)
	}
	b.WriteString("\n`driftline help COMMAND` lists the flags of one. The first steps:\n")
	b.WriteString("  driftline demo\n  driftline scan --state s3://bucket/terraform.tfstate --region eu-west-1\n")
	b.WriteString("\nExit codes:\n")
	for _, e := range ExitCodes() {
		fmt.Fprintf(b, "  %d  %s\n", e.Code, e.Help)
	}
}

func writeCommand(b *strings.Builder, topic Command) {
	for _, c := range Commands() {
		if c.Name == topic {
			usage := strings.TrimSpace(string(c.Name) + " " + arguments[c.Name])
			fmt.Fprintf(b, "driftline %s: %s.\n\nUsage: driftline %s [flags]\n", c.Name, c.Help, usage)
		}
	}
	var flags []Setting
	for _, s := range Settings() {
		if !s.ActionOnly && s.Serves(topic) {
			flags = append(flags, s)
		}
	}
	if len(flags) == 0 {
		return
	}
	b.WriteString("\nFlags:\n")
	for _, s := range flags {
		fmt.Fprintf(b, "  --%s\n", usageOf(s))
		for _, line := range wrap(s.Help+helpTail(s), 92) {
			fmt.Fprintf(b, "        %s\n", line)
		}
	}
	b.WriteString("\nEach flag can also be given as an environment variable: INPUT_ and its name in capitals, with " +
		"underscores.\nThe flag wins. A list is given by repeating its flag or with commas.\n")
}

func usageOf(s Setting) string {
	if s.Switch() {
		return s.Flag()
	}
	usage := s.Flag() + " " + s.Value
	if s.List() {
		usage += " (repeatable)"
	}
	return usage
}

func helpTail(s Setting) string {
	var tail string
	if s.Default != "" && !s.Switch() {
		tail += fmt.Sprintf(" [default: %s]", s.Default)
	}
	if len(s.RequiredBy) > 0 {
		tail += " Required."
	}
	if len(s.Fallback) > 0 {
		tail += fmt.Sprintf(" Environment: %s.", strings.Join(s.Fallback, ", "))
	}
	return tail
}

// wrap breaks text at spaces into lines of at most width bytes, longer words excepted.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// Output is a value that the action leaves to the steps after it.
type Output struct {
	Name string
	Help string
}

// Outputs is the table that README and the test of action.yml come from. All of them are also set when fail_on is met.
func Outputs() []Output {
	return []Output{
		{"pull_request_number", "Number of the pull request; empty when there is none. With split, of the first."},
		{"pull_request_url", "Its address."},
		{"pull_request_operation", "What was done to it: created, updated, unchanged, closed or none."},
		{"issue_number", "Number of the issue that holds findings without code; empty when there is none."},
		{"issue_url", "Its address."},
		{"issue_operation", "What was done to it: created, updated, unchanged, closed or none."},
		{"unmanaged_count", "Resources in the cloud that no state knows."},
		{"deleted_count", "Resources in a state that the cloud no longer has."},
		{"drifted_count", "Managed resources whose attributes are not what the state says."},
		{"skipped_count", "Things that could not be seen; the report says why, and what to do about it."},
		{"coverage", "Share of what exists that Terraform manages, in percent with one decimal, as in 87.5."},
		{"complete", "true when nothing was skipped, else false."},
		{"report_json", "Path of report.json."},
		{"report_markdown", "Path of report.md."},
		{"report_html", "Path of report.html."},
		{"report_sarif", "Path of report.sarif."},
	}
}

// MarkdownTable is README.md's table of inputs.
func MarkdownTable() string {
	var b strings.Builder
	b.WriteString("| input | default | what it is |\n| --- | --- | --- |\n")
	for _, s := range Settings() {
		value := s.InputDefault()
		if value != "" {
			value = "`" + value + "`"
		}
		help := s.Help
		if s.List() {
			help += " A list."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, value, cell(help))
	}
	return b.String()
}

// MarkdownOutputs is README.md's table of outputs.
func MarkdownOutputs() string {
	var b strings.Builder
	b.WriteString("| output | what it is |\n| --- | --- |\n")
	for _, o := range Outputs() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", o.Name, cell(o.Help))
	}
	return b.String()
}

// MarkdownFlags is README.md's table of which flags go with which command.
func MarkdownFlags() string {
	commands := []Command{Run, Scan, Record, Demo, Show}
	var b strings.Builder
	b.WriteString("| flag |")
	for _, c := range commands {
		fmt.Fprintf(&b, " %s |", c)
	}
	b.WriteString("\n| --- |" + strings.Repeat(" :-: |", len(commands)) + "\n")
	for _, s := range Settings() {
		if s.ActionOnly {
			continue
		}
		fmt.Fprintf(&b, "| `--%s` |", strings.ReplaceAll(strings.TrimSuffix(usageOf(s), " (repeatable)"), "|", `\|`))
		for _, c := range commands {
			mark := " "
			if slices.Contains(s.Commands, c) {
				mark = "✓"
			}
			fmt.Fprintf(&b, " %s |", mark)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// markdownEscapes keep help text from being read as Markdown: globs would become emphasis, bars end a cell.
var markdownEscapes = strings.NewReplacer("|", `\|`, "*", `\*`, "<", "&lt;", "_", `\_`)

func cell(text string) string { return markdownEscapes.Replace(text) }
