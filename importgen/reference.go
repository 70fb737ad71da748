package importgen

import (
	"maps"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
)

// refKey is a string in an attribute: the attribute's own name, or that of a member of its objects, and the value.
type refKey struct{ name, value string }

// reference is how a string is written that is another resource's: as that, and what follows it in the string.
type reference struct{ to, ending string }

func (r reference) String() string {
	if r.ending == "" {
		return r.to
	}
	return `"${` + r.to + `}` + r.ending + `"`
}

// target is an attribute of a type that another resource's argument holds.
type target struct{ typ, attr string }

// holds says which arguments hold a value of another resource. The key is the argument's name, that name with the
// block around it, or that with the type in front; the longest key that is known decides. An argument that is not
// here is never a reference, however equal its value is to some id.
var holds = map[string][]target{
	"vpc_id":      {{"aws_vpc", "id"}},
	"peer_vpc_id": {{"aws_vpc", "id"}},
	"subnet_id":   {{"aws_subnet", "id"}}, "subnet_ids": {{"aws_subnet", "id"}}, "subnets": {{"aws_subnet", "id"}},
	"vpc_zone_identifier": {{"aws_subnet", "id"}},
	"security_group_id":   {{"aws_security_group", "id"}}, "security_group_ids": {{"aws_security_group", "id"}},
	"vpc_security_group_ids": {{"aws_security_group", "id"}}, "security_groups": {{"aws_security_group", "id"}},
	"source_security_group_id": {{"aws_security_group", "id"}},
	"route_table_id":           {{"aws_route_table", "id"}}, "route_table_ids": {{"aws_route_table", "id"}},
	"gateway_id":     {{"aws_internet_gateway", "id"}},
	"nat_gateway_id": {{"aws_nat_gateway", "id"}}, "allocation_id": {{"aws_eip", "id"}},
	"vpc_endpoint_id": {{"aws_vpc_endpoint", "id"}}, "vpc_peering_connection_id": {{"aws_vpc_peering_connection", "id"}},
	"dhcp_options_id": {{"aws_vpc_dhcp_options", "id"}},
	"prefix_list_id":  {{"aws_ec2_managed_prefix_list", "id"}}, "prefix_list_ids": {{"aws_ec2_managed_prefix_list", "id"}},
	"key_name": {{"aws_key_pair", "key_name"}}, "iam_instance_profile": {{"aws_iam_instance_profile", "name"}},
	"iam_instance_profile.name": {{"aws_iam_instance_profile", "name"}}, "iam_instance_profile.arn": {{"aws_iam_instance_profile", "arn"}},
	"launch_template.id": {{"aws_launch_template", "id"}},
	"launch_template_specification.launch_template_id": {{"aws_launch_template", "id"}},

	"role":     {{"aws_iam_role", "name"}, {"aws_iam_role", "arn"}},
	"role_arn": {{"aws_iam_role", "arn"}}, "iam_role_arn": {{"aws_iam_role", "arn"}}, "execution_role_arn": {{"aws_iam_role", "arn"}},
	"task_role_arn": {{"aws_iam_role", "arn"}}, "service_role_arn": {{"aws_iam_role", "arn"}}, "sns_caller_arn": {{"aws_iam_role", "arn"}},
	"monitoring_role_arn": {{"aws_iam_role", "arn"}}, "iam_role": {{"aws_iam_role", "arn"}},
	"policy_arn": {{"aws_iam_policy", "arn"}},
	"user":       {{"aws_iam_user", "name"}}, "group": {{"aws_iam_group", "name"}},

	"bucket": {{"aws_s3_bucket", "id"}}, "file_system_id": {{"aws_efs_file_system", "id"}}, "volume_id": {{"aws_ebs_volume", "id"}},
	"kms_key_id": {{"aws_kms_key", "arn"}, {"aws_kms_key", "key_id"}}, "kms_key_arn": {{"aws_kms_key", "arn"}},
	"kms_master_key_id": {{"aws_kms_key", "arn"}, {"aws_kms_key", "key_id"}}, "kms_key": {{"aws_kms_key", "arn"}},
	"aws_kms_alias.target_key_id": {{"aws_kms_key", "key_id"}, {"aws_kms_key", "arn"}},
	"topic_arn":                   {{"aws_sns_topic", "arn"}}, "alarm_actions": {{"aws_sns_topic", "arn"}}, "ok_actions": {{"aws_sns_topic", "arn"}},
	"insufficient_data_actions":           {{"aws_sns_topic", "arn"}},
	"aws_sns_topic_subscription.endpoint": {{"aws_sqs_queue", "arn"}, {"aws_lambda_function", "arn"}},
	"queue_url":                           {{"aws_sqs_queue", "id"}},

	"function_name":                    {{"aws_lambda_function", "function_name"}, {"aws_lambda_function", "arn"}},
	"aws_lambda_permission.source_arn": {{"aws_sns_topic", "arn"}, {"aws_cloudwatch_event_rule", "arn"}, {"aws_s3_bucket", "arn"}},
	"aws_cloudwatch_event_target.rule": {{"aws_cloudwatch_event_rule", "name"}},
	"aws_cloudwatch_event_target.arn": {
		{"aws_lambda_function", "arn"}, {"aws_sqs_queue", "arn"}, {"aws_sns_topic", "arn"}, {"aws_kinesis_stream", "arn"},
		{"aws_sfn_state_machine", "arn"}, {"aws_ecs_cluster", "arn"}, {"aws_cloudwatch_log_group", "arn"},
	},
	"aws_ecs_service.cluster": {{"aws_ecs_cluster", "id"}, {"aws_ecs_cluster", "name"}}, "task_definition": {{"aws_ecs_task_definition", "arn"}},

	"load_balancer_arn": {{"aws_lb", "arn"}}, "target_group_arn": {{"aws_lb_target_group", "arn"}}, "target_group_arns": {{"aws_lb_target_group", "arn"}},
	"target_group.arn": {{"aws_lb_target_group", "arn"}},
	"listener_arn":     {{"aws_lb_listener", "arn"}}, "certificate_arn": {{"aws_acm_certificate", "arn"}},
	"zone_id": {{"aws_route53_zone", "zone_id"}}, "alias.zone_id": nil, "health_check_id": {{"aws_route53_health_check", "id"}},
	"db_subnet_group_name": {{"aws_db_subnet_group", "name"}},
	"rest_api_id":          {{"aws_api_gateway_rest_api", "id"}}, "api_id": {{"aws_apigatewayv2_api", "id"}}, "user_pool_id": {{"aws_cognito_user_pool", "id"}},
	"log_group_name": {{"aws_cloudwatch_log_group", "name"}}, "table_name": {{"aws_dynamodb_table", "name"}},

	"event_bus_name": {{"aws_cloudwatch_event_bus", "name"}}, "permissions_boundary": {{"aws_iam_policy", "arn"}},
	"customer_gateway_id": {{"aws_customer_gateway", "id"}}, "vpn_gateway_id": {{"aws_vpn_gateway", "id"}},
	"transit_gateway_id":             {{"aws_ec2_transit_gateway", "id"}},
	"transit_gateway_attachment_id":  {{"aws_ec2_transit_gateway_vpc_attachment", "id"}, {"aws_ec2_transit_gateway_peering_attachment", "id"}},
	"transit_gateway_route_table_id": {{"aws_ec2_transit_gateway_route_table", "id"}},
	"egress_only_gateway_id":         {{"aws_egress_only_internet_gateway", "id"}}, "carrier_gateway_id": {{"aws_ec2_carrier_gateway", "id"}},
	"network_acl_id": {{"aws_network_acl", "id"}}, "instance_id": {{"aws_instance", "id"}},
	"instance_profile_arn": {{"aws_iam_instance_profile", "arn"}}, "cluster_name": {{"aws_eks_cluster", "name"}},
	"launch_configuration": {{"aws_launch_configuration", "name"}}, "autoscaling_group_name": {{"aws_autoscaling_group", "name"}},
	"autoscaling_groups": {{"aws_autoscaling_group", "name"}}, "repository": {{"aws_ecr_repository", "name"}},
	"s3_bucket_name": {{"aws_s3_bucket", "id"}}, "target_bucket": {{"aws_s3_bucket", "id"}}, "bucket_arn": {{"aws_s3_bucket", "arn"}},
	"destination.bucket": {{"aws_s3_bucket", "arn"}}, "access_logs.bucket": {{"aws_s3_bucket", "id"}},
	"log_destination": {{"aws_s3_bucket", "arn"}, {"aws_cloudwatch_log_group", "arn"}},
	"queue_arn":       {{"aws_sqs_queue", "arn"}}, "lambda_function_arn": {{"aws_lambda_function", "arn"}}, "kinesis_stream_arn": {{"aws_kinesis_stream", "arn"}},
	"event_source_arn":  {{"aws_sqs_queue", "arn"}, {"aws_kinesis_stream", "arn"}, {"aws_dynamodb_table", "stream_arn"}},
	"target_arn":        {{"aws_sqs_queue", "arn"}, {"aws_sns_topic", "arn"}},
	"backup_vault_name": {{"aws_backup_vault", "name"}}, "target_vault_name": {{"aws_backup_vault", "name"}},
	"plan_id":              {{"aws_backup_plan", "id"}},
	"app_name":             {{"aws_codedeploy_app", "name"}},
	"namespace_id":         {{"aws_service_discovery_private_dns_namespace", "id"}, {"aws_service_discovery_public_dns_namespace", "id"}, {"aws_service_discovery_http_namespace", "id"}},
	"resolver_endpoint_id": {{"aws_route53_resolver_endpoint", "id"}}, "resolver_rule_id": {{"aws_route53_resolver_rule", "id"}},
	"server_id": {{"aws_transfer_server", "id"}}, "rule_set_name": {{"aws_ses_receipt_rule_set", "rule_set_name"}},
	"scheduling_policy_arn": {{"aws_batch_scheduling_policy", "arn"}},
	"option_group_name":     {{"aws_db_option_group", "name"}}, "replication_subnet_group_id": {{"aws_dms_replication_subnet_group", "replication_subnet_group_id"}},
	"db_cluster_identifier":        {{"aws_rds_cluster", "cluster_identifier"}},
	"workgroup":                    {{"aws_athena_workgroup", "name"}},
	"resolver_query_log_config_id": {{"aws_route53_resolver_query_log_config", "id"}},

	"aws_rds_cluster_instance.cluster_identifier": {{"aws_rds_cluster", "cluster_identifier"}}, "aws_rds_cluster_endpoint.cluster_identifier": {{"aws_rds_cluster", "cluster_identifier"}},
	"aws_docdb_cluster_instance.cluster_identifier": {{"aws_docdb_cluster", "cluster_identifier"}}, "aws_neptune_cluster_instance.cluster_identifier": {{"aws_neptune_cluster", "cluster_identifier"}},
	"aws_elasticache_cluster.subnet_group_name": {{"aws_elasticache_subnet_group", "name"}}, "aws_elasticache_replication_group.subnet_group_name": {{"aws_elasticache_subnet_group", "name"}},
	"aws_memorydb_cluster.subnet_group_name": {{"aws_memorydb_subnet_group", "name"}}, "aws_dax_cluster.subnet_group_name": {{"aws_dax_subnet_group", "name"}},
	"aws_redshift_cluster.cluster_subnet_group_name": {{"aws_redshift_subnet_group", "name"}},
	"aws_db_instance.parameter_group_name":           {{"aws_db_parameter_group", "name"}}, "aws_elasticache_cluster.parameter_group_name": {{"aws_elasticache_parameter_group", "name"}},
	"aws_memorydb_cluster.parameter_group_name": {{"aws_memorydb_parameter_group", "name"}}, "aws_memorydb_cluster.acl_name": {{"aws_memorydb_acl", "name"}},
	"aws_dax_cluster.parameter_group_name":          {{"aws_dax_parameter_group", "name"}},
	"aws_elasticache_user_group.user_ids":           {{"aws_elasticache_user", "user_id"}},
	"aws_memorydb_acl.user_names":                   {{"aws_memorydb_user", "user_name"}},
	"aws_codebuild_project.service_role":            {{"aws_iam_role", "arn"}},
	"aws_organizations_policy_attachment.policy_id": {{"aws_organizations_policy", "id"}},
	"aws_organizations_policy_attachment.target_id": {{"aws_organizations_organizational_unit", "id"}, {"aws_organizations_account", "id"}},
	"aws_organizations_account.parent_id":           {{"aws_organizations_organizational_unit", "id"}},
	"aws_eip.instance":                              {{"aws_instance", "id"}}, "aws_glue_catalog_table.database_name": {{"aws_glue_catalog_database", "name"}},
	"aws_glue_crawler.database_name": {{"aws_glue_catalog_database", "name"}}, "aws_glue_schema.registry_arn": {{"aws_glue_registry", "arn"}},
	"aws_scheduler_schedule.group_name":            {{"aws_scheduler_schedule_group", "name"}},
	"aws_dms_replication_task.source_endpoint_arn": {{"aws_dms_endpoint", "endpoint_arn"}}, "aws_dms_replication_task.target_endpoint_arn": {{"aws_dms_endpoint", "endpoint_arn"}},
	"aws_dms_replication_task.replication_instance_arn": {{"aws_dms_replication_instance", "replication_instance_arn"}},
	"aws_sagemaker_endpoint.endpoint_config_name":       {{"aws_sagemaker_endpoint_configuration", "name"}}, "production_variants.model_name": {{"aws_sagemaker_model", "name"}},
	"aws_sagemaker_notebook_instance.lifecycle_config_name": {{"aws_sagemaker_notebook_instance_lifecycle_configuration", "name"}},
	"aws_sesv2_email_identity_policy.email_identity":        {{"aws_sesv2_email_identity", "email_identity"}},

	"aws_api_gateway_authorizer.provider_arns":             {{"aws_cognito_user_pool", "arn"}},
	"aws_api_gateway_base_path_mapping.api_id":             {{"aws_api_gateway_rest_api", "id"}},
	"aws_api_gateway_base_path_mapping.domain_name":        {{"aws_api_gateway_domain_name", "domain_name"}},
	"aws_api_gateway_integration.resource_id":              {{"aws_api_gateway_resource", "id"}},
	"aws_api_gateway_integration_response.resource_id":     {{"aws_api_gateway_resource", "id"}},
	"aws_api_gateway_method.resource_id":                   {{"aws_api_gateway_resource", "id"}},
	"aws_api_gateway_method_response.resource_id":          {{"aws_api_gateway_resource", "id"}},
	"aws_api_gateway_resource.parent_id":                   {{"aws_api_gateway_rest_api", "root_resource_id"}, {"aws_api_gateway_resource", "id"}},
	"aws_api_gateway_stage.deployment_id":                  {{"aws_api_gateway_deployment", "id"}},
	"aws_api_gateway_usage_plan_key.key_id":                {{"aws_api_gateway_api_key", "id"}},
	"aws_apigatewayv2_api_mapping.domain_name":             {{"aws_apigatewayv2_domain_name", "domain_name"}},
	"aws_apigatewayv2_integration_response.integration_id": {{"aws_apigatewayv2_integration", "id"}},
	"aws_apigatewayv2_route_response.route_id":             {{"aws_apigatewayv2_route", "id"}},
	"aws_appsync_datasource.api_id":                        {{"aws_appsync_graphql_api", "id"}}, "aws_appsync_function.api_id": {{"aws_appsync_graphql_api", "id"}},
	"aws_appsync_function.data_source": {{"aws_appsync_datasource", "name"}},
	"aws_appsync_resolver.api_id":      {{"aws_appsync_graphql_api", "id"}}, "aws_appsync_resolver.data_source": {{"aws_appsync_datasource", "name"}},
	"api_stages.api_id": {{"aws_api_gateway_rest_api", "id"}},
	"usage_plan_id":     {{"aws_api_gateway_usage_plan", "id"}},

	"access_role": {{"aws_iam_role", "arn"}}, "cloudwatch_role_arn": {{"aws_iam_role", "arn"}}, "logging_role": {{"aws_iam_role", "arn"}},
	"node_role_arn": {{"aws_iam_role", "arn"}}, "pod_execution_role_arn": {{"aws_iam_role", "arn"}},
	"aws_batch_compute_environment.service_role": {{"aws_iam_role", "arn"}},
	"aws_kms_key_id": {{"aws_kms_key", "arn"}}, "sse_aws_kms_key_id": {{"aws_kms_key", "arn"}},
	"provider.key_arn":         {{"aws_kms_key", "arn"}},
	"aws_ssm_parameter.key_id": {{"aws_kms_key", "key_id"}, {"aws_kms_key", "arn"}},
	"secret_arn":               {{"aws_secretsmanager_secret", "arn"}}, "secret_id": {{"aws_secretsmanager_secret", "arn"}},
	"rotation_lambda_arn": {{"aws_lambda_function", "arn"}},

	"network_load_balancer_arn": {{"aws_lb", "arn"}}, "network_load_balancer_arns": {{"aws_lb", "arn"}},
	"peer_transit_gateway_id": {{"aws_ec2_transit_gateway", "id"}}, "security_group_id_list": {{"aws_security_group", "id"}},
	"vpc_subnet_ids": {{"aws_subnet", "id"}}, "preferred_subnet_id": {{"aws_subnet", "id"}},
	"vpc_identifier": {{"aws_vpc", "id"}}, "aws_service_discovery_private_dns_namespace.vpc": {{"aws_vpc", "id"}},

	"aws_cloudfront_key_group.items":                      {{"aws_cloudfront_public_key", "id"}},
	"aws_cloudwatch_event_api_destination.connection_arn": {{"aws_cloudwatch_event_connection", "arn"}},
	"aws_cloudwatch_event_archive.event_source_arn":       {{"aws_cloudwatch_event_bus", "arn"}},
	"aws_cloudwatch_log_destination.target_arn":           {{"aws_kinesis_stream", "arn"}},
	"aws_cloudwatch_log_subscription_filter.destination_arn": {
		{"aws_kinesis_stream", "arn"}, {"aws_lambda_function", "arn"}, {"aws_kinesis_firehose_delivery_stream", "arn"}, {"aws_cloudwatch_log_destination", "arn"},
	},
	"aws_db_event_subscription.sns_topic":                      {{"aws_sns_topic", "arn"}},
	"aws_db_snapshot.db_instance_identifier":                   {{"aws_db_instance", "identifier"}},
	"aws_eks_node_group.remote_access.ec2_ssh_key":             {{"aws_key_pair", "key_name"}},
	"aws_kinesis_stream_consumer.stream_arn":                   {{"aws_kinesis_stream", "arn"}},
	"aws_memorydb_snapshot.cluster_name":                       {{"aws_memorydb_cluster", "name"}},
	"aws_neptune_cluster.neptune_cluster_parameter_group_name": {{"aws_neptune_cluster_parameter_group", "name"}},
	"aws_neptune_cluster.neptune_subnet_group_name":            {{"aws_neptune_subnet_group", "name"}, {"aws_db_subnet_group", "name"}},
	"aws_organizations_delegated_administrator.account_id":     {{"aws_organizations_account", "id"}},
	"aws_organizations_organizational_unit.parent_id":          {{"aws_organizations_organizational_unit", "id"}},
	"aws_pipes_pipe.source":                                    {{"aws_sqs_queue", "arn"}, {"aws_kinesis_stream", "arn"}, {"aws_dynamodb_table", "stream_arn"}},
	"aws_pipes_pipe.target":                                    {{"aws_sqs_queue", "arn"}, {"aws_kinesis_stream", "arn"}, {"aws_lambda_function", "arn"}, {"aws_sns_topic", "arn"}, {"aws_sfn_state_machine", "arn"}, {"aws_cloudwatch_event_bus", "arn"}},
	"aws_rds_cluster.db_cluster_parameter_group_name":          {{"aws_rds_cluster_parameter_group", "name"}},
	"aws_rds_cluster.global_cluster_identifier":                {{"aws_rds_global_cluster", "global_cluster_identifier"}},
	"aws_redshift_cluster_snapshot.cluster_identifier":         {{"aws_redshift_cluster", "cluster_identifier"}},
	"aws_ses_receipt_rule.s3_action.bucket_name":               {{"aws_s3_bucket", "id"}},
	"aws_ssoadmin_account_assignment.principal_id":             {{"aws_identitystore_group", "group_id"}, {"aws_identitystore_user", "user_id"}},
	"aws_wafv2_web_acl_association.web_acl_arn":                {{"aws_wafv2_web_acl", "arn"}},
	"aws_wafv2_web_acl_association.resource_arn":               {{"aws_lb", "arn"}, {"aws_api_gateway_stage", "arn"}, {"aws_appsync_graphql_api", "arn"}, {"aws_cognito_user_pool", "arn"}},
	"aws_wafv2_web_acl_logging_configuration.resource_arn":     {{"aws_wafv2_web_acl", "arn"}},
	"placement_group":                                          {{"aws_placement_group", "name"}},
	"client_vpn_endpoint_id":                                   {{"aws_ec2_client_vpn_endpoint", "id"}},
	"cloudwatch_log_group_arn":                                 {{"aws_cloudwatch_log_group", "arn"}},
	"ip_set_reference_statement.arn":                           {{"aws_wafv2_ip_set", "arn"}},
	"permission_set_arn":                                       {{"aws_ssoadmin_permission_set", "arn"}},
	"regex_pattern_set_reference_statement.arn":                {{"aws_wafv2_regex_pattern_set", "arn"}},
	"rule_group_reference_statement.arn":                       {{"aws_wafv2_rule_group", "arn"}},
	"aws_scheduler_schedule.target.arn":                        {{"aws_sqs_queue", "arn"}, {"aws_lambda_function", "arn"}, {"aws_sns_topic", "arn"}, {"aws_sfn_state_machine", "arn"}, {"aws_kinesis_stream", "arn"}, {"aws_ecs_cluster", "arn"}, {"aws_cloudwatch_event_bus", "arn"}},
}

