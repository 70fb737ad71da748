package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

type cognitoAPI interface {
	cognito.ListUserPoolsAPIClient
	DescribeUserPool(context.Context, *cognito.DescribeUserPoolInput, ...func(*cognito.Options)) (*cognito.DescribeUserPoolOutput, error)
}

func (s *scope) cognito() cognitoAPI { return client(s, "cognito", cognito.NewFromConfig) }

// The listing gives no ARN to ask for tags by; the description of a pool holds them.
var cognitoRows = []Row{
	{Type: "aws_cognito_user_pool", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"}, list: tagged(
		func(s *scope) pager[cognito.ListUserPoolsOutput, cognito.Options] {
			return cognito.NewListUserPoolsPaginator(s.cognito(), &cognito.ListUserPoolsInput{MaxResults: awssdk.Int32(60)})
		},
		func(page *cognito.ListUserPoolsOutput) []types.UserPoolDescriptionType { return page.UserPools },
		func(_ *scope, p types.UserPoolDescriptionType) found {
			return found{id: awssdk.ToString(p.Id), name: awssdk.ToString(p.Name)}
		},
		func(ctx context.Context, s *scope, p types.UserPoolDescriptionType) (map[string]string, error) {
			out, err := call(ctx, s, s.cognito().DescribeUserPool, &cognito.DescribeUserPoolInput{UserPoolId: p.Id})
			if err != nil {
				return nil, err
			}
			return out.UserPool.UserPoolTags, nil
		})},
}
