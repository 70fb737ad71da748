package provider

import (
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// regionArgument is the region that questions about a resource must name; "" where the process is configured for it.
func regionArgument(binary pluginBinary, block *tfjson.SchemaBlock, resource drift.Resource) string {
	if !drift.ServesAllRegions(binary.source, binary.version) || !drift.HasRegion(block) || resource.Region == drift.Global {
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
	return drift.RegionalID(id, o.region)
}
