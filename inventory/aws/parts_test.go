package aws

var (
	graphqlA  = canned{operation: "GET /v1/apis", body: `{"graphqlApis":[{"apiId":"g1","name":"shop","owner":"111122223333","tags":{"team":"web"}}]}`}
	ofGraphql = " owner_id=111122223333 parent=g1 parent_tag:team=web parent_type=aws_appsync_graphql_api"
	chatAPI   = canned{operation: "GET /v2/apis", body: `{"items":[{"apiId":"h1","name":"shop","protocolType":"HTTP"},{"apiId":"w1","name":"chat","protocolType":"WEBSOCKET","tags":{"team":"web"}}]}`}
	ofChat    = " parent=w1 parent_tag:team=web parent_type=aws_apigatewayv2_api"
)

// partRecordings are those of what hangs on something else, and of some that moto does not know.
var partRecordings = map[string]recording{
	"aws_apigatewayv2_model": {
		answers: []canned{chatAPI, {operation: "GET /v2/apis/w1/models", body: `{"items":[{"modelId":"m1","name":"Message"}]}`}},
		want:    []string{"w1/m1" + ofChat},
	},
	"aws_apigatewayv2_route_response": {
		answers: []canned{chatAPI,
			{operation: "GET /v2/apis/w1/routes", body: `{"items":[{"routeId":"r1","routeKey":"$connect"},{"routeId":"r2","routeKey":"send"}]}`},
			{operation: "GET /v2/apis/w1/routes/r1/routeresponses", body: `{"items":[]}`},
			{operation: "GET /v2/apis/w1/routes/r2/routeresponses", body: `{"items":[{"routeResponseId":"a1","routeResponseKey":"$default"}]}`},
		},
		want: []string{"w1/r2/a1" + ofChat},
	},
	"aws_appsync_datasource": {
		answers: []canned{graphqlA,
			{operation: "GET /v1/apis/g1/datasources", with: "nextToken=2", body: `{"dataSources":[{"name":"orders","type":"AMAZON_DYNAMODB"}]}`},
			{operation: "GET /v1/apis/g1/datasources", body: `{"dataSources":[{"name":"none","type":"NONE"}],"nextToken":"2"}`},
		},
		want: []string{"g1-none" + ofGraphql, "g1-orders" + ofGraphql},
	},
	"aws_appsync_function": {
		answers: []canned{graphqlA, {operation: "GET /v1/apis/g1/functions", body: `{"functions":[{"functionId":"f1","name":"price"}]}`}},
		want:    []string{"g1-f1" + ofGraphql},
	},
	"aws_appsync_resolver": {
		answers: []canned{graphqlA,
			{operation: "GET /v1/apis/g1/types", with: "format=SDL", body: `{"types":[{"name":"Query"},{"name":"Order"}]}`},
			{operation: "GET /v1/apis/g1/types/Query/resolvers", body: `{"resolvers":[{"typeName":"Query","fieldName":"orders"},{"typeName":"Query","fieldName":"order"}]}`},
			{operation: "GET /v1/apis/g1/types/Order/resolvers", code: "NotFoundException"},
		},
		want: []string{"g1-Query-order" + ofGraphql, "g1-Query-orders" + ofGraphql},
	},
	"aws_cloudwatch_composite_alarm": {
		answers: []canned{
			{operation: "DescribeAlarms", with: `CompositeAlarm`, body: `{"CompositeAlarms":[{"AlarmName":"shop-down","AlarmArn":"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-down"}]}`},
			{operation: "ListTagsForResource", with: "alarm:shop-down", body: `{"Tags":[{"Key":"team","Value":"shop"}]}`},
		},
		want: []string{"shop-down tag:team=shop"},
	},
	"aws_ec2_client_vpn_endpoint": {
		answers: []canned{{operation: "DescribeClientVpnEndpoints", body: `<DescribeClientVpnEndpointsResponse><clientVpnEndpoint>
			<item><clientVpnEndpointId>cvpn-endpoint-1</clientVpnEndpointId><status><code>available</code></status><vpcId>vpc-1</vpcId><tagSet><item><key>team</key><value>net</value></item></tagSet></item>
			<item><clientVpnEndpointId>cvpn-endpoint-2</clientVpnEndpointId><status><code>deleting</code></status></item></clientVpnEndpoint></DescribeClientVpnEndpointsResponse>`}},
		want: []string{"cvpn-endpoint-1 tag:team=net vpc_id=vpc-1"},
	},
	"aws_ec2_instance_connect_endpoint": {
		answers: []canned{{operation: "DescribeInstanceConnectEndpoints", body: `<DescribeInstanceConnectEndpointsResponse><instanceConnectEndpointSet>
			<item><instanceConnectEndpointId>eice-1</instanceConnectEndpointId><ownerId>111122223333</ownerId><state>create-complete</state><vpcId>vpc-1</vpcId></item>
			<item><instanceConnectEndpointId>eice-2</instanceConnectEndpointId><ownerId>111122223333</ownerId><state>delete-in-progress</state></item></instanceConnectEndpointSet></DescribeInstanceConnectEndpointsResponse>`}},
		want: []string{"eice-1 owner_id=111122223333 vpc_id=vpc-1"},
	},
	"aws_ecr_pull_through_cache_rule": {
		answers: []canned{
			{operation: "DescribePullThroughCacheRules", with: `"nextToken":"2"`, body: `{"pullThroughCacheRules":[{"ecrRepositoryPrefix":"quay","registryId":"111122223333"}]}`},
			{operation: "DescribePullThroughCacheRules", body: `{"pullThroughCacheRules":[{"ecrRepositoryPrefix":"hub","registryId":"111122223333"}],"nextToken":"2"}`},
		},
		want: []string{"hub", "quay"},
	},
	"aws_eks_access_policy_association": {
		answers: []canned{
			{operation: "GET /clusters", body: `{"clusters":["shop"]}`},
			{operation: "GET /clusters/shop/access-entries", body: `{"accessEntries":["arn:aws:iam::111122223333:role/admin","arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"]}`},
			{operation: "GET /clusters/shop/access-entries/arn:aws:iam::111122223333:role/admin/access-policies", body: `{"associatedAccessPolicies":[{"policyArn":"arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"}]}`},
		},
		want: []string{"shop#arn:aws:iam::111122223333:role/admin#arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy parent=shop parent_type=aws_eks_cluster"},
	},
	"aws_placement_group": {
		answers: []canned{{operation: "DescribePlacementGroups", body: `<DescribePlacementGroupsResponse><placementGroupSet>
			<item><groupName>close</groupName><strategy>cluster</strategy><state>available</state><tagSet><item><key>team</key><value>data</value></item></tagSet></item>
			<item><groupName>gone</groupName><state>deleted</state></item></placementGroupSet></DescribePlacementGroupsResponse>`}},
		want: []string{"close tag:team=data"},
	},
	"aws_wafv2_web_acl_association": {
		answers: []canned{
			{operation: "ListWebACLs", with: `"Scope":"REGIONAL"`, body: `{"WebACLs":[{"Name":"shop","Id":"1","ARN":"arn:shop"},{"Name":"idle","Id":"2","ARN":"arn:idle"}]}`},
			{operation: "ListResourcesForWebACL", with: `"ResourceType":"APPLICATION_LOAD_BALANCER","WebACLArn":"arn:shop"`, body: `{"ResourceArns":["arn:lb"]}`},
			{operation: "ListResourcesForWebACL", with: `"ResourceType":"API_GATEWAY","WebACLArn":"arn:shop"`, body: `{"ResourceArns":["arn:stage"]}`},
			{operation: "ListResourcesForWebACL", body: `{"ResourceArns":[]}`},
			{operation: "ListTagsForResource", with: "arn:shop", body: `{"TagInfoForResource":{"ResourceARN":"arn:shop","TagList":[{"Key":"team","Value":"web"}]}}`},
		},
		want: []string{
			"arn:shop,arn:lb parent=arn:shop parent_tag:team=web parent_type=aws_wafv2_web_acl",
			"arn:shop,arn:stage parent=arn:shop parent_tag:team=web parent_type=aws_wafv2_web_acl",
		},
	},
}