// documentHolds is the same for the members of JSON documents: the key is the member's name. What follows the ARN of a
// target in such a string may be all of what is below it.
var documentHolds = map[string][]target{
	"deadLetterTargetArn": {{"aws_sqs_queue", "arn"}}, "sourceQueueArns": {{"aws_sqs_queue", "arn"}},
	"Resource":      documentTargets,
	"NotResource":   documentTargets,
	"aws:SourceArn": documentTargets, "AWS:SourceArn": documentTargets,
	"AWS": {{"aws_iam_role", "arn"}, {"aws_iam_user", "arn"}},
}

var documentTargets = []target{
	{"aws_s3_bucket", "arn"}, {"aws_sqs_queue", "arn"}, {"aws_sns_topic", "arn"}, {"aws_dynamodb_table", "arn"}, {"aws_kms_key", "arn"},
	{"aws_lambda_function", "arn"}, {"aws_secretsmanager_secret", "arn"}, {"aws_ssm_parameter", "arn"}, {"aws_kinesis_stream", "arn"},
	{"aws_cloudwatch_log_group", "arn"}, {"aws_cloudwatch_event_rule", "arn"}, {"aws_iam_role", "arn"}, {"aws_ecr_repository", "arn"},
	{"aws_sfn_state_machine", "arn"}, {"aws_ecs_cluster", "arn"},
}

