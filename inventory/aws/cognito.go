package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	identitytypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentity/types"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

type cognitoidentityAPI interface {
	cognitoidentity.ListIdentityPoolsAPIClient
	DescribeIdentityPool(context.Context, *cognitoidentity.DescribeIdentityPoolInput, ...func(*cognitoidentity.Options)) (*cognitoidentity.DescribeIdentityPoolOutput, error)
}

type cognitoAPI interface {
	cognito.ListGroupsAPIClient
	cognito.ListIdentityProvidersAPIClient
	cognito.ListResourceServersAPIClient
	cognito.ListUserPoolClientsAPIClient
	cognito.ListUserPoolsAPIClient
	DescribeUserPool(context.Context, *cognito.DescribeUserPoolInput, ...func(*cognito.Options)) (*cognito.DescribeUserPoolOutput, error)
}

func (s *scope) cognito() cognitoAPI { return client(s, "cognito", cognito.NewFromConfig) }

func (s *scope) cognitoidentity() cognitoidentityAPI {
	return client(s, "cognito-identity", cognitoidentity.NewFromConfig)
}

var cognitoRows = []Row{
	{Type: "aws_cognito_identity_pool", Actions: []string{"cognito-identity:ListIdentityPools", "cognito-identity:DescribeIdentityPool"}, list: tagged(
		func(s *scope) pager[cognitoidentity.ListIdentityPoolsOutput, cognitoidentity.Options] {
			return cognitoidentity.NewListIdentityPoolsPaginator(s.cognitoidentity(), &cognitoidentity.ListIdentityPoolsInput{MaxResults: awssdk.Int32(60)})
		},
		func(page *cognitoidentity.ListIdentityPoolsOutput) []identitytypes.IdentityPoolShortDescription {
			return page.IdentityPools
		},
		func(_ *scope, v identitytypes.IdentityPoolShortDescription) found {
			return found{id: awssdk.ToString(v.IdentityPoolId), name: awssdk.ToString(v.IdentityPoolName)}
		},
		func(ctx context.Context, s *scope, v identitytypes.IdentityPoolShortDescription) (map[string]string, error) {
			out, err := call(ctx, s, s.cognitoidentity().DescribeIdentityPool, &cognitoidentity.DescribeIdentityPoolInput{IdentityPoolId: v.IdentityPoolId})
			if err != nil {
				return nil, err
			}
			return out.IdentityPoolTags, nil
		})},
	{Type: "aws_cognito_identity_provider", ID: "{user_pool_id}:{provider_name}", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:ListIdentityProviders"},
		list: ofUserPools(":", func(ctx context.Context, s *scope, pool string) ([]userPoolPart, error) {
			return all(ctx, s, cognito.NewListIdentityProvidersPaginator(s.cognito(), &cognito.ListIdentityProvidersInput{UserPoolId: &pool}),
				func(page *cognito.ListIdentityProvidersOutput) []userPoolPart {
					return converted(page.Providers, func(v types.ProviderDescription) userPoolPart { return userPoolPart{v.ProviderName, v.ProviderName} })
				})
		})},
	{Type: "aws_cognito_resource_server", ID: "{user_pool_id}|{identifier}", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:ListResourceServers"},
		list: ofUserPools("|", func(ctx context.Context, s *scope, pool string) ([]userPoolPart, error) {
			return all(ctx, s, cognito.NewListResourceServersPaginator(s.cognito(), &cognito.ListResourceServersInput{UserPoolId: &pool, MaxResults: awssdk.Int32(50)}),
				func(page *cognito.ListResourceServersOutput) []userPoolPart {
					return converted(page.ResourceServers, func(v types.ResourceServerType) userPoolPart { return userPoolPart{v.Identifier, v.Name} })
				})
		})},
	{Type: "aws_cognito_user_group", ID: "{user_pool_id}/{name}", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:ListGroups"},
		list: ofUserPools("/", func(ctx context.Context, s *scope, pool string) ([]userPoolPart, error) {
			return all(ctx, s, cognito.NewListGroupsPaginator(s.cognito(), &cognito.ListGroupsInput{UserPoolId: &pool}),
				func(page *cognito.ListGroupsOutput) []userPoolPart {
					return converted(page.Groups, func(g types.GroupType) userPoolPart { return userPoolPart{g.GroupName, g.GroupName} })
				})
		})},
	{Type: "aws_cognito_user_pool", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"}, list: listUserPools},
	{Type: "aws_cognito_user_pool_client", ID: "{user_pool_id}/{id}", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:ListUserPoolClients"},
		list: ofUserPools("/", func(ctx context.Context, s *scope, pool string) ([]userPoolPart, error) {
			return all(ctx, s, cognito.NewListUserPoolClientsPaginator(s.cognito(), &cognito.ListUserPoolClientsInput{UserPoolId: &pool, MaxResults: awssdk.Int32(60)}),
				func(page *cognito.ListUserPoolClientsOutput) []userPoolPart {
					return converted(page.UserPoolClients, func(c types.UserPoolClientDescription) userPoolPart { return userPoolPart{c.ClientId, c.ClientName} })
				})
		})},
	{Type: "aws_cognito_user_pool_domain", ID: "{domain}", Actions: []string{"cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"}, list: listPoolDomains},
}

func userPools(ctx context.Context, s *scope) ([]types.UserPoolDescriptionType, error) {
	return shared(s, "user pools", func() ([]types.UserPoolDescriptionType, error) {
		return all(ctx, s, cognito.NewListUserPoolsPaginator(s.cognito(), &cognito.ListUserPoolsInput{MaxResults: awssdk.Int32(60)}),
			func(page *cognito.ListUserPoolsOutput) []types.UserPoolDescriptionType { return page.UserPools })
	})
}

// describedPool holds what the listing of pools leaves out: tags and domains.
func describedPool(ctx context.Context, s *scope, id *string) (*types.UserPoolType, error) {
	list, err := shared(s, "user pool "+awssdk.ToString(id), func() ([]*types.UserPoolType, error) {
		out, err := call(ctx, s, s.cognito().DescribeUserPool, &cognito.DescribeUserPoolInput{UserPoolId: id})
		if err != nil {
			return nil, err
		}
		return []*types.UserPoolType{out.UserPool}, nil
	})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func poolTags(ctx context.Context, s *scope, id *string) (map[string]string, error) {
	pool, err := describedPool(ctx, s, id)
	if err != nil {
		return nil, err
	}
	return pool.UserPoolTags, nil
}

// listPoolDomains: a pool has one domain of Amazon's at most, and one of its own.
func listPoolDomains(ctx context.Context, s *scope, out *sink) error {
	pools, err := userPools(ctx, s)
	each(ctx, pools, func(p types.UserPoolDescriptionType) {
		id := awssdk.ToString(p.Id)
		pool, err := describedPool(ctx, s, p.Id)
		if err != nil {
			if !notFound(err) {
				out.failed(id, err)
			}
			return
		}
		for _, domain := range []*string{pool.Domain, pool.CustomDomain} {
			if name := awssdk.ToString(domain); name != "" {
				out.add(found{id: name, name: name, facts: partOf("aws_cognito_user_pool", id, pool.UserPoolTags)})
			}
		}
	})
	return err
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

// ofUserPools lists the parts of one kind of every user pool; separator stands between a pool's ID and a part's.
func ofUserPools(separator string, parts func(context.Context, *scope, string) ([]userPoolPart, error)) lister {
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
				out.add(found{id: pool + separator + awssdk.ToString(part.id), name: awssdk.ToString(part.name), facts: facts})
			}
		})
		return err
	}
}
