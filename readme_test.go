package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/inventory/aws"
)

// TestReadmeRegions holds what README.md shows of the program against the program. The regions that come from config's
// table are held there.
func TestReadmeRegions(t *testing.T) {
	out, stderr, code := driftline(t, nil, "demo")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for name, want := range map[string]string{
		"demo":     "```text\n" + excerpt(out, "driftline/driftline_sqs.tf") + "```\n",
		"policy":   "```json\n" + readersPolicy() + "```\n",
		"promises": promises(t),
	} {
		region := regexp.MustCompile(`(?s)(<!-- ` + name + `:begin -->\n)(.*?)(<!-- ` + name + `:end -->)`)
		at := region.FindStringSubmatchIndex(text)
		if at == nil {
			t.Fatalf("README.md has no region %s", name)
		}
		if diff := cmp.Diff(want, text[at[4]:at[5]]); diff != "" && !*update {
			t.Errorf("region %s of README.md is not what the program says; run `make docs`\n%s", name, diff)
		}
		text = text[:at[4]] + want + text[at[5]:]
	}
	if *update && text != string(data) {
		if err := os.WriteFile("README.md", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// promises is SECURITY.md's table of promise, mechanism and test. Each of its tests is one that exists.
func promises(t *testing.T) string {
	t.Helper()
	security, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(security), "| promise | mechanism | test |\n")
	rows, _, found := strings.Cut(after, "\n\n")
	if !found || strings.Count(rows, "\n") < 15 {
		t.Fatal("SECURITY.md has no table of promises")
	}
	link := regexp.MustCompile(`\[([^]]+)\]\(([^)]+)\)`)
	for row := range strings.Lines(rows) {
		cells := strings.Split(row, " | ")
		tests := link.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if strings.HasPrefix(row, "| ---") {
			continue
		}
		if len(cells) != 3 || !slices.ContainsFunc(tests, func(m []string) bool { return strings.HasSuffix(m[2], "_test.go") }) {
			t.Errorf("no test for: %s", row)
		}
		sources := ""
		for _, m := range tests {
			if !strings.Contains(m[2], "_test.go") {
				continue
			}
			text, err := os.ReadFile(m[2])
			sources += string(text)
			if err != nil || !strings.HasSuffix(m[2], m[1]) || !strings.Contains(string(text), "\nfunc Test") {
				t.Errorf("%s is no test that exists: %v", m[2], err)
			}
		}
		for _, name := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(row, -1) {
			if !strings.Contains(sources, "\nfunc "+name[1]+"(") {
				t.Errorf("no test of the row is called %s: %s", name[1], row)
			}
		}
	}
	return "| promise | mechanism | test |\n" + rows + "\n"
}

// How much of the demo README.md shows: resources of a list, lines of one resource.
const (
	excerptItems = 5
	excerptLines = 6
)

// excerpt is the demo's report, long lists and long changes cut with a word on how much, and one generated file.
func excerpt(demo, file string) string {
	report, _, _ := strings.Cut(demo, "\n\ndriftline/")
	var b strings.Builder
	items, lines, cut := 0, 0, 0
	flush := func() {
		if cut > 0 {
			fmt.Fprintf(&b, "  … and %d more\n", cut)
		}
		items, cut = 0, 0
	}
	for line := range strings.Lines(report + "\n") {
		switch {
		case strings.HasPrefix(line, "      "): // part of a resource
			lines++
			if lines == excerptLines {
				line = "      …\n"
			}
			if lines > excerptLines || cut > 0 {
				continue
			}
		case strings.HasPrefix(line, "  "): // a resource
			items, lines = items+1, 0
			if items > excerptItems {
				cut++
				continue
			}
		default:
			flush()
		}
		b.WriteString(line)
	}
	flush()
	_, code, found := strings.Cut(demo, "\n"+file+"\n\n")
	if !found {
		return b.String()
	}
	if end := regexp.MustCompile(`\n\n\S+\.tf\n\n`).FindStringIndex(code); end != nil {
		code = code[:end[0]+1]
	}
	return b.String() + "\n" + file + "\n\n" + code
}

// readersPolicy is what listing needs: the union of the catalogue's actions, one line per service.
func readersPolicy() string {
	byService := map[string][]string{}
	for _, row := range aws.Catalogue() {
		for _, action := range row.Actions {
			service, _, _ := strings.Cut(action, ":")
			if !slices.Contains(byService[service], action) {
				byService[service] = append(byService[service], action)
			}
		}
	}
	var lines []string
	for _, service := range slices.Sorted(maps.Keys(byService)) {
		slices.Sort(byService[service])
		lines = append(lines, `      "`+strings.Join(byService[service], `", "`)+`"`)
	}
	return "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\n    \"Effect\": \"Allow\",\n    \"Resource\": \"*\",\n    \"Action\": [\n" +
		strings.Join(lines, ",\n") + "\n    ]\n  }]\n}\n"
}

// TestPolicyIsReadOnly: none of the actions could change anything, and IAM would take the document.
func TestPolicyIsReadOnly(t *testing.T) {
	t.Parallel()
	var document struct {
		Statement []struct{ Action []string }
	}
	if err := json.Unmarshal([]byte(readersPolicy()), &document); err != nil {
		t.Fatal(err)
	}
	actions := document.Statement[0].Action
	if len(actions) < len(aws.Catalogue()) {
		t.Errorf("only %d actions for %d types", len(actions), len(aws.Catalogue()))
	}
	// apigateway:GET and budgets:ViewBudget are those services' own spellings.
	reads := regexp.MustCompile(`^[a-z0-9-]+:(List|Describe|Get|GET|Search|BatchGet|View)[A-Za-z0-9]*$`)
	for _, action := range actions {
		if !reads.MatchString(action) {
			t.Errorf("%s is not a call that only reads", action)
		}
	}
}

// TestReportFieldsAreDocumented holds README.md's account of report.json against the report's JSON names.
func TestReportFieldsAreDocumented(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "\n### report.json\n")
	section, _, _ = strings.Cut(section, "\n## ")
	fields, entries, _ := strings.Cut(section, "\n| entries of ")
	var documented []string
	for line := range strings.Lines(fields) {
		if cells := strings.Split(line, "|"); len(cells) == 4 {
			documented = append(documented, names(cells[1])...)
		}
	}
	for _, field := range jsonNames(reflect.TypeFor[drift.Report]()) {
		if !slices.Contains(documented, field) {
			t.Errorf("README.md does not say what %s of report.json is", field)
		}
	}
	for _, word := range documented {
		if !slices.Contains(jsonNames(reflect.TypeFor[drift.Report]()), word) {
			t.Errorf("README.md speaks of %s, which report.json does not have", word)
		}
	}
	lists := map[string]reflect.Type{
		"managed": reflect.TypeFor[drift.Managed](), "deleted": reflect.TypeFor[drift.Managed](), "drifted": reflect.TypeFor[drift.Drifted](),
		"unmanaged": reflect.TypeFor[drift.Unmanaged](), "owned": reflect.TypeFor[drift.Owned](), "ignored": reflect.TypeFor[drift.Ignored](),
		"skipped": reflect.TypeFor[drift.Skipped](),
	}
	for list, typ := range lists {
		var said []string
		for line := range strings.Lines(entries) {
			cells := strings.Split(line, "|")
			if len(cells) != 4 {
				continue
			}
			every := strings.Contains(cells[1], "every list but")
			if every != slices.Contains(names(cells[1]), list) { // every list but these; or these
				said = append(said, names(cells[2])...)
			}
		}
		fields := jsonNames(typ)
		for _, field := range fields {
			// Deleted and drifted entries are managed ones with more: what only those two have stands in their rows.
			if !slices.Contains(said, field) && (list != "managed" || !mayBeAbsent(typ, field)) {
				t.Errorf("README.md does not say that entries of %s have %s", list, field)
			}
		}
		inner := slices.Concat(fields, jsonNames(reflect.TypeFor[drift.Change]()), jsonNames(reflect.TypeFor[drift.Difference]()),
			jsonNames(reflect.TypeFor[drift.Origin]()), []string{"null"})
		for _, word := range said {
			if !slices.Contains(inner, word) {
				t.Errorf("README.md says that entries of %s have %s", list, word)
			}
		}
	}
}

// names are the words between backticks.
func names(text string) []string {
	var found []string
	for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(text, -1) {
		if !slices.Contains(found, m[1]) {
			found = append(found, m[1])
		}
	}
	return found
}

func mayBeAbsent(typ reflect.Type, name string) bool {
	return slices.ContainsFunc(reflect.VisibleFields(typ), func(f reflect.StructField) bool {
		return f.Tag.Get("json") == name+",omitempty"
	})
}

// jsonNames are a struct's names in JSON, those of embedded structs among them.
func jsonNames(typ reflect.Type) []string {
	var found []string
	for _, field := range reflect.VisibleFields(typ) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			found = append(found, name)
		}
	}
	return found
}
