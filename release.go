package main

import (
	_ "embed"
	"strings"
)

// releaseVersion is the release that this commit belongs to, or none. The release workflow writes it, and with it the
// checksums of the programs built from this very source.
//
//go:embed release/version
var releaseVersion string

// released is the version of a release, as in 1.2.3; "" for what is built between releases.
func released() string {
	if v := strings.TrimSpace(releaseVersion); v != "none" {
		return v
	}
	return ""
}
