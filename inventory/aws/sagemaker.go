package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

type sagemakerAPI interface {
	sagemaker.ListEndpointConfigsAPIClient
	sagemaker.ListEndpointsAPIClient
	sagemaker.ListModelPackageGroupsAPIClient
	sagemaker.ListModelsAPIClient
	sagemaker.ListNotebookInstanceLifecycleConfigsAPIClient
	sagemaker.ListNotebookInstancesAPIClient
	sagemaker.ListTagsAPIClient
}

func (s *scope) sagemaker() sagemakerAPI { return client(s, "sagemaker", sagemaker.NewFromConfig) }

var sagemakerRows = []Row{
	{Type: "aws_sagemaker_endpoint", Actions: []string{"sagemaker:ListEndpoints", "sagemaker:ListTags"}, list: tagged(
		func(s *scope) pager[sagemaker.ListEndpointsOutput, sagemaker.Options] {
			return sagemaker.NewListEndpointsPaginator(s.sagemaker(), &sagemaker.ListEndpointsInput{})
		},
		func(p *sagemaker.ListEndpointsOutput) []sageItem {
			living := where(p.Endpoints, func(v types.EndpointSummary) bool { return !ends(string(v.EndpointStatus)) })
			return converted(living, func(v types.EndpointSummary) sageItem { return sageItem{v.EndpointArn, v.EndpointName} })
		}, seeSage, sageTags)},
	{Type: "aws_sagemaker_endpoint_configuration", Actions: []string{"sagemaker:ListEndpointConfigs", "sagemaker:ListTags"}, list: tagged(
		func(s *scope) pager[sagemaker.ListEndpointConfigsOutput, sagemaker.Options] {
			return sagemaker.NewListEndpointConfigsPaginator(s.sagemaker(), &sagemaker.ListEndpointConfigsInput{})
		},
		func(p *sagemaker.ListEndpointConfigsOutput) []sageItem {
			return converted(p.EndpointConfigs, func(v types.EndpointConfigSummary) sageItem {
				return sageItem{v.EndpointConfigArn, v.EndpointConfigName}
			})
		}, seeSage, sageTags)},
	{Type: "aws_sagemaker_model", Actions: []string{"sagemaker:ListModels", "sagemaker:ListTags"}, list: tagged(
		func(s *scope) pager[sagemaker.ListModelsOutput, sagemaker.Options] {
			return sagemaker.NewListModelsPaginator(s.sagemaker(), &sagemaker.ListModelsInput{})
		},
		func(p *sagemaker.ListModelsOutput) []sageItem {
			return converted(p.Models, func(v types.ModelSummary) sageItem { return sageItem{v.ModelArn, v.ModelName} })
		}, seeSage, sageTags)},
	{Type: "aws_sagemaker_model_package_group", Actions: []string{"sagemaker:ListModelPackageGroups", "sagemaker:ListTags"}, list: tagged(
		func(s *scope) pager[sagemaker.ListModelPackageGroupsOutput, sagemaker.Options] {
			return sagemaker.NewListModelPackageGroupsPaginator(s.sagemaker(), &sagemaker.ListModelPackageGroupsInput{})
		},
		func(p *sagemaker.ListModelPackageGroupsOutput) []sageItem {
			living := where(p.ModelPackageGroupSummaryList, func(v types.ModelPackageGroupSummary) bool { return !ends(string(v.ModelPackageGroupStatus)) })
			return converted(living, func(v types.ModelPackageGroupSummary) sageItem {
				return sageItem{v.ModelPackageGroupArn, v.ModelPackageGroupName}
			})
		}, seeSage, sageTags)},
	{Type: "aws_sagemaker_notebook_instance", Actions: []string{"sagemaker:ListNotebookInstances", "sagemaker:ListTags"}, list: tagged(
		func(s *scope) pager[sagemaker.ListNotebookInstancesOutput, sagemaker.Options] {
			return sagemaker.NewListNotebookInstancesPaginator(s.sagemaker(), &sagemaker.ListNotebookInstancesInput{})
		},
		func(p *sagemaker.ListNotebookInstancesOutput) []sageItem {
			living := where(p.NotebookInstances, func(v types.NotebookInstanceSummary) bool { return !ends(string(v.NotebookInstanceStatus)) })
			return converted(living, func(v types.NotebookInstanceSummary) sageItem {
				return sageItem{v.NotebookInstanceArn, v.NotebookInstanceName}
			})
		}, seeSage, sageTags)},
	{Type: "aws_sagemaker_notebook_instance_lifecycle_configuration", Tested: recorded, Actions: []string{"sagemaker:ListNotebookInstanceLifecycleConfigs", "sagemaker:ListTags"}, list: tagged(
		func(s *scope) pager[sagemaker.ListNotebookInstanceLifecycleConfigsOutput, sagemaker.Options] {
			return sagemaker.NewListNotebookInstanceLifecycleConfigsPaginator(s.sagemaker(), &sagemaker.ListNotebookInstanceLifecycleConfigsInput{})
		},
		func(p *sagemaker.ListNotebookInstanceLifecycleConfigsOutput) []sageItem {
			return converted(p.NotebookInstanceLifecycleConfigs, func(v types.NotebookInstanceLifecycleConfigSummary) sageItem {
				return sageItem{v.NotebookInstanceLifecycleConfigArn, v.NotebookInstanceLifecycleConfigName}
			})
		}, seeSage, sageTags)},
}

// sageItem is what every kind of SageMaker resource has.
type sageItem struct{ arn, name *string }

func seeSage(_ *scope, i sageItem) found { return seeNamed(nil, awssdk.ToString(i.name)) }

func sageTags(ctx context.Context, s *scope, i sageItem) (map[string]string, error) {
	tags, err := all(ctx, s, sagemaker.NewListTagsPaginator(s.sagemaker(), &sagemaker.ListTagsInput{ResourceArn: i.arn}),
		func(p *sagemaker.ListTagsOutput) []types.Tag { return p.Tags })
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
}
