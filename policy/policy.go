// Package policy writes the read-only IAM policy of a scan: what its types need, and reading its states. What a type needs it
// is told.
package policy

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Need is what a resource type needs to be seen.
type Need struct {
	Type  string
	List  []string // IAM actions of its listing
	Read  []string // of the provider's own reading
	Known bool     // Read was recorded
}

// Limit is how many characters a managed policy may have, white space not counted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const Limit = 6144

// Document is a policy, and Statement one of its statements.
type (
	Document struct {
		Version   string
		Statement []Statement
	}
	Statement struct {
		Sid, Effect      string
		Action, Resource []string
	}
)

// Write writes the policy of a scan as terraform, cloudformation or, by default, JSON, and says what it does not know, and
// what it gives that somebody may not want to. states are URLs.
func Write(w io.Writer, format string, needs []Need, states []string) (warnings []string, err error) {
	policies := documents(needs, states)
	warnings = reservations(needs)
	if len(policies) > 10 {
		warnings = append(warnings, fmt.Sprintf("%d policies are more than a role takes (10, or 20 on request): narrow them by --include or --exclude", len(policies)))
	}
	switch format {
	case "terraform":
		return warnings, writeTerraform(w, policies)
	case "cloudformation":
		return warnings, writeCloudFormation(w, policies)
	}
	if len(policies) > 1 {
		warnings = append(warnings, fmt.Sprintf("the policy is longer than the %d characters that a managed policy may have: the other formats split it into %d, or narrow it by --include", Limit, len(policies)))
	}
	return warnings, writeJSON(w, whole(policies))
}

