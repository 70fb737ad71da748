package aws

import (
	"context"
	"maps"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

type secretsmanagerAPI interface {
	secretsmanager.ListSecretsAPIClient
	GetResourcePolicy(context.Context, *secretsmanager.GetResourcePolicyInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetResourcePolicyOutput, error)
}

func (s *scope) secretsmanager() secretsmanagerAPI {
	return client(s, "secretsmanager", secretsmanager.NewFromConfig)
}

// A secret that waits for its deletion is not listed, unless one asks for it.
var secretsmanagerRows = []Row{
	{Type: "aws_secretsmanager_secret", Actions: []string{"secretsmanager:ListSecrets"}, list: listSecrets},
	{Type: "aws_secretsmanager_secret_policy", ID: "{secret_arn}", ARN: "secret_arn", Actions: []string{"secretsmanager:ListSecrets", "secretsmanager:GetResourcePolicy"}, list: listSecretPolicies},
	{Type: "aws_secretsmanager_secret_rotation", ARN: "secret_id", Actions: []string{"secretsmanager:ListSecrets"}, list: listRotations},
}

func (s *scope) secrets(ctx context.Context) ([]types.SecretListEntry, error) {
	return shared(s, "secrets", func() ([]types.SecretListEntry, error) {
		return all(ctx, s, secretsmanager.NewListSecretsPaginator(s.secretsmanager(), &secretsmanager.ListSecretsInput{}),
			func(page *secretsmanager.ListSecretsOutput) []types.SecretListEntry { return page.SecretList })
	})
}

func listSecrets(ctx context.Context, s *scope, out *sink) error {
	secrets, err := s.secrets(ctx)
	for _, e := range secrets {
		out.add(seeSecret(s, e))
	}
	return err
}

// ofSecret is a secret's policy or rotation, which has the secret's ID and owner.
func ofSecret(s *scope, e types.SecretListEntry) found {
	secret := seeSecret(s, e)
	of := partOf("aws_secretsmanager_secret", secret.id, secret.tags)
	maps.Copy(of, secret.facts)
	return found{id: secret.id, name: secret.name, facts: of}
}

func listSecretPolicies(ctx context.Context, s *scope, out *sink) error {
	secrets, err := s.secrets(ctx)
	each(ctx, secrets, func(e types.SecretListEntry) {
		answer, err := call(ctx, s, s.secretsmanager().GetResourcePolicy, &secretsmanager.GetResourcePolicyInput{SecretId: e.ARN})
		switch {
		case notFound(err):
		case err != nil:
			out.failed(awssdk.ToString(e.Name), err)
		case awssdk.ToString(answer.ResourcePolicy) != "":
			out.add(ofSecret(s, e))
		}
	})
	return err
}

func listRotations(ctx context.Context, s *scope, out *sink) error {
	secrets, err := s.secrets(ctx)
	for _, e := range secrets {
		if awssdk.ToBool(e.RotationEnabled) {
			out.add(ofSecret(s, e))
		}
	}
	return err
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
