package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
)

type configAPI interface {
	configservice.DescribeAggregationAuthorizationsAPIClient
	configservice.DescribeConfigRulesAPIClient
	configservice.DescribeConfigurationAggregatorsAPIClient
	configservice.DescribeConformancePacksAPIClient
	configservice.DescribeOrganizationConformancePacksAPIClient
	configservice.DescribeRetentionConfigurationsAPIClient
	configservice.ListTagsForResourceAPIClient
	DescribeConfigurationRecorders(context.Context, *configservice.DescribeConfigurationRecordersInput, ...func(*configservice.Options)) (*configservice.DescribeConfigurationRecordersOutput, error)
	DescribeConfigurationRecorderStatus(context.Context, *configservice.DescribeConfigurationRecorderStatusInput, ...func(*configservice.Options)) (*configservice.DescribeConfigurationRecorderStatusOutput, error)
	DescribeDeliveryChannels(context.Context, *configservice.DescribeDeliveryChannelsInput, ...func(*configservice.Options)) (*configservice.DescribeDeliveryChannelsOutput, error)
}

func (s *scope) configservice() configAPI {
	return client(s, "config", configservice.NewFromConfig)
}

var configserviceRows = []Row{
	{Type: "aws_config_aggregate_authorization", Actions: []string{"config:DescribeAggregationAuthorizations", "config:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[configservice.DescribeAggregationAuthorizationsOutput, configservice.Options] {
			return configservice.NewDescribeAggregationAuthorizationsPaginator(s.configservice(), &configservice.DescribeAggregationAuthorizationsInput{})
		},
		func(p *configservice.DescribeAggregationAuthorizationsOutput) []types.AggregationAuthorization {
			return p.AggregationAuthorizations
		},
		func(_ *scope, v types.AggregationAuthorization) found {
			return found{id: awssdk.ToString(v.AuthorizedAccountId) + ":" + awssdk.ToString(v.AuthorizedAwsRegion)}
		},
		func(ctx context.Context, s *scope, v types.AggregationAuthorization) (map[string]string, error) {
			return configTags(ctx, s, v.AggregationAuthorizationArn)
		})},
	{Type: "aws_config_conformance_pack", ID: "{name}", Tested: recorded, Actions: []string{"config:DescribeConformancePacks"}, list: paged(
		func(s *scope) pager[configservice.DescribeConformancePacksOutput, configservice.Options] {
			return configservice.NewDescribeConformancePacksPaginator(s.configservice(), &configservice.DescribeConformancePacksInput{})
		},
		func(p *configservice.DescribeConformancePacksOutput) []types.ConformancePackDetail {
			return p.ConformancePackDetails
		},
		func(_ *scope, v types.ConformancePackDetail) found {
			name := awssdk.ToString(v.ConformancePackName)
			return found{id: name, name: name, facts: facts("managed_by", awssdk.ToString(v.CreatedBy))}
		})},
	{Type: "aws_config_config_rule", ID: "{name}", Actions: []string{"config:DescribeConfigRules", "config:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[configservice.DescribeConfigRulesOutput, configservice.Options] {
			return configservice.NewDescribeConfigRulesPaginator(s.configservice(), &configservice.DescribeConfigRulesInput{})
		},
		func(p *configservice.DescribeConfigRulesOutput) []types.ConfigRule {
			return where(p.ConfigRules, func(v types.ConfigRule) bool { return v.ConfigRuleState != types.ConfigRuleStateDeleting })
		},
		func(_ *scope, v types.ConfigRule) found {
			return found{id: awssdk.ToString(v.ConfigRuleName), name: awssdk.ToString(v.ConfigRuleName), facts: facts("managed_by", awssdk.ToString(v.CreatedBy))}
		},
		func(ctx context.Context, s *scope, v types.ConfigRule) (map[string]string, error) {
			return configTags(ctx, s, v.ConfigRuleArn)
		})},
	{Type: "aws_config_configuration_aggregator", ID: "{name}", Actions: []string{"config:DescribeConfigurationAggregators", "config:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[configservice.DescribeConfigurationAggregatorsOutput, configservice.Options] {
			return configservice.NewDescribeConfigurationAggregatorsPaginator(s.configservice(), &configservice.DescribeConfigurationAggregatorsInput{})
		},
		func(p *configservice.DescribeConfigurationAggregatorsOutput) []types.ConfigurationAggregator {
			return p.ConfigurationAggregators
		},
		func(_ *scope, v types.ConfigurationAggregator) found {
			name := awssdk.ToString(v.ConfigurationAggregatorName)
			return found{id: name, name: name, facts: facts("managed_by", awssdk.ToString(v.CreatedBy))}
		},
		func(ctx context.Context, s *scope, v types.ConfigurationAggregator) (map[string]string, error) {
			return configTags(ctx, s, v.ConfigurationAggregatorArn)
		})},
	{Type: "aws_config_configuration_recorder", ID: "{name}", Actions: []string{"config:DescribeConfigurationRecorders"}, list: listRecorders},
	{Type: "aws_config_configuration_recorder_status", ID: "{name}", Actions: []string{"config:DescribeConfigurationRecorderStatus"}, list: listRecorderStatus},
	{Type: "aws_config_delivery_channel", ID: "{name}", Actions: []string{"config:DescribeDeliveryChannels"}, list: listDeliveryChannels},
	{Type: "aws_config_organization_conformance_pack", ID: "{name}", Tested: recorded, Actions: []string{"config:DescribeOrganizationConformancePacks"}, list: listOrganizationPacks},
	{Type: "aws_config_retention_configuration", ID: "{name}", Actions: []string{"config:DescribeRetentionConfigurations"}, list: paged(
		func(s *scope) pager[configservice.DescribeRetentionConfigurationsOutput, configservice.Options] {
			return configservice.NewDescribeRetentionConfigurationsPaginator(s.configservice(), &configservice.DescribeRetentionConfigurationsInput{})
		},
		func(p *configservice.DescribeRetentionConfigurationsOutput) []types.RetentionConfiguration {
			return p.RetentionConfigurations
		},
		func(_ *scope, v types.RetentionConfiguration) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)}
		})},
}

func configTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	tags, err := all(ctx, s, configservice.NewListTagsForResourcePaginator(s.configservice(), &configservice.ListTagsForResourceInput{ResourceArn: arn}),
		func(p *configservice.ListTagsForResourceOutput) []types.Tag { return p.Tags })
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
}

// listRecorders, its status and the delivery channels ask once: there is one of each in a region, and services such as
// Security Hub may have recorders of their own beside it.
func listRecorders(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.configservice().DescribeConfigurationRecorders, &configservice.DescribeConfigurationRecordersInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.ConfigurationRecorders {
		out.add(found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name), facts: facts("managed_by", awssdk.ToString(v.ServicePrincipal))})
	}
	return nil
}

func listRecorderStatus(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.configservice().DescribeConfigurationRecorderStatus, &configservice.DescribeConfigurationRecorderStatusInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.ConfigurationRecordersStatus {
		if v.Recording { // a recorder is made without recording
			out.add(found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name), facts: facts("managed_by", awssdk.ToString(v.ServicePrincipal))})
		}
	}
	return nil
}

func listDeliveryChannels(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.configservice().DescribeDeliveryChannels, &configservice.DescribeDeliveryChannelsInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.DeliveryChannels {
		out.add(found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)})
	}
	return nil
}

// listOrganizationPacks: only an organization's management account and its delegates have any, and only they may ask.
func listOrganizationPacks(ctx context.Context, s *scope, out *sink) error {
	packs := configservice.NewDescribeOrganizationConformancePacksPaginator(s.configservice(), &configservice.DescribeOrganizationConformancePacksInput{})
	for page, err := range pages(ctx, s, packs) {
		if err != nil {
			return err
		}
		for _, v := range page.OrganizationConformancePacks {
			out.add(found{id: awssdk.ToString(v.OrganizationConformancePackName), name: awssdk.ToString(v.OrganizationConformancePackName)})
		}
	}
	return nil
}
