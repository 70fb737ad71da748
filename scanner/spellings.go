package scanner

import (
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// spellings are the types whose state spells other resources inline, by what they cover. Without its row, each of
// those shows as unmanaged beside the resource that manages it.
var spellings = map[string]func(attributes map[string]any) []key{
	// inline_policy is aws_iam_role_policy; managed_policy_arns is aws_iam_role_policy_attachment.
	"aws_iam_role": func(a map[string]any) []key {
		role := text(a["name"])
		keys := attachments("aws_iam_role_policy_attachment", []string{role}, texts(a["managed_policy_arns"]))
		for _, policy := range blocks(a["inline_policy"]) {
			if name := text(policy["name"]); name != "" {
				keys = append(keys, key{"aws_iam_role_policy", role + ":" + name})
			}
		}
		return keys
	},
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
	// The bucket's own blocks and the aws_s3_bucket_* resources are one setting.
	"aws_s3_bucket": func(a map[string]any) []key {
		var keys []key
		for _, inline := range []struct{ attribute, typ string }{
			{"policy", "aws_s3_bucket_policy"},
			{"versioning", "aws_s3_bucket_versioning"},
			{"server_side_encryption_configuration", "aws_s3_bucket_server_side_encryption_configuration"},
			{"lifecycle_rule", "aws_s3_bucket_lifecycle_configuration"},
		} {
			if text(a[inline.attribute]) != "" || len(blocks(a[inline.attribute])) > 0 {
				keys = append(keys, key{inline.typ, text(a["id"])})
			}
		}
		return keys
	},
	// A VPC's main route table is chosen by an association of its own kind.
	"aws_main_route_table_association": func(a map[string]any) []key {
		return []key{{"aws_route_table_association", text(a["id"])}}
	},
	// Every apply makes a new revision: the state may name an older one than the listing.
	"aws_ecs_task_definition": func(a map[string]any) []key {
		return []key{{"aws_ecs_task_definition", familyPrefix + text(a["family"])}}
	},
	"aws_default_vpc":              same("aws_vpc"),
	"aws_default_subnet":           same("aws_subnet"),
	"aws_default_security_group":   same("aws_security_group"),
	"aws_default_network_acl":      same("aws_network_acl"),
	"aws_default_route_table":      same("aws_route_table"),
	"aws_default_vpc_dhcp_options": same("aws_vpc_dhcp_options"),
}

const familyPrefix = "family "

// covers are the identities that a managed instance spells inline.
func covers(typ string, attributes map[string]any) []key {
	if spelled, ok := spellings[typ]; ok {
		return spelled(attributes)
	}
	return nil
}

// aliases are further identities that a listed resource answers to.
func aliases(l drift.Listed) []key {
	if family := l.Facts["family"]; l.Type == "aws_ecs_task_definition" && family != "" {
		return []key{{l.Type, familyPrefix + family}}
	}
	return nil
}

// same is the adopting type (aws_default_vpc) of a thing that has a type of its own.
func same(typ string) func(map[string]any) []key {
	return func(a map[string]any) []key { return []key{{typ, text(a["id"])}} }
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
