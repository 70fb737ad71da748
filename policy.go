package main

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

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/scanner"
)

// managedPolicyLimit is how many characters a managed policy may have, white space not counted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const managedPolicyLimit = 6144

type (
	policyDocument struct {
		Version   string
		Statement []policyStatement
	}
	policyStatement struct {
		Sid, Effect      string
		Action, Resource []string
	}
)

// writePolicy is `driftline policy`: what listing the types in scope needs, what the provider's own reads of them need, and
// reading the states.
func writePolicy(cfg config.Config, say *console.Console, w io.Writer) error {
	include := inScope(cfg, scanner.Ignore{})
	policies := policiesFor(include, cfg.States)
	tellOfReads(say, include)
	if len(policies) > 10 {
		say.Warn(fmt.Sprintf("%d policies are more than a role takes (10, or 20 on request): narrow them by --include or --exclude", len(policies)))
	}
	switch cfg.ShowAs {
	case "terraform":
		return writeTerraformPolicies(w, policies)
	case "cloudformation":
		return writeCloudFormation(w, policies)
	}
	if len(policies) > 1 {
		say.Warn(fmt.Sprintf("the policy is longer than the %d characters that a managed policy may have: the other formats split it into %d, or narrow it by --include", managedPolicyLimit, len(policies)))
	}
	var whole policyDocument
	for n, p := range policies {
		if n == 0 {
			whole = p
			continue
		}
		whole.Statement[0].Action = append(whole.Statement[0].Action, p.Statement[0].Action...)
		whole.Statement = append(whole.Statement, p.Statement[1:]...)
	}
	return writeJSON(w, whole)
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// policiesFor are documents that each fit into a managed policy, the reading of states in the first.
func policiesFor(include func(typ string) bool, states []string) []policyDocument {
	actions, values := actionsFor(include)
	first := policyDocument{Version: "2012-10-17", Statement: []policyStatement{{Sid: "Read", Effect: "Allow", Resource: []string{"*"}}}}
	if len(values) > 0 {
		first.Statement = append(first.Statement, policyStatement{Sid: "ReadValues", Effect: "Allow", Action: values, Resource: []string{"*"}})
	}
	first.Statement = append(first.Statement, stateStatements(states)...)
	policies := []policyDocument{first}
	for _, action := range actions {
		last := &policies[len(policies)-1]
		last.Statement[0].Action = append(last.Statement[0].Action, action)
		if size(*last) <= managedPolicyLimit {
			continue
		}
		list := last.Statement[0].Action
		last.Statement[0].Action = slices.Clip(list[:len(list)-1])
		policies = append(policies, policyDocument{Version: "2012-10-17", Statement: []policyStatement{
			{Sid: "Read", Effect: "Allow", Action: []string{action}, Resource: []string{"*"}}}})
	}
	return policies
}

func size(p policyDocument) int {
	text, _ := json.Marshal(p) // of strings alone: it has a form
	return len(text)
}

// givesValues are actions that give out what may be secret, and that the provider cannot read their type without.
var givesValues = []string{"ssm:GetParameter"}

// actionsFor is the union of the actions of the types in scope, by listers and by the provider, with those that every run
// begins with, sorted; those that give out values apart.
func actionsFor(include func(typ string) bool) (actions, values []string) {
	all := map[string]bool{"ec2:DescribeRegions": true, "sts:GetCallerIdentity": true}
	for _, row := range aws.Catalogue() {
		if !include(row.Type) {
			continue
		}
		reads, _ := aws.Reads(row.Type)
		for _, action := range slices.Concat(row.Actions, reads) {
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

// tellOfReads says what the policy does not know, and what it gives that somebody may not want to.
func tellOfReads(say *console.Console, include func(typ string) bool) {
	var unknown []string
	for _, row := range aws.Catalogue() {
		if _, known := aws.Reads(row.Type); include(row.Type) && !known {
			unknown = append(unknown, row.Type)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		shown := strings.Join(unknown[:min(len(unknown), 5)], ", ")
		if len(unknown) > 5 {
			shown += fmt.Sprintf(" and %d more", len(unknown)-5)
		}
		say.Warn(fmt.Sprintf("what the provider asks for to read %s was never recorded: the policy lets them be listed; a run names what it was denied besides", shown))
	}
	if include("aws_ssm_parameter") {
		say.Warn("the statement ReadValues lets parameters' values be read, without which the provider reads no aws_ssm_parameter: take it out, and they are skipped")
	}
}

// stateStatements allow reading the states in S3 buckets, by their URLs, and nothing else in those buckets. A bucket whose
// objects are encrypted with a key of its owner's needs kms:Decrypt on that key besides.
func stateStatements(states []string) []policyStatement {
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
	return []policyStatement{
		{Sid: "FindStates", Effect: "Allow", Action: []string{"s3:ListBucket"}, Resource: slices.Compact(slices.Sorted(slices.Values(buckets)))},
		{Sid: "ReadStates", Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: slices.Compact(slices.Sorted(slices.Values(objects)))},
	}
}

// globs are the wildcards of a state URL; IAM has * and ? alone, both of which cross slashes.
var globs = regexp.MustCompile(`\*\*/\*|\*+/?\*?|\[[^\]]*\]|\{[^}]*\}`)

func writeTerraformPolicies(w io.Writer, policies []policyDocument) error {
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

func writeCloudFormation(w io.Writer, policies []policyDocument) error {
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
