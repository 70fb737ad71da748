package prcomment

import (
	"net/url"
	"strings"

	"github.com/seed-e90528ae/driftline/drift"
)

// consolePages are where AWS's console shows a resource, by type: what follows https://REGION.console.aws.amazon.com/.
// {id} is the import ID and {name} what follows its last slash or colon, both escaped; {region} is the region. The
// addresses are those that the console itself shows; AWS does not document them.
var consolePages = map[string]string{
	"aws_vpc":                     "vpcconsole/home?region={region}#VpcDetails:VpcId={id}",
	"aws_subnet":                  "vpcconsole/home?region={region}#SubnetDetails:subnetId={id}",
	"aws_internet_gateway":        "vpcconsole/home?region={region}#InternetGateway:internetGatewayId={id}",
	"aws_nat_gateway":             "vpcconsole/home?region={region}#NatGatewayDetails:natGatewayId={id}",
	"aws_route_table":             "vpcconsole/home?region={region}#RouteTableDetails:RouteTableId={id}",
	"aws_network_acl":             "vpcconsole/home?region={region}#NetworkAclDetails:networkAclId={id}",
	"aws_vpc_endpoint":            "vpcconsole/home?region={region}#EndpointDetails:vpcEndpointId={id}",
	"aws_vpc_peering_connection":  "vpcconsole/home?region={region}#PeeringConnectionDetails:VpcPeeringConnectionId={id}",
	"aws_security_group":          "ec2/home?region={region}#SecurityGroup:groupId={id}",
	"aws_eip":                     "ec2/home?region={region}#ElasticIpDetails:AllocationId={id}",
	"aws_instance":                "ec2/home?region={region}#InstanceDetails:instanceId={id}",
	"aws_ebs_volume":              "ec2/home?region={region}#VolumeDetails:volumeId={id}",
	"aws_launch_template":         "ec2/home?region={region}#LaunchTemplateDetails:launchTemplateId={id}",
	"aws_autoscaling_group":       "ec2/home?region={region}#AutoScalingGroupDetails:id={id};view=details",
	"aws_lb":                      "ec2/home?region={region}#LoadBalancer:loadBalancerArn={id}",
	"aws_lb_target_group":         "ec2/home?region={region}#TargetGroup:targetGroupArn={id}",
	"aws_iam_role":                "iam/home#/roles/details/{id}",
	"aws_iam_user":                "iam/home#/users/details/{id}",
	"aws_iam_group":               "iam/home#/groups/details/{id}",
	"aws_iam_policy":              "iam/home#/policies/details/{id}",
	"aws_s3_bucket":               "s3/buckets/{id}?region={region}",
	"aws_sqs_queue":               "sqs/v3/home?region={region}#/queues/{id}",
	"aws_sns_topic":               "sns/v3/home?region={region}#/topic/{id}",
	"aws_dynamodb_table":          "dynamodbv2/home?region={region}#table?name={id}",
	"aws_db_instance":             "rds/home?region={region}#database:id={id};is-cluster=false",
	"aws_lambda_function":         "lambda/home?region={region}#/functions/{id}",
	"aws_kms_key":                 "kms/home?region={region}#/kms/keys/{id}",
	"aws_cloudwatch_log_group":    "cloudwatch/home?region={region}#logsV2:log-groups$3FlogGroupNameFilter$3D{id}",
	"aws_cloudwatch_metric_alarm": "cloudwatch/home?region={region}#alarmsV2:alarm/{id}",
	"aws_ecs_cluster":             "ecs/v2/clusters/{name}?region={region}",
	"aws_efs_file_system":         "efs/home?region={region}#/file-systems/{id}",
	"aws_kinesis_stream":          "kinesis/home?region={region}#/streams/details/{name}/monitoring",
	"aws_sfn_state_machine":       "states/home?region={region}#/statemachines/view/{id}",
	"aws_cloudformation_stack":    "cloudformation/home?region={region}#/stacks?filteringText={id}",
	"aws_route53_zone":            "route53/v2/hostedzones#ListRecordSets/{id}",
	"aws_acm_certificate":         "acm/home?region={region}#/certificates/{name}",
	"aws_cognito_user_pool":       "cognito/v2/idp/user-pools/{id}?region={region}",
	"aws_api_gateway_rest_api":    "apigateway/main/apis/{id}/resources?region={region}",
	"aws_apigatewayv2_api":        "apigateway/main/api-detail?api={id}&region={region}",
}

// consoleURL is the page of a resource; "" where none is known, or the region is one of China's or the government's,
// which have consoles of their own.
func consoleURL(r drift.Resource) string {
	page, ok := consolePages[r.Type]
	region := r.Region
	if region == "" || region == drift.Global {
		region = "us-east-1"
	}
	if !ok || r.Provider != drift.AWS || strings.HasPrefix(region, "cn-") || strings.Contains(region, "gov") || strings.ContainsFunc(region, notRegion) {
		return ""
	}
	name := r.ImportID[strings.LastIndexAny(r.ImportID, "/:")+1:]
	return "https://" + region + ".console.aws.amazon.com/" +
		strings.NewReplacer("{region}", region, "{id}", url.PathEscape(strings.ToValidUTF8(r.ImportID, "")), "{name}", url.PathEscape(strings.ToValidUTF8(name, ""))).Replace(page)
}

func notRegion(r rune) bool { return r != '-' && !isAlphanumeric(r) }

// consoleLink is a resource's import ID for a cell of a table, as a link to the console where one is known.
func consoleLink(r drift.Resource) string {
	id := cell(shorten(r.ImportID, 2*valueLength))
	if page := consoleURL(r); page != "" {
		return "[" + id + "](" + linkTarget(page) + ")"
	}
	return id
}

// linkTarget is an address that cannot end the link or the cell that it stands in, and holds no mention.
func linkTarget(address string) string {
	return strings.NewReplacer("(", "%28", ")", "%29", "|", "%7C", "@", "%40", "<", "%3C", ">", "%3E", "`", "%60", "*", "%2A", "~", "%7E").Replace(address)
}
