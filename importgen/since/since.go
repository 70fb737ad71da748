// Package since says which parts of the language the Terraform or OpenTofu of a root module knows. It runs neither and
// reads no file: it goes by required_version, by the registry in the lock file, and by the program that the run was given.
package since

import (
	"strings"

	"github.com/hashicorp/go-version"

	"github.com/seed-e90528ae/driftline/drift"
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

// engine is a program that plans root modules: the releases that have each feature, and minor releases to try a
// constraint with. Those that are not out yet do no harm.
type engine struct {
	minimum  map[Feature]*version.Version
	releases []string
}

func at(v string) *version.Version { return version.Must(version.NewVersion(v)) }

var terraform = engine{
	minimum:  map[Feature]*version.Version{ImportBlocks: at("1.5.0"), RemovedBlocks: at("1.7.0"), ImportBlockForEach: at("1.7.0")},
	releases: []string{"1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "1.14", "1.15", "1.16", "2.0", "3.0"},
}

var openTofu = engine{
	minimum:  map[Feature]*version.Version{ImportBlocks: at("1.6.0"), RemovedBlocks: at("1.7.0"), ImportBlockForEach: at("1.7.0")},
	releases: []string{"1.6", "1.7", "1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "2.0"},
}

// openTofuRegistry is the host from which OpenTofu takes providers that name none. Its lock files say so.
const openTofuRegistry = "registry.opentofu.org/"

// In reports whether the program that a root module is run with knows a feature. Which program that is its lock file says,
// else it is the one that runs: "OpenTofu v1.9.0", "Terraform v1.11.4" or only "1.11.4", which is Terraform's too.
func In(root drift.RootModule, f Feature, running string) bool {
	name, version := program(running)
	own := name
	for source := range root.Locked {
		own = "Terraform"
		if strings.HasPrefix(source, openTofuRegistry) {
			own = "OpenTofu"
			break
		}
	}
	if own != name {
		version = "" // another program than the one that runs
	}
	return knows(f, root.RequiredVersion, own+" v"+version)
}

// program is what a program says of itself, taken apart.
func program(running string) (name, version string) {
	name, version, found := strings.Cut(running, " ")
	if !found {
		name, version = "Terraform", running
	}
	return name, strings.TrimPrefix(version, "v")
}

// knows goes by a version constraint. Where required_version allows the running program ("" when unknown),
// that decides: a workflow has one. Else some release that the constraint allows has to know the feature. A constraint that
// does not read is Terraform's to complain about, and forbids nothing.
func knows(f Feature, required, running string) bool {
	name, running := program(running)
	e := terraform
	if name == "OpenTofu" {
		e = openTofu
	}
	constraint, err := version.NewConstraint(required)
	if required == "" || err != nil {
		constraint = nil
	}
	if v, err := version.NewVersion(running); err == nil && (constraint == nil || constraint.Check(v.Core())) {
		return v.Core().GreaterThanOrEqual(e.minimum[f])
	}
	if constraint == nil {
		return true
	}
	for _, minor := range e.releases {
		for _, patch := range []string{".0", ".9", ".99"} {
			v := at(minor + patch)
			if v.GreaterThanOrEqual(e.minimum[f]) && constraint.Check(v) {
				return true
			}
		}
	}
	return exactly(constraint, e.minimum[f])
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
