package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/sethvargo/go-githubactions"

	"github.com/seed-e90528ae/driftline/config"
	"github.com/seed-e90528ae/driftline/internal/console"
	"github.com/seed-e90528ae/driftline/internal/redact"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/vault"
)

// obtain gets the credentials that Driftline is asked to get by itself, and puts them where every SDK and every provider
// looks for credentials: into the environment of this process. What release does must be done at the end of the run.
func obtain(ctx context.Context, cfg *config.Config, say *console.Console, getenv func(string) string, redactor *redact.Redactor) (release func(), err error) {
	leased, err := fromVault(ctx, cfg, say, getenv, redactor)
	if err != nil {
		return nil, err
	}
	session, err := fromRole(ctx, cfg, getenv, redactor)
	if err != nil {
		leased()
		return nil, err
	}
	return func() { session(); leased() }, nil
}

// fromVault reads vault_secrets. Leases are revoked on release, whatever has become of the run.
func fromVault(ctx context.Context, cfg *config.Config, say *console.Console, getenv func(string) string, redactor *redact.Redactor) (release func(), err error) {
	if len(cfg.VaultSecrets) == 0 {
		return func() {}, nil
	}
	secrets, err := vaultSecrets(cfg.VaultSecrets)
	if err != nil {
		return nil, err
	}
	phase := say.Phase("Read Vault")
	defer phase.Done()
	session, err := vault.Open(ctx, vault.Options{
		Address: cfg.VaultAddr, Namespace: cfg.VaultNamespace, Role: cfg.VaultRole, AuthPath: cfg.VaultAuthPath, Audience: cfg.VaultAudience,
		Secrets: secrets, AllowInsecureEndpoint: cfg.AllowInsecureEndpoint, Getenv: getenv, IDToken: idToken(getenv),
		Hide: redactor.Credential, Warn: say.Warn,
	})
	if err != nil {
		return nil, err
	}
	release = func() {
		if err := session.Close(); err != nil {
			say.Warn(fmt.Sprintf("not everything that Vault leased is revoked: %v", err))
		}
	}
	err = setenv(session.Variables)
	if token := session.Variables["GITHUB_TOKEN"]; token != "" {
		cfg.GitHubToken = config.NewSecret(token)
	}
	if session.FreshAWSUser {
		err = errors.Join(err, aws.AwaitCredentials(ctx))
	}
	if err != nil {
		release()
		return nil, err
	}
	phase.Add("credentials", len(session.Variables))
	return release, nil
}

func vaultSecrets(texts []string) ([]vault.Secret, error) {
	var secrets []vault.Secret
	var problems []error
	for _, text := range texts {
		secret, err := vault.ParseSecret(text)
		secrets, problems = append(secrets, secret), append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("vault_secrets: %w", err)
	}
	return secrets, nil
}

// stsAudience is who the workflow's token is for when AWS is to take it.
// https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
const stsAudience = "sts.amazonaws.com"

// fromRole assumes aws_role_to_assume by the workflow's identity.
func fromRole(ctx context.Context, cfg *config.Config, getenv func(string) string, redactor *redact.Redactor) (release func(), err error) {
	if cfg.AWSRole == "" {
		return func() {}, nil
	}
	region := ""
	if len(cfg.Regions) > 0 && cfg.Regions[0] != aws.AllRegions {
		region = cfg.Regions[0]
	}
	session, err := aws.AssumeByToken(ctx, aws.TokenOptions{
		Role: aws.ParseRole(cfg.AWSRole), Region: region, AllowInsecureEndpoint: cfg.AllowInsecureEndpoint,
		Token: func(ctx context.Context) (string, error) {
			token, err := idToken(getenv)(ctx, stsAudience)
			if err != nil {
				return "", fmt.Errorf("ask GitHub for the workflow's OIDC token: %w; give the job `permissions: id-token: write`", err)
			}
			redactor.Credential(token)
			return token, nil
		},
		Hide: redactor.Credential,
	})
	if err != nil {
		return nil, err
	}
	if err := setenv(session.Variables); err != nil {
		session.Close()
		return nil, err
	}
	return session.Close, nil
}

// idToken asks GitHub for a token that says which workflow this is.
func idToken(getenv func(string) string) func(ctx context.Context, audience string) (string, error) {
	action := githubactions.New(githubactions.WithGetenv(getenv), githubactions.WithHTTPClient(&http.Client{Timeout: 30 * time.Second}))
	return action.GetIDToken
}

// setenv puts variables into the environment of this process; an empty one is taken out of it.
func setenv(variables map[string]string) error {
	for name, value := range variables {
		err := os.Unsetenv(name)
		if value != "" {
			err = os.Setenv(name, value)
		}
		if err != nil {
			return fmt.Errorf("set the environment variable %s: %w", name, err)
		}
	}
	return nil
}