// allBelow are the endings of a string in a document that stand for everything in a resource.
var allBelow = []string{"/*", ":*", "/index/*"}

// importIDHolds says which attribute of a managed resource its import ID is; "id" where the type is not here.
var importIDHolds = map[string]string{
	"aws_iam_role": "name", "aws_iam_user": "name", "aws_iam_group": "name", "aws_iam_instance_profile": "name",
	"aws_iam_policy": "arn", "aws_sns_topic": "arn", "aws_lb": "arn", "aws_lb_target_group": "arn", "aws_lb_listener": "arn",
	"aws_acm_certificate": "arn", "aws_lambda_function": "function_name", "aws_ecs_cluster": "name", "aws_kms_key": "key_id",
	"aws_key_pair": "key_name", "aws_db_subnet_group": "name", "aws_cloudwatch_log_group": "name", "aws_dynamodb_table": "name",
	"aws_route53_zone": "zone_id", "aws_ecs_task_definition": "arn", "aws_cloudwatch_event_rule": "", "aws_kinesis_stream": "name",
	"aws_sfn_state_machine": "arn", "aws_cloudwatch_event_bus": "name", "aws_eks_cluster": "name", "aws_launch_configuration": "name",
	"aws_autoscaling_group": "name", "aws_ecr_repository": "name", "aws_backup_vault": "name", "aws_rds_cluster": "cluster_identifier",
	"aws_docdb_cluster": "cluster_identifier", "aws_neptune_cluster": "cluster_identifier", "aws_elasticache_subnet_group": "name",
	"aws_db_parameter_group": "name", "aws_db_option_group": "name", "aws_elasticache_parameter_group": "name",
	"aws_batch_scheduling_policy": "arn", "aws_athena_workgroup": "name", "aws_codedeploy_app": "name",
}

