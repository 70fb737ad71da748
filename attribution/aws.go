package attribution

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
)

// AWS gives the trails of the account that the SDK's usual configuration names.
func AWS(ctx context.Context) (func(region string) Trail, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w; check AWS_PROFILE and the files of the AWS CLI", err)
	}
	return func(region string) Trail {
		return cloudtrail.NewFromConfig(cfg, func(o *cloudtrail.Options) { o.Region = region })
	}, nil
}
