package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write the regions of README.md and action.yml that come from the table")

// action is what of an action.yml or a workflow these tests look at.
type action struct {
	Inputs map[string]struct {
		Description string
		Required    bool
		Default     string
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
	Jobs map[string]struct{ Steps []step }
}

type step struct {
	ID, Uses, Run, Shell string
	Env                  map[string]string
}

func readAction(t *testing.T, path string) action {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return a
}

const (
	actionFile = "../action.yml"
	readme     = "../README.md"
)

func TestActionInputs(t *testing.T) {
	a := readAction(t, actionFile)
	run := runStep(t, a)
	for _, s := range Settings() {
		got, ok := a.Inputs[s.Name]
		if !ok {
			t.Errorf("action.yml has no input %s; run `go test ./config -update`", s.Name)
			continue
		}
		if got.Description != s.Help || got.Required || got.Default != s.InputDefault() {
			t.Errorf("input %s is %+v, and the table says %q, default %q", s.Name, got, s.Help, s.InputDefault())
		}
		if want := "${{ inputs." + s.Name + " }}"; run.Env[s.Env()] != want {
			t.Errorf("%s is %q, want %q", s.Env(), run.Env[s.Env()], want)
		}
	}
	if len(a.Inputs) != len(Settings()) {
		t.Errorf("action.yml has %d inputs, the table %d settings", len(a.Inputs), len(Settings()))
	}
	for name := range run.Env {
		if !strings.HasPrefix(name, "INPUT_") || !slices.ContainsFunc(Settings(), func(s Setting) bool { return s.Env() == name }) {
			t.Errorf("the run step sets %s, which no setting reads", name)
		}
	}
}

// runStep is the one step of action.yml that has an id: the outputs come from it.
func runStep(t *testing.T, a action) step {
	t.Helper()
	i := slices.IndexFunc(a.Runs.Steps, func(s step) bool { return s.ID == "run" })
	if i < 0 {
		t.Fatal("action.yml has no step with id run")
	}
	return a.Runs.Steps[i]
}

func TestActionOutputs(t *testing.T) {
	got := map[string]string{}
	for name, o := range readAction(t, actionFile).Outputs {
		got[name] = o.Description + " = " + o.Value
	}
	want := map[string]string{}
	for _, o := range Outputs() {
		want[o.Name] = fmt.Sprintf("%s = ${{ steps.run.outputs.%s }}", o.Help, o.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestNoInjectionAndPinnedActions holds for action.yml, the project's own workflows and those that users copy.
func TestNoInjectionAndPinnedActions(t *testing.T) {
	files := []string{actionFile}
	for _, pattern := range []string{"../.github/workflows/*.yml", "../examples/workflows/*.yml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no workflows at %s (%v)", pattern, err)
		}
		files = append(files, found...)
	}
	pinned := regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	for _, file := range files {
		a := readAction(t, file)
		steps := a.Runs.Steps
		for _, j := range a.Jobs {
			steps = append(steps, j.Steps...)
		}
		if len(steps) == 0 {
			t.Errorf("%s: no steps found", file)
		}
		for _, s := range steps {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("%s: an expression inside run: is a way to inject shell; pass it through env:\n%s", file, s.Run)
			}
			if s.Uses != "" && s.Uses != "./" && !pinned.MatchString(s.Uses) && !ourOwn(s.Uses) {
				t.Errorf("%s: %s is not pinned by its full commit SHA", file, s.Uses)
			}
			if file == actionFile && s.Run != "" && s.Shell != "bash" {
				t.Errorf("%s: a step of a composite action names its shell: %q", file, s.Shell)
			}
		}
	}
}

// ourOwn says that a step uses Driftline itself: before the first release there is no commit to pin.
func ourOwn(uses string) bool { return strings.HasPrefix(uses, "seed-e90528ae/driftline@") }

func TestGeneratedRegions(t *testing.T) {
	regions := []struct{ file, name, indent, text string }{
		{readme, "inputs", "", MarkdownTable()},
		{readme, "outputs", "", MarkdownOutputs()},
		{readme, "flags", "", MarkdownFlags()},
		{readme, "exit-codes", "", markdownExitCodes()},
		{actionFile, "inputs", "  ", yamlInputs()},
		{actionFile, "outputs", "  ", yamlOutputs()},
		{actionFile, "env", "        ", yamlEnv()},
	}
	for _, r := range regions {
		t.Run(filepath.Base(r.file)+" "+r.name, func(t *testing.T) {
			data, err := os.ReadFile(r.file)
			if err != nil {
				t.Fatal(err)
			}
			before, got, after, ok := cutRegion(string(data), r.name)
			if !ok {
				t.Fatalf("%s has no region %s: between `%s:begin` and `%s:end`", r.file, r.name, r.name, r.name)
			}
			want := indent(r.indent, r.text)
			if got == want {
				return
			}
			if !*update {
				t.Fatalf("not what the table says; run `go test ./config -update`\n%s", cmp.Diff(want, got))
			}
			if err := os.WriteFile(r.file, []byte(before+want+after), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// cutRegion finds the whole lines between the lines that hold name:begin and name:end.
func cutRegion(text, name string) (before, region, after string, ok bool) {
	begin := regexp.MustCompile(`(?m)^.*\b` + name + `:begin\b.*\n`).FindStringIndex(text)
	end := regexp.MustCompile(`(?m)^.*\b` + name + `:end\b.*$`).FindStringIndex(text)
	if begin == nil || end == nil || end[0] < begin[1] {
		return "", "", "", false
	}
	return text[:begin[1]], text[begin[1]:end[0]], text[end[0]:], true
}

func indent(by, text string) string {
	return regexp.MustCompile(`(?m)^(.)`).ReplaceAllString(text, by+"$1")
}

func markdownExitCodes() string {
	var b strings.Builder
	b.WriteString("| exit code | meaning |\n| --- | --- |\n")
	for _, e := range ExitCodes() {
		fmt.Fprintf(&b, "| %d | %s |\n", e.Code, cell(e.Help))
	}
	return b.String()
}

func yamlInputs() string {
	var b strings.Builder
	for _, s := range Settings() {
		fmt.Fprintf(&b, "%s:\n  description: %q\n", s.Name, s.Help)
		if value := s.InputDefault(); value != "" {
			fmt.Fprintf(&b, "  default: %q\n", value)
		}
	}
	return b.String()
}

func yamlOutputs() string {
	var b strings.Builder
	for _, o := range Outputs() {
		fmt.Fprintf(&b, "%s:\n  description: %q\n  value: ${{ steps.run.outputs.%s }}\n", o.Name, o.Help, o.Name)
	}
	return b.String()
}

func yamlEnv() string {
	var b strings.Builder
	for _, s := range Settings() {
		fmt.Fprintf(&b, "%s: ${{ inputs.%s }}\n", s.Env(), s.Name)
	}
	return b.String()
}

// TestActionDefaultsAreTheTables runs Parse as a workflow that sets no input would.
func TestActionDefaultsAreTheTables(t *testing.T) {
	t.Parallel()
	inputs := map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/heads/main", "RUNNER_TEMP": "/t",
		"AWS_REGION": "eu-west-1", "GITHUB_API_URL": "https://ghe.example.com/api/v3",
	}
	for name, in := range readAction(t, actionFile).Inputs {
		value := in.Default
		if strings.HasPrefix(value, "${{") {
			value = "token"
		}
		inputs["INPUT_"+strings.ToUpper(name)] = value
	}
	c, err := Parse(nil, func(name string) string { return inputs[name] })
	if err != nil {
		t.Fatal(err)
	}
	if c.Command != Run || c.Publish != PublishPullRequest || len(c.Warnings) != 0 || len(c.FailOn) != 0 {
		t.Errorf("an action without inputs is %v with warnings %q", c, c.Warnings)
	}
	if c.GitHubAPIURL != inputs["GITHUB_API_URL"] || !cmp.Equal(c.Regions, []string{"eu-west-1"}) || c.Base != "main" || c.OutputDir != "/t/driftline" {
		t.Errorf("a default in action.yml hides what the runner says: %v", c)
	}
}

// TestSettingsAreWhole keeps rows of the table from being half filled.
func TestSettingsAreWhole(t *testing.T) {
	t.Parallel()
	fields := map[any]string{}
	var c Config
	for _, s := range Settings() {
		p := s.field(&c)
		if other, taken := fields[p]; taken {
			t.Errorf("%s and %s write the same field", s.Name, other)
		}
		fields[p] = s.Name
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(s.Name) {
			t.Errorf("%s: names are snake_case", s.Name)
		}
		if !strings.HasSuffix(s.Help, ".") || len(s.Commands) == 0 || s.Switch() != (s.Value == "") {
			t.Errorf("%s: help ends with a full stop, commands are named, and all but switches show a value", s.Name)
		}
		if s.Default != "" && !s.ActionOnly {
			if v := s.verdictOn(s.Default); v != fine {
				t.Errorf("%s: its own default %s", s.Name, v.problem)
			}
		}
		if s.Switch() && s.Default != "false" {
			t.Errorf("%s: a switch is off until someone turns it on", s.Name)
		}
	}
	for _, r := range regions {
		if regionShape.FindStringSubmatch(r) == nil || !slices.Contains(directions, regionShape.FindStringSubmatch(r)[2]) {
			t.Errorf("region %s is not built as regions are", r)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, c := range append(Commands(), struct {
		Name Command
		Help string
	}{}) {
		var b strings.Builder
		if err := WriteHelp(&b, c.Name); err != nil {
			t.Fatal(err)
		}
		for _, s := range Settings() {
			listed := strings.Contains(b.String(), "--"+usageOf(s)+"\n")
			wanted := !s.ActionOnly && s.Serves(c.Name)
			if listed != wanted {
				t.Errorf("help of %q lists --%s: %t, want %t", c.Name, s.Flag(), listed, wanted)
			}
		}
		for line := range strings.Lines(b.String()) {
			if len(line) > 120 {
				t.Errorf("help of %q has a line of %d characters: %s", c.Name, len(line), line)
			}
		}
	}
}

func TestSlips(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"scan", "scna", 1}, {"us-esat-1", "us-east-1", 1},
		{"us-esat-1", "us-west-1", 2}, {"kitten", "sitting", 3}, {"drifed", "drifted", 1},
	} {
		if got := slips(tt.a, tt.b); got != tt.want {
			t.Errorf("slips(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("run --dry-run --state s3://b/{a,b}", "eu-west-1\nus-esat-1")
	f.Add("scan -x --=y --region", "")
	f.Fuzz(func(t *testing.T, line, region string) {
		_, err := Parse(strings.Fields(line), env("INPUT_REGION", region))
		if err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
	})
}
