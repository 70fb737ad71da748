package e2e

import "github.com/seed-e90528ae/driftline/inventory/aws"

// notInMoto are the types that moto cannot list: recorded answers test those (inventory/aws, TestRecorded).
func notInMoto() []string {
	var types []string
	for _, row := range aws.Catalogue() {
		if row.TestedAgainst() != "moto" {
			types = append(types, row.Type)
		}
	}
	return types
}
