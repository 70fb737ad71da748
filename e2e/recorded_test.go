package e2e

import "github.com/seed-e90528ae/driftline/inventory/aws"

// notInMoto are the flags that leave out the types that moto cannot list: recorded answers test those
// (inventory/aws, TestRecorded).
func notInMoto() []string {
	var flags []string
	for _, row := range aws.Catalogue() {
		if row.TestedAgainst() != "moto" {
			flags = append(flags, "--exclude", row.Type)
		}
	}
	return flags
}