// targetsOf are the targets of an argument, by the place where it stands.
func targetsOf(typ, place string) []target {
	parts := strings.Split(place, ".")
	last := parts[len(parts)-1]
	keys := []string{typ + "." + place}
	if len(parts) > 1 {
		keys = append(keys, parts[len(parts)-2]+"."+last)
	}
	for _, key := range append(keys, last) {
		if targets, known := holds[key]; known {
			return targets
		}
	}
	return nil
}

// mention is a string in a body that may be another resource's.
type mention struct {
	holder  *body
	attr    string
	key     refKey
	targets []target
	inside  bool // in a JSON document, where the string may go on after the target's
}

// mentions are all strings of a body that the table knows, in a stable order.
func mentions(typ string, b *body, at string) []mention {
	var found []mention
	for _, name := range slices.Sorted(maps.Keys(b.attrs)) {
		eachString(b.attrs[name], "", func(member, value string) {
			place, key := join(at, name), refKey{name, value}
			if member != "" {
				place, key = join(place, member), refKey{member, value}
			}
			if targets := targetsOf(typ, place); len(targets) > 0 && value != "" {
				found = append(found, mention{b, name, key, targets, false})
			}
		})
		if document := b.exprs[name].document; document != cty.NilVal {
			eachString(document, "", func(member, value string) {
				if targets := documentHolds[member]; len(targets) > 0 && value != "" {
					found = append(found, mention{b, name, refKey{member, value}, targets, true})
				}
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.blocks)) {
		for _, child := range b.blocks[name] {
			found = append(found, mentions(typ, child, join(at, name))...)
		}
	}
	return found
}

// eachString visits the strings in a value of an argument: the value itself, elements of lists and sets, members of
// objects. Values of maps are free text and are not visited.
func eachString(v cty.Value, member string, visit func(member, value string)) {
	switch ty := v.Type(); {
	case v.IsNull() || !v.IsKnown():
	case ty == cty.String:
		visit(member, v.AsString())
	case ty.IsListType(), ty.IsSetType(), ty.IsTupleType():
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			eachString(element, member, visit)
		}
	case ty.IsObjectType():
		for it := v.ElementIterator(); it.Next(); {
			key, element := it.Element()
			eachString(element, key.AsString(), visit)
		}
	}
}

// identity is a value that one resource of a root module has.
type identity struct {
	root, account, region string
	target
	value string
}

// refer replaces literal ids by references to what is managed in the same root module or generated beside it. A
// block that is not verified is commented out, so nothing refers to it. What would close a cycle stays literal.
func refer(blocks []*block, opts Options) {
	known := map[identity]referent{}
	owners := map[string]*block{}
	modules := newModules(opts.Checkout)
	for _, m := range opts.Managed {
		attr, ok := managedAttr(m)
		if !ok {
			continue
		}
		to := referent{m.Address.String(), m.Address.String() + "." + attr}
		if m.Address.Module != "" {
			to.expression = modules.expression(m, attr)
		}
		if to.expression != "" {
			known[identityOf(m.RootModule, m.Resource, attr, m.ImportID)] = to
		}
	}
	for _, b := range blocks {
		if !b.verified() {
			continue
		}
		owners[b.root+"\x00"+b.address()] = b
		for _, attr := range attrsReferredTo[b.Type] {
			if v := member(b.Object.Value, attr); v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
				known[identityOf(b.root, b.Resource, attr, v.AsString())] = referent{b.address(), b.address() + "." + attr}
			}
		}
	}
	edges := map[*block]map[*block]bool{}
	for _, b := range blocks {
		b.conf.forget()
		if !b.verified() {
			continue
		}
		for _, m := range mentions(b.Type, b.conf, "") {
			of, ending := resolveMention(known, b, m)
			from, to := b.node(), owners[b.root+"\x00"+of.address].node()
			if of.expression == "" || to == from || to != nil && reaches(edges, to, from) {
				continue
			}
			if to != nil {
				if edges[from] == nil {
					edges[from] = map[*block]bool{}
				}
				edges[from][to] = true
			}
			m.holder.refer(m.attr, m.key, reference{of.expression, ending})
		}
	}
}

