package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
)

type accessanalyzerAPI interface {
	accessanalyzer.ListAnalyzersAPIClient
}

func (s *scope) accessanalyzer() accessanalyzerAPI {
	return client(s, "access-analyzer", accessanalyzer.NewFromConfig)
}

var accessanalyzerRows = []Row{
	{Type: "aws_accessanalyzer_analyzer", ID: "{analyzer_name}", Tested: recorded, Actions: []string{"access-analyzer:ListAnalyzers"}, list: paged(
		func(s *scope) pager[accessanalyzer.ListAnalyzersOutput, accessanalyzer.Options] {
			return accessanalyzer.NewListAnalyzersPaginator(s.accessanalyzer(), &accessanalyzer.ListAnalyzersInput{})
		},
		func(p *accessanalyzer.ListAnalyzersOutput) []types.AnalyzerSummary { return p.Analyzers },
		func(_ *scope, v types.AnalyzerSummary) found {
			return found{id: awssdk.ToString(v.Name), name: awssdk.ToString(v.Name), tags: v.Tags}
		})},
}