// whole is one document of all.
func whole(policies []Document) Document {
	all := policies[0]
	for _, p := range policies[1:] {
		all.Statement[0].Action = append(all.Statement[0].Action, p.Statement[0].Action...)
		all.Statement = append(all.Statement, p.Statement[1:]...)
	}
	return all
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// documents each fit into a managed policy, the reading of states in the first.
func documents(needs []Need, states []string) []Document {
	actions, values := actionsOf(needs)
	first := Document{Version: "2012-10-17", Statement: []Statement{{Sid: "Read", Effect: "Allow", Resource: []string{"*"}}}}
	if len(values) > 0 {
		first.Statement = append(first.Statement, Statement{Sid: "ReadValues", Effect: "Allow", Action: values, Resource: []string{"*"}})
	}
	first.Statement = append(first.Statement, stateStatements(states)...)
	policies := []Document{first}
	for _, action := range actions {
		last := &policies[len(policies)-1]
		last.Statement[0].Action = append(last.Statement[0].Action, action)
		if size(*last) <= Limit {
			continue
		}
		list := last.Statement[0].Action
		last.Statement[0].Action = slices.Clip(list[:len(list)-1])
		policies = append(policies, Document{Version: "2012-10-17", Statement: []Statement{
			{Sid: "Read", Effect: "Allow", Action: []string{action}, Resource: []string{"*"}}}})
	}
	return policies
}

func size(p Document) int {
	text, _ := json.Marshal(p) // of strings alone: it has a form
	return len(text)
}

// givesValues are actions that give out what may be secret, and that the provider cannot read their type without.
var givesValues = []string{"ssm:GetParameter"}

// actionsOf is the union of the actions that types need, with those that every run begins with, sorted; those that give out
// values apart.
func actionsOf(needs []Need) (actions, values []string) {
	all := map[string]bool{"ec2:DescribeRegions": true, "sts:GetCallerIdentity": true}
	for _, n := range needs {
		for _, action := range slices.Concat(n.List, n.Read) {
			all[action] = true
		}
	}
	for _, action := range givesValues {
		if all[action] {
			values = append(values, action)
			delete(all, action)
		}
	}
	return slices.Sorted(maps.Keys(all)), values
}

// reservations are what the policy does not know, and what it gives that somebody may not want to.
func reservations(needs []Need) (warnings []string) {
	var unknown []string
	for _, n := range needs {
		if !n.Known {
			unknown = append(unknown, n.Type)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		shown := strings.Join(unknown[:min(len(unknown), 5)], ", ")
		if len(unknown) > 5 {
			shown += fmt.Sprintf(" and %d more", len(unknown)-5)
		}
		warnings = append(warnings, fmt.Sprintf("what the provider asks for to read %s was never recorded: the policy lets them be listed; a run names what it was denied besides", shown))
	}
	if slices.ContainsFunc(needs, func(n Need) bool { return n.Type == "aws_ssm_parameter" }) {
		warnings = append(warnings, "the statement ReadValues lets parameters' values be read, without which the provider reads no aws_ssm_parameter: take it out, and they are skipped")
	}
	return warnings
}

// stateStatements allow reading the states in S3 buckets, by their URLs, and nothing else in those buckets. A bucket whose
// objects are encrypted with a key of its owner's needs kms:Decrypt on that key besides.
func stateStatements(states []string) []Statement {
	var buckets, objects []string
	for _, state := range states {
		u, err := url.Parse(state)
		if err != nil || u.Scheme != "s3" {
			continue
		}
		key := strings.TrimPrefix(u.Path, "/")
		if strings.HasSuffix(key, "/") || key == "" {
			key += "*"
		}
		buckets = append(buckets, "arn:aws:s3:::"+u.Host)
		objects = append(objects, "arn:aws:s3:::"+path.Join(u.Host, globs.ReplaceAllString(key, "*")))
	}
	if len(buckets) == 0 {
		return nil
	}
	return []Statement{
		{Sid: "FindStates", Effect: "Allow", Action: []string{"s3:ListBucket"}, Resource: slices.Compact(slices.Sorted(slices.Values(buckets)))},
		{Sid: "ReadStates", Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: slices.Compact(slices.Sorted(slices.Values(objects)))},
	}
}

// globs are the wildcards of a state URL; IAM has * and ? alone, both of which cross slashes.
var globs = regexp.MustCompile(`\*\*/\*|\*+/?\*?|\[[^\]]*\]|\{[^}]*\}`)

func writeTerraform(w io.Writer, policies []Document) error {
	var b strings.Builder
	for n, p := range policies {
		fmt.Fprintf(&b, "resource \"aws_iam_policy\" \"driftline_%d\" {\n  name        = \"driftline-%d\"\n  description = \"What Driftline reads\"\n", n+1, n+1)
		b.WriteString("  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [\n")
		for _, s := range p.Statement {
			fmt.Fprintf(&b, "      {\n        Sid      = %q\n        Effect   = \"Allow\"\n        Resource = %s\n        Action = %s\n      },\n", s.Sid, hclList(s.Resource), hclList(s.Action))
		}
		b.WriteString("    ]\n  })\n}\n\n")
	}
	_, err := w.Write(hclwrite.Format([]byte(strings.TrimSuffix(b.String(), "\n"))))
	return err
}

// hclList writes words, which hold nothing that HCL would interpret but for ${, one to a line when they are many.
func hclList(words []string) string {
	var quoted []string
	for _, word := range words {
		quoted = append(quoted, fmt.Sprintf("%q", strings.NewReplacer("${", "$${", "%{", "%%{").Replace(word)))
	}
	if len(quoted) == 1 {
		return "[" + quoted[0] + "]"
	}
	return "[\n          " + strings.Join(quoted, ",\n          ") + ",\n        ]"
}

func writeCloudFormation(w io.Writer, policies []Document) error {
	resources := map[string]any{}
	for n, p := range policies {
		resources[fmt.Sprintf("Driftline%d", n+1)] = map[string]any{
			"Type": "AWS::IAM::ManagedPolicy",
			"Properties": map[string]any{
				"Description": "What Driftline reads", "PolicyDocument": p, "Roles": []any{map[string]string{"Ref": "Role"}},
			},
		}
	}
	return writeJSON(w, map[string]any{
		"AWSTemplateFormatVersion": "2010-09-09",
		"Parameters":               map[string]any{"Role": map[string]string{"Type": "String", "Description": "Name of the role that Driftline runs with"}},
		"Resources":                resources,
	})
}