// node stands for a block in the graph of references: a group is one node, since its members are one block.
func (b *block) node() *block {
	if b == nil || b.group == nil {
		return b
	}
	return b.group.members[0]
}

// forget makes literals of all references again.
func (b *body) forget() {
	for name, e := range b.exprs {
		e.refs = nil
		b.exprs[name] = e
	}
	for _, children := range b.blocks {
		for _, child := range children {
			child.forget()
		}
	}
}

func (b *body) refer(attr string, key refKey, to reference) {
	e := b.exprs[attr]
	e.refs = maps.Clone(e.refs)
	if e.refs == nil {
		e.refs = map[refKey]reference{}
	}
	e.refs[key] = to
	b.exprs[attr] = e
}

// attrsReferredTo are, by type, the attributes that the table above names.
var attrsReferredTo = func() map[string][]string {
	out := map[string][]string{}
	for _, table := range []map[string][]target{holds, documentHolds} {
		for _, targets := range table {
			for _, t := range targets {
				if !slices.Contains(out[t.typ], t.attr) {
					out[t.typ] = append(out[t.typ], t.attr)
				}
			}
		}
	}
	for _, attrs := range out {
		slices.Sort(attrs)
	}
	return out
}()

func identityOf(root string, r drift.Resource, attr, value string) identity {
	return identity{root: root, account: r.Account, region: regionOf(r), target: target{r.Type, attr}, value: value}
}

