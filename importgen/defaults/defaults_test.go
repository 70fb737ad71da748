package defaults

import (
	"strings"
	"testing"
)

// TestTable: every line of the table reads, has a source above it and stands once.
func TestTable(t *testing.T) {
	t.Parallel()
	rows, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 50 {
		t.Errorf("only %d types", len(rows))
	}
	seen := map[string]map[Choice]bool{}
	for typ, choices := range rows {
		seen[typ] = map[Choice]bool{}
		for _, c := range choices {
			if seen[typ][c] {
				t.Errorf("%s %s stands twice", typ, c.Place)
			}
			seen[typ][c] = true
		}
	}
	source := false
	for line := range strings.Lines(text) {
		switch {
		case strings.TrimSpace(line) == "":
			source = false
		case strings.HasPrefix(line, "# https://"), strings.HasPrefix(line, "#") && strings.Contains(line, "https://"):
			source = true
		case !strings.HasPrefix(line, "#") && !source:
			t.Errorf("no source above %s", line)
		}
	}
}

func TestChosen(t *testing.T) {
	t.Parallel()
	read := map[string]string{
		"type": `"gp3"`, "function_name": `"resize"`, "min_size": "2", "kms_master_key_id": `""`, "subnet_id": `"subnet-1"`,
	}
	r := Resource{Account: "123456789012", Region: "eu-west-1", At: func(place string) string { return read[place] }}
	for _, c := range []struct {
		typ, place, value string
		want              bool
	}{
		{"aws_instance", "tenancy", `"default"`, true},
		{"aws_instance", "tenancy", `"dedicated"`, false},
		{"aws_instance", "availability_zone", `"eu-west-1a"`, true},
		{"aws_ebs_volume", "iops", "3000", true},
		{"aws_ebs_volume", "iops", "4000", false},
		{"aws_lambda_function", "logging_config.log_group", `"/aws/lambda/resize"`, true},
		{"aws_lambda_function", "logging_config.log_group", `"/aws/lambda/other"`, false},
		{"aws_autoscaling_group", "desired_capacity", "2", true},
		{"aws_autoscaling_group", "desired_capacity", "3", false},
		{"aws_sqs_queue", "sqs_managed_sse_enabled", "false", false},
		{"aws_vpc_peering_connection", "peer_owner_id", `"123456789012"`, true},
		{"aws_vpc_peering_connection", "peer_region", `"us-east-1"`, false},
		{"aws_flow_log", "log_format", Of("aws_flow_log")[0].Value, true},
		{"aws_codebuild_project", "encryption_key", `"arn:aws:kms:eu-west-1:123456789012:alias/aws/s3"`, true},
		{"aws_codebuild_project", "encryption_key", `"arn:aws:kms:eu-west-1:123456789012:alias/own"`, false},
		{"aws_unheard_of", "name", `"x"`, false},
	} {
		if got := Chosen(c.typ, c.place, c.value, r); got != c.want {
			t.Errorf("%s %s %s: %v", c.typ, c.place, c.value, got)
		}
	}
}

func TestTableRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"  a = 1\n", "aws_x\n  a = x\n", "aws_x\n  a = 1 where b = x\n", "aws_x\n  a 1\n"} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q reads", text)
		}
	}
}
