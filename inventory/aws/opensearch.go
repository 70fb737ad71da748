package aws

import (
	"context"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"
)

type opensearchAPI interface {
	ListDomainNames(context.Context, *opensearch.ListDomainNamesInput, ...func(*opensearch.Options)) (*opensearch.ListDomainNamesOutput, error)
	DescribeDomains(context.Context, *opensearch.DescribeDomainsInput, ...func(*opensearch.Options)) (*opensearch.DescribeDomainsOutput, error)
	ListTags(context.Context, *opensearch.ListTagsInput, ...func(*opensearch.Options)) (*opensearch.ListTagsOutput, error)
}

func (s *scope) opensearch() opensearchAPI {
	return client(s, "opensearch", opensearch.NewFromConfig)
}

var opensearchRows = []Row{
	{Type: "aws_elasticsearch_domain", ID: "{domain_name}", Actions: searchActions, list: listDomains(types.EngineTypeElasticsearch)},
	{Type: "aws_opensearch_domain", ID: "{domain_name}", Actions: searchActions, list: listDomains(types.EngineTypeOpenSearch)},
}

var searchActions = []string{"es:ListDomainNames", "es:DescribeDomains", "es:ListTags"}

// describeDomains is how many domains one DescribeDomains call takes.
const describeDomains = 5

// listDomains lists the domains of one engine: each engine has a Terraform type, of which the newer can hold both.
func listDomains(engine types.EngineType) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		answer, err := call(ctx, s, s.opensearch().ListDomainNames, &opensearch.ListDomainNamesInput{EngineType: engine})
		if err != nil {
			return err
		}
		var names []string
		for _, d := range answer.DomainNames {
			if d.EngineType == engine || d.EngineType == "" {
				names = append(names, awssdk.ToString(d.DomainName))
			}
		}
		each(ctx, slices.Collect(slices.Chunk(names, describeDomains)), func(chunk []string) {
			answer, err := call(ctx, s, s.opensearch().DescribeDomains, &opensearch.DescribeDomainsInput{DomainNames: chunk})
			if err != nil {
				out.failed(chunk[0], err)
				return
			}
			for _, d := range answer.DomainStatusList {
				if awssdk.ToBool(d.Deleted) {
					continue
				}
				f := found{id: awssdk.ToString(d.DomainName), name: awssdk.ToString(d.DomainName)}
				out.addWithTags(f, func() (map[string]string, error) {
					answer, err := call(ctx, s, s.opensearch().ListTags, &opensearch.ListTagsInput{ARN: d.ARN})
					if err != nil {
						return nil, err
					}
					return tagMap(answer.TagList, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
				})
			}
		})
		return nil
	}
}
