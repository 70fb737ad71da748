package aws

import (
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

type secretsmanagerAPI interface {
	secretsmanager.ListSecretsAPIClient
}

func (s *scope) secretsmanager() secretsmanagerAPI {
	return client(s, "secretsmanager", secretsmanager.NewFromConfig)
}

// A secret that waits for its deletion is not listed, unless one asks for it.
var secretsmanagerRows = []Row{
	{Type: "aws_secretsmanager_secret", Actions: []string{"secretsmanager:ListSecrets"}, list: paged(
		func(s *scope) pager[secretsmanager.ListSecretsOutput, secretsmanager.Options] {
			return secretsmanager.NewListSecretsPaginator(s.secretsmanager(), &secretsmanager.ListSecretsInput{})
		},
		func(page *secretsmanager.ListSecretsOutput) []types.SecretListEntry { return page.SecretList },
		seeSecret)},
}

// seeSecret: secrets of a service (an RDS master password) name it, and a replica names the region of its primary,
// where Terraform manages both as one resource.
func seeSecret(s *scope, e types.SecretListEntry) found {
	managedBy := awssdk.ToString(e.OwningService)
	if primary := awssdk.ToString(e.PrimaryRegion); primary != "" && primary != s.region {
		managedBy = "the secret of this name in " + primary
	}
	return found{id: awssdk.ToString(e.ARN), name: awssdk.ToString(e.Name),
		tags:  tagMap(e.Tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value }),
		facts: facts("managed_by", managedBy)}
}
