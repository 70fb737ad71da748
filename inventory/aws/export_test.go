package aws

// What the tests from outside of the package share with those inside.
var (
	StartMoto = startMoto
	Seed      = seed
)

// IsGlobal says that a type is listed once per account.
func IsGlobal(typ string) bool { return byType()[typ].Global }
