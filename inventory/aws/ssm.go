package aws

import (
	"context"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

type ssmAPI interface {
	ssm.DescribeMaintenanceWindowTargetsAPIClient
	ssm.DescribeMaintenanceWindowTasksAPIClient
	ssm.DescribeMaintenanceWindowsAPIClient
	ssm.DescribeParametersAPIClient
	ssm.DescribePatchBaselinesAPIClient
	ssm.ListAssociationsAPIClient
	ssm.ListDocumentsAPIClient
	ListTagsForResource(context.Context, *ssm.ListTagsForResourceInput, ...func(*ssm.Options)) (*ssm.ListTagsForResourceOutput, error)
}

func (s *scope) ssm() ssmAPI { return client(s, "ssm", ssm.NewFromConfig) }

var ssmRows = []Row{
	{Type: "aws_ssm_association", ID: "{association_id}", Tested: recorded, Actions: []string{"ssm:ListAssociations"}, list: paged(
		func(s *scope) pager[ssm.ListAssociationsOutput, ssm.Options] {
			return ssm.NewListAssociationsPaginator(s.ssm(), &ssm.ListAssociationsInput{})
		},
		func(page *ssm.ListAssociationsOutput) []types.Association { return page.Associations },
		func(_ *scope, v types.Association) found { // Quick Setup, Inspector and others have theirs
			f := found{id: awssdk.ToString(v.AssociationId), name: awssdk.ToString(v.AssociationName)}
			if strings.HasPrefix(f.name, "AWS-QuickSetup-") || strings.HasSuffix(f.name, "-do-not-delete") {
				f.facts = facts("managed_by", "an AWS service")
			}
			return f
		})},
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
	{Type: "aws_ssm_maintenance_window_target", ID: "{window_id}/{id}", Tested: recorded, Actions: []string{"ssm:DescribeMaintenanceWindows", "ssm:DescribeMaintenanceWindowTargets"}, list: under(
		windowsOf, itself,
		func(s *scope, window string) pager[ssm.DescribeMaintenanceWindowTargetsOutput, ssm.Options] {
			return ssm.NewDescribeMaintenanceWindowTargetsPaginator(s.ssm(), &ssm.DescribeMaintenanceWindowTargetsInput{WindowId: &window})
		},
		func(page *ssm.DescribeMaintenanceWindowTargetsOutput) []types.MaintenanceWindowTarget {
			return page.Targets
		},
		func(_ context.Context, _ *scope, out *sink, window string, v types.MaintenanceWindowTarget) {
			out.add(found{id: window + "/" + awssdk.ToString(v.WindowTargetId), name: awssdk.ToString(v.Name), facts: facts("parent", window, "parent_type", "aws_ssm_maintenance_window")})
		})},
	{Type: "aws_ssm_maintenance_window_task", ID: "{window_id}/{id}", Tested: recorded, Actions: []string{"ssm:DescribeMaintenanceWindows", "ssm:DescribeMaintenanceWindowTasks"}, list: under(
		windowsOf, itself,
		func(s *scope, window string) pager[ssm.DescribeMaintenanceWindowTasksOutput, ssm.Options] {
			return ssm.NewDescribeMaintenanceWindowTasksPaginator(s.ssm(), &ssm.DescribeMaintenanceWindowTasksInput{WindowId: &window})
		},
		func(page *ssm.DescribeMaintenanceWindowTasksOutput) []types.MaintenanceWindowTask { return page.Tasks },
		func(_ context.Context, _ *scope, out *sink, window string, v types.MaintenanceWindowTask) {
			out.add(found{id: window + "/" + awssdk.ToString(v.WindowTaskId), name: awssdk.ToString(v.Name), facts: facts("parent", window, "parent_type", "aws_ssm_maintenance_window")})
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
	{Type: "aws_ssm_patch_baseline", Tested: recorded, Actions: []string{"ssm:DescribePatchBaselines", "ssm:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[ssm.DescribePatchBaselinesOutput, ssm.Options] {
			own := []types.PatchOrchestratorFilter{{Key: awssdk.String("OWNER"), Values: []string{"Self"}}}
			return ssm.NewDescribePatchBaselinesPaginator(s.ssm(), &ssm.DescribePatchBaselinesInput{Filters: own})
		},
		func(page *ssm.DescribePatchBaselinesOutput) []types.PatchBaselineIdentity {
			return page.BaselineIdentities
		},
		func(_ *scope, v types.PatchBaselineIdentity) found {
			return found{id: awssdk.ToString(v.BaselineId), name: awssdk.ToString(v.BaselineName)}
		},
		func(ctx context.Context, s *scope, v types.PatchBaselineIdentity) (map[string]string, error) {
			return tagsOfSSM(ctx, s, types.ResourceTypeForTaggingPatchBaseline, v.BaselineId)
		})},
}

func windowsOf(ctx context.Context, s *scope) ([]string, error) {
	return shared(s, "maintenance windows", func() ([]string, error) {
		return all(ctx, s, ssm.NewDescribeMaintenanceWindowsPaginator(s.ssm(), &ssm.DescribeMaintenanceWindowsInput{}),
			func(page *ssm.DescribeMaintenanceWindowsOutput) []string {
				return converted(page.WindowIdentities, func(w types.MaintenanceWindowIdentity) string { return awssdk.ToString(w.WindowId) })
			})
	})
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
