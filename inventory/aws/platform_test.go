package aws

// platformRecordings are those of platformRows.
var platformRecordings = map[string]recording{
	"aws_budgets_budget": {
		answers: []canned{
			{operation: "DescribeBudgets", body: `{"Budgets":[{"BudgetName":"monthly","BudgetType":"COST","TimeUnit":"MONTHLY"}]}`},
			{operation: "ListTagsForResource", with: "arn:aws:budgets::111122223333:budget/monthly", body: `{"ResourceTags":[{"Key":"team","Value":"money"}]}`},
		},
		want: []string{"111122223333:monthly tag:team=money"},
	},
	"aws_codepipeline": {
		answers: []canned{
			{operation: "ListPipelines", with: `"nextToken":"2"`, body: `{"pipelines":[{"name":"site","version":3,"created":1700000000,"updated":1700000000}]}`},
			{operation: "ListPipelines", body: `{"pipelines":[{"name":"shop","version":1,"created":1700000000.5}],"nextToken":"2"}`},
			{operation: "ListTagsForResource", with: `"arn:aws:codepipeline:eu-west-1:111122223333:shop"`, body: `{"tags":[{"key":"team","value":"shop"}]}`},
			{operation: "ListTagsForResource", body: `{"tags":[]}`},
		},
		want: []string{"shop tag:team=shop", "site"},
	},
	"aws_config_organization_conformance_pack": {
		answers: []canned{{operation: "DescribeOrganizationConformancePacks", body: `{"OrganizationConformancePacks":[
			{"OrganizationConformancePackName":"baseline","OrganizationConformancePackArn":"arn:aws:config:eu-west-1:111122223333:organization-conformance-pack/baseline-x1","LastUpdateTime":1700000000}]}`}},
		want: []string{"baseline"},
	},
	"aws_elastic_beanstalk_application": {
		answers: []canned{
			{operation: "DescribeApplications", body: result("DescribeApplications", `<Applications>
				<member><ApplicationName>site</ApplicationName><ApplicationArn>arn:site</ApplicationArn></member>
				<member><ApplicationName>gone</ApplicationName><ApplicationArn>arn:gone</ApplicationArn></member></Applications>`)},
			{operation: "ListTagsForResource", with: "arn%3Agone", code: "ResourceNotFoundException"},
			{operation: "ListTagsForResource", body: result("ListTagsForResource", `<ResourceTags><member><Key>team</Key><Value>web</Value></member></ResourceTags>`)},
		},
		want: []string{"site tag:team=web"},
	},
	"aws_route53_resolver_query_log_config": {
		answers: []canned{
			{operation: "ListResolverQueryLogConfigs", body: `{"ResolverQueryLogConfigs":[
				{"Id":"rqlc-1","Name":"queries","OwnerId":"111122223333","Status":"CREATED","Arn":"arn:1"},
				{"Id":"rqlc-2","Name":"going","OwnerId":"111122223333","Status":"DELETING","Arn":"arn:2"},
				{"Id":"rqlc-3","Name":"theirs","OwnerId":"444455556666","Status":"CREATED","ShareStatus":"SHARED_WITH_ME","Arn":"arn:3"}]}`},
			{operation: "ListTagsForResource", body: `{"Tags":[{"Key":"team","Value":"net"}]}`},
		},
		want: []string{"rqlc-1 tag:team=net owner_id=111122223333", "rqlc-3 tag:team=net owner_id=444455556666"},
	},
	"aws_sesv2_configuration_set": {
		answers: []canned{
			{operation: "ListConfigurationSets", with: "NextToken=2", body: `<ListConfigurationSetsResponse><ListConfigurationSetsResult>
				<ConfigurationSets><member><Name>bulk</Name></member></ConfigurationSets></ListConfigurationSetsResult></ListConfigurationSetsResponse>`},
			{operation: "ListConfigurationSets", body: `<ListConfigurationSetsResponse><ListConfigurationSetsResult>
				<ConfigurationSets><member><Name>orders</Name></member></ConfigurationSets><NextToken>2</NextToken></ListConfigurationSetsResult></ListConfigurationSetsResponse>`},
			{operation: "GET /v2/email/tags", body: `{"Tags":[]}`},
		},
		want: []string{"bulk", "orders"},
	},
	"aws_sesv2_contact_list": {
		answers: []canned{
			{operation: "GET /v2/email/contact-lists", body: `{"ContactLists":[{"ContactListName":"readers","LastUpdatedTimestamp":1700000000}]}`},
			{operation: "GET /v2/email/tags", body: `{"Tags":[{"Key":"team","Value":"shop"}]}`},
		},
		want: []string{"readers tag:team=shop"},
	},
}
