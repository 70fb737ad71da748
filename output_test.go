package main

import (
	"slices"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

func TestAnnotationsAreWorstFirst(t *testing.T) {
	t.Parallel()
	at := func(name, file string) drift.Managed {
		return drift.Managed{Address: drift.Address{Type: "aws_vpc", Name: name}, File: file, Line: 3}
	}
	found := &drift.Report{
		Drifted: []drift.Drifted{{Managed: at("little", "a.tf"), Changes: make([]drift.Change, 1)}, {Managed: at("much", "a.tf"), Changes: make([]drift.Change, 4)},
			{Managed: at("elsewhere", ""), Changes: make([]drift.Change, 9)}},
		Deleted: []drift.Managed{at("gone", "b.tf")},
	}
	var got []string
	for _, a := range annotations(found) {
		got = append(got, a.title)
	}
	if want := []string{"aws_vpc.gone is gone", "aws_vpc.much has drifted", "aws_vpc.little has drifted"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
