package aws

var (
	httpAPI    = canned{operation: "GET /v2/apis", body: `{"items":[{"apiId":"a1","name":"shop","tags":{"team":"web"}}]}`}
	httpParent = " parent=a1 parent_tag:team=web parent_type=aws_apigatewayv2_api"
)

// gatewayRecordings are those of apigatewayRows and apigatewayv2Rows.
var gatewayRecordings = map[string]recording{
	"aws_api_gateway_client_certificate": {
		answers: []canned{
			{operation: "GET /clientcertificates", with: "position=2", body: `{"item":[{"clientCertificateId":"c2"}]}`},
			{operation: "GET /clientcertificates", body: `{"item":[{"clientCertificateId":"c1","tags":{"team":"web"}}],"position":"2"}`},
		},
		want: []string{"c1 tag:team=web", "c2"},
	},
	"aws_apigatewayv2_authorizer": {
		answers: []canned{httpAPI, {operation: "GET /v2/apis/a1/authorizers", body: `{"items":[{"authorizerId":"z1","name":"buyers"}]}`}},
		want:    []string{"a1/z1" + httpParent},
	},
	"aws_apigatewayv2_deployment": {
		answers: []canned{httpAPI,
			{operation: "GET /v2/apis/a1/deployments", body: `{"items":[{"deploymentId":"d1"},{"deploymentId":"d2"},{"deploymentId":"d3","autoDeployed":true}]}`},
			{operation: "GET /v2/apis/a1/stages", body: `{"items":[{"stageName":"live","deploymentId":"d2"},{"stageName":"$default","deploymentId":"d3","autoDeploy":true}]}`},
		},
		want: []string{"a1/d2" + httpParent},
	},
}

var (
	accelerator = canned{operation: "ListAccelerators", body: `{"Accelerators":[{"AcceleratorArn":"arn:a","Name":"shop"}]}`}
	listeners   = canned{operation: "ListListeners", with: "arn:a", body: `{"Listeners":[{"ListenerArn":"arn:a/listener/l"}]}`}
	windows     = canned{operation: "DescribeMaintenanceWindows", body: `{"WindowIdentities":[{"WindowId":"mw-1"}]}`}
	detectorD   = canned{operation: "GET /detector", body: `{"detectorIds":["d"]}`}
)