func regionOf(r drift.Resource) string {
	if r.Region == drift.Global {
		return ""
	}
	return r.Region
}

// referent is what a string turns out to be: the address of a resource, and the expression that has the string's value.
type referent struct{ address, expression string }

// managedAttr is the attribute that a managed resource's import ID is.
func managedAttr(m drift.Managed) (string, bool) {
	attr, special := importIDHolds[m.Type]
	if !special {
		attr = "id"
	}
	return attr, attr != "" && m.Address.Name != ""
}

// resolveMention finds whom a string speaks of, in the resource's own region or where its type has none, and the
// ending that follows.
func resolveMention(known map[identity]referent, b *block, m mention) (of referent, ending string) {
	find := func(value string) referent {
		for _, t := range m.targets {
			for _, region := range []string{regionOf(b.Resource), ""} {
				id := identity{root: b.root, account: b.Account, region: region, target: t, value: value}
				if of := known[id]; of.expression != "" {
					return of
				}
			}
		}
		return referent{}
	}
	if of = find(m.key.value); of.expression != "" || !m.inside {
		return of, ""
	}
	for _, ending := range allBelow {
		if whole, ok := strings.CutSuffix(m.key.value, ending); ok {
			if of = find(whole); of.expression != "" {
				return of, ending
			}
		}
	}
	return referent{}, ""
}

func reaches(edges map[*block]map[*block]bool, from, to *block) bool {
	seen := map[*block]bool{}
	var walk func(b *block) bool
	walk = func(b *block) bool {
		if b == to {
			return true
		}
		if seen[b] {
			return false
		}
		seen[b] = true
		for next := range edges[b] {
			if walk(next) {
				return true
			}
		}
		return false
	}
	return walk(from)
}
