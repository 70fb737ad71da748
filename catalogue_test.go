package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/inventory/aws"
)

// TestTypes: `driftline types` has one line for each type, with everything that the catalogue knows, and counts them.
func TestTypes(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := writeTypes(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	rows := aws.Catalogue()
	if len(lines) != len(rows)+4 { // title, blank line, foot of two lines
		t.Fatalf("%d lines for %d types", len(lines), len(rows))
	}
	for _, row := range rows {
		line := regexp.MustCompile(`(?m)^` + row.Type + ` .*$`).FindString(out.String())
		for _, part := range append([]string{row.Template(), row.TestedAgainst()}, row.Actions...) {
			if !strings.Contains(line, part) {
				t.Errorf("%s: %q is missing in %q", row.Type, part, line)
			}
		}
	}
	moto := strings.Count(out.String(), " moto ") - strings.Count(lines[len(lines)-2], " moto ")
	foot := fmt.Sprintf("%d types, %d tested in moto and %d by recorded answers; ", len(rows), moto, len(rows)-moto)
	if !strings.HasPrefix(lines[len(lines)-2], foot) {
		t.Errorf("the foot is %q, want %q", lines[len(lines)-2], foot)
	}
}

// TestReadmeRegionsCounts holds the counts that README.md gives against the catalogue.
func TestReadmeRegionsCounts(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text, count := string(data), len(aws.Catalogue())
	for _, sentence := range []string{`AWS: %s types`, `the %s types of \[the inventory\]`} {
		written := regexp.MustCompile(fmt.Sprintf(sentence, `\d+`))
		want := fmt.Sprintf(strings.ReplaceAll(sentence, `\`, ""), fmt.Sprint(count))
		switch found := written.FindString(text); {
		case found == "":
			t.Errorf("README.md does not say %q", want)
		case found != want && !*update:
			t.Errorf("README.md says %q, the catalogue has %d; run `make docs`", found, count)
		}
		text = written.ReplaceAllLiteralString(text, want)
	}
	if *update && text != string(data) {
		if err := os.WriteFile("README.md", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
