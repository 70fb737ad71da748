package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

type cloudtrailAPI interface {
	cloudtrail.ListTagsAPIClient
	DescribeTrails(context.Context, *cloudtrail.DescribeTrailsInput, ...func(*cloudtrail.Options)) (*cloudtrail.DescribeTrailsOutput, error)
}

func (s *scope) cloudtrail() cloudtrailAPI {
	return client(s, "cloudtrail", cloudtrail.NewFromConfig)
}

var cloudtrailRows = []Row{
	{Type: "aws_cloudtrail", ID: "{arn}", Actions: []string{"cloudtrail:DescribeTrails", "cloudtrail:ListTags"}, list: listTrails},
}

// listTrails asks once, since the API has no pages, and not for shadows: a trail of all regions has one in each. The
// trail of an organization belongs to its management account, as its ARN says.
func listTrails(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.cloudtrail().DescribeTrails, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: awssdk.Bool(false)})
	if err != nil {
		return err
	}
	home := where(answer.TrailList, func(v types.Trail) bool { return v.HomeRegion == nil || *v.HomeRegion == s.region })
	each(ctx, home, func(v types.Trail) {
		f := found{id: awssdk.ToString(v.TrailARN), name: awssdk.ToString(v.Name)}
		if parsed, err := arn.Parse(f.id); err == nil {
			f.facts = facts("owner_id", parsed.AccountID)
		}
		out.addWithTags(f, func() (map[string]string, error) {
			tags, err := all(ctx, s, cloudtrail.NewListTagsPaginator(s.cloudtrail(), &cloudtrail.ListTagsInput{ResourceIdList: []string{f.id}}),
				func(p *cloudtrail.ListTagsOutput) []types.ResourceTag { return p.ResourceTagList })
			m := map[string]string{}
			for _, of := range tags {
				for key, value := range tagMap(of.TagsList, func(t types.Tag) (*string, *string) { return t.Key, t.Value }) {
					m[key] = value
				}
			}
			return m, err
		})
	})
	return nil
}
