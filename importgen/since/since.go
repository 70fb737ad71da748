// Package since says which parts of the language the Terraform of a root module knows. It runs no Terraform and reads no
// file: it goes by required_version, and by the program that the run itself was given.
package since

import (
	"strings"

	"github.com/hashicorp/go-version"
)

// Feature is a part of the language that came with a release.
type Feature int

// Sources: the release notes of Terraform 1.5 and 1.7 and of OpenTofu 1.6 and 1.7, https://developer.hashicorp.com/terraform/language/import,
// https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources, https://opentofu.org/docs/language/resources/syntax/.
const (
	ImportBlocks       Feature = iota // import { to, id }: Terraform 1.5, OpenTofu 1.6 (its first release)
	RemovedBlocks                     // removed { from, lifecycle { destroy = false } }: Terraform 1.7; OpenTofu 1.7, without the lifecycle
	ImportBlockForEach                // for_each in an import block: Terraform 1.7, OpenTofu 1.7
)

var minimum = map[Feature]*version.Version{
	ImportBlocks:       version.Must(version.NewVersion("1.5.0")),
	RemovedBlocks:      version.Must(version.NewVersion("1.7.0")),
	ImportBlockForEach: version.Must(version.NewVersion("1.7.0")),
}

// releases are minor releases to try a constraint with. Those that are not out yet do no harm.
var releases = []string{"1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "1.14", "1.15", "1.16", "2.0", "3.0"}

// Knows reports whether the Terraform that a root module is run with knows a feature. Where required_version allows the
// running one ("" when unknown), that decides: a workflow has one Terraform. Else some release that the constraint allows
// has to know it. A constraint that does not read is Terraform's to complain about, and forbids nothing.
func Knows(f Feature, required, running string) bool {
	constraint, err := version.NewConstraint(required)
	if required == "" || err != nil {
		constraint = nil
	}
	if v, err := version.NewVersion(strings.TrimPrefix(running, "v")); err == nil && (constraint == nil || constraint.Check(v.Core())) {
		return v.Core().GreaterThanOrEqual(minimum[f])
	}
	if constraint == nil {
		return true
	}
	for _, minor := range releases {
		for _, patch := range []string{".0", ".9", ".99"} {
			v := version.Must(version.NewVersion(minor + patch))
			if v.GreaterThanOrEqual(minimum[f]) && constraint.Check(v) {
				return true
			}
		}
	}
	return exactly(constraint, minimum[f])
}

// exactly tries the versions that a constraint itself names: = 1.9.3.
func exactly(constraint version.Constraints, least *version.Version) bool {
	for _, c := range constraint {
		v, err := version.NewVersion(strings.TrimLeft(c.String(), "=!<>~ "))
		if err == nil && v.GreaterThanOrEqual(least) && constraint.Check(v) {
			return true
		}
	}
	return false
}
