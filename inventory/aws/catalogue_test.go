package aws

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestCatalogue holds the rows to what everything else relies on.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	action := regexp.MustCompile(`^([a-z0-9-]+:(Describe|List|Get|BatchGet|Search|Lookup)[A-Za-z0-9]+|apigateway:GET|budgets:ViewBudget)$`)
	template := regexp.MustCompile(`^([^{}]*\{[a-z_]+\})+[^{}]*$`)
	seen := map[string]bool{}
	for _, row := range Catalogue() {
		switch {
		case seen[row.Type]:
			t.Errorf("%s: two rows", row.Type)
		case !strings.HasPrefix(row.Type, "aws_"):
			t.Errorf("%s: not a type of the AWS provider", row.Type)
		case row.list == nil:
			t.Errorf("%s: no lister", row.Type)
		case len(row.Actions) == 0:
			t.Errorf("%s: no IAM actions", row.Type)
		case row.ID != "" && row.identify != nil:
			t.Errorf("%s: a template and a function say its ID", row.Type)
		case row.ID != "" && !template.MatchString(row.ID):
			t.Errorf("%s: %q is not a template", row.Type, row.ID)
		}
		seen[row.Type] = true
		for i, a := range row.Actions {
			if !action.MatchString(a) {
				t.Errorf("%s: %s is not an action that only reads", row.Type, a)
			}
			if slices.Contains(row.Actions[:i], a) {
				t.Errorf("%s: %s stands twice", row.Type, a)
			}
		}
	}
	for _, canonical := range sameType {
		if strings.HasSuffix(canonical, "_attachment") {
			continue // the provider cannot import one
		}
		if !seen[canonical] {
			t.Errorf("%s: another name leads to it, but it has no row", canonical)
		}
	}
}

// TestRowsAreSorted keeps each service's table readable.
func TestRowsAreSorted(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]Row{
		"vpc": vpcRows, "ec2": ec2Rows, "iam": iamRows, "s3": s3Rows, "ecr": ecrRows, "efs": efsRows, "autoscaling": autoscalingRows, "elbv2": elbv2Rows, "route53": route53Rows,
	} {
		if !slices.IsSortedFunc(rows, func(a, b Row) int { return strings.Compare(a.Type, b.Type) }) {
			t.Errorf("%sRows are not sorted by type", name)
		}
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	type attributes = map[string]any
	for name, tc := range map[string]struct {
		typ        string
		attributes attributes
		want       drift.Resource // Provider and Tags aside
	}{
		"id, account and region from the ARN": {"aws_vpc",
			attributes{"id": "vpc-1", "arn": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1", "tags": attributes{"Name": "net"}},
			drift.Resource{Type: "aws_vpc", ImportID: "vpc-1", Account: "111122223333", Region: "eu-west-1", Name: "net"}},
		"a region that is not its own": {"aws_config_aggregate_authorization",
			attributes{"id": "1:us-east-1", "arn": "arn:aws:config:eu-west-1:111122223333:aggregation-authorization/1/us-east-1", "region": "us-east-1"},
			drift.Resource{Type: "aws_config_aggregate_authorization", ImportID: "1:us-east-1", Account: "111122223333", Region: "eu-west-1"}},
		"a bucket, whose ARN names neither account nor region": {"aws_s3_bucket",
			attributes{"id": "b", "bucket": "b", "arn": "arn:aws:s3:::b", "region": "eu-west-1"},
			drift.Resource{Type: "aws_s3_bucket", ImportID: "b", Region: "eu-west-1"}},
		"of no row and without id, by its ARN": {"aws_novelty",
			attributes{"arn": "arn:aws:novelty:eu-west-1:111122223333:n", "name": "n"},
			drift.Resource{Type: "aws_novelty", ImportID: "arn:aws:novelty:eu-west-1:111122223333:n", Account: "111122223333", Region: "eu-west-1", Name: "n"}},
		"association of a subnet": {"aws_route_table_association",
			attributes{"id": "rtbassoc-1", "subnet_id": "subnet-1", "gateway_id": "", "route_table_id": "rtb-1"},
			drift.Resource{Type: "aws_route_table_association", ImportID: "subnet-1/rtb-1"}},
		"association of a gateway": {"aws_route_table_association",
			attributes{"id": "rtbassoc-1", "subnet_id": nil, "gateway_id": "igw-1", "route_table_id": "rtb-1"},
			drift.Resource{Type: "aws_route_table_association", ImportID: "igw-1/rtb-1"}},
		"attachment, global": {"aws_iam_role_policy_attachment",
			attributes{"id": "app-2024", "role": "app", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
			drift.Resource{Type: "aws_iam_role_policy_attachment", ImportID: "app/arn:aws:iam::aws:policy/ReadOnlyAccess", Region: drift.Global}},
		"inline policy": {"aws_iam_role_policy",
			attributes{"id": "app:read", "role": "app", "name": "read"},
			drift.Resource{Type: "aws_iam_role_policy", ImportID: "app:read", Region: drift.Global, Name: "read"}},
		"setting of a bucket with an expected owner": {"aws_s3_bucket_versioning",
			attributes{"id": "b,111122223333", "bucket": "b", "expected_bucket_owner": "111122223333"},
			drift.Resource{Type: "aws_s3_bucket_versioning", ImportID: "b"}},
		"record by its full name": {"aws_route53_record",
			attributes{"id": "Z1_www_A", "zone_id": "Z1", "name": "www", "fqdn": "WWW.example.com", "type": "A", "set_identifier": ""},
			drift.Resource{Type: "aws_route53_record", ImportID: "Z1_www.example.com_A", Region: drift.Global, Name: "www"}},
		"record of any name, one of a set": {"aws_route53_record",
			attributes{"zone_id": "Z1", "name": "*", "fqdn": `\052.example.com.`, "type": "A", "set_identifier": "blue"},
			drift.Resource{Type: "aws_route53_record", ImportID: "Z1_*.example.com_A_blue", Region: drift.Global, Name: "*"}},
		"another name of the type": {"aws_alb",
			attributes{"id": "x", "arn": "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/1"},
			drift.Resource{Type: "aws_lb", ImportID: "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/1", Account: "111122223333", Region: "us-east-1"}},
		"incomplete attributes have no identity": {"aws_iam_role_policy_attachment",
			attributes{"id": "app-2024", "role": "app", "policy_arn": nil},
			drift.Resource{Type: "aws_iam_role_policy_attachment", Region: drift.Global}},
		"a type of no row, by its id": {"aws_glue_job",
			attributes{"id": "nightly", "region": "us-west-2"},
			drift.Resource{Type: "aws_glue_job", ImportID: "nightly", Region: "us-west-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Identify(tc.typ, tc.attributes)
			got.Provider, got.Tags = "", nil
			if got.Compare(tc.want) != 0 || got.Name != tc.want.Name {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}
