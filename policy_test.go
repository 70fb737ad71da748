package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/policy"
)

func policyOf(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, code := driftline(t, nil, append([]string{"policy"}, args...)...)
	if code != exitDone {
		t.Fatalf("code %d: %s", code, stderr)
	}
	return stdout
}

func parsed(t *testing.T, text string) policy.Document {
	t.Helper()
	var p policy.Document
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func compact(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPolicyOfSomeTypes(t *testing.T) {
	t.Parallel()
	p := parsed(t, policyOf(t, "--include", "aws_sqs_queue", "--include", "aws_kms_alias", "--state", "s3://states/live/**/terraform.tfstate?region=eu-west-1",
		"--state", "s3://states/one.tfstate", "--state", "gs://elsewhere/x"))
	want := []string{"ec2:DescribeRegions", "sts:GetCallerIdentity"}
	for _, row := range aws.Catalogue() {
		if row.Type == "aws_sqs_queue" || row.Type == "aws_kms_alias" {
			reads, known := aws.Reads(row.Type)
			if !known || len(reads) == 0 {
				t.Errorf("it is not known how the provider reads %s", row.Type)
			}
			want = slices.Concat(want, row.Actions, reads)
		}
	}
	slices.Sort(want)
	if got := p.Statement[0].Action; !slices.Equal(got, slices.Compact(want)) {
		t.Errorf("listing: %q\nwant %q", got, want)
	}
	if len(p.Statement) != 3 {
		t.Fatalf("%+v", p)
	}
	if got := p.Statement[1]; !slices.Equal(got.Action, []string{"s3:ListBucket"}) || !slices.Equal(got.Resource, []string{"arn:aws:s3:::states"}) {
		t.Errorf("%+v", got)
	}
	if got := p.Statement[2]; !slices.Equal(got.Action, []string{"s3:GetObject"}) ||
		!slices.Equal(got.Resource, []string{"arn:aws:s3:::states/live/*terraform.tfstate", "arn:aws:s3:::states/one.tfstate"}) {
		t.Errorf("%+v", got)
	}
}

// TestPolicyFormats: each format holds the same actions, in documents that IAM takes.
func TestPolicyFormats(t *testing.T) {
	t.Parallel()
	whole := parsed(t, policyOf(t)).Statement[0].Action
	if len(whole) < 100 {
		t.Fatalf("only %d actions", len(whole))
	}
	var template struct {
		Resources map[string]struct {
			Properties struct{ PolicyDocument policy.Document }
		}
	}
	if err := json.Unmarshal([]byte(policyOf(t, "--format", "cloudformation")), &template); err != nil {
		t.Fatal(err)
	}
	var split []string
	for name, resource := range template.Resources {
		document := resource.Properties.PolicyDocument
		if n := len(compact(t, document)); n > policy.Limit {
			t.Errorf("%s has %d characters", name, n)
		}
		split = append(split, document.Statement[0].Action...)
	}
	slices.Sort(split)
	if !slices.Equal(split, whole) || len(template.Resources) < 2 {
		t.Errorf("CloudFormation has %d actions in %d policies, JSON %d", len(split), len(template.Resources), len(whole))
	}
	code := policyOf(t, "--format", "terraform", "--state", "s3://b/${x}/terraform.tfstate")
	if formatted := string(hclwrite.Format([]byte(code))); formatted != code {
		t.Errorf("terraform fmt would change it:\n%s", code)
	}
	if _, diags := hclsyntax.ParseConfig([]byte(code), "policy.tf", hcl.InitialPos); diags.HasErrors() {
		t.Error(diags)
	}
	found := regexp.MustCompile(`"([a-z0-9-]+:[A-Za-z0-9]+)"`).FindAllStringSubmatch(code, -1)
	for _, action := range whole {
		if !slices.ContainsFunc(found, func(m []string) bool { return m[1] == action }) {
			t.Errorf("Terraform lacks %s", action)
		}
	}
}

// TestPolicyGivesNoSecretsOut: nothing in it writes, and nothing in it reads what opens other doors, but for a statement that
// says so.
func TestPolicyGivesNoSecretsOut(t *testing.T) {
	t.Parallel()
	reads := regexp.MustCompile(`^[a-z0-9-]+:(List|Describe|Get|GET|Search|BatchGet|View)[A-Za-z0-9]*$`)
	for _, action := range parsed(t, policyOf(t)).Statement[0].Action {
		_, name, _ := strings.Cut(action, ":")
		if !reads.MatchString(action) || slices.Contains([]string{"GetSecretValue", "GetParameter", "GetParameters", "GetObject", "GetPasswordData", "Decrypt"}, name) {
			t.Errorf("%s is asked for", action)
		}
	}
	whole := parsed(t, policyOf(t))
	if values := whole.Statement[1]; values.Sid != "ReadValues" || !slices.Equal(values.Action, []string{"ssm:GetParameter"}) {
		t.Errorf("%+v", values)
	}
	if without := parsed(t, policyOf(t, "--exclude", "aws_ssm_parameter")); len(without.Statement) != 1 {
		t.Errorf("values are read though nothing in scope needs them: %+v", without.Statement[1:])
	}
}

// TestPolicyTellsWhatItDoesNotKnow: a type that the provider was never seen to read is named.
func TestPolicyTellsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, row := range aws.Catalogue() {
		if _, known := aws.Reads(row.Type); known {
			continue
		}
		if _, stderr, _ := driftline(t, nil, "policy", "--include", row.Type); !strings.Contains(stderr, row.Type+" was never recorded") {
			t.Errorf("%s: %s", row.Type, stderr)
		}
		return
	}
}

func TestPolicyBadFormat(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"policy", "--format", "html"}, {"policy", "--format", "yaml"}, {"show", "x.json", "--format", "terraform"}} {
		if _, stderr, code := driftline(t, nil, args...); code != exitUsage || !strings.Contains(stderr, "format") {
			t.Errorf("%q: code %d, %s", args, code, stderr)
		}
	}
}
