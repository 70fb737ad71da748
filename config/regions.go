package config

import (
	"regexp"
	"slices"
	"strings"
)

// regions are AWS's, by partition, as the SDKs' partition data of 2026 (botocore 1.43.11, partitions.json) names them.
var regions = []string{
	"af-south-1",
	"ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
	"ap-southeast-7",
	"ca-central-1", "ca-west-1",
	"eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
	"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
	"us-east-1", "us-east-2", "us-west-1", "us-west-2",
	"cn-north-1", "cn-northwest-1",
	"us-gov-east-1", "us-gov-west-1",
	"eusc-de-east-1",
	"us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1",
	"us-isof-south-1",
}

// regionShape is an area, a direction and a number: us-gov + west + 1.
var regionShape = regexp.MustCompile(`^([a-z]{2,5}(?:-[a-z]+)*)-([a-z]+)-\d$`)

// directions are the words that stand before a region's number.
var directions = []string{
	"central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west",
}

// AllRegions stands for every region that is enabled for an account.
const AllRegions = "all"

// checkRegion refuses what cannot be a region. AWS opens regions faster than this list grows, so a name that is built
// as AWS builds them, and is not a slip away from a known one, passes with a warning.
func checkRegion(word string) verdict {
	if slices.Contains(regions, word) || word == AllRegions {
		return fine
	}
	if word == "global" {
		return refuse("is no region", "leave it out: global services (IAM, Route 53) are always listed")
	}
	refused := refuse("is no AWS region", regionRemedy(word))
	parts := regionShape.FindStringSubmatch(word)
	if parts == nil || !slices.Contains(directions, parts[2]) {
		return refused
	}
	// A new number in a known area (us-east-3) is a likely new region; a new area is one only when it is not a slip.
	if slices.ContainsFunc(regions, func(r string) bool { return strings.HasPrefix(r, parts[1]+"-") }) {
		return warn("is a region that this version does not know; if it is new, all is well")
	}
	if near := closest(word, regions); near != "" && slips(word, near) == 1 {
		return refused
	}
	return warn("is a region that this version does not know; if it is new, all is well")
}

func regionRemedy(word string) string {
	if near := closest(word, regions); near != "" {
		return "did you mean " + near + "?"
	}
	return "write it as AWS does, as in eu-west-1"
}
