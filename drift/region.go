package drift

import (
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// regionAware is the first major version of the AWS provider whose resources say in which region they are, each by an
// argument of its own, so that one configuration serves all regions of an account.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
const regionAware = 6

// ServesAllRegions reports whether a version of a provider need not be configured for the region of each resource.
func ServesAllRegions(source, version string) bool {
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	return strings.HasSuffix(source, "/aws") && err == nil && n >= regionAware
}

// HasRegion reports whether a type has the argument. Those without are of the account, as IAM's are. Some types of
// versions that do not serve all regions have one that means something else.
func HasRegion(block *tfjson.SchemaBlock) bool {
	region := block.Attributes["region"]
	return region != nil && region.Optional && region.Computed && region.AttributeType == cty.String
}

// RegionalID is the import ID of what is in another region than its provider's configuration.
func RegionalID(id, region string) string { return id + "@" + region }
