package importgen

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// spelledApart are arguments that say the same as resources of their own: type, place, the other type. Where that
// other resource exists too, code for it says it, and the argument is left out.
var spelledApart = map[string]map[string]string{
	"aws_iam_role": {"inline_policy": "aws_iam_role_policy", "managed_policy_arns": "aws_iam_role_policy_attachment"},
	"aws_s3_bucket": {
		"acl": "aws_s3_bucket_acl", "grant": "aws_s3_bucket_acl", "policy": "aws_s3_bucket_policy",
		"cors_rule": "aws_s3_bucket_cors_configuration", "lifecycle_rule": "aws_s3_bucket_lifecycle_configuration",
		"logging": "aws_s3_bucket_logging", "object_lock_configuration": "aws_s3_bucket_object_lock_configuration",
		"replication_configuration":            "aws_s3_bucket_replication_configuration",
		"server_side_encryption_configuration": "aws_s3_bucket_server_side_encryption_configuration",
		"versioning":                           "aws_s3_bucket_versioning", "website": "aws_s3_bucket_website_configuration",
	},
	"aws_route_table":    {"route": "aws_route"},
	"aws_security_group": {"ingress": "aws_security_group_rule", "egress": "aws_security_group_rule"},
	"aws_network_acl":    {"ingress": "aws_network_acl_rule", "egress": "aws_network_acl_rule"},
	"aws_sqs_queue":      {"policy": "aws_sqs_queue_policy", "redrive_policy": "aws_sqs_queue_redrive_policy"},
	"aws_sns_topic":      {"policy": "aws_sns_topic_policy"},

	"aws_secretsmanager_secret": {"policy": "aws_secretsmanager_secret_policy"},
}

// parentSeparator ends the parent's import ID in the import ID of a resource of its own; for types that are not here
// the two are the same.
var parentSeparator = map[string]string{
	"aws_iam_role_policy": ":", "aws_iam_role_policy_attachment": "/", "aws_route": "_", "aws_security_group_rule": "_",
	"aws_network_acl_rule": ":",
}

// parent is a resource that has another one of a type apart from it.
type parent struct{ account, typ, id string }

// apart are the parents of all resources, managed and not, that have something spelled apart.
func apart(items []Item, managed []drift.Managed) map[parent]bool {
	out := map[parent]bool{}
	note := func(r drift.Resource) {
		id := r.ImportID
		if separator, ok := parentSeparator[r.Type]; ok {
			id, _, _ = strings.Cut(id, separator)
		}
		out[parent{r.Account, r.Type, id}] = true
	}
	for _, item := range items {
		note(item.Resource)
	}
	for _, m := range managed {
		note(m.Resource)
	}
	return out
}

// leaveApart takes what is spelled apart, and documents that the cloud writes by itself, out of what could be
// written. What that would change in a plan is written after all.
func (b *block) leaveApart(full *body, apart map[parent]bool) {
	for place, typ := range spelledApart[b.Type] {
		if apart[parent{b.Account, typ, b.ImportID}] {
			full.drop(place)
		}
	}
	if b.Type == "aws_s3_bucket" && onlyOwnersGrant(full.blocks["grant"]) {
		full.drop("grant")
	}
	for name, v := range full.attrs {
		if strings.HasSuffix(name, "_group_name") && v.Type() == cty.String && defaultGroup(v.AsString()) {
			full.drop(name)
		}
	}
	if v, ok := full.attrs["policy"]; ok && v.Type() == cty.String && cloudsOwnPolicy(v.AsString(), b.Type, member(b.Object.Value, "arn")) {
		full.drop("policy")
	}
}

// defaultGroup reports whether a parameter or option group is the one that a database or cache has by default.
func defaultGroup(name string) bool {
	return strings.HasPrefix(name, "default.") || strings.HasPrefix(name, "default:")
}

// onlyOwnersGrant reports whether a bucket's grants are the one that every bucket begins with.
func onlyOwnersGrant(grants []*body) bool {
	return len(grants) == 1 && same(grants[0].attrs["permissions"], cty.SetVal([]cty.Value{cty.StringVal("FULL_CONTROL")})) &&
		same(grants[0].attrs["type"], cty.StringVal("CanonicalUser"))
}

// cloudsOwnPolicies are the policies that AWS gives a resource that has none, with the account as ACCOUNT and the
// resource as SELF. Sources: the service's documentation, "default key policy", "endpoint policies", "access control".
var cloudsOwnPolicies = map[string][]string{
	"aws_vpc_endpoint": {
		`{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}`,
		`{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}`,
	},
	"aws_kms_key": {
		`{"Id":"key-default-1","Statement":[{"Action":"kms:*","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::ACCOUNT:root"},` +
			`"Resource":"*","Sid":"Enable IAM User Permissions"}],"Version":"2012-10-17"}`,
	},
	"aws_sns_topic": {
		`{"Id":"__default_policy_ID","Statement":[{"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission",` +
			`"SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],` +
			`"Condition":{"StringEquals":{"AWS:SourceOwner":"ACCOUNT"}},"Effect":"Allow","Principal":{"AWS":"*"},"Resource":"SELF",` +
			`"Sid":"__default_statement_ID"}],"Version":"2008-10-17"}`,
	},
}

var accountNumber = regexp.MustCompile(`\b\d{12}\b`)

func cloudsOwnPolicy(policy, typ string, arn cty.Value) bool {
	if !arn.IsKnown() || arn.IsNull() || arn.Type() != cty.String {
		return false
	}
	policy = strings.ReplaceAll(policy, `"`+arn.AsString()+`"`, `"SELF"`)
	if account := accountNumber.FindString(arn.AsString()); account != "" {
		policy = strings.ReplaceAll(policy, account, "ACCOUNT")
	}
	for _, known := range cloudsOwnPolicies[typ] {
		if sameJSON(policy, known) {
			return true
		}
	}
	return false
}

// sameJSON compares documents, elements of arrays in any order: AWS returns actions as it likes.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	return canonical(x) == canonical(y)
}

func canonical(v any) string {
	switch v := v.(type) {
	case []any:
		parts := mapSlice(v, canonical)
		slices.Sort(parts)
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, strconv.Quote(key)+":"+canonical(v[key]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	text, _ := json.Marshal(v) // scalars of decoded JSON always encode
	return string(text)
}
