package importgen

import (
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// neverWritten are top-level names that only the provider fills in, although legacy schemas call some optional: tags_all in
// blocks too.
var neverWritten = map[string]bool{"id": true, "tags_all": true, "arn": true, "timeouts": true}

// hashed are attributes that read back as a fingerprint of what was set, with what the generated code says of them.
var hashed = map[string]map[string]string{
	"aws_instance": {
		"user_data": "The provider reads user_data back as a hash only: write the script here, or leave it to the instance.",
	},
}

// respelled are attributes that the provider takes otherwise than it reads them, with the way back.
var respelled = map[string]map[string]func(read string) string{
	// IAM tells an issuer without its scheme.
	// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html
	"aws_iam_openid_connect_provider": {"url": func(read string) string {
		return "https://" + strings.TrimPrefix(read, "https://")
	}},
}

// settings is the part of a read object that a person could have written: every non-null argument. A block whose
// required arguments did not come back is not among them, since it cannot be written.
func settings(typ string, schema *tfjson.SchemaBlock, v cty.Value) *body {
	b := settingsOf(schema, v, true)
	for name := range hashed[typ] {
		delete(b.attrs, name)
	}
	for name, respell := range respelled[typ] {
		if v, ok := b.attrs[name]; ok && v.Type() == cty.String {
			b.attrs[name] = cty.StringVal(respell(v.AsString()))
		}
	}
	return b
}

func settingsOf(schema *tfjson.SchemaBlock, v cty.Value, top bool) *body {
	b := newBody()
	for name, attr := range schema.Attributes {
		if (top || name == "tags_all") && neverWritten[name] && !attr.Required || !settable(attr) {
			continue
		}
		if value := member(v, name); value.IsWhollyKnown() && !value.IsNull() {
			b.attrs[name] = writable(attr, value)
		}
	}
	for name, nested := range schema.NestedBlocks {
		if top && neverWritten[name] {
			continue
		}
		values, labels := nestedValues(nested, member(v, name))
		for i, value := range values {
			child := settingsOf(nested.Block, value, false)
			child.label = labels[i]
			if complete(nested.Block, child) {
				b.blocks[name] = append(b.blocks[name], child)
			}
		}
	}
	return b
}

func settable(attr *tfjson.SchemaAttribute) bool {
	return (attr.Required || attr.Optional) && !attr.WriteOnly
}

// writable is a value without the members of nested attributes that nobody can set.
func writable(attr *tfjson.SchemaAttribute, v cty.Value) cty.Value {
	if attr.AttributeNestedType == nil || v.IsNull() || !v.IsKnown() {
		return v
	}
	members := attr.AttributeNestedType.Attributes
	object := func(v cty.Value) cty.Value {
		if v.IsNull() || !v.IsKnown() {
			return v
		}
		out := map[string]cty.Value{}
		for name, value := range v.AsValueMap() {
			if nested := members[name]; nested == nil || !settable(nested) {
				value = cty.NullVal(value.Type())
			} else {
				value = writable(nested, value)
			}
			out[name] = value
		}
		return cty.ObjectVal(out)
	}
	if v.Type().IsObjectType() {
		return object(v)
	}
	if v.LengthInt() == 0 {
		return v
	}
	switch {
	case v.Type().IsMapType():
		out := map[string]cty.Value{}
		for key, value := range v.AsValueMap() {
			out[key] = object(value)
		}
		return cty.MapVal(out)
	case v.Type().IsSetType():
		return cty.SetVal(mapSlice(v.AsValueSlice(), object))
	default:
		return cty.ListVal(mapSlice(v.AsValueSlice(), object))
	}
}

func mapSlice[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

// complete reports whether a block has all that Terraform itself demands of it.
func complete(schema *tfjson.SchemaBlock, b *body) bool {
	for name, attr := range schema.Attributes {
		if _, ok := b.attrs[name]; attr.Required && !attr.Sensitive && !attr.WriteOnly && !ok {
			return false
		}
	}
	for name, nested := range schema.NestedBlocks {
		if uint64(len(b.blocks[name])) < nested.MinItems {
			return false
		}
	}
	return true
}

// empty reports whether a value is what an SDK writes where nothing was set: null, "", an empty collection.
func empty(v cty.Value) bool {
	switch {
	case !v.IsKnown():
		return false
	case v.IsNull():
		return true
	case v.Type() == cty.String:
		return v.AsString() == ""
	case v.Type().IsCollectionType() || v.Type().IsTupleType():
		return v.LengthInt() == 0
	case v.Type().IsObjectType():
		for _, member := range v.AsValueMap() {
			if !zero(member) {
				return false
			}
		}
		return true
	}
	return false
}

// zero is empty, or 0, or false.
func zero(v cty.Value) bool {
	switch {
	case empty(v):
		return true
	case !v.IsKnown():
		return false
	case v.Type() == cty.Bool:
		return v.False()
	case v.Type() == cty.Number:
		return v.RawEquals(cty.Zero)
	}
	return false
}

func emptyBody(b *body) bool {
	for _, v := range b.attrs {
		if !zero(v) {
			return false
		}
	}
	for _, children := range b.blocks {
		if slices.ContainsFunc(children, func(c *body) bool { return !emptyBody(c) }) {
			return false
		}
	}
	return true
}

// settle makes values comparable that differ only in how nothing is written. Providers on the legacy SDK cannot tell
// null from "", 0, false or an empty collection.
func settle(v cty.Value) cty.Value {
	settled, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if zero(v) {
			return cty.NullVal(v.Type()), nil
		}
		return v, nil
	})
	if err != nil { // the callback never fails, so neither does Transform
		return v
	}
	return settled
}

