package aws

import (
	"maps"
	"slices"

	"github.com/seed-e90528ae/driftline/drift"
)

// seenAs writes what a lister sees: "id tag:key=value fact=value", in order.
func seenAs(l drift.Listed) string {
	s := l.ImportID
	for _, key := range slices.Sorted(maps.Keys(l.Tags)) {
		s += " tag:" + key + "=" + l.Tags[key]
	}
	for _, fact := range slices.Sorted(maps.Keys(l.Facts)) {
		s += " " + fact + "=" + l.Facts[fact]
	}
	return s
}

const teamXML = "<TagList><Tag><Key>team</Key><Value>shop</Value></Tag></TagList>"

// result wraps the answer of an operation of a query service.
func result(operation, inner string) string {
	return "<" + operation + "Response><" + operation + "Result>" + inner + "</" + operation + "Result></" + operation + "Response>"
}

var (
	rdsTeam       = canned{operation: "ListTagsForResource", body: result("ListTagsForResource", teamXML)}
	eksClusterAB  = canned{operation: "GET /clusters", body: `{"clusters":["a"]}`}
	mskClusters   = canned{operation: "GET /api/v2/clusters", body: `{"clusterInfoList":[` + mskProvisioned + `,` + mskServerless + `]}`}
	dmsTeam       = canned{operation: "ListTagsForResource", body: `{"TagList":[{"Key":"team","Value":"shop"}]}`}
	datasyncTeam  = canned{operation: "ListTagsForResource", body: `{"Tags":[{"Key":"team","Value":"office"}]}`}
	dmsEndpoints  = canned{operation: "DescribeEndpoints", body: `{"Endpoints":[{"EndpointIdentifier":"bucket","EngineName":"s3","Status":"active","EndpointArn":"arn:e"},{"EndpointIdentifier":"old","EngineName":"postgres","Status":"active","EndpointArn":"arn:o"},{"EndpointIdentifier":"gone","EngineName":"s3","Status":"deleting","EndpointArn":"arn:g"}]}`}
	syncLocations = canned{operation: "ListLocations", body: `{"Locations":[
		{"LocationArn":"arn:aws:datasync:eu-west-1:111122223333:location/loc-1","LocationUri":"s3://bucket/photos/"},
		{"LocationArn":"arn:aws:datasync:eu-west-1:111122223333:location/loc-2","LocationUri":"nfs://files.example.com/photos/"},
		{"LocationArn":"arn:aws:datasync:eu-west-1:111122223333:location/loc-3","LocationUri":"smb://files.example.com/share/"},
		{"LocationArn":"arn:aws:datasync:eu-west-1:111122223333:location/loc-4","LocationUri":"efs://eu-west-1.fs-1/photos/"}]}`}
	fsxVolumes = canned{operation: "DescribeVolumes", body: `{"Volumes":[
		{"VolumeId":"fsvol-1","Name":"home","VolumeType":"ONTAP","Lifecycle":"CREATED","OntapConfiguration":{"StorageVirtualMachineRoot":false},"Tags":[{"Key":"team","Value":"shop"}]},
		{"VolumeId":"fsvol-2","Name":"svm_root","VolumeType":"ONTAP","Lifecycle":"CREATED","OntapConfiguration":{"StorageVirtualMachineRoot":true}},
		{"VolumeId":"fsvol-3","Name":"scratch","VolumeType":"OPENZFS","Lifecycle":"AVAILABLE","OpenZFSConfiguration":{"ParentVolumeId":"fsvol-4"}},
		{"VolumeId":"fsvol-4","Name":"fsx","VolumeType":"OPENZFS","Lifecycle":"AVAILABLE","OpenZFSConfiguration":{}},
		{"VolumeId":"fsvol-5","Name":"gone","VolumeType":"ONTAP","Lifecycle":"DELETING"}]}`}
	backupVaultList = canned{operation: "GET /backup-vaults", body: `{"BackupVaultList":[
		{"BackupVaultName":"vault","BackupVaultArn":"arn:vault","VaultType":"BACKUP_VAULT"},
		{"BackupVaultName":"aws/efs/automatic-backup-vault","BackupVaultArn":"arn:efs"},
		{"BackupVaultName":"sealed","BackupVaultArn":"arn:sealed","VaultType":"LOGICALLY_AIR_GAPPED_BACKUP_VAULT"}]}`}
	rdsClusters = canned{operation: "DescribeDBClusters", body: result("DescribeDBClusters", `<DBClusters>
		<DBCluster><DBClusterIdentifier>papers</DBClusterIdentifier><Engine>docdb</Engine><Status>available</Status>`+teamXML+`</DBCluster>
		<DBCluster><DBClusterIdentifier>gone</DBClusterIdentifier><Engine>docdb</Engine><Status>deleting</Status></DBCluster>
		<DBCluster><DBClusterIdentifier>shop</DBClusterIdentifier><Engine>aurora-mysql</Engine><Status>available</Status></DBCluster></DBClusters>`)}
	rdsInstances = canned{operation: "DescribeDBInstances", body: result("DescribeDBInstances", `<DBInstances>
		<DBInstance><DBInstanceIdentifier>papers-1</DBInstanceIdentifier><DBClusterIdentifier>papers</DBClusterIdentifier><Engine>docdb</Engine><DBInstanceStatus>available</DBInstanceStatus>`+teamXML+`</DBInstance>
		<DBInstance><DBInstanceIdentifier>shop-1</DBInstanceIdentifier><DBClusterIdentifier>shop</DBClusterIdentifier><Engine>aurora-mysql</Engine><DBInstanceStatus>available</DBInstanceStatus></DBInstance></DBInstances>`)}
	rdsClusterGroups = canned{operation: "DescribeDBClusterParameterGroups", body: result("DescribeDBClusterParameterGroups", `<DBClusterParameterGroups>
		<DBClusterParameterGroup><DBClusterParameterGroupName>papers</DBClusterParameterGroupName><DBParameterGroupFamily>docdb5.0</DBParameterGroupFamily><DBClusterParameterGroupArn>arn:p</DBClusterParameterGroupArn></DBClusterParameterGroup>
		<DBClusterParameterGroup><DBClusterParameterGroupName>default.docdb5.0</DBClusterParameterGroupName><DBParameterGroupFamily>docdb5.0</DBParameterGroupFamily><DBClusterParameterGroupArn>arn:d</DBClusterParameterGroupArn></DBClusterParameterGroup>
		<DBClusterParameterGroup><DBClusterParameterGroupName>shop</DBClusterParameterGroupName><DBParameterGroupFamily>aurora-mysql8.0</DBParameterGroupFamily><DBClusterParameterGroupArn>arn:s</DBClusterParameterGroupArn></DBClusterParameterGroup></DBClusterParameterGroups>`)}
	rdsClusterSnapshots = canned{operation: "DescribeDBClusterSnapshots", with: "SnapshotType=manual", body: result("DescribeDBClusterSnapshots", `<DBClusterSnapshots>
		<DBClusterSnapshot><DBClusterSnapshotIdentifier>papers-old</DBClusterSnapshotIdentifier><Engine>docdb</Engine><SnapshotType>manual</SnapshotType>`+teamXML+`</DBClusterSnapshot>
		<DBClusterSnapshot><DBClusterSnapshotIdentifier>graph-old</DBClusterSnapshotIdentifier><Engine>neptune</Engine><SnapshotType>manual</SnapshotType></DBClusterSnapshot>
		<DBClusterSnapshot><DBClusterSnapshotIdentifier>rds:graph-1</DBClusterSnapshotIdentifier><Engine>neptune</Engine><SnapshotType>automated</SnapshotType></DBClusterSnapshot></DBClusterSnapshots>`)}
)

