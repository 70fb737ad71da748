package aws

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/seed-e90528ae/driftline/drift"
)

// Row is one Terraform type of the catalogue: how it is listed, how its import ID is spelled, and which IAM actions
// its listing needs.
type Row struct {
	Type    string
	ID      string   // import ID as a template over state attributes: "{role}/{policy_arn}"; "" stands for "{id}"
	ARN     string   // attribute that holds its own ARN; "" stands for "arn"
	Global  bool     // listed once per account, not once per region
	Actions []string // IAM actions of the listing; the least-privilege policy is their union
	Tested  string   // what the row is tested against: "" for moto and the real provider, or recorded

	identify func(attributes map[string]any) string // where a template is not enough; "" when it cannot be told
	list     lister
}

// recorded marks a row that moto cannot create or list: only recorded responses test it.
const recorded = "recorded"

// Catalogue is every type that is listed, one table per service file.
var Catalogue = sync.OnceValue(func() []Row {
	return slices.Concat(
		vpcRows, ec2Rows, networkRows, autoscalingRows, iamRows, s3Rows, efsRows, ecrRows,
		sqsRows, snsRows, kinesisRows, eventsRows, dynamodbRows, rdsRows, kmsRows, secretsmanagerRows, ssmRows,
		logsRows, cloudwatchRows, route53Rows, lambdaRows, ecsRows, sfnRows, cognitoRows,
		elbRows, elbv2Rows, globalacceleratorRows, networkfirewallRows, acmRows, acmpcaRows, wafv2Rows, apigatewayRows, apigatewayv2Rows, cloudformationRows,
		dataRows,
		platformRows,
	)
})

var byType = sync.OnceValue(func() map[string]Row {
	rows := map[string]Row{}
	for _, row := range Catalogue() {
		rows[row.Type] = row
	}
	return rows
})

// sameType are types that are two names of one thing.
var sameType = map[string]string{
	"aws_alb": "aws_lb", "aws_alb_listener": "aws_lb_listener", "aws_alb_target_group": "aws_lb_target_group",
	"aws_alb_listener_rule": "aws_lb_listener_rule", "aws_alb_listener_certificate": "aws_lb_listener_certificate",
	"aws_alb_target_group_attachment": "aws_lb_target_group_attachment",
}

// Lists says whether the catalogue has a row for a type, under this name or another one of the same thing.
func Lists(typ string) bool {
	_, ok := byType()[canonical(typ)]
	return ok
}

func canonical(typ string) string {
	if other, ok := sameType[typ]; ok {
		return other
	}
	return typ
}

// Identify gives the identity of a managed instance from its attributes in the state. Account and region come from its
// ARN or its region attribute and are "" where the attributes do not say; the type is the catalogue's name for it.
// A type that is not in the catalogue is identified by its id, or by its ARN where it has no id.
func Identify(typ string, attributes map[string]any) drift.Resource {
	typ = canonical(typ)
	row, known := byType()[typ]
	r := drift.Resource{Provider: drift.AWS, Type: typ, Tags: stringMap(attributes["tags_all"])}
	if len(r.Tags) == 0 {
		r.Tags = stringMap(attributes["tags"])
	}
	switch {
	case known && row.identify != nil:
		r.ImportID = row.identify(attributes)
	case known && row.ID != "":
		r.ImportID = expand(row.ID, attributes)
	default:
		r.ImportID = cmp.Or(text(attributes, "id"), text(attributes, "arn"))
	}
	r.Name = r.Tags["Name"]
	if r.Name == "" {
		r.Name = text(attributes, "name")
	}
	if parsed, err := arn.Parse(text(attributes, cmp.Or(row.ARN, "arn"))); err == nil {
		r.Account, r.Region = parsed.AccountID, parsed.Region
	}
	if r.Region == "" { // an ARN's is the resource's own, where the attribute of some types names another one
		r.Region = text(attributes, "region")
	}
	if known && row.Global {
		r.Region = drift.Global
	}
	return r
}

// expand fills a template; "" when an attribute that it names is missing.
func expand(template string, attributes map[string]any) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		value := text(attributes, name)
		if value == "" {
			return ""
		}
		b.WriteString(value)
		template = after
	}
}

// text is a string attribute, "" when it is absent or of another kind.
func text(attributes map[string]any, name string) string {
	s, _ := attributes[name].(string)
	return s
}

func stringMap(v any) map[string]string {
	m := map[string]string{}
	object, _ := v.(map[string]any)
	for k, v := range object {
		if s, ok := v.(string); ok {
			m[k] = s
		}
	}
	return m
}
