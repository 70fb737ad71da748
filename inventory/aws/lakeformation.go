package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
)

type lakeformationAPI interface {
	lakeformation.ListLFTagsAPIClient
}

func (s *scope) lakeformation() lakeformationAPI {
	return client(s, "lakeformation", lakeformation.NewFromConfig)
}

// A registered resource (aws_lakeformation_resource) is not here: the provider cannot import one.
var lakeformationRows = []Row{
	{Type: "aws_lakeformation_lf_tag", ID: "{catalog_id}:{key}", Actions: []string{"lakeformation:ListLFTags"}, list: paged(
		func(s *scope) pager[lakeformation.ListLFTagsOutput, lakeformation.Options] {
			return lakeformation.NewListLFTagsPaginator(s.lakeformation(), &lakeformation.ListLFTagsInput{CatalogId: &s.account})
		},
		func(p *lakeformation.ListLFTagsOutput) []types.LFTagPair { return p.LFTags },
		func(s *scope, t types.LFTagPair) found {
			return found{id: s.account + ":" + awssdk.ToString(t.TagKey), name: awssdk.ToString(t.TagKey)}
		})},
}
