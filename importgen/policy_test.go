package importgen

import (
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

func TestReadPolicy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`:                                    true,
		`{"Version":"2008-10-17","Id":"x","Statement":{"Effect":"Deny","NotAction":["a","b"],"NotResource":["*"]}}`:                   true,
		`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"x","Principal":"*"}]}`:                            true,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"x","Principal":{"AWS":["*"],"Service":"a.b"}}]}`:            true,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"x","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`: true,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"x","Resource":"arn:aws:s3:::b/${aws:username}"}]}`:          true,
		`{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`:                                                           false, // the data source writes a version, and this has none
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"x","Condition":{"Bool":{"aws:SecureTransport":false}}}]}`:   false,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"x","Condition":{"NumericLessThan":{"s3:max-keys":10}}}]}`:   false,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[],"Resource":"*"}]}`:                                        false,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","action":"x","Resource":"*"}]}`:                                       false,
		`{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"x","Resource":"*"}]}`:                                       false,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["x","x"],"Resource":"*"}]}`:                                 false,
		`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"x"},{"Sid":"a","Effect":"Deny","Action":"x"}]}`:   false,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"x","Resource":"a&{b}"}]}`:                                   false,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"x","Resource":"*"}],"Comment":"odd"}`:                       false,
		`{"Version":"2012-10-17","Statement":[]}`:                                                                                     false,
		`{"deadLetterTargetArn":"arn:aws:sqs:::q","maxReceiveCount":3}`:                                                               false,
		`[{"name":"web"}]`: false,
	} {
		p, ok := readPolicy(text)
		if ok != want {
			t.Errorf("%s: %v", text, ok)
		}
		if !ok {
			continue
		}
		again, ok := readPolicy(p.json())
		if !ok || again.json() != p.json() {
			t.Errorf("%s came back as %s", text, p.json())
		}
	}
}

func TestPolicyAsData(t *testing.T) {
	t.Parallel()
	bucket := flat(map[string]*tfjson.SchemaAttribute{"bucket": either(cty.String), "id": either(cty.String), "arn": readOnly(cty.String)})
	policy := flat(map[string]*tfjson.SchemaAttribute{"bucket": needed(cty.String), "policy": needed(cty.String)})
	role := flat(map[string]*tfjson.SchemaAttribute{
		"name": needed(cty.String), "assume_role_policy": needed(cty.String), "arn": readOnly(cty.String),
	})
	queue := flat(map[string]*tfjson.SchemaAttribute{"name": needed(cty.String), "policy": allowed(cty.String)})
	result := generate(t, []Item{
		{resource("aws_s3_bucket", "logs", "logs"), drift.Object{Value: object(bucket, `{"bucket":"logs","id":"logs","arn":"arn:aws:s3:::logs"}`)}},
		{resource("aws_s3_bucket_policy", "logs", "logs"), drift.Object{Value: object(policy,
			`{"bucket":"logs","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"tls\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",`+
				`\"Resource\":[\"arn:aws:s3:::logs\",\"arn:aws:s3:::logs/*\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}},`+
				`{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:role/app\"},\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],`+
				`\"Resource\":\"arn:aws:s3:::logs/${aws:username}/*\"}]}"}`)}},
		{resource("aws_iam_role", "app", "app"), drift.Object{Value: object(role,
			`{"name":"app","arn":"arn:aws:iam::123456789012:role/app","assume_role_policy":"{\"Version\":\"2012-10-17\",\"Statement\":`+
				`[{\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"}}]}"}`)}},
		{resource("aws_iam_role", "odd", "odd"), drift.Object{Value: object(role,
			`{"name":"odd","assume_role_policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Action\":\"sts:AssumeRole\",\"Effect\":\"Allow\",`+
				`\"Condition\":{\"NumericLessThan\":{\"aws:MultiFactorAuthAge\":3600}}}]}"}`)}},
		// The provider compares this one byte by byte.
		{resource("aws_sqs_queue", "q", "q"), drift.Object{Value: object(queue,
			`{"name":"q","policy":"{\"Statement\":[{\"Action\":\"sqs:*\",\"Effect\":\"Allow\",\"Resource\":\"*\"}],\"Version\":\"2012-10-17\"}"}`)}},
	}, Options{
		Planner: &fakePlanner{types: map[string]fakeType{
			"aws_s3_bucket": {schema: bucket}, "aws_s3_bucket_policy": {schema: policy, reword: byMeaning("policy")},
			"aws_iam_role": {schema: role, reword: byMeaning("assume_role_policy")}, "aws_sqs_queue": {schema: queue},
		}},
		PolicyStyle: PolicyData,
		Roots:       []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
	})
	golden(t, "policy_data", result.Files)
}

// byMeaning is the habit of a provider that takes policies of the same meaning for equal.
func byMeaning(attr string) func(prior, planned cty.Value) cty.Value {
	return func(prior, planned cty.Value) cty.Value {
		if prior.IsNull() || !sameMeaning(prior.GetAttr(attr), planned.GetAttr(attr)) {
			return planned
		}
		out := planned.AsValueMap()
		out[attr] = prior.GetAttr(attr)
		return cty.ObjectVal(out)
	}
}

// TestPolicyInBlocksAsData: blocks of a list are compared one by one, elements of a set are not.
func TestPolicyInBlocksAsData(t *testing.T) {
	t.Parallel()
	inline := flat(map[string]*tfjson.SchemaAttribute{"name": allowed(cty.String), "policy": allowed(cty.String)})
	role := &tfjson.SchemaBlock{
		Attributes:   map[string]*tfjson.SchemaAttribute{"name": needed(cty.String)},
		NestedBlocks: map[string]*tfjson.SchemaBlockType{"inline": listOf(inline), "boundary": listOf(inline), "in_a_set": setOf(inline)},
	}
	document := func(action string) string {
		return `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"` + action + `\",\"Resource\":\"*\"}]}"`
	}
	// The provider knows policies of the same meaning in inline, and compares bytes everywhere else.
	reword := func(prior, planned cty.Value) cty.Value {
		if prior.IsNull() || prior.GetAttr("inline").LengthInt() != planned.GetAttr("inline").LengthInt() {
			return planned
		}
		out := planned.AsValueMap()
		before, after := prior.GetAttr("inline").AsValueSlice(), planned.GetAttr("inline").AsValueSlice()
		for i := range after {
			after[i] = byMeaning("policy")(before[i], after[i])
		}
		out["inline"] = cty.ListVal(after)
		return cty.ObjectVal(out)
	}
	result := generate(t, []Item{{resource("aws_iam_role", "app", "app"), drift.Object{Value: object(role, `{"name":"app",
		"inline":[{"name":"Read Only","policy":`+document("s3:Get*")+`},{"policy":`+document("s3:Put*")+`}],
		"boundary":[{"name":"bytes","policy":`+document("s3:*")+`}],"in_a_set":[{"name":"set","policy":`+document("sqs:*")+`}]}`)}}}, Options{
		Planner:     &fakePlanner{types: map[string]fakeType{"aws_iam_role": {schema: role, reword: reword}}},
		PolicyStyle: PolicyData,
		Roots:       []drift.RootModule{{Dir: "infra", Required: map[string]string{drift.AWS: ""}}},
	})
	golden(t, "policy_data_in_blocks", result.Files)
}

func sameMeaning(a, b cty.Value) bool {
	x, okX := readPolicy(a.AsString())
	y, okY := readPolicy(b.AsString())
	if okX && okY {
		return x.json() == y.json()
	}
	return sameJSON(a.AsString(), b.AsString())
}
