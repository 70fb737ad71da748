package scanner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// family is a setting that Terraform can spell in two ways: inline in its parent, or as a resource of its own. Without
// its row, each setting of a parent that spells it inline shows as unmanaged beside it.
//
// Most inline attributes are computed too, so that a state lists them even where the code uses separate resources.
// What tells the two styles apart is whether any separate resource of that parent is managed: where one is, a sibling
// that is not counts as unmanaged; where none is, it is a matter of the parent, whose drift shows it.
type family struct {
	child, parent string
	of            func(id string, attribute func(string) string) string // parent's ID, from a child's ID or attributes
	inline        func(attributes map[string]any) bool                  // whether the parent's state spells any inline
	within        bool                                                  // code writes it inline: it comes with an unmanaged parent
	whole         bool                                                  // the inline spelling is never computed, and says it all
}

var families = append(defined(), []family{
	{child: "aws_iam_role_policy", parent: "aws_iam_role", of: before(":"), inline: hasBlocks("inline_policy", "name")},
	{child: "aws_iam_role_policy_attachment", parent: "aws_iam_role", of: before("/"), inline: hasAny("managed_policy_arns")},

	{child: "aws_s3_bucket_acl", parent: "aws_s3_bucket", of: bucket, inline: hasAny("acl", "grant")},
	{child: "aws_s3_bucket_accelerate_configuration", parent: "aws_s3_bucket", of: bucket, inline: hasAny("acceleration_status")},
	{child: "aws_s3_bucket_cors_configuration", parent: "aws_s3_bucket", of: bucket, inline: hasAny("cors_rule")},
	{child: "aws_s3_bucket_lifecycle_configuration", parent: "aws_s3_bucket", of: bucket, inline: hasAny("lifecycle_rule")},
	{child: "aws_s3_bucket_logging", parent: "aws_s3_bucket", of: bucket, inline: hasAny("logging")},
	{child: "aws_s3_bucket_object_lock_configuration", parent: "aws_s3_bucket", of: bucket, inline: hasAny("object_lock_configuration")},
	{child: "aws_s3_bucket_policy", parent: "aws_s3_bucket", of: bucket, inline: hasAny("policy")},
	{child: "aws_s3_bucket_replication_configuration", parent: "aws_s3_bucket", of: bucket, inline: hasAny("replication_configuration")},
	{child: "aws_s3_bucket_request_payment_configuration", parent: "aws_s3_bucket", of: bucket, inline: hasAny("request_payer")},
	{child: "aws_s3_bucket_server_side_encryption_configuration", parent: "aws_s3_bucket", of: bucket, inline: hasAny("server_side_encryption_configuration")},
	{child: "aws_s3_bucket_versioning", parent: "aws_s3_bucket", of: bucket, inline: hasAny("versioning")},
	{child: "aws_s3_bucket_website_configuration", parent: "aws_s3_bucket", of: bucket, inline: hasAny("website")},

	{child: "aws_route", parent: "aws_route_table", of: before("_"), inline: hasAny("route"), within: true},
	{child: "aws_network_acl_rule", parent: "aws_network_acl", of: named("network_acl_id"), inline: hasAny("ingress", "egress"), within: true},
	{child: "aws_vpc_security_group_ingress_rule", parent: "aws_security_group", of: named("security_group_id"), inline: hasAny("ingress"), within: true},
	{child: "aws_vpc_security_group_egress_rule", parent: "aws_security_group", of: named("security_group_id"), inline: hasAny("egress"), within: true},

	{child: "aws_sqs_queue_policy", parent: "aws_sqs_queue", of: itself, inline: hasAny("policy"), within: true},
	{child: "aws_sqs_queue_redrive_policy", parent: "aws_sqs_queue", of: itself, inline: hasAny("redrive_policy"), within: true},
	{child: "aws_sqs_queue_redrive_allow_policy", parent: "aws_sqs_queue", of: itself, inline: hasAny("redrive_allow_policy"), within: true},
	{child: "aws_sns_topic_policy", parent: "aws_sns_topic", of: itself, inline: hasAny("policy"), within: true},
	{child: "aws_efs_file_system_policy", parent: "aws_efs_file_system", of: itself, inline: hasAny("policy")},
	{child: "aws_ecs_cluster_capacity_providers", parent: "aws_ecs_cluster", of: itself, inline: hasAny("capacity_providers")},
	{child: "aws_api_gateway_rest_api_policy", parent: "aws_api_gateway_rest_api", of: itself, inline: hasAny("policy"), within: true},
	{child: "aws_eip_association", parent: "aws_eip", of: named("allocation_id"), inline: hasAny("instance", "network_interface"), within: true},
}...)