// same reports whether a provider's choice is what was read, give or take how nothing is written.
func same(read, planned cty.Value) bool {
	if !planned.IsWhollyKnown() || !read.IsWhollyKnown() {
		return false
	}
	return settle(read).RawEquals(settle(planned))
}

// pruned is an attribute's value without the empty members of objects in it: the elements of attributes that are
// written as blocks (ingress, route) carry "" and [] for all that was not set.
func pruned(v cty.Value) cty.Value {
	ty := v.Type()
	if v.IsNull() || !v.IsKnown() || !ty.IsCollectionType() || !ty.ElementType().IsObjectType() || v.LengthInt() == 0 {
		return v
	}
	object := func(v cty.Value) cty.Value {
		out := v.AsValueMap()
		for name, member := range out {
			if empty(member) || (member.Type() == cty.Bool || unsetZero[name]) && zero(member) {
				out[name] = cty.NullVal(member.Type())
			}
		}
		return cty.ObjectVal(out)
	}
	switch {
	case ty.IsSetType():
		return cty.SetVal(mapSlice(v.AsValueSlice(), object))
	case ty.IsListType():
		return cty.ListVal(mapSlice(v.AsValueSlice(), object))
	}
	return v
}

// unsetZero are numbers of which 0 means that nothing was set: the SDK writes it where the cloud has nothing, and takes
// it in a configuration for nothing as well.
var unsetZero = map[string]bool{
	"iops": true, "throughput": true, "storage_throughput": true, "read_capacity": true, "write_capacity": true,
	"performance_insights_retention_period": true, "cookie_duration": true, "icmp_code": true, "icmp_type": true,
	"default_instance_warmup": true, "max_instance_lifetime": true, "capacity": true, "kms_data_key_reuse_period_seconds": true,
	"ipv4_prefix_count": true, "ipv6_address_count": true, "ipv6_prefix_count": true,
	"ipv6_netmask_length": true, "ipv4_netmask_length": true, "datapoints_to_alarm": true, "monitoring_interval": true,
}

func attributeName(place string) string { return place[strings.LastIndexByte(place, '.')+1:] }

// cloudAssigned are optional attributes that the cloud fills in when they are left out, by the type that has them
// ("" for every type). What they hold is not a setting: an id, an address, a place that follows from another argument.
var cloudAssigned = map[string]map[string]bool{
	"": {
		"availability_zone_id": true, "owner_id": true, "network_interface_id": true, "primary_network_interface_id": true,
		"name_prefix": true, "bucket_prefix": true, "identifier_prefix": true, "key_name_prefix": true,
		"cluster_identifier_prefix": true, "creation_token": true,
	},
	"aws_instance": {
		"private_ip": true, "secondary_private_ips": true, "ipv6_addresses": true, "ipv6_address_count": true,
		"network_interface": true, "host_id": true, "host_resource_group_arn": true, "placement_partition_number": true,
		"cpu_core_count": true, "cpu_threads_per_core": true,
	},
	"aws_nat_gateway":       {"private_ip": true, "secondary_private_ip_addresses": true, "secondary_private_ip_address_count": true},
	"aws_autoscaling_group": {"service_linked_role_arn": true},
	"aws_eip":               {"address": true, "network_interface": true, "network_border_group": true, "public_ipv4_pool": true, "ipam_pool_id": true},
	"aws_vpc":               {"ipv6_cidr_block_network_border_group": true},
	"aws_vpc_endpoint": {
		"ip_address_type": true,
	},
	"aws_db_instance": {"hosted_zone_id": true, "domain_dns_ips": true, "latest_restorable_time": true},
	"aws_lambda_permission": {
		"statement_id_prefix": true,
	},
	"aws_launch_template":                  {"default_version": true},
	"aws_kinesis_firehose_delivery_stream": {"destination_id": true, "version_id": true},
	"aws_neptune_cluster":                  {"cluster_members": true},
	"aws_rds_cluster":                      {"cluster_members": true},
}

func assignedByCloud(typ, name string) bool {
	return cloudAssigned[""][name] || cloudAssigned[typ][name]
}
