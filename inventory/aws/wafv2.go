package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"
)

type wafv2API interface {
	ListIPSets(context.Context, *wafv2.ListIPSetsInput, ...func(*wafv2.Options)) (*wafv2.ListIPSetsOutput, error)
	ListTagsForResource(context.Context, *wafv2.ListTagsForResourceInput, ...func(*wafv2.Options)) (*wafv2.ListTagsForResourceOutput, error)
}

func (s *scope) wafv2() wafv2API { return client(s, "wafv2", wafv2.NewFromConfig) }

var wafv2Rows = []Row{
	{Type: "aws_wafv2_ip_set", ID: "{id}/{name}/{scope}", Actions: []string{"wafv2:ListIPSets", "wafv2:ListTagsForResource"}, list: inWebScopes(listIPSets)},
}

// cloudFrontRegion is where WAF keeps everything of scope CLOUDFRONT (WAF API reference).
const cloudFrontRegion = "us-east-1"

// inWebScopes lists a WAF type in each scope that a region has.
func inWebScopes(list func(context.Context, *scope, *sink, types.Scope) error) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		if s.region == cloudFrontRegion {
			if err := list(ctx, s, out, types.ScopeCloudfront); err != nil {
				out.failed("scope CLOUDFRONT", err)
			}
		}
		return list(ctx, s, out, types.ScopeRegional)
	}
}

func listIPSets(ctx context.Context, s *scope, out *sink, in types.Scope) error {
	input := &wafv2.ListIPSetsInput{Scope: in}
	for page, err := range pages(ctx, s, byToken(s.wafv2().ListIPSets, input, &input.NextMarker, func(o *wafv2.ListIPSetsOutput) *string { return o.NextMarker })) {
		if err != nil {
			return err
		}
		each(ctx, page.IPSets, func(set types.IPSetSummary) {
			name := awssdk.ToString(set.Name)
			out.addWithTags(found{id: awssdk.ToString(set.Id) + "/" + name + "/" + string(in), name: name},
				func() (map[string]string, error) { return webTags(ctx, s, set.ARN) })
		})
	}
	return nil
}

func webTags(ctx context.Context, s *scope, arn *string) (map[string]string, error) {
	in := &wafv2.ListTagsForResourceInput{ResourceARN: arn}
	tags, err := all(ctx, s, byToken(s.wafv2().ListTagsForResource, in, &in.NextMarker, func(o *wafv2.ListTagsForResourceOutput) *string { return o.NextMarker }),
		func(o *wafv2.ListTagsForResourceOutput) []types.Tag {
			if o.TagInfoForResource == nil {
				return nil
			}
			return o.TagInfoForResource.TagList
		})
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), err
}