// definitions are what an API's body, an OpenAPI document, spells. It cannot be read back from AWS: a state has it only
// where the code does.
var definitions = map[string][]string{
	"aws_api_gateway_rest_api": {
		"aws_api_gateway_authorizer", "aws_api_gateway_gateway_response", "aws_api_gateway_integration", "aws_api_gateway_integration_response",
		"aws_api_gateway_method", "aws_api_gateway_method_response", "aws_api_gateway_model", "aws_api_gateway_request_validator", "aws_api_gateway_resource",
	},
	"aws_apigatewayv2_api": {"aws_apigatewayv2_authorizer", "aws_apigatewayv2_integration", "aws_apigatewayv2_route"},
}

func defined() []family {
	var list []family
	for parent, children := range definitions {
		for _, child := range children {
			list = append(list, family{child: child, parent: parent, of: before("/"), inline: hasAny("body"), whole: true})
		}
	}
	return list
}

// parents are the resources of which another one spells settings without being them.
var parents = map[string]func(attributes map[string]any) key{
	"aws_api_gateway_rest_api_put": func(a map[string]any) key { return key{"aws_api_gateway_rest_api", text(a["rest_api_id"])} },
}

// spellings are the types whose state says that other resources are managed too, by what they cover.
var spellings = map[string]func(attributes map[string]any) []key{
	// One policy attached to many: not importable itself, so its attachments are matched one by one.
	"aws_iam_policy_attachment": func(a map[string]any) []key {
		arn := texts([]any{a["policy_arn"]})
		return append(append(
			attachments("aws_iam_role_policy_attachment", texts(a["roles"]), arn),
			attachments("aws_iam_user_policy_attachment", texts(a["users"]), arn)...),
			attachments("aws_iam_group_policy_attachment", texts(a["groups"]), arn)...)
	},
	"aws_iam_role_policy_attachments_exclusive": func(a map[string]any) []key {
		return attachments("aws_iam_role_policy_attachment", []string{text(a["role_name"])}, texts(a["policy_arns"]))
	},
	"aws_iam_role_policies_exclusive": func(a map[string]any) []key {
		var keys []key
		for _, name := range texts(a["policy_names"]) {
			keys = append(keys, key{"aws_iam_role_policy", text(a["role_name"]) + ":" + name})
		}
		return keys
	},
	// The older way to make a stage.
	"aws_api_gateway_deployment": func(a map[string]any) []key {
		return under("aws_api_gateway_stage", "/", text(a["rest_api_id"]), text(a["stage_name"]))
	},
	// Custom domains and their mappings have types of both generations. The older ones are listed, where they can be.
	"aws_apigatewayv2_domain_name": by("domain_name", "aws_api_gateway_domain_name"),
	"aws_apigatewayv2_api_mapping": func(a map[string]any) []key {
		return []key{{"aws_api_gateway_base_path_mapping", text(a["domain_name"]) + "/" + text(a["api_mapping_key"])}}
	},
	// The older way to let others use an event bus: a statement of its policy.
	"aws_cloudwatch_event_permission": by("event_bus_name", "aws_cloudwatch_event_bus_policy"),
	// A group can be made with its hooks.
	"aws_autoscaling_group": func(a map[string]any) []key {
		var keys []key
		for _, hook := range blocks(a["initial_lifecycle_hook"]) {
			keys = append(keys, under("aws_autoscaling_lifecycle_hook", "/", text(a["name"]), text(hook["name"]))...)
		}
		return keys
	},
	// A table's replica is a table of its own region.
	"aws_dynamodb_table_replica": func(a map[string]any) []key {
		table, _, _ := strings.Cut(text(a["id"]), ":")
		return []key{{"aws_dynamodb_table", table}}
	},
	// A VPC's main route table is chosen by an association of its own kind.
	"aws_main_route_table_association": func(a map[string]any) []key {
		return []key{{"aws_route_table_association", text(a["vpc_id"]) + "/" + text(a["route_table_id"])}}
	},
	// The two sides of a peering are one connection.
	"aws_vpc_peering_connection_accepter": same("aws_vpc_peering_connection"),
	// Every apply makes a new revision: the state may name an older one than the listing.
	"aws_ecs_task_definition": func(a map[string]any) []key {
		return []key{{"aws_ecs_task_definition", taskFamily + text(a["family"])}}
	},
	"aws_batch_job_definition": func(a map[string]any) []key {
		return []key{{"aws_batch_job_definition", taskFamily + text(a["name"])}}
	},
	"aws_lambda_layer_version": func(a map[string]any) []key {
		return []key{{"aws_lambda_layer_version", taskFamily + text(a["layer_name"])}}
	},
	// Neptune and DocumentDB keep these among RDS's, where nothing tells whose they are.
	"aws_docdb_subnet_group":         same("aws_db_subnet_group"),
	"aws_neptune_subnet_group":       same("aws_db_subnet_group"),
	"aws_docdb_event_subscription":   same("aws_db_event_subscription"),
	"aws_neptune_event_subscription": same("aws_db_event_subscription"),
	"aws_db_snapshot_copy":           same("aws_db_snapshot"),
	"aws_rds_cluster_snapshot_copy":  same("aws_db_cluster_snapshot"),
	// The newer type holds domains of the older engine too, and the older one a domain that was upgraded.
	"aws_elasticsearch_domain": by("domain_name", "aws_opensearch_domain"),
	"aws_opensearch_domain":    by("domain_name", "aws_elasticsearch_domain"),
	// The general type can be a bucket as well.
	"aws_dms_endpoint": by("endpoint_id", "aws_dms_s3_endpoint"),
	// One secret of a cluster, of which the listing sees all as one.
	"aws_msk_single_scram_secret_association": by("cluster_arn", "aws_msk_scram_secret_association"),

	// Sending mail has types of both API versions. The newer ones are listed.
	"aws_ses_domain_identity":   same("aws_sesv2_email_identity"),
	"aws_ses_email_identity":    same("aws_sesv2_email_identity"),
	"aws_ses_configuration_set": same("aws_sesv2_configuration_set"),
	"aws_ses_identity_policy":   same("aws_sesv2_email_identity_policy"),
	// An image or snapshot is the same thing however it was made.
	"aws_ami_copy":                 same("aws_ami"),
	"aws_ami_from_instance":        same("aws_ami"),
	"aws_ebs_snapshot_copy":        same("aws_ebs_snapshot"),
	"aws_ebs_snapshot_import":      same("aws_ebs_snapshot"),
	"aws_default_vpc":              same("aws_vpc"),
	"aws_default_subnet":           same("aws_subnet"),
	"aws_default_security_group":   same("aws_security_group"),
	"aws_default_network_acl":      same("aws_network_acl"),
	"aws_default_route_table":      same("aws_route_table"),
	"aws_default_vpc_dhcp_options": same("aws_vpc_dhcp_options"),
	// The older rule type: one resource for each direction, port range and up to many sources.
	"aws_security_group_rule": func(a map[string]any) []key {
		typ := "aws_vpc_security_group_" + text(a["type"]) + "_rule"
		var keys []key
		for _, source := range ruleSources(a) {
			keys = append(keys, key{typ, ruleKey(text(a["security_group_id"]), text(a["protocol"]), a["from_port"], a["to_port"], source)})
		}
		return keys
	},
}

