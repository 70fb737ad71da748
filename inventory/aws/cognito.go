package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

type cognitoAPI interface {
	cognito.ListUserPoolsAPIClient
	cognito.ListUserPoolClientsAPIClient
	cognito.ListGroupsAPIClient
	DescribeUserPool(context.Context, *cognito.DescribeUserPoolInput, ...func(*cognito.Options)) (*cognito.DescribeUserPoolOutput, error)
}

func (s *scope) cognito() cognitoAPI { return client(s, "cognito", cognito.NewFromConfig) }

var cognitoRows = []Row{
	{Type: "aws_cognito_user_group", ID: "{user_pool_id}/{name}", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:ListGroups"},
		list: ofUserPools(func(ctx context.Context, s *scope, pool string) ([]userPoolPart, error) {
			return all(ctx, s, cognito.NewListGroupsPaginator(s.cognito(), &cognito.ListGroupsInput{UserPoolId: &pool}),
				func(page *cognito.ListGroupsOutput) []userPoolPart {
					return converted(page.Groups, func(g types.GroupType) userPoolPart { return userPoolPart{g.GroupName, g.GroupName} })
				})
		})},
	{Type: "aws_cognito_user_pool", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"}, list: listUserPools},
	{Type: "aws_cognito_user_pool_client", ID: "{user_pool_id}/{id}", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:ListUserPoolClients"},
		list: ofUserPools(func(ctx context.Context, s *scope, pool string) ([]userPoolPart, error) {
			return all(ctx, s, cognito.NewListUserPoolClientsPaginator(s.cognito(), &cognito.ListUserPoolClientsInput{UserPoolId: &pool, MaxResults: awssdk.Int32(60)}),
				func(page *cognito.ListUserPoolClientsOutput) []userPoolPart {
					return converted(page.UserPoolClients, func(c types.UserPoolClientDescription) userPoolPart { return userPoolPart{c.ClientId, c.ClientName} })
				})
		})},
}

func userPools(ctx context.Context, s *scope) ([]types.UserPoolDescriptionType, error) {
	return shared(s, "user pools", func() ([]types.UserPoolDescriptionType, error) {
		return all(ctx, s, cognito.NewListUserPoolsPaginator(s.cognito(), &cognito.ListUserPoolsInput{MaxResults: awssdk.Int32(60)}),
			func(page *cognito.ListUserPoolsOutput) []types.UserPoolDescriptionType { return page.UserPools })
	})
}

// poolTags: the listing gives no ARN to ask for tags by; the description of a pool holds them.
func poolTags(ctx context.Context, s *scope, id *string) (map[string]string, error) {
	return sharedTags(s, "user pool "+awssdk.ToString(id), func() (map[string]string, error) {
		out, err := call(ctx, s, s.cognito().DescribeUserPool, &cognito.DescribeUserPoolInput{UserPoolId: id})
		if err != nil {
			return nil, err
		}
		return out.UserPool.UserPoolTags, nil
	})
}

func listUserPools(ctx context.Context, s *scope, out *sink) error {
	pools, err := userPools(ctx, s)
	each(ctx, pools, func(p types.UserPoolDescriptionType) {
		out.addWithTags(found{id: awssdk.ToString(p.Id), name: awssdk.ToString(p.Name)},
			func() (map[string]string, error) { return poolTags(ctx, s, p.Id) })
	})
	return err
}

// userPoolPart is something in a user pool.
type userPoolPart struct{ id, name *string }

// ofUserPools lists the parts of one kind of every user pool.
func ofUserPools(parts func(context.Context, *scope, string) ([]userPoolPart, error)) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		pools, err := userPools(ctx, s)
		each(ctx, pools, func(p types.UserPoolDescriptionType) {
			pool := awssdk.ToString(p.Id)
			list, err := parts(ctx, s, pool)
			if err != nil && !notFound(err) {
				out.failed(pool, err)
			}
			if len(list) == 0 {
				return
			}
			facts, _ := out.partFacts("aws_cognito_user_pool", pool, func() (map[string]string, error) { return poolTags(ctx, s, p.Id) })
			for _, part := range list {
				out.add(found{id: pool + "/" + awssdk.ToString(part.id), name: awssdk.ToString(part.name), facts: facts})
			}
		})
		return err
	}
}
