package provider

import (
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// regionAware is the first major version of the AWS provider whose resources say in which region they are, each by an
// argument of its own, so that one process serves all regions of an account.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support
const regionAware = 6

// servesAllRegions says whether a process of the provider need not be configured for the region of each resource.
func servesAllRegions(binary pluginBinary) bool {
	major, _, _ := strings.Cut(binary.version, ".")
	n, err := strconv.Atoi(major)
	return providerType(binary.source) == "aws" && err == nil && n >= regionAware
}

// hasRegion says whether a type has the argument. Those without are of the account, as IAM's are. Some types of older
// versions have one that means something else.
func hasRegion(block *tfjson.SchemaBlock) bool {
	region := block.Attributes["region"]
	return region != nil && region.Optional && region.Computed && region.AttributeType == cty.String
}

// regionArgument is the region that questions about a resource must name; "" where the process is configured for it.
func regionArgument(binary pluginBinary, block *tfjson.SchemaBlock, resource drift.Resource) string {
	if !servesAllRegions(binary) || !hasRegion(block) || resource.Region == drift.Global {
		return ""
	}
	return resource.Region
}

// inRegion fills in the region where an object names none: it may be from a state of an older version, or from code
// below a provider block that is configured for the region.
func (o objectSchema) inRegion(object cty.Value) cty.Value {
	if o.region == "" || object.IsNull() || !object.IsKnown() || !object.GetAttr("region").IsNull() {
		return object
	}
	attributes := object.AsValueMap()
	attributes["region"] = cty.StringVal(o.region)
	return cty.ObjectVal(attributes)
}

// importID names the region behind the ID where it is not the one that the process is configured for.
func (o objectSchema) importID(id string) string {
	if o.region == "" || o.region == o.home {
		return id
	}
	return id + "@" + o.region
}