const taskFamily = "family "

// replicaRegions are the further regions in which a managed instance makes a resource of its own type and name.
func replicaRegions(typ string, attributes map[string]any) []string {
	if typ != "aws_dynamodb_table" {
		return nil
	}
	var regions []string
	for _, replica := range blocks(attributes["replica"]) {
		regions = append(regions, text(replica["region_name"]))
	}
	return regions
}

// styles remembers how each parent's settings are spelled in the states.
type styles struct{ inline, separate map[setting]bool }

// setting is a family's child type and a parent's ID.
type setting struct{ child, parent string }

func newStyles() styles { return styles{inline: map[setting]bool{}, separate: map[setting]bool{}} }

// see takes note of one managed instance, by what it is known by.
func (s styles) see(typ string, keys []key, attributes map[string]any) {
	attribute := func(name string) string { return text(attributes[name]) }
	if spelled, ok := parents[typ]; ok {
		keys = append(slices.Clip(keys), spelled(attributes))
	}
	for _, f := range families {
		for _, k := range keys {
			if k.typ == f.parent && f.inline(attributes) {
				s.inline[setting{f.child, k.id}] = true
			}
			if k.typ == f.child {
				s.separate[setting{f.child, f.of(k.id, attribute)}] = true
			}
		}
	}
}

// spelledInline says whether a listed resource is a setting that its parent spells: in the states, or, where the
// parent is unmanaged itself, in the code that will be written for it.
func (s styles) spelledInline(l drift.Listed, unmanaged map[key]bool) bool {
	for _, f := range families {
		if f.child != l.Type {
			continue
		}
		parent := f.of(l.ImportID, func(name string) string { return l.Facts[name] })
		at := setting{f.child, parent}
		inline := s.inline[at] && (f.whole || !s.separate[at])
		return inline || (f.within && unmanaged[key{f.parent, parent}])
	}
	return false
}

