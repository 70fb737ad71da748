package aws

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// TokenOptions say which role is assumed, and as whom.
type TokenOptions struct {
	Role   Role                                  // its external id is left out: tokens take none
	Region string                                // whose STS is asked; "": the environment's, else us-east-1
	Token  func(context.Context) (string, error) // an OpenID Connect token, new for each call
	Hide   func(secrets ...string)               // told every secret before it is used

	AllowInsecureEndpoint bool // plain http beyond this machine
}

// TokenSession gives credentials of a role to this process, and to those that it starts.
type TokenSession struct {
	// Variables make an AWS SDK ask this session, and nobody else. An empty one is to be unset.
	Variables map[string]string

	server *http.Server
}

// beyondReading is what a session may do besides what AWS's ReadOnlyAccess lets it, where its role may: read states that
// are encrypted with a key of the account's, and enter the accounts and the backends' roles that the settings name.
// Together they are small: AWS takes 2,048 characters, and packs them.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (Policy)
const beyondReading = `{"Version":"2012-10-17","Statement":[` +
	`{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"},` +
	`{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringLike":{"kms:ViaService":"s3.*.amazonaws.com*"}}}]}`

// AssumeByToken enters a role by a token, in a session that AWS itself keeps from writing, and lets it be asked for on this
// machine, in the way in which containers ask for theirs. So nothing is written to disk, and what lasts longer than a session
// gets the next one. The caller must close the session.
//
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
func AssumeByToken(ctx context.Context, o TokenOptions) (*TokenSession, error) {
	config, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRegion(o.Region))
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w; check the files of the AWS CLI", err)
	}
	config.Region = cmp.Or(config.Region, defaultRegion)
	config = guarded(config)
	if !o.AllowInsecureEndpoint {
		config.APIOptions = append(config.APIOptions, refusePlain)
	}
	return serveSession(ctx, o, awssdk.NewCredentialsCache(webIdentity(sts.NewFromConfig(config), o), func(c *awssdk.CredentialsCacheOptions) {
		c.ExpiryWindow = 5 * time.Minute // before their end, SDKs ask for the next
	}))
}

// webIdentity asks STS for a session that may only read.
func webIdentity(client stscreds.AssumeRoleWithWebIdentityAPIClient, o TokenOptions) *stscreds.WebIdentityRoleProvider {
	name, readOnly := o.Role.Session()
	return stscreds.NewWebIdentityRoleProvider(client, o.Role.ARN, tokenFunc(o.Token), func(w *stscreds.WebIdentityRoleOptions) {
		w.RoleSessionName = name
		w.PolicyARNs = []ststypes.PolicyDescriptorType{{Arn: &readOnly}}
		w.Policy = awssdk.String(beyondReading)
	})
}

// tokenTimeout bounds asking for a token, which the SDK has no context for.
const tokenTimeout = 30 * time.Second

type tokenFunc func(context.Context) (string, error)

// GetIdentityToken is the SDK's.
func (f tokenFunc) GetIdentityToken() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), tokenTimeout)
	defer cancel()
	token, err := f(ctx)
	return []byte(token), err
}

func serveSession(ctx context.Context, o TokenOptions, credentials awssdk.CredentialsProvider) (*TokenSession, error) {
	if _, err := credentials.Retrieve(ctx); err != nil {
		return nil, fmt.Errorf("assume %s by the workflow's OIDC token: %w; let the role's trust policy name GitHub's OIDC provider, and this repository and ref, as examples/oidc-role does", o.Role.ARN, err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on this machine for the provider to ask for credentials: %w", err)
	}
	secret := rand.Text()
	o.Hide(secret)
	s := &TokenSession{server: &http.Server{Handler: sessionHandler(secret, credentials, o.Hide), ReadHeaderTimeout: 10 * time.Second}}
	go func() { _ = s.server.Serve(listener) }() // until Close
	s.Variables = map[string]string{
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://" + listener.Addr().String() + "/",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN":  secret,
		// What would be taken before it.
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_CONFIG_FILE": os.DevNull,
	}
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	} {
		s.Variables[name] = ""
	}
	return s, nil
}

// sessionHandler answers who knows the secret with the credentials of the moment.
func sessionHandler(secret string, credentials awssdk.CredentialsProvider, hide func(...string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(secret)) != 1 {
			http.Error(w, "not yours", http.StatusForbidden)
			return
		}
		c, err := credentials.Retrieve(r.Context())
		if err != nil {
			http.Error(w, "the session could not be renewed", http.StatusBadGateway)
			return
		}
		hide(c.SecretAccessKey, c.SessionToken)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"AccessKeyId": c.AccessKeyID, "SecretAccessKey": c.SecretAccessKey, "Token": c.SessionToken, "Expiration": c.Expires.UTC().Format(time.RFC3339),
		})
	})
}

// Close ends answering.
func (s *TokenSession) Close() { _ = s.server.Close() }

// AwaitCredentials waits until AWS knows the credentials of the environment: a user's key that was made a moment ago is not
// known everywhere at once. Half a minute is what it takes at most.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
func AwaitCredentials(ctx context.Context) error {
	config, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("read the AWS configuration: %w; check the files of the AWS CLI", err)
	}
	config.Region = cmp.Or(config.Region, defaultRegion)
	client := sts.NewFromConfig(guarded(config))
	return await(ctx, func(ctx context.Context) error {
		_, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		return err
	}, time.Second)
}

const (
	awaitTimeout = 30 * time.Second
	inARow       = 3 // answers from as many servers of AWS's, more or less
)

func await(ctx context.Context, ask func(context.Context) error, pause time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, awaitTimeout)
	defer cancel()
	for known := 0; known < inARow; {
		err := ask(ctx)
		if known++; err != nil {
			known = 0
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("AWS does not take the key that Vault has made: %w; check the AWS engine's role in Vault", err)
		case <-time.After(pause):
		}
	}
	return nil
}