const (
	mskProvisioned = `{"clusterArn":"arn:aws:kafka:eu-west-1:111122223333:cluster/events/1","clusterName":"events","clusterType":"PROVISIONED","state":"ACTIVE","tags":{"team":"shop"}}`
	mskServerless  = `{"clusterArn":"arn:aws:kafka:eu-west-1:111122223333:cluster/clicks/2","clusterName":"clicks","clusterType":"SERVERLESS","state":"ACTIVE","tags":{"team":"web"}}`
	mskParent      = " parent=arn:aws:kafka:eu-west-1:111122223333:cluster/events/1 parent_tag:team=shop parent_type=aws_msk_cluster"
)

var dataRecordings = map[string]recording{
	"aws_elasticache_parameter_group": {
		answers: []canned{rdsTeam, {operation: "DescribeCacheParameterGroups", body: result("DescribeCacheParameterGroups", `<CacheParameterGroups>
			<CacheParameterGroup><CacheParameterGroupName>sessions</CacheParameterGroupName><ARN>arn:s</ARN></CacheParameterGroup>
			<CacheParameterGroup><CacheParameterGroupName>default.redis7</CacheParameterGroupName><ARN>arn:d</ARN></CacheParameterGroup></CacheParameterGroups>`)}},
		want: []string{"default.redis7 tag:team=shop default=true", "sessions tag:team=shop"},
	},
	"aws_elasticache_serverless_cache": {
		answers: []canned{rdsTeam, {operation: "DescribeServerlessCaches", body: result("DescribeServerlessCaches", `<ServerlessCaches>
			<member><ServerlessCacheName>pages</ServerlessCacheName><ARN>arn:p</ARN><Status>available</Status></member>
			<member><ServerlessCacheName>gone</ServerlessCacheName><ARN>arn:g</ARN><Status>deleting</Status></member></ServerlessCaches>`)}},
		want: []string{"pages tag:team=shop"},
	},
	"aws_elasticache_user_group": {
		answers: []canned{rdsTeam, {operation: "DescribeUserGroups", body: result("DescribeUserGroups", `<UserGroups>
			<member><UserGroupId>readers</UserGroupId><ARN>arn:r</ARN><Status>active</Status></member></UserGroups>`)}},
		want: []string{"readers tag:team=shop"},
	},
	"aws_eks_access_entry": {
		answers: []canned{eksClusterAB,
			{operation: "GET /clusters/a/access-entries", body: `{"accessEntries":["arn:aws:iam::111122223333:role/admin","arn:aws:iam::111122223333:role/nodes","arn:aws:iam::111122223333:role/own-nodes","arn:aws:iam::111122223333:role/pods","arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"]}`},
			{operation: "GET /clusters/a/access-entries/arn:aws:iam::111122223333:role/admin", body: `{"accessEntry":{"type":"STANDARD","tags":{"team":"platform"}}}`},
			{operation: "GET /clusters/a/access-entries/arn:aws:iam::111122223333:role/nodes", body: `{"accessEntry":{"type":"EC2_LINUX"}}`},
			{operation: "GET /clusters/a/access-entries/arn:aws:iam::111122223333:role/own-nodes", body: `{"accessEntry":{"type":"EC2_LINUX"}}`},
			{operation: "GET /clusters/a/access-entries/arn:aws:iam::111122223333:role/pods", body: `{"accessEntry":{"type":"FARGATE_LINUX"}}`},
			{operation: "GET /clusters/a/access-entries/arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS", body: `{"accessEntry":{"type":"STANDARD"}}`},
			{operation: "GET /clusters/a/node-groups", body: `{"nodegroups":["g"]}`},
			{operation: "GET /clusters/a/node-groups/g", body: `{"nodegroup":{"nodeRole":"arn:aws:iam::111122223333:role/nodes"}}`},
		},
		want: []string{
			"a:arn:aws:iam::111122223333:role/admin tag:team=platform parent=a parent_type=aws_eks_cluster",
			"a:arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS managed_by=eks.amazonaws.com parent=a parent_type=aws_eks_cluster",
			"a:arn:aws:iam::111122223333:role/nodes managed_by=eks.amazonaws.com parent=a parent_type=aws_eks_cluster",
			"a:arn:aws:iam::111122223333:role/own-nodes parent=a parent_type=aws_eks_cluster",
			"a:arn:aws:iam::111122223333:role/pods managed_by=eks.amazonaws.com parent=a parent_type=aws_eks_cluster",
		},
	},
	"aws_eks_addon": {
		answers: []canned{eksClusterAB, {operation: "GET /clusters/a/addons", body: `{"addons":["vpc-cni"]}`},
			{operation: "GET /clusters/a/addons/vpc-cni", body: `{"addon":{"addonName":"vpc-cni","tags":{"team":"platform"}}}`}},
		want: []string{"a:vpc-cni tag:team=platform parent=a parent_type=aws_eks_cluster"},
	},
	"aws_eks_pod_identity_association": {
		answers: []canned{eksClusterAB,
			{operation: "GET /clusters/a/pod-identity-associations", body: `{"associations":[
				{"associationId":"a-1","associationArn":"arn:1","serviceAccount":"orders","clusterName":"a"},
				{"associationId":"a-2","associationArn":"arn:2","serviceAccount":"cni","clusterName":"a","ownerArn":"arn:aws:eks:eu-west-1:111122223333:addon/a/vpc-cni/1"}]}`},
			{operation: "GET /tags/arn:1", body: `{"tags":{"team":"shop"}}`}},
		want: []string{"a,a-1 tag:team=shop parent=a parent_type=aws_eks_cluster"},
	},
	"aws_msk_configuration": {
		answers: []canned{{operation: "GET /v1/configurations", body: `{"configurations":[{"arn":"arn:aws:kafka:eu-west-1:111122223333:configuration/c/1","name":"c","state":"ACTIVE"},{"arn":"arn:gone","name":"gone","state":"DELETING"}]}`}},
		want:    []string{"arn:aws:kafka:eu-west-1:111122223333:configuration/c/1"},
	},
	"aws_msk_scram_secret_association": {
		answers: []canned{mskClusters, {operation: "GET /v1/clusters/arn:aws:kafka:eu-west-1:111122223333:cluster/events/1/scram-secrets", body: `{"secretArnList":["arn:secret-1","arn:secret-2"]}`}},
		want:    []string{"arn:aws:kafka:eu-west-1:111122223333:cluster/events/1" + mskParent},
	},
	"aws_msk_serverless_cluster": {
		answers: []canned{mskClusters},
		want:    []string{"arn:aws:kafka:eu-west-1:111122223333:cluster/clicks/2 tag:team=web"},
	},
	"aws_redshift_event_subscription": {
		answers: []canned{{operation: "DescribeEventSubscriptions", body: result("DescribeEventSubscriptions", `<EventSubscriptionsList><EventSubscription>
			<CustSubscriptionId>failures</CustSubscriptionId><Tags><Tag><Key>team</Key><Value>shop</Value></Tag></Tags></EventSubscription></EventSubscriptionsList>`)}},
		want: []string{"failures tag:team=shop"},
	},
	"aws_redshift_scheduled_action": {
		answers: []canned{{operation: "DescribeScheduledActions", body: result("DescribeScheduledActions", `<ScheduledActions><ScheduledAction><ScheduledActionName>pause</ScheduledActionName></ScheduledAction></ScheduledActions>`)}},
		want:    []string{"pause"},
	},
	"aws_redshift_snapshot_schedule": {
		answers: []canned{{operation: "DescribeSnapshotSchedules", body: result("DescribeSnapshotSchedules", `<SnapshotSchedules><SnapshotSchedule><ScheduleIdentifier>nightly</ScheduleIdentifier>
			<Tags><Tag><Key>team</Key><Value>shop</Value></Tag></Tags></SnapshotSchedule></SnapshotSchedules>`)}},
		want: []string{"nightly tag:team=shop"},
	},
	"aws_redshift_usage_limit": {
		answers: []canned{{operation: "DescribeUsageLimits", body: result("DescribeUsageLimits", `<UsageLimits><member><UsageLimitId>u-1</UsageLimitId><ClusterIdentifier>c</ClusterIdentifier></member></UsageLimits>`)}},
		want:    []string{"u-1"},
	},
	"aws_dax_parameter_group": {
		answers: []canned{
			{operation: "DescribeParameterGroups", with: `"NextToken":"2"`, body: `{"ParameterGroups":[{"ParameterGroupName":"orders"}]}`},
			{operation: "DescribeParameterGroups", body: `{"ParameterGroups":[{"ParameterGroupName":"default.dax1.0"}],"NextToken":"2"}`}},
		want: []string{"default.dax1.0 default=true", "orders"},
	},
	"aws_dax_subnet_group": {
		answers: []canned{{operation: "DescribeSubnetGroups", body: `{"SubnetGroups":[{"SubnetGroupName":"default"},{"SubnetGroupName":"orders"}]}`}},
		want:    []string{"default default=true", "orders"},
	},
	"aws_memorydb_acl": {
		answers: []canned{{operation: "DescribeACLs", body: `{"ACLs":[{"Name":"open-access","ARN":"arn:o"},{"Name":"carts","ARN":"arn:c"}]}`},
			{operation: "ListTags", with: "arn:c", body: `{"TagList":[{"Key":"team","Value":"shop"}]}`}, {operation: "ListTags", body: `{"TagList":[]}`}},
		want: []string{"carts tag:team=shop", "open-access default=true"},
	},
	"aws_memorydb_parameter_group": {
		answers: []canned{{operation: "DescribeParameterGroups", body: `{"ParameterGroups":[{"Name":"default.memorydb-redis7","ARN":"arn:d"},{"Name":"carts","ARN":"arn:c"}]}`},
			{operation: "ListTags", body: `{"TagList":[]}`}},
		want: []string{"carts", "default.memorydb-redis7 default=true"},
	},
	"aws_memorydb_user": {
		answers: []canned{{operation: "DescribeUsers", body: `{"Users":[{"Name":"default","ARN":"arn:d"},{"Name":"carts","ARN":"arn:c"}]}`}, {operation: "ListTags", body: `{"TagList":[]}`}},
		want:    []string{"carts", "default default=true"},
	},
	"aws_glue_classifier": {
		answers: []canned{{operation: "GetClassifiers", body: `{"Classifiers":[{"CsvClassifier":{"Name":"csv"}},{"GrokClassifier":{"Name":"grok","Classification":"c","GrokPattern":"p"}},{"JsonClassifier":{"Name":"json","JsonPath":"p"}},{"XMLClassifier":{"Name":"xml","Classification":"c"}}]}`}},
		want:    []string{"csv", "grok", "json", "xml"},
	},
	"aws_glue_data_quality_ruleset": {
		answers: []canned{{operation: "ListDataQualityRulesets", body: `{"Rulesets":[{"Name":"complete"}]}`},
			{operation: "GetTags", with: "arn:aws:glue:eu-west-1:111122223333:dataQualityRuleset/complete", body: `{"Tags":{"team":"numbers"}}`}},
		want: []string{"complete tag:team=numbers"},
	},
	"aws_glue_schema": {
		answers: []canned{{operation: "ListSchemas", body: `{"Schemas":[{"RegistryName":"r","SchemaName":"order","SchemaArn":"arn:aws:glue:eu-west-1:111122223333:schema/r/order","SchemaStatus":"AVAILABLE"},{"RegistryName":"r","SchemaName":"gone","SchemaArn":"arn:gone","SchemaStatus":"DELETING"}]}`},
			{operation: "GetTags", with: "schema/r/order", body: `{"Tags":{"team":"numbers"}}`}},
		want: []string{"arn:aws:glue:eu-west-1:111122223333:schema/r/order tag:team=numbers"},
	},
	"aws_athena_prepared_statement": {
		answers: []canned{{operation: "ListWorkGroups", body: `{"WorkGroups":[{"Name":"numbers"}]}`},
			{operation: "ListPreparedStatements", with: `"numbers"`, body: `{"PreparedStatements":[{"StatementName":"by_day"}]}`},
			{operation: "ListTagsForResource", with: "arn:aws:athena:eu-west-1:111122223333:workgroup/numbers", body: `{"Tags":[{"Key":"team","Value":"numbers"}]}`}},
		want: []string{"numbers/by_day parent=numbers parent_tag:team=numbers parent_type=aws_athena_workgroup"},
	},
	"aws_emr_cluster": {
		answers: []canned{
			{operation: "ListClusters", with: `"Marker":"2"`, body: `{"Clusters":[{"Id":"j-2","Name":"night"}]}`},
			{operation: "ListClusters", with: `["STARTING","BOOTSTRAPPING","RUNNING","WAITING"]`, body: `{"Clusters":[{"Id":"j-1","Name":"spark"}],"Marker":"2"}`},
			{operation: "DescribeCluster", with: "j-1", body: `{"Cluster":{"Id":"j-1","Tags":[{"Key":"team","Value":"numbers"}]}}`},
			{operation: "DescribeCluster", with: "j-2", body: `{"Cluster":{"Id":"j-2","Tags":[]}}`}},
		want: []string{"j-1 tag:team=numbers", "j-2"},
	},
	"aws_emr_security_configuration": {
		answers: []canned{{operation: "ListSecurityConfigurations", body: `{"SecurityConfigurations":[{"Name":"sealed"}]}`}},
		want:    []string{"sealed"},
	},
	"aws_emr_studio": {
		answers: []canned{{operation: "ListStudios", body: `{"Studios":[{"StudioId":"es-1","Name":"numbers"}]}`}, {operation: "DescribeStudio", with: "es-1", body: `{"Studio":{"Tags":[{"Key":"team","Value":"numbers"}]}}`}},
		want:    []string{"es-1 tag:team=numbers"},
	},
	"aws_backup_framework": {
		answers: []canned{{operation: "GET /audit/frameworks", body: `{"Frameworks":[{"FrameworkName":"rules","FrameworkArn":"arn:f"}]}`}, {operation: "GET /tags/arn:f", body: `{"Tags":{"team":"platform"}}`}},
		want:    []string{"rules tag:team=platform"},
	},
	"aws_backup_selection": {
		answers: []canned{{operation: "GET /backup/plans", body: `{"BackupPlansList":[{"BackupPlanId":"p-1","BackupPlanName":"daily","BackupPlanArn":"arn:p"},{"BackupPlanId":"p-2","BackupPlanName":"aws/efs/73d922fb","BackupPlanArn":"arn:q"}]}`},
			{operation: "GET /backup/plans/p-1/selections", body: `{"BackupSelectionsList":[{"BackupPlanId":"p-1","SelectionId":"s-1","SelectionName":"all"}]}`},
			{operation: "GET /backup/plans/p-2/selections", body: `{"BackupSelectionsList":[{"BackupPlanId":"p-2","SelectionId":"s-2","SelectionName":"efs"}]}`},
			{operation: "GET /tags/arn:p", body: `{"Tags":{"team":"platform"}}`}, {operation: "GET /tags/arn:q", body: `{"Tags":{}}`}},
		want: []string{
			"p-1|s-1 parent=p-1 parent_tag:team=platform parent_type=aws_backup_plan",
			"p-2|s-2 managed_by=backup.amazonaws.com parent=p-2 parent_type=aws_backup_plan",
		},
	},
	"aws_backup_vault_notifications": {
		answers: []canned{backupVaultList, {operation: "GET /backup-vaults/vault/notification-configuration", body: `{"SNSTopicArn":"arn:t"}`},
			{operation: "GET /backup-vaults/aws/efs/automatic-backup-vault/notification-configuration", code: "ResourceNotFoundException"},
			{operation: "GET /tags/arn:vault", body: `{"Tags":{"team":"platform"}}`}},
		want: []string{"vault parent=vault parent_tag:team=platform parent_type=aws_backup_vault"},
	},
	"aws_backup_vault_policy": {
		answers: []canned{backupVaultList, {operation: "GET /backup-vaults/vault/access-policy", code: "ResourceNotFoundException"},
			{operation: "GET /backup-vaults/aws/efs/automatic-backup-vault/access-policy", body: `{"Policy":"{}"}`},
			{operation: "GET /tags/arn:efs", body: `{"Tags":{}}`}},
		want: []string{"aws/efs/automatic-backup-vault managed_by=backup.amazonaws.com parent=aws/efs/automatic-backup-vault parent_type=aws_backup_vault"},
	},
	"aws_fsx_ontap_storage_virtual_machine": {
		answers: []canned{{operation: "DescribeStorageVirtualMachines", body: `{"StorageVirtualMachines":[{"StorageVirtualMachineId":"svm-1","Name":"home","Lifecycle":"CREATED","Tags":[{"Key":"team","Value":"shop"}]},{"StorageVirtualMachineId":"svm-2","Lifecycle":"DELETING"}]}`}},
		want:    []string{"svm-1 tag:team=shop"},
	},
	"aws_fsx_ontap_volume":   {answers: []canned{fsxVolumes}, want: []string{"fsvol-1 tag:team=shop", "fsvol-2 default=true"}},
	"aws_fsx_openzfs_volume": {answers: []canned{fsxVolumes}, want: []string{"fsvol-3", "fsvol-4 default=true"}},
	"aws_dms_replication_instance": {
		answers: []canned{dmsTeam, {operation: "DescribeReplicationInstances", body: `{"ReplicationInstances":[{"ReplicationInstanceIdentifier":"move","ReplicationInstanceArn":"arn:m","ReplicationInstanceStatus":"available"},{"ReplicationInstanceIdentifier":"gone","ReplicationInstanceArn":"arn:g","ReplicationInstanceStatus":"deleting"}]}`}},
		want:    []string{"move tag:team=shop"},
	},
	"aws_dms_replication_task": {
		answers: []canned{dmsTeam, {operation: "DescribeReplicationTasks", body: `{"ReplicationTasks":[{"ReplicationTaskIdentifier":"orders","ReplicationTaskArn":"arn:o","Status":"running"}]}`}},
		want:    []string{"orders tag:team=shop"},
	},
	"aws_dms_s3_endpoint":       {answers: []canned{dmsTeam, dmsEndpoints}, want: []string{"bucket tag:team=shop"}},
	"aws_datasync_location_s3":  {answers: []canned{datasyncTeam, syncLocations}, want: []string{"arn:aws:datasync:eu-west-1:111122223333:location/loc-1 tag:team=office"}},
	"aws_datasync_location_nfs": {answers: []canned{datasyncTeam, syncLocations}, want: []string{"arn:aws:datasync:eu-west-1:111122223333:location/loc-2 tag:team=office"}},
	"aws_datasync_location_smb": {answers: []canned{datasyncTeam, syncLocations}, want: []string{"arn:aws:datasync:eu-west-1:111122223333:location/loc-3 tag:team=office"}},
	"aws_datasync_location_efs": {answers: []canned{datasyncTeam, syncLocations}, want: []string{"arn:aws:datasync:eu-west-1:111122223333:location/loc-4 tag:team=office"}},
	"aws_datasync_agent": {
		answers: []canned{datasyncTeam, {operation: "ListAgents", body: `{"Agents":[{"AgentArn":"arn:aws:datasync:eu-west-1:111122223333:agent/agent-1","Name":"office","Status":"ONLINE"}]}`}},
		want:    []string{"arn:aws:datasync:eu-west-1:111122223333:agent/agent-1 tag:team=office"},
	},
	"aws_datasync_task": {
		answers: []canned{datasyncTeam, {operation: "ListTasks", body: `{"Tasks":[{"TaskArn":"arn:aws:datasync:eu-west-1:111122223333:task/task-1","Name":"nightly","Status":"AVAILABLE"}]}`}},
		want:    []string{"arn:aws:datasync:eu-west-1:111122223333:task/task-1 tag:team=office"},
	},
	"aws_transfer_user": {
		answers: []canned{{operation: "ListServers", body: `{"Servers":[{"ServerId":"s-1","Arn":"arn:1","IdentityProviderType":"SERVICE_MANAGED"},{"ServerId":"s-2","Arn":"arn:2","IdentityProviderType":"AWS_LAMBDA"}]}`},
			{operation: "ListUsers", with: "s-1", body: `{"ServerId":"s-1","Users":[{"Arn":"arn:u","UserName":"partner"}]}`},
			{operation: "DescribeUser", with: "partner", body: `{"ServerId":"s-1","User":{"Arn":"arn:u","Tags":[{"Key":"team","Value":"orders"}]}}`}},
		want: []string{"s-1/partner tag:team=orders parent=s-1 parent_type=aws_transfer_server"},
	},
	"aws_transfer_workflow": {
		answers: []canned{{operation: "ListWorkflows", body: `{"Workflows":[{"WorkflowId":"w-1","Description":"unpack","Arn":"arn:w"}]}`},
			{operation: "DescribeWorkflow", with: "w-1", body: `{"Workflow":{"Arn":"arn:w","Tags":[{"Key":"team","Value":"orders"}]}}`}},
		want: []string{"w-1 tag:team=orders"},
	},
	"aws_sagemaker_notebook_instance_lifecycle_configuration": {
		answers: []canned{{operation: "ListNotebookInstanceLifecycleConfigs", body: `{"NotebookInstanceLifecycleConfigs":[{"NotebookInstanceLifecycleConfigName":"idle","NotebookInstanceLifecycleConfigArn":"arn:i"}]}`},
			{operation: "ListTags", with: "arn:i", body: `{"Tags":[{"Key":"team","Value":"numbers"}]}`}},
		want: []string{"idle tag:team=numbers"},
	},
	"aws_appautoscaling_target": {
		answers: []canned{
			{operation: "DescribeScalableTargets", with: `"dynamodb"`, body: `{"ScalableTargets":[{"ServiceNamespace":"dynamodb","ResourceId":"table/orders","ScalableDimension":"dynamodb:table:ReadCapacityUnits","ScalableTargetARN":"arn:t"}]}`},
			{operation: "DescribeScalableTargets", with: `"ecs"`, body: `{"ScalableTargets":[{"ServiceNamespace":"ecs","ResourceId":"service/c/s","ScalableDimension":"ecs:service:DesiredCount"}]}`},
			{operation: "DescribeScalableTargets", with: `"workspaces"`, code: "ValidationException"},
			{operation: "DescribeScalableTargets", body: `{"ScalableTargets":[]}`},
			{operation: "ListTagsForResource", with: "arn:t", body: `{"Tags":{"team":"shop"}}`}},
		want: []string{"dynamodb/table/orders/dynamodb:table:ReadCapacityUnits tag:team=shop", "ecs/service/c/s/ecs:service:DesiredCount"},
	},
	"aws_db_option_group": {
		answers: []canned{rdsTeam, {operation: "DescribeOptionGroups", body: result("DescribeOptionGroups", `<OptionGroupsList>
			<OptionGroup><OptionGroupName>shop</OptionGroupName><OptionGroupArn>arn:s</OptionGroupArn><EngineName>mysql</EngineName></OptionGroup>
			<OptionGroup><OptionGroupName>default:mysql-8-0</OptionGroupName><OptionGroupArn>arn:d</OptionGroupArn><EngineName>mysql</EngineName></OptionGroup></OptionGroupsList>`)}},
		want: []string{"default:mysql-8-0 tag:team=shop default=true", "shop tag:team=shop"},
	},
	"aws_db_proxy_endpoint": {
		answers: []canned{rdsTeam, {operation: "DescribeDBProxyEndpoints", body: result("DescribeDBProxyEndpoints", `<DBProxyEndpoints>
			<member><DBProxyName>orders</DBProxyName><DBProxyEndpointName>readers</DBProxyEndpointName><DBProxyEndpointArn>arn:r</DBProxyEndpointArn><IsDefault>false</IsDefault><Status>available</Status></member>
			<member><DBProxyName>orders</DBProxyName><DBProxyEndpointName>default</DBProxyEndpointName><DBProxyEndpointArn>arn:d</DBProxyEndpointArn><IsDefault>true</IsDefault><Status>available</Status></member></DBProxyEndpoints>`)}},
		want: []string{"orders/readers tag:team=shop parent=orders parent_type=aws_db_proxy"},
	},
	"aws_rds_cluster_endpoint": {
		answers: []canned{rdsTeam, {operation: "DescribeDBClusterEndpoints", body: result("DescribeDBClusterEndpoints", `<DBClusterEndpoints>
			<DBClusterEndpointList><DBClusterEndpointIdentifier>reports</DBClusterEndpointIdentifier><DBClusterEndpointArn>arn:r</DBClusterEndpointArn><EndpointType>CUSTOM</EndpointType><Status>available</Status></DBClusterEndpointList>
			<DBClusterEndpointList><EndpointType>WRITER</EndpointType><Status>available</Status></DBClusterEndpointList></DBClusterEndpoints>`)}},
		want: []string{"reports tag:team=shop"},
	},
	"aws_docdb_cluster":                 {answers: []canned{rdsClusters}, want: []string{"papers tag:team=shop state=available"}},
	"aws_docdb_cluster_instance":        {answers: []canned{rdsInstances}, want: []string{"papers-1 tag:team=shop parent=papers parent_type=aws_docdb_cluster state=available"}},
	"aws_docdb_cluster_parameter_group": {answers: []canned{rdsTeam, rdsClusterGroups}, want: []string{"default.docdb5.0 tag:team=shop default=true", "papers tag:team=shop"}},
	"aws_docdb_cluster_snapshot":        {answers: []canned{rdsClusterSnapshots}, want: []string{"papers-old tag:team=shop"}},
	"aws_neptune_cluster_snapshot":      {answers: []canned{rdsClusterSnapshots}, want: []string{"graph-old"}},
}