func before(separator string) func(string, func(string) string) string {
	return func(id string, _ func(string) string) string {
		parent, _, _ := strings.Cut(id, separator)
		return parent
	}
}

func named(attribute string) func(string, func(string) string) string {
	return func(_ string, get func(string) string) string { return get(attribute) }
}

// itself: the child's import ID is its parent's.
func itself(id string, _ func(string) string) string { return id }

// bucket: a bucket's own name, which an expected owner or a canned ACL may follow.
func bucket(id string, _ func(string) string) string {
	name, _, _ := strings.Cut(id, ",")
	return name
}

func hasAny(attributes ...string) func(map[string]any) bool {
	return func(a map[string]any) bool {
		for _, name := range attributes {
			if list, ok := a[name].([]any); text(a[name]) != "" || (ok && len(list) > 0) {
				return true
			}
		}
		return false
	}
}

// hasBlocks asks for a block in which member is set: an empty inline_policy block means that there shall be none.
func hasBlocks(attribute, member string) func(map[string]any) bool {
	return func(a map[string]any) bool {
		for _, b := range blocks(a[attribute]) {
			if text(b[member]) != "" {
				return true
			}
		}
		return false
	}
}

// ruleSources are the sources of a security group rule, of which the newer rule types have one each.
func ruleSources(a map[string]any) []string {
	sources := append(append(texts(a["cidr_blocks"]), texts(a["ipv6_cidr_blocks"])...), texts(a["prefix_list_ids"])...)
	if group := text(a["source_security_group_id"]); group != "" {
		_, group = cutLast(group, "/") // account/group for a group of another account
		sources = append(sources, group)
	}
	if self, _ := a["self"].(bool); self {
		sources = append(sources, text(a["security_group_id"]))
	}
	return sources
}

// ruleKey is what a rule says, for the types that do not know each other's IDs.
func ruleKey(group, protocol string, from, to any, source string) string {
	if protocol == "all" || protocol == "-1" {
		protocol, from, to = "-1", "", ""
	}
	return fmt.Sprintf("rule %s %s %v %v %s", group, protocol, from, to, source)
}

func cutLast(s, separator string) (before, after string) {
	if n := strings.LastIndex(s, separator); n >= 0 {
		return s[:n], s[n+len(separator):]
	}
	return "", s
}

// covers are the identities that a managed instance spells inline.
func covers(typ string, attributes map[string]any) []key {
	if spelled, ok := spellings[typ]; ok {
		return spelled(attributes)
	}
	return nil
}

// SpelledOtherwise says whether a type is a further spelling of what other types are listed as.
func SpelledOtherwise(typ string) bool {
	_, ok := spellings[typ]
	return ok
}

// aliases are further identities that a listed resource answers to.
func aliases(l drift.Listed) []key {
	if id := l.Facts["id"]; id != "" { // what a provider lists may be imported by another ID than a state has
		return []key{{l.Type, id}}
	}
	if family := l.Facts["family"]; family != "" {
		return []key{{l.Type, taskFamily + family}}
	}
	if group := l.Facts["security_group_id"]; group != "" && strings.HasPrefix(l.Type, "aws_vpc_security_group_") {
		return []key{{l.Type, ruleKey(group, l.Facts["protocol"], l.Facts["from_port"], l.Facts["to_port"], l.Facts["source"])}}
	}
	return nil
}

// same is the adopting type (aws_default_vpc) of a thing that has a type of its own.
func same(typ string) func(map[string]any) []key {
	return func(a map[string]any) []key { return []key{{typ, text(a["id"])}} }
}

// by is a type that is another one too, whose ID is one of its attributes.
func by(attribute, typ string) func(map[string]any) []key {
	return func(a map[string]any) []key { return []key{{typ, text(a[attribute])}} }
}

// under is what is named by its parent and itself; nothing where either is missing.
func under(typ, separator, parent, name string) []key {
	if parent == "" || name == "" {
		return nil
	}
	return []key{{typ, parent + separator + name}}
}

func attachments(typ string, holders, policies []string) []key {
	var keys []key
	for _, holder := range holders {
		for _, policy := range policies {
			keys = append(keys, key{typ, holder + "/" + policy})
		}
	}
	return keys
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func texts(v any) []string {
	list, _ := v.([]any)
	var s []string
	for _, item := range list {
		if t := text(item); strings.TrimSpace(t) != "" {
			s = append(s, t)
		}
	}
	return s
}

func blocks(v any) []map[string]any {
	list, _ := v.([]any)
	var b []map[string]any
	for _, item := range list {
		if block, ok := item.(map[string]any); ok {
			b = append(b, block)
		}
	}
	return b
}
