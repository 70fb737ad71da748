package aws

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestListings gives listers of messaging, data, app and edge types what AWS may answer, above all what moto never does:
// further pages, things that are going or gone, and sub-calls that fail beside siblings that do not.
func TestListings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		types   string // space-separated
		region  string // "": eu-west-1
		answers []canned
		want    []string // "type id fact=value ...", sorted; facts without parent and parent_type
		skips   []string // What of each skip, sorted
	}{
		"queues: pages, and tags that are denied or gone": {
			types: "aws_sqs_queue",
			answers: []canned{
				{operation: "ListQueues", with: `"NextToken":"2"`, body: `{"QueueUrls":["https://sqs/1/b","https://sqs/1/c"]}`},
				{operation: "ListQueues", with: `"MaxResults":1000`, body: `{"QueueUrls":["https://sqs/1/a"],"NextToken":"2"}`},
				{operation: "ListQueueTags", with: "/a", body: `{"Tags":{"team":"x"}}`},
				{operation: "ListQueueTags", with: "/b", code: "AccessDeniedException"},
				{operation: "ListQueueTags", with: "/c", code: "QueueDoesNotExist"},
			},
			want:  []string{"aws_sqs_queue https://sqs/1/a", "aws_sqs_queue https://sqs/1/b"},
			skips: []string{"tags of aws_sqs_queue in eu-west-1"},
		},
		"subscriptions: neither pending nor deleted ones": {
			types: "aws_sns_topic_subscription",
			answers: []canned{{operation: "ListSubscriptions", body: `<ListSubscriptionsResponse><ListSubscriptionsResult><Subscriptions>
				<member><SubscriptionArn>PendingConfirmation</SubscriptionArn></member><member><SubscriptionArn>Deleted</SubscriptionArn></member>
				<member><SubscriptionArn>arn:aws:sns:eu-west-1:111122223333:t:1</SubscriptionArn><Owner>444455556666</Owner></member>
				</Subscriptions></ListSubscriptionsResult></ListSubscriptionsResponse>`}},
			want: []string{"aws_sns_topic_subscription arn:aws:sns:eu-west-1:111122223333:t:1 owner_id=444455556666"},
		},
		"streams: those that are not being deleted": {
			types: "aws_kinesis_stream",
			answers: []canned{
				{operation: "ListStreams", body: `{"HasMoreStreams":false,"StreamNames":["a","b"],"StreamSummaries":[
					{"StreamName":"a","StreamStatus":"ACTIVE","StreamARN":"a"},{"StreamName":"b","StreamStatus":"DELETING","StreamARN":"b"}]}`},
				{operation: "ListTagsForStream", with: `"a"`, body: `{"HasMoreTags":false,"Tags":[]}`},
			},
			want: []string{"aws_kinesis_stream a"},
		},
		"rules: a bus that cannot be seen hides no other": {
			types: "aws_cloudwatch_event_bus aws_cloudwatch_event_rule aws_cloudwatch_event_target",
			answers: []canned{
				{operation: "ListEventBuses", with: `"NextToken":"2"`, body: `{"EventBuses":[{"Name":"shop","Arn":"arn:shop"}]}`},
				{operation: "ListEventBuses", body: `{"EventBuses":[{"Name":"default","Arn":"arn:default"},{"Name":"locked","Arn":"arn:locked"}],"NextToken":"2"}`},
				{operation: "ListRules", with: `"locked"`, code: "AccessDeniedException"},
				{operation: "ListRules", with: `"shop"`, body: `{"Rules":[{"Name":"orders","Arn":"o","EventBusName":"shop"}]}`},
				{operation: "ListRules", with: `"default"`, body: `{"Rules":[{"Name":"AutoScalingManagedRule","Arn":"m","EventBusName":"default","ManagedBy":"autoscaling.amazonaws.com"}]}`},
				{operation: "ListTagsForResource", body: `{"Tags":[]}`},
				{operation: "ListTargetsByRule", with: `"orders"`, body: `{"Targets":[{"Id":"q","Arn":"x"},{"Id":"r","Arn":"x"}]}`},
				{operation: "ListTargetsByRule", body: `{"Targets":[{"Id":"autoscaling","Arn":"x"}]}`},
			},
			want: []string{
				"aws_cloudwatch_event_bus default default=true", "aws_cloudwatch_event_bus locked", "aws_cloudwatch_event_bus shop",
				"aws_cloudwatch_event_rule default/AutoScalingManagedRule managed_by=autoscaling.amazonaws.com",
				"aws_cloudwatch_event_rule shop/orders",
				"aws_cloudwatch_event_target default/AutoScalingManagedRule/autoscaling managed_by=autoscaling.amazonaws.com",
				"aws_cloudwatch_event_target shop/orders/q", "aws_cloudwatch_event_target shop/orders/r",
			},
			skips: []string{"aws_cloudwatch_event_rule of event bus locked in eu-west-1", "aws_cloudwatch_event_target of event bus locked in eu-west-1"},
		},
		"tables: deleting ones are left out, undescribed ones are not": {
			types: "aws_dynamodb_table",
			answers: []canned{
				{operation: "ListTables", with: `"ExclusiveStartTableName":"b"`, body: `{"TableNames":["c","d"]}`},
				{operation: "ListTables", body: `{"TableNames":["a","b"],"LastEvaluatedTableName":"b"}`},
				{operation: "DescribeTable", with: `"a"`, body: `{"Table":{"TableName":"a","TableArn":"arn:a","TableStatus":"ACTIVE"}}`},
				{operation: "DescribeTable", with: `"b"`, body: `{"Table":{"TableName":"b","TableArn":"arn:b","TableStatus":"DELETING"}}`},
				{operation: "DescribeTable", with: `"c"`, code: "AccessDeniedException"},
				{operation: "DescribeTable", with: `"d"`, code: "ResourceNotFoundException"},
				{operation: "ListTagsOfResource", with: `"arn:a"`, body: `{"Tags":[{"Key":"a","Value":"b"}]}`},
			},
			want:  []string{"aws_dynamodb_table a", "aws_dynamodb_table c"},
			skips: []string{"aws_dynamodb_table of c in eu-west-1"},
		},
		"databases: members name their cluster": {
			types: "aws_db_instance aws_db_parameter_group aws_db_subnet_group aws_rds_cluster aws_rds_cluster_instance",
			answers: []canned{
				{operation: "DescribeDBInstances", body: `<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>
					<DBInstance><DBInstanceIdentifier>alone</DBInstanceIdentifier><DBInstanceStatus>available</DBInstanceStatus></DBInstance>
					<DBInstance><DBInstanceIdentifier>member</DBInstanceIdentifier><DBClusterIdentifier>multi-az</DBClusterIdentifier><Engine>mysql</Engine></DBInstance>
					<DBInstance><DBInstanceIdentifier>aurora-1</DBInstanceIdentifier><DBClusterIdentifier>aurora</DBClusterIdentifier><Engine>aurora-mysql</Engine></DBInstance>
					<DBInstance><DBInstanceIdentifier>going</DBInstanceIdentifier><DBInstanceStatus>deleting</DBInstanceStatus></DBInstance>
					</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`},
				{operation: "DescribeDBClusters", body: `<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters>
					<DBCluster><DBClusterIdentifier>aurora</DBClusterIdentifier><Engine>aurora-mysql</Engine></DBCluster>
					<DBCluster><DBClusterIdentifier>graph</DBClusterIdentifier><Engine>neptune</Engine></DBCluster>
					<DBCluster><DBClusterIdentifier>going</DBClusterIdentifier><Engine>aurora-mysql</Engine><Status>deleting</Status></DBCluster>
					</DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>`},
				{operation: "DescribeDBParameterGroups", body: `<DescribeDBParameterGroupsResponse><DescribeDBParameterGroupsResult><DBParameterGroups>
					<DBParameterGroup><DBParameterGroupName>default.mysql8.0</DBParameterGroupName><DBParameterGroupFamily>mysql8.0</DBParameterGroupFamily><DBParameterGroupArn>arn:1</DBParameterGroupArn></DBParameterGroup>
					<DBParameterGroup><DBParameterGroupName>docs</DBParameterGroupName><DBParameterGroupFamily>docdb5.0</DBParameterGroupFamily><DBParameterGroupArn>arn:2</DBParameterGroupArn></DBParameterGroup>
					</DBParameterGroups></DescribeDBParameterGroupsResult></DescribeDBParameterGroupsResponse>`},
				{operation: "DescribeDBSubnetGroups", body: `<DescribeDBSubnetGroupsResponse><DescribeDBSubnetGroupsResult><DBSubnetGroups>
					<DBSubnetGroup><DBSubnetGroupName>default-vpc-1</DBSubnetGroupName><DBSubnetGroupArn>arn:1</DBSubnetGroupArn><VpcId>vpc-1</VpcId></DBSubnetGroup>
					<DBSubnetGroup><DBSubnetGroupName>defaults</DBSubnetGroupName><DBSubnetGroupArn>arn:2</DBSubnetGroupArn><VpcId>vpc-1</VpcId></DBSubnetGroup>
					</DBSubnetGroups></DescribeDBSubnetGroupsResult></DescribeDBSubnetGroupsResponse>`},
				{operation: "ListTagsForResource", body: `<ListTagsForResourceResponse><ListTagsForResourceResult/></ListTagsForResourceResponse>`},
			},
			want: []string{
				"aws_db_instance alone state=available", "aws_db_instance member cluster=multi-az",
				"aws_db_parameter_group default.mysql8.0 default=true",
				"aws_db_subnet_group default-vpc-1 default=true vpc_id=vpc-1", "aws_db_subnet_group defaults vpc_id=vpc-1",
				"aws_rds_cluster aurora", "aws_rds_cluster_instance aurora-1",
			},
		},
		"keys: AWS's own, other types, and one that says nothing": {
			types: "aws_kms_key",
			answers: []canned{
				{operation: "ListKeys", body: `{"Keys":[{"KeyId":"ours"},{"KeyId":"aws"},{"KeyId":"external"},{"KeyId":"replica"},{"KeyId":"locked"},{"KeyId":"going"}],"Truncated":false}`},
				{operation: "DescribeKey", with: "ours", body: `{"KeyMetadata":{"KeyId":"ours","KeyManager":"CUSTOMER","KeyState":"Enabled","Origin":"AWS_KMS","MultiRegionConfiguration":{"MultiRegionKeyType":"PRIMARY"}}}`},
				{operation: "DescribeKey", with: "aws", body: `{"KeyMetadata":{"KeyId":"aws","KeyManager":"AWS","KeyState":"Enabled","Origin":"AWS_KMS"}}`},
				{operation: "DescribeKey", with: "external", body: `{"KeyMetadata":{"KeyId":"external","KeyManager":"CUSTOMER","Origin":"EXTERNAL"}}`},
				{operation: "DescribeKey", with: "replica", body: `{"KeyMetadata":{"KeyId":"replica","KeyManager":"CUSTOMER","Origin":"AWS_KMS","MultiRegionConfiguration":{"MultiRegionKeyType":"REPLICA"}}}`},
				{operation: "DescribeKey", with: "locked", code: "AccessDeniedException"},
				{operation: "DescribeKey", with: "going", body: `{"KeyMetadata":{"KeyId":"going","KeyManager":"CUSTOMER","KeyState":"PendingDeletion","Origin":"AWS_KMS"}}`},
				{operation: "ListResourceTags", with: "ours", body: `{"Tags":[],"Truncated":false}`},
				{operation: "ListResourceTags", with: "going", body: `{"Tags":[],"Truncated":false}`},
			},
			want: []string{
				"aws_kms_key aws key_manager=AWS key_state=Enabled",
				"aws_kms_key going key_manager=CUSTOMER key_state=PendingDeletion",
				"aws_kms_key ours key_manager=CUSTOMER key_state=Enabled",
			},
			skips: []string{"aws_kms_key of locked in eu-west-1"},
		},
		"secrets: a service's, and a replica": {
			types: "aws_secretsmanager_secret",
			answers: []canned{{operation: "ListSecrets", body: `{"SecretList":[
				{"ARN":"arn:1","Name":"ours","PrimaryRegion":"eu-west-1"},{"ARN":"arn:2","Name":"rds!db-1","OwningService":"rds"},
				{"ARN":"arn:3","Name":"copy","PrimaryRegion":"us-east-1"}]}`}},
			want: []string{
				"aws_secretsmanager_secret arn:1", "aws_secretsmanager_secret arn:2 managed_by=rds",
				"aws_secretsmanager_secret arn:3 managed_by=the secret of this name in us-east-1",
			},
		},
		"alarms: a scaling policy's own": {
			types: "aws_cloudwatch_metric_alarm",
			answers: []canned{
				{operation: "DescribeAlarms", body: `{"MetricAlarms":[{"AlarmName":"lag","AlarmArn":"a"},
					{"AlarmName":"TargetTracking-x","AlarmArn":"b","AlarmDescription":"DO NOT EDIT OR DELETE. For TargetTrackingScalingPolicy arn:aws:autoscaling:x"}]}`},
				{operation: "ListTagsForResource", body: `{"Tags":[]}`},
			},
			want: []string{
				"aws_cloudwatch_metric_alarm TargetTracking-x managed_by=its target tracking scaling policy",
				"aws_cloudwatch_metric_alarm lag",
			},
		},
		"permission sets and schedules: their tags, or their group's": {
			types: "aws_ssoadmin_permission_set aws_scheduler_schedule",
			answers: []canned{
				{operation: "ListInstances", body: `{"Instances":[{"InstanceArn":"arn:i","OwnerAccountId":"111122223333"}]}`},
				{operation: "ListPermissionSets", body: `{"PermissionSets":["arn:look"]}`},
				{operation: "GET /schedules", body: `{"Schedules":[{"GroupName":"default","Name":"a"},{"GroupName":"jobs","Name":"b"},{"GroupName":"gone","Name":"c"}]}`},
				{operation: "GET /tags/arn:aws:scheduler:eu-west-1:111122223333:schedule-group/jobs", body: `{"Tags":[{"Key":"team","Value":"shop"}]}`},
				{operation: "GET /tags/arn:aws:scheduler:eu-west-1:111122223333:schedule-group/gone", code: "ResourceNotFoundException"},
				{operation: "ListTagsForResource", with: "arn:look", code: "AccessDeniedException"},
			},
			want: []string{
				"aws_scheduler_schedule default/a", "aws_scheduler_schedule jobs/b parent_tag:team=shop", "aws_ssoadmin_permission_set arn:look,arn:i",
			},
			skips: []string{"tags of aws_ssoadmin_permission_set in eu-west-1"},
		},
		"permissions: none given, denied, of an alias": {
			types: "aws_lambda_permission aws_lambda_alias",
			answers: []canned{
				{operation: "GET /2017-03-31/tags/arn:a", body: `{"Tags":{"aws:cloudformation:stack-name":"web"}}`},
				{operation: "GET /2017-03-31/tags/arn:b", body: `{"Tags":{}}`},
				{operation: "GET /2017-03-31/tags/arn:c", code: "AccessDeniedException"},
				{operation: "GET /2017-03-31/tags/arn:gone", code: "ResourceNotFoundException"},
				{operation: "GET /2015-03-31/functions", with: "Marker=2", body: `{"Functions":[{"FunctionName":"c","FunctionArn":"arn:c"},{"FunctionName":"gone","FunctionArn":"arn:gone"}]}`},
				{operation: "GET /2015-03-31/functions", body: `{"Functions":[{"FunctionName":"a","FunctionArn":"arn:a"},{"FunctionName":"b","FunctionArn":"arn:b"}],"NextMarker":"2"}`},
				{operation: "GET /2015-03-31/functions/a/policy", with: "Qualifier=live", body: `{"Policy":"{\"Statement\":[{\"Sid\":\"s\",\"Resource\":\"arn:aws:lambda:eu-west-1:1:function:a:live\"}]}"}`},
				{operation: "GET /2015-03-31/functions/a/policy", body: `{"Policy":"{\"Statement\":[{\"Sid\":\"s\",\"Resource\":\"arn:aws:lambda:eu-west-1:1:function:a\"}]}"}`},
				{operation: "GET /2015-03-31/functions/b/policy", code: "ResourceNotFoundException"},
				{operation: "GET /2015-03-31/functions/c/policy", code: "AccessDeniedException"},
				{operation: "GET /2015-03-31/functions/a/aliases", body: `{"Aliases":[{"Name":"live"}]}`},
				{operation: "GET /2015-03-31/functions/b/aliases", body: `{"Aliases":[]}`},
				{operation: "GET /2015-03-31/functions/c/aliases", body: `{"Aliases":[]}`},
			},
			want: []string{
				"aws_lambda_alias a/live parent_tag:aws:cloudformation:stack-name=web",
				"aws_lambda_permission a/s parent_tag:aws:cloudformation:stack-name=web",
				"aws_lambda_permission a:live/s parent_tag:aws:cloudformation:stack-name=web",
			},
			skips: []string{"aws_lambda_permission of c in eu-west-1", "tags of aws_lambda_alias in eu-west-1", "tags of aws_lambda_permission in eu-west-1"},
		},
		"containers: what runs, and the newest revision": {
			types: "aws_ecs_cluster aws_ecs_service aws_ecs_task_definition",
			answers: []canned{
				{operation: "ListClusters", with: `"nextToken":"2"`, body: `{"clusterArns":["arn:aws:ecs:eu-west-1:1:cluster/locked"]}`},
				{operation: "ListClusters", body: `{"clusterArns":["arn:aws:ecs:eu-west-1:1:cluster/web","arn:aws:ecs:eu-west-1:1:cluster/default"],"nextToken":"2"}`},
				{operation: "DescribeClusters", body: `{"clusters":[{"clusterName":"web","status":"ACTIVE"},{"clusterName":"default","status":"ACTIVE"},
					{"clusterName":"locked","status":"ACTIVE"},{"clusterName":"old","status":"INACTIVE"}]}`},
				{operation: "ListServices", with: "cluster/web", body: `{"serviceArns":["arn:a","arn:b"]}`},
				{operation: "ListServices", with: "cluster/default", body: `{"serviceArns":[]}`},
				{operation: "ListServices", with: "cluster/locked", code: "AccessDeniedException"},
				{operation: "DescribeServices", body: `{"services":[{"serviceName":"front","status":"ACTIVE"},{"serviceName":"old","status":"DRAINING"}]}`},
				{operation: "ListTaskDefinitionFamilies", with: `"ACTIVE"`, body: `{"families":["front","broken"]}`},
				{operation: "DescribeTaskDefinition", with: `"front"`, body: `{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:eu-west-1:1:task-definition/front:7","revision":7}}`},
				{operation: "DescribeTaskDefinition", with: `"broken"`, code: "ServerException"},
			},
			want: []string{
				"aws_ecs_cluster default default=true", "aws_ecs_cluster locked", "aws_ecs_cluster web", "aws_ecs_service web/front",
				"aws_ecs_task_definition arn:aws:ecs:eu-west-1:1:task-definition/front:7 family=front revision=7",
			},
			skips: []string{"aws_ecs_service of cluster locked in eu-west-1", "aws_ecs_task_definition of family broken in eu-west-1"},
		},
		"address sets: CloudFront's only where WAF keeps them": {
			types: "aws_wafv2_ip_set", region: "us-east-1",
			answers: []canned{
				{operation: "ListIPSets", with: "CLOUDFRONT", code: "AccessDeniedException"},
				{operation: "ListIPSets", with: `"NextMarker":"b"`, body: `{"IPSets":[]}`},
				{operation: "ListIPSets", with: "REGIONAL", body: `{"IPSets":[{"Id":"1","Name":"b","ARN":"arn:1"}],"NextMarker":"b"}`},
				{operation: "ListTagsForResource", body: `{}`},
			},
			want:  []string{"aws_wafv2_ip_set 1/b/REGIONAL"},
			skips: []string{"aws_wafv2_ip_set of scope CLOUDFRONT in us-east-1"},
		},
		"HTTP APIs: pages, and one that another service made": {
			types: "aws_apigatewayv2_api",
			answers: []canned{
				{operation: "GET /v2/apis", with: "nextToken=2", body: `{"items":[{"apiId":"b","apiGatewayManaged":true}]}`},
				{operation: "GET /v2/apis", body: `{"items":[{"apiId":"a"}],"nextToken":"2"}`},
			},
			want: []string{"aws_apigatewayv2_api a", "aws_apigatewayv2_api b managed_by=API Gateway"},
		},
		"stacks: nested ones, stack sets', deleted ones": {
			types: "aws_cloudformation_stack",
			answers: []canned{{operation: "DescribeStacks", body: `<DescribeStacksResponse><DescribeStacksResult><Stacks>
				<member><StackName>web</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member>
				<member><StackName>web-db-1</StackName><StackStatus>CREATE_COMPLETE</StackStatus><ParentId>arn:aws:cloudformation:eu-west-1:1:stack/web/0-1</ParentId></member>
				<member><StackName>StackSet-base-1</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member>
				<member><StackName>old</StackName><StackStatus>DELETE_COMPLETE</StackStatus></member>
				</Stacks></DescribeStacksResult></DescribeStacksResponse>`}},
			want: []string{
				"aws_cloudformation_stack StackSet-base-1 managed_by=a CloudFormation stack set", "aws_cloudformation_stack web",
				"aws_cloudformation_stack web-db-1 managed_by=CloudFormation stack web",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inventory := cannedCloud(t, tc.answers).inventory(cmp.Or(tc.region, "eu-west-1"), strings.Fields(tc.types)...)
			listed, skips := collect(t.Context(), t, inventory)
			var got, whats []string
			for _, r := range listed {
				line := r.Type + " " + r.ImportID
				for _, fact := range slices.Sorted(maps.Keys(r.Facts)) {
					if fact != "parent" && fact != "parent_type" {
						line += " " + fact + "=" + r.Facts[fact]
					}
				}
				got = append(got, line)
			}
			for _, s := range skips {
				whats = append(whats, s.What)
			}
			slices.Sort(got)
			slices.Sort(whats)
			if d := gocmp.Diff(tc.want, got); d != "" {
				t.Errorf("listed (-want +got):\n%s", d)
			}
			if d := gocmp.Diff(tc.skips, whats); d != "" {
				t.Errorf("skipped (-want +got):\n%s", d)
			}
		})
	}
}

