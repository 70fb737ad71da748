package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/policy"
	"github.com/seed-e90528ae/driftline/scanner"
)

// writeTypes prints the catalogue: a line for each resource type, with how often it is listed, its import ID, what it
// is tested against and the IAM actions of its listing. The error is the writer's.
func writeTypes(w io.Writer) error {
	rows := slices.SortedFunc(slices.Values(aws.Catalogue()), func(a, b aws.Row) int { return strings.Compare(a.Type, b.Type) })
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TYPE\tLISTED\tIMPORT ID\tTESTED\tIAM ACTIONS")
	tested, actions := map[string]int{}, map[string]bool{}
	for _, row := range rows {
		listed, id := "per region", row.Template()
		if row.Global {
			listed = "per account"
		}
		if id == "" {
			id = "by kind"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", row.Type, listed, id, row.TestedAgainst(), strings.Join(row.Actions, ", "))
		tested[row.TestedAgainst()]++
		for _, action := range row.Actions {
			actions[action] = true
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d types, %d tested in moto and %d by recorded answers; %d IAM actions.\n"+
		"Types that are not here are listed by the provider itself, where its version offers that.\n", len(rows), tested["moto"], tested["recorded"], len(actions))
	return err
}

// writePolicy is `driftline policy`: what listing the types in scope needs, what the provider's own reads of them need, and
// reading the states.
func writePolicy(cfg config.Config, say *console.Console, w io.Writer) error {
	include := inScope(cfg, scanner.Ignore{})
	var needs []policy.Need
	for _, row := range aws.Catalogue() {
		if include(row.Type) {
			reads, known := aws.Reads(row.Type)
			needs = append(needs, policy.Need{Type: row.Type, List: row.Actions, Read: reads, Known: known})
		}
	}
	warnings, err := policy.Write(w, cfg.ShowAs, needs, cfg.States)
	for _, warning := range warnings {
		say.Warn(warning)
	}
	return err
}
