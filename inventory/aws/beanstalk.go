package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticbeanstalk"
	"github.com/aws/aws-sdk-go-v2/service/elasticbeanstalk/types"
)

type beanstalkAPI interface {
	DescribeApplications(context.Context, *elasticbeanstalk.DescribeApplicationsInput, ...func(*elasticbeanstalk.Options)) (*elasticbeanstalk.DescribeApplicationsOutput, error)
	ListTagsForResource(context.Context, *elasticbeanstalk.ListTagsForResourceInput, ...func(*elasticbeanstalk.Options)) (*elasticbeanstalk.ListTagsForResourceOutput, error)
}

func (s *scope) beanstalk() beanstalkAPI {
	return client(s, "elasticbeanstalk", elasticbeanstalk.NewFromConfig)
}

var beanstalkRows = []Row{
	{Type: "aws_elastic_beanstalk_application", ID: "{name}", Tested: recorded, Actions: []string{"elasticbeanstalk:DescribeApplications", "elasticbeanstalk:ListTagsForResource"}, list: listBeanstalkApps},
}

// listBeanstalkApps asks once: the API has no pages.
func listBeanstalkApps(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.beanstalk().DescribeApplications, &elasticbeanstalk.DescribeApplicationsInput{})
	if err != nil {
		return err
	}
	each(ctx, answer.Applications, func(v types.ApplicationDescription) {
		name := awssdk.ToString(v.ApplicationName)
		out.addWithTags(found{id: name, name: name}, func() (map[string]string, error) {
			tags, err := call(ctx, s, s.beanstalk().ListTagsForResource, &elasticbeanstalk.ListTagsForResourceInput{ResourceArn: v.ApplicationArn})
			if err != nil {
				return nil, err
			}
			return tagMap(tags.ResourceTags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }), nil
		})
	})
	return nil
}
