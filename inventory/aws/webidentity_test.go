package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// TestWebIdentityIsReadOnly looks at the request for a role's session, and then asks the session for its credentials as an
// AWS SDK does: the next ones come with a new token.
func TestWebIdentityIsReadOnly(t *testing.T) {
	t.Parallel()
	var asked []url.Values
	answer := wire(func(c apiCall, r *http.Request) (*http.Response, error) {
		if c.operation != "AssumeRoleWithWebIdentity" {
			t.Errorf("nothing was meant to call %s", c.operation)
		}
		form, err := url.ParseQuery(c.body)
		if err != nil {
			t.Error(err)
		}
		asked = append(asked, form)
		// Its end has come as soon as it begins, so that the next asks anew.
		return reply(r, http.StatusOK, fmt.Sprintf(`<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA%d</AccessKeyId>`+
			`<SecretAccessKey>session-key-%[1]d</SecretAccessKey><SessionToken>session-token</SessionToken><Expiration>%s</Expiration></Credentials>`+
			`</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`, len(asked), time.Now().UTC().Format(time.RFC3339))), nil
	})
	var hidden []string
	tokens := 0
	o := TokenOptions{
		Role:  ParseRole("arn:aws-us-gov:iam::111122223333:role/driftline session_name=nightly"),
		Token: func(context.Context) (string, error) { tokens++; return fmt.Sprint("token-", tokens), nil },
		Hide:  func(secrets ...string) { hidden = append(hidden, secrets...) },
	}
	client := sts.NewFromConfig(guarded(awssdk.Config{Region: "us-gov-west-1", HTTPClient: answer}))
	session, err := serveSession(t.Context(), o, awssdk.NewCredentialsCache(webIdentity(client, o)))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()

	v := session.Variables
	if v["AWS_CONFIG_FILE"] != os.DevNull || v["AWS_ACCESS_KEY_ID"] != "" {
		t.Errorf("another source comes first: %v", v)
	}
	got, err := endpointcreds.New(v["AWS_CONTAINER_CREDENTIALS_FULL_URI"], func(e *endpointcreds.Options) { e.AuthorizationToken = v["AWS_CONTAINER_AUTHORIZATION_TOKEN"] }).Retrieve(t.Context())
	if err != nil || got.AccessKeyID != "ASIA2" || got.SecretAccessKey != "session-key-2" || got.SessionToken != "session-token" || !got.CanExpire {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := endpointcreds.New(v["AWS_CONTAINER_CREDENTIALS_FULL_URI"], func(e *endpointcreds.Options) { e.Retryer = awssdk.NopRetryer{} }).Retrieve(t.Context()); err == nil {
		t.Error("who does not know the secret was answered")
	}
	for _, secret := range []string{v["AWS_CONTAINER_AUTHORIZATION_TOKEN"], "session-key-2", "session-token"} {
		if !strings.Contains(strings.Join(hidden, " "), secret) {
			t.Errorf("%s was not hidden: %q", secret, hidden)
		}
	}
	for n, form := range asked {
		want := url.Values{
			"RoleArn": {"arn:aws-us-gov:iam::111122223333:role/driftline"}, "RoleSessionName": {"nightly"}, "WebIdentityToken": {fmt.Sprint("token-", n+1)},
			"PolicyArns.member.1.arn": {"arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess"}, "Policy": {beyondReading},
		}
		for name := range want {
			if form.Get(name) != want.Get(name) {
				t.Errorf("request %d: %s is %q, want %q", n, name, form.Get(name), want.Get(name))
			}
		}
	}
	if len(beyondReading) > 2048 {
		t.Errorf("AWS takes no session policy of %d characters", len(beyondReading))
	}
}

func TestNoTokenNoSession(t *testing.T) {
	t.Parallel()
	o := TokenOptions{Role: ParseRole("arn:aws:iam::111122223333:role/driftline"), Token: func(context.Context) (string, error) { return "", errors.New("no id-token permission") }}
	client := sts.NewFromConfig(guarded(awssdk.Config{Region: "us-east-1", HTTPClient: wire(func(apiCall, *http.Request) (*http.Response, error) {
		t.Error("STS was asked without a token")
		return nil, http.ErrHandlerTimeout
	})}))
	if _, err := serveSession(t.Context(), o, webIdentity(client, o)); err == nil || !strings.Contains(err.Error(), "no id-token permission") || !strings.Contains(err.Error(), "examples/oidc-role") {
		t.Error(err)
	}
}

func TestAwait(t *testing.T) {
	t.Parallel()
	asked := 0
	unknown := errors.New("InvalidClientTokenId")
	err := await(t.Context(), func(context.Context) error {
		if asked++; asked == 1 || asked == 3 { // one server knows the key, another does not yet
			return unknown
		}
		return nil
	}, time.Millisecond)
	if err != nil || asked != 6 {
		t.Errorf("asked %d times, %v", asked, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := await(ctx, func(context.Context) error { return unknown }, time.Minute); !errors.Is(err, unknown) || !strings.Contains(err.Error(), "Vault") {
		t.Error(err)
	}
}
