package aws

import (
	"cmp"
	"strings"
)

// What the tests from outside of the package share with those inside.
var (
	StartMoto = startMoto
	Seed      = seed
)

// ActionOf is the IAM action that allows an operation of a service, by the name that its requests are signed for.
func ActionOf(service, operation string) string {
	return cmp.Or(signedAs[service], service) + ":" + cmp.Or(spelled[operation], operation)
}

// IsGlobal says that a type is listed once per account.
func IsGlobal(typ string) bool { return byType()[typ].Global }

// RecordedIDs are the import IDs that the recordings lead to, by type.
func RecordedIDs() map[string][]string {
	ids := map[string][]string{}
	for _, table := range recordings {
		for typ, rec := range table {
			for _, seen := range rec.want {
				id, _, _ := strings.Cut(seen, " ")
				ids[typ] = append(ids[typ], id)
			}
		}
	}
	return ids
}