// edgeRecordings are those of the rows around an estate's edge, and of others that moto does not know.
var edgeRecordings = map[string]recording{
	"aws_accessanalyzer_analyzer": {
		answers: []canned{{operation: "GET /analyzer", body: `{"analyzers":[{"name":"account","arn":"arn:a","type":"ACCOUNT","status":"ACTIVE","createdAt":"2024-01-01T00:00:00Z","tags":{"team":"security"}}]}`}},
		want:    []string{"account tag:team=security"},
	},
	"aws_cloudfront_cache_policy": {
		answers: []canned{
			{operation: "GET /2020-05-31/cache-policy", with: "Marker=2", body: `<CachePolicyList><Items><CachePolicySummary><Type>custom</Type><CachePolicy><Id>c2</Id></CachePolicy></CachePolicySummary></Items></CachePolicyList>`},
			{operation: "GET /2020-05-31/cache-policy", with: "Type=custom", body: `<CachePolicyList><NextMarker>2</NextMarker><Items><CachePolicySummary><Type>custom</Type><CachePolicy><Id>c1</Id><CachePolicyConfig><Name>pages</Name></CachePolicyConfig></CachePolicy></CachePolicySummary></Items></CachePolicyList>`},
		},
		want: []string{"c1", "c2"},
	},
	"aws_cloudfront_function": {
		answers: []canned{{operation: "GET /2020-05-31/function", with: "Stage=DEVELOPMENT", body: `<FunctionList><Items><FunctionSummary><Name>redirect</Name></FunctionSummary></Items></FunctionList>`}},
		want:    []string{"redirect"},
	},
	"aws_cloudfront_origin_access_identity": {
		answers: []canned{{operation: "GET /2020-05-31/origin-access-identity/cloudfront", body: `<CloudFrontOriginAccessIdentityList><IsTruncated>false</IsTruncated><Items><CloudFrontOriginAccessIdentitySummary><Id>E1</Id><Comment>pages</Comment></CloudFrontOriginAccessIdentitySummary></Items></CloudFrontOriginAccessIdentityList>`}},
		want:    []string{"E1"},
	},
	"aws_cloudfront_origin_request_policy": {
		answers: []canned{{operation: "GET /2020-05-31/origin-request-policy", with: "Type=custom", body: `<OriginRequestPolicyList><Items><OriginRequestPolicySummary><Type>custom</Type><OriginRequestPolicy><Id>o1</Id></OriginRequestPolicy></OriginRequestPolicySummary></Items></OriginRequestPolicyList>`}},
		want:    []string{"o1"},
	},
	"aws_cloudfront_response_headers_policy": {
		answers: []canned{{operation: "GET /2020-05-31/response-headers-policy", with: "Type=custom", body: `<ResponseHeadersPolicyList><Items><ResponseHeadersPolicySummary><Type>custom</Type><ResponseHeadersPolicy><Id>r1</Id></ResponseHeadersPolicy></ResponseHeadersPolicySummary></Items></ResponseHeadersPolicyList>`}},
		want:    []string{"r1"},
	},
	"aws_codecommit_repository": {
		answers: []canned{{operation: "ListRepositories", body: `{"repositories":[{"repositoryName":"shop","repositoryId":"1"}]}`},
			{operation: "ListTagsForResource", with: "arn:aws:codecommit:eu-west-1:111122223333:shop", body: `{"tags":{"team":"web"}}`}},
		want: []string{"shop tag:team=web"},
	},
	"aws_codestarconnections_connection": {
		answers: []canned{{operation: "ListConnections", body: `{"Connections":[{"ConnectionName":"github","ConnectionArn":"arn:aws:codestar-connections:eu-west-1:111122223333:connection/1","OwnerAccountId":"111122223333"}]}`},
			{operation: "ListTagsForResource", body: `{"Tags":[{"Key":"team","Value":"web"}]}`}},
		want: []string{"arn:aws:codestar-connections:eu-west-1:111122223333:connection/1 tag:team=web owner_id=111122223333"},
	},
	"aws_config_conformance_pack": {
		answers: []canned{{operation: "DescribeConformancePacks", body: `{"ConformancePackDetails":[{"ConformancePackName":"baseline"},{"ConformancePackName":"OrgConformsPack-x","CreatedBy":"config-multiaccountsetup.amazonaws.com"}]}`}},
		want:    []string{"OrgConformsPack-x managed_by=config-multiaccountsetup.amazonaws.com", "baseline"},
	},
	"aws_dlm_lifecycle_policy": {
		answers: []canned{{operation: "GET /policies", body: `{"Policies":[{"PolicyId":"policy-1","Description":"nightly","Tags":{"team":"platform"}}]}`}},
		want:    []string{"policy-1 tag:team=platform"},
	},
	"aws_ecs_capacity_provider": {
		answers: []canned{
			{operation: "DescribeCapacityProviders", with: `"nextToken":"2"`, body: `{"capacityProviders":[{"name":"machines","status":"ACTIVE","autoScalingGroupProvider":{"autoScalingGroupArn":"arn:g"},"tags":[{"key":"team","value":"web"}]},{"name":"gone","status":"INACTIVE","autoScalingGroupProvider":{"autoScalingGroupArn":"arn:g"}}]}`},
			{operation: "DescribeCapacityProviders", with: `"TAGS"`, body: `{"capacityProviders":[{"name":"FARGATE","status":"ACTIVE"}],"nextToken":"2"}`},
		},
		want: []string{"machines tag:team=web"},
	},
	"aws_lambda_function_event_invoke_config": {
		answers: []canned{
			{operation: "GET /2015-03-31/functions", body: `{"Functions":[{"FunctionName":"a","FunctionArn":"arn:a"}]}`},
			{operation: "GET /2017-03-31/tags/arn:a", body: `{"Tags":{"team":"web"}}`},
			{operation: "GET /2019-09-25/functions/a/event-invoke-config/list", body: `{"FunctionEventInvokeConfigs":[{"FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:a:$LATEST"},{"FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:a:live"}]}`},
		},
		want: []string{"a parent=a parent_tag:team=web parent_type=aws_lambda_function", "a:live parent=a parent_tag:team=web parent_type=aws_lambda_function"},
	},
	"aws_elb": {
		answers: []canned{
			{operation: "DescribeLoadBalancers", body: result("DescribeLoadBalancers", `<LoadBalancerDescriptions><member><LoadBalancerName>old</LoadBalancerName><VPCId>vpc-1</VPCId></member></LoadBalancerDescriptions>`)},
			{operation: "DescribeTags", with: "old", body: result("DescribeTags", `<TagDescriptions><member><LoadBalancerName>old</LoadBalancerName><Tags><member><Key>team</Key><Value>web</Value></member></Tags></member></TagDescriptions>`)},
		},
		want: []string{"old tag:team=web vpc_id=vpc-1"},
	},
	"aws_globalaccelerator_accelerator": {
		answers: []canned{accelerator, {operation: "ListTagsForResource", with: "arn:a", body: `{"Tags":[{"Key":"team","Value":"web"}]}`}},
		want:    []string{"arn:a tag:team=web"},
	},
	"aws_globalaccelerator_endpoint_group": {
		answers: []canned{accelerator, listeners, {operation: "ListEndpointGroups", with: "arn:a/listener/l", body: `{"EndpointGroups":[{"EndpointGroupArn":"arn:a/listener/l/endpoint-group/g"}]}`}},
		want:    []string{"arn:a/listener/l/endpoint-group/g parent=arn:a/listener/l parent_type=aws_globalaccelerator_listener"},
	},
	"aws_globalaccelerator_listener": {
		answers: []canned{accelerator, listeners},
		want:    []string{"arn:a/listener/l parent=arn:a parent_type=aws_globalaccelerator_accelerator"},
	},
	"aws_guardduty_filter": {
		answers: []canned{detectorD, {operation: "GET /detector/d/filter", body: `{"filterNames":["noise"]}`}},
		want:    []string{"d:noise parent=d parent_type=aws_guardduty_detector"},
	},
	"aws_guardduty_ipset": {
		answers: []canned{detectorD, {operation: "GET /detector/d/ipset", body: `{"ipSetIds":["i"]}`}},
		want:    []string{"d:i parent=d parent_type=aws_guardduty_detector"},
	},
	"aws_networkfirewall_firewall": {
		answers: []canned{{operation: "ListFirewalls", body: `{"Firewalls":[{"FirewallArn":"arn:aws:network-firewall:eu-west-1:111122223333:firewall/f","FirewallName":"f"}]}`},
			{operation: "ListTagsForResource", body: `{"Tags":[{"Key":"team","Value":"net"}]}`}},
		want: []string{"arn:aws:network-firewall:eu-west-1:111122223333:firewall/f tag:team=net owner_id=111122223333"},
	},
	"aws_networkfirewall_firewall_policy": {
		answers: []canned{{operation: "ListFirewallPolicies", body: `{"FirewallPolicies":[{"Arn":"arn:aws:network-firewall:eu-west-1:111122223333:firewall-policy/p","Name":"p"}]}`},
			{operation: "ListTagsForResource", body: `{"Tags":[]}`}},
		want: []string{"arn:aws:network-firewall:eu-west-1:111122223333:firewall-policy/p owner_id=111122223333"},
	},
	"aws_networkfirewall_rule_group": {
		answers: []canned{{operation: "ListRuleGroups", with: `"ACCOUNT"`, body: `{"RuleGroups":[{"Arn":"arn:aws:network-firewall:eu-west-1:444455556666:stateful-rulegroup/shared","Name":"shared"}]}`},
			{operation: "ListTagsForResource", body: `{"Tags":[]}`}},
		want: []string{"arn:aws:network-firewall:eu-west-1:444455556666:stateful-rulegroup/shared owner_id=444455556666"},
	},
	"aws_ssm_association": {
		answers: []canned{{operation: "ListAssociations", body: `{"Associations":[{"AssociationId":"8dfe3659-4309-493a-8755-0123456789ab","AssociationName":"inventory"},{"AssociationId":"8dfe3659-4309-493a-8755-0123456789ac","AssociationName":"AWS-QuickSetup-Patch"}]}`}},
		want:    []string{"8dfe3659-4309-493a-8755-0123456789ab", "8dfe3659-4309-493a-8755-0123456789ac managed_by=an AWS service"},
	},
	"aws_ssm_maintenance_window_target": {
		answers: []canned{windows, {operation: "DescribeMaintenanceWindowTargets", with: "mw-1", body: `{"Targets":[{"WindowId":"mw-1","WindowTargetId":"23639a0b-ddbc-4bca-9e72-78d96EXAMPLE","Name":"web"}]}`}},
		want:    []string{"mw-1/23639a0b-ddbc-4bca-9e72-78d96EXAMPLE parent=mw-1 parent_type=aws_ssm_maintenance_window"},
	},
	"aws_ssm_maintenance_window_task": {
		answers: []canned{windows, {operation: "DescribeMaintenanceWindowTasks", with: "mw-1", body: `{"Tasks":[{"WindowId":"mw-1","WindowTaskId":"4f7ca192-7e9a-40fe-9192-5cb15EXAMPLE"}]}`}},
		want:    []string{"mw-1/4f7ca192-7e9a-40fe-9192-5cb15EXAMPLE parent=mw-1 parent_type=aws_ssm_maintenance_window"},
	},
	"aws_ssm_patch_baseline": {
		answers: []canned{{operation: "DescribePatchBaselines", with: `"Self"`, body: `{"BaselineIdentities":[{"BaselineId":"pb-1","BaselineName":"monthly"}]}`},
			{operation: "ListTagsForResource", with: `"PatchBaseline"`, body: `{"TagList":[{"Key":"team","Value":"platform"}]}`}},
		want: []string{"pb-1 tag:team=platform"},
	},
}