// TestNeverTheSameTokenTwice: an endpoint that always answers with the same token would be listed for ever.
func TestNeverTheSameTokenTwice(t *testing.T) {
	t.Parallel()
	calls := 0
	inventory := wire(func(_ apiCall, r *http.Request) (*http.Response, error) {
		calls++
		return reply(r, http.StatusOK, `{"items":[],"nextToken":"again"}`), nil
	}).inventory("eu-west-1", "aws_apigatewayv2_api")
	collect(t.Context(), t, inventory)
	if calls != 2 {
		t.Errorf("%d calls, want the first and one with its token", calls)
	}
}

// TestAppIdentify: what states may hold, and the import ID that listers spell.
func TestAppIdentify(t *testing.T) {
	t.Parallel()
	type attributes = map[string]any
	const function = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
	for name, tc := range map[string]struct {
		typ             string
		attributes      attributes
		id              string
		account, region string
	}{
		"queue":                        {"aws_sqs_queue", attributes{"id": "https://sqs.eu-west-1.amazonaws.com/1/q", "arn": "arn:aws:sqs:eu-west-1:1:q"}, "https://sqs.eu-west-1.amazonaws.com/1/q", "1", "eu-west-1"},
		"queue of old":                 {"aws_sqs_queue", attributes{"id": "https://eu-west-1.queue.amazonaws.com/1/q"}, "https://sqs.eu-west-1.amazonaws.com/1/q", "", ""},
		"queue of old, us-east-1":      {"aws_sqs_queue", attributes{"id": "https://queue.amazonaws.com/1/q"}, "https://sqs.us-east-1.amazonaws.com/1/q", "", ""},
		"rule":                         {"aws_cloudwatch_event_rule", attributes{"id": "nightly", "name": "nightly", "event_bus_name": "default"}, "default/nightly", "", ""},
		"rule of before buses":         {"aws_cloudwatch_event_rule", attributes{"id": "nightly", "name": "nightly"}, "default/nightly", "", ""},
		"rule on a bus named by ARN":   {"aws_cloudwatch_event_rule", attributes{"name": "n", "event_bus_name": "arn:aws:events:eu-west-1:1:event-bus/shop"}, "shop/n", "", ""},
		"rule on a partner's bus":      {"aws_cloudwatch_event_rule", attributes{"name": "n", "event_bus_name": "arn:aws:events:eu-west-1:1:event-bus/aws.partner/x.com/y"}, "aws.partner/x.com/y/n", "", ""},
		"rule without a name":          {"aws_cloudwatch_event_rule", attributes{"id": "x"}, "", "", ""},
		"target aims elsewhere":        {"aws_cloudwatch_event_target", attributes{"rule": "n", "target_id": "t", "event_bus_name": "default", "arn": "arn:aws:sqs:us-east-1:2:q"}, "default/n/t", "", ""},
		"database":                     {"aws_db_instance", attributes{"id": "db-ABC", "identifier": "orders"}, "orders", "", ""},
		"permission":                   {"aws_lambda_permission", attributes{"id": "s", "function_name": "orders", "statement_id": "s"}, "orders/s", "", ""},
		"permission by ARN":            {"aws_lambda_permission", attributes{"function_name": function, "statement_id": "s"}, "orders/s", "111122223333", "eu-west-1"},
		"permission of an alias":       {"aws_lambda_permission", attributes{"function_name": function + ":live", "statement_id": "s", "qualifier": "live"}, "orders:live/s", "111122223333", "eu-west-1"},
		"permission without statement": {"aws_lambda_permission", attributes{"function_name": "orders"}, "", "", ""},
		"alias":                        {"aws_lambda_alias", attributes{"function_name": function, "name": "live", "arn": function + ":live"}, "orders/live", "111122223333", "eu-west-1"},
		"function URL":                 {"aws_lambda_function_url", attributes{"function_name": "orders", "qualifier": "", "function_arn": function}, "orders", "111122223333", "eu-west-1"},
		"function URL of an alias":     {"aws_lambda_function_url", attributes{"function_name": "orders", "qualifier": "live"}, "orders/live", "", ""},
		"service":                      {"aws_ecs_service", attributes{"id": "arn:aws:ecs:eu-west-1:1:service/web/front", "name": "front", "cluster": "arn:aws:ecs:eu-west-1:1:cluster/web"}, "web/front", "1", "eu-west-1"},
		"service, cluster by name":     {"aws_ecs_service", attributes{"name": "front", "cluster": "web"}, "web/front", "", ""},
		"service, default cluster":     {"aws_ecs_service", attributes{"name": "front"}, "default/front", "", ""},
		"address set":                  {"aws_wafv2_ip_set", attributes{"id": "1", "name": "b", "scope": "REGIONAL"}, "1/b/REGIONAL", "", ""},
		"stack":                        {"aws_cloudformation_stack", attributes{"id": "arn:aws:cloudformation:eu-west-1:1:stack/web/0", "name": "web"}, "web", "1", "eu-west-1"},
		"log filter":                   {"aws_cloudwatch_log_metric_filter", attributes{"id": "errors", "name": "errors", "log_group_name": "/web"}, "/web:errors", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := Identify(tc.typ, tc.attributes)
			if r.ImportID != tc.id || r.Account != tc.account || r.Region != tc.region {
				t.Errorf("got %q in %q %q, want %q in %q %q", r.ImportID, r.Account, r.Region, tc.id, tc.account, tc.region)
			}
		})
	}
}
