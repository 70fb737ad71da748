package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

type ssmAPI interface {
	ssm.DescribeMaintenanceWindowsAPIClient
	ssm.DescribeParametersAPIClient
	ssm.ListDocumentsAPIClient
	ListTagsForResource(context.Context, *ssm.ListTagsForResourceInput, ...func(*ssm.Options)) (*ssm.ListTagsForResourceOutput, error)
}

func (s *scope) ssm() ssmAPI { return client(s, "ssm", ssm.NewFromConfig) }

var ssmRows = []Row{
	{Type: "aws_ssm_document", ID: "{name}", Actions: []string{"ssm:ListDocuments"}, list: paged(
		func(s *scope) pager[ssm.ListDocumentsOutput, ssm.Options] {
			return ssm.NewListDocumentsPaginator(s.ssm(), &ssm.ListDocumentsInput{Filters: []types.DocumentKeyValuesFilter{{Key: awssdk.String("Owner"), Values: []string{"Self"}}}})
		},
		func(page *ssm.ListDocumentsOutput) []types.DocumentIdentifier { return page.DocumentIdentifiers },
		func(_ *scope, d types.DocumentIdentifier) found {
			name := awssdk.ToString(d.Name)
			return found{id: name, name: name, tags: ssmTags(d.Tags)}
		})},
	{Type: "aws_ssm_maintenance_window", Actions: []string{"ssm:DescribeMaintenanceWindows", "ssm:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[ssm.DescribeMaintenanceWindowsOutput, ssm.Options] {
			return ssm.NewDescribeMaintenanceWindowsPaginator(s.ssm(), &ssm.DescribeMaintenanceWindowsInput{})
		},
		func(page *ssm.DescribeMaintenanceWindowsOutput) []types.MaintenanceWindowIdentity {
			return page.WindowIdentities
		},
		func(_ *scope, w types.MaintenanceWindowIdentity) found {
			return found{id: awssdk.ToString(w.WindowId), name: awssdk.ToString(w.Name)}
		},
		func(ctx context.Context, s *scope, w types.MaintenanceWindowIdentity) (map[string]string, error) {
			return tagsOfSSM(ctx, s, types.ResourceTypeForTaggingMaintenanceWindow, w.WindowId)
		})},
	{Type: "aws_ssm_parameter", ID: "{name}", Actions: []string{"ssm:DescribeParameters", "ssm:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[ssm.DescribeParametersOutput, ssm.Options] {
			return ssm.NewDescribeParametersPaginator(s.ssm(), &ssm.DescribeParametersInput{}, func(o *ssm.DescribeParametersPaginatorOptions) { o.Limit = 50 })
		},
		func(page *ssm.DescribeParametersOutput) []types.ParameterMetadata { return page.Parameters },
		func(_ *scope, p types.ParameterMetadata) found {
			name := awssdk.ToString(p.Name)
			return found{id: name, name: name}
		},
		func(ctx context.Context, s *scope, p types.ParameterMetadata) (map[string]string, error) {
			return tagsOfSSM(ctx, s, types.ResourceTypeForTaggingParameter, p.Name)
		})},
}

func ssmTags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

func tagsOfSSM(ctx context.Context, s *scope, kind types.ResourceTypeForTagging, id *string) (map[string]string, error) {
	out, err := call(ctx, s, s.ssm().ListTagsForResource, &ssm.ListTagsForResourceInput{ResourceType: kind, ResourceId: id})
	if err != nil {
		return nil, err
	}
	return ssmTags(out.TagList), nil
}
