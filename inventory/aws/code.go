package aws

import (
	"context"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	codebuildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	codedeploytypes "github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	codepipelinetypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

type (
	codebuildAPI interface {
		codebuild.ListProjectsAPIClient
		BatchGetProjects(context.Context, *codebuild.BatchGetProjectsInput, ...func(*codebuild.Options)) (*codebuild.BatchGetProjectsOutput, error)
	}
	codedeployAPI interface {
		codedeploy.ListApplicationsAPIClient
		codedeploy.ListDeploymentGroupsAPIClient
		ListTagsForResource(context.Context, *codedeploy.ListTagsForResourceInput, ...func(*codedeploy.Options)) (*codedeploy.ListTagsForResourceOutput, error)
	}
	codepipelineAPI interface {
		codepipeline.ListPipelinesAPIClient
		codepipeline.ListTagsForResourceAPIClient
	}
)

func (s *scope) codebuild() codebuildAPI { return client(s, "codebuild", codebuild.NewFromConfig) }

func (s *scope) codedeploy() codedeployAPI {
	return client(s, "codedeploy", codedeploy.NewFromConfig)
}

func (s *scope) codepipeline() codepipelineAPI {
	return client(s, "codepipeline", codepipeline.NewFromConfig)
}

// codeRows are what builds and delivers: CodeBuild, CodeDeploy, CodePipeline.
var codeRows = []Row{
	{Type: "aws_codebuild_project", ID: "{name}", Actions: []string{"codebuild:ListProjects", "codebuild:BatchGetProjects"}, list: listBuildProjects},
	{Type: "aws_codedeploy_app", ID: "{name}", Actions: []string{"codedeploy:ListApplications", "codedeploy:ListTagsForResource"}, list: tagged(openDeployApps, deployApps,
		func(_ *scope, name string) found { return found{id: name, name: name} },
		func(ctx context.Context, s *scope, name string) (map[string]string, error) {
			return deployTags(ctx, s, s.arn("codedeploy", "application:"+name))
		})},
	{Type: "aws_codedeploy_deployment_group", ID: "{app_name}:{deployment_group_name}", Actions: []string{"codedeploy:ListApplications", "codedeploy:ListDeploymentGroups", "codedeploy:ListTagsForResource"}, list: listDeploymentGroups},
	{Type: "aws_codepipeline", ID: "{name}", Tested: recorded, Actions: []string{"codepipeline:ListPipelines", "codepipeline:ListTagsForResource"}, list: tagged(
		func(s *scope) pager[codepipeline.ListPipelinesOutput, codepipeline.Options] {
			return codepipeline.NewListPipelinesPaginator(s.codepipeline(), &codepipeline.ListPipelinesInput{})
		},
		func(p *codepipeline.ListPipelinesOutput) []codepipelinetypes.PipelineSummary { return p.Pipelines },
		func(_ *scope, v codepipelinetypes.PipelineSummary) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name)}
		},
		func(ctx context.Context, s *scope, v codepipelinetypes.PipelineSummary) (map[string]string, error) {
			arn := s.arn("codepipeline", awssdk.ToString(v.Name))
			tags, err := all(ctx, s, codepipeline.NewListTagsForResourcePaginator(s.codepipeline(), &codepipeline.ListTagsForResourceInput{ResourceArn: &arn}),
				func(p *codepipeline.ListTagsForResourceOutput) []codepipelinetypes.Tag { return p.Tags })
			return tagMap(tags, func(t codepipelinetypes.Tag) (*string, *string) { return t.Key, t.Value }), err
		})},
}

// buildBatch is how many projects one BatchGetProjects may ask for (CodeBuild API reference).
const buildBatch = 100

func listBuildProjects(ctx context.Context, s *scope, out *sink) error {
	names, err := all(ctx, s, codebuild.NewListProjectsPaginator(s.codebuild(), &codebuild.ListProjectsInput{}),
		func(p *codebuild.ListProjectsOutput) []string { return p.Projects })
	if err != nil {
		return err
	}
	each(ctx, slices.Collect(slices.Chunk(names, buildBatch)), func(batch []string) {
		tags := map[string]map[string]string{}
		answer, err := call(ctx, s, s.codebuild().BatchGetProjects, &codebuild.BatchGetProjectsInput{Names: batch})
		if err == nil {
			for _, v := range answer.Projects {
				tags[awssdk.ToString(v.Name)] = tagMap(v.Tags, func(t codebuildtypes.Tag) (*string, *string) { return t.Key, t.Value })
			}
		}
		for _, name := range batch {
			if _, there := tags[name]; there || err != nil {
				out.addTagged(found{id: name, name: name, tags: tags[name]}, err)
			}
		}
	})
	return nil
}

func openDeployApps(s *scope) pager[codedeploy.ListApplicationsOutput, codedeploy.Options] {
	return codedeploy.NewListApplicationsPaginator(s.codedeploy(), &codedeploy.ListApplicationsInput{})
}

func deployApps(p *codedeploy.ListApplicationsOutput) []string { return p.Applications }

func deployTags(ctx context.Context, s *scope, arn string) (map[string]string, error) {
	out, err := call(ctx, s, s.codedeploy().ListTagsForResource, &codedeploy.ListTagsForResourceInput{ResourceArn: &arn})
	if err != nil {
		return nil, err
	}
	return tagMap(out.Tags, func(t codedeploytypes.Tag) (*string, *string) { return t.Key, t.Value }), nil
}

func listDeploymentGroups(ctx context.Context, s *scope, out *sink) error {
	apps, err := all(ctx, s, openDeployApps(s), deployApps)
	if err != nil {
		return err
	}
	each(ctx, apps, func(app string) {
		groups, err := all(ctx, s, codedeploy.NewListDeploymentGroupsPaginator(s.codedeploy(), &codedeploy.ListDeploymentGroupsInput{ApplicationName: &app}),
			func(p *codedeploy.ListDeploymentGroupsOutput) []string { return p.DeploymentGroups })
		if err != nil && !notFound(err) {
			out.failed(app, err)
		}
		for _, group := range groups {
			out.addWithTags(found{id: app + ":" + group, name: group}, func() (map[string]string, error) {
				return deployTags(ctx, s, s.arn("codedeploy", "deploymentgroup:"+app+"/"+group))
			})
		}
	})
	return nil
}
