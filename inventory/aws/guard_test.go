package aws

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// TestWritesAreRefused makes clients of four protocols try to write: nothing may reach the wire, not even where a caller
// asks for no middleware of its own.
func TestWritesAreRefused(t *testing.T) {
	t.Parallel()
	sent := func(c apiCall, _ *http.Request) (*http.Response, error) {
		t.Errorf("%s %s was sent", c.service, c.operation)
		return nil, http.ErrHandlerTimeout
	}
	config := guarded(awssdk.Config{Region: "eu-west-1", HTTPClient: wire(sent), Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
	name := "x"
	for operation, try := range map[string]func(context.Context) error{
		"EC2 CreateVpc": func(ctx context.Context) error {
			_, err := ec2.NewFromConfig(config).CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: &name})
			return err
		},
		"EC2 TerminateInstances": func(ctx context.Context) error {
			_, err := ec2.NewFromConfig(config).TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{name}})
			return err
		},
		"IAM DeleteRole": func(ctx context.Context) error {
			_, err := iam.NewFromConfig(config).DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &name})
			return err
		},
		"S3 PutObject": func(ctx context.Context) error {
			_, err := s3.NewFromConfig(config).PutObject(ctx, &s3.PutObjectInput{Bucket: &name, Key: &name})
			return err
		},
		"SQS ReceiveMessage": func(ctx context.Context) error { // hides messages from others: no read
			_, err := sqs.NewFromConfig(config).ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &name})
			return err
		},
		"SQS DeleteQueue": func(ctx context.Context) error { // an operation may bring options of its own
			_, err := sqs.NewFromConfig(config).DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &name}, func(o *sqs.Options) { o.APIOptions = o.APIOptions[:len(o.APIOptions):len(o.APIOptions)] })
			return err
		},
	} {
		if err := try(t.Context()); err == nil || !strings.Contains(err.Error(), operation+" is not a read") {
			t.Errorf("%s: %v", operation, err)
		}
	}
}

// TestPlainEndpointsAreRefused: credentials travel encrypted, or not at all.
func TestPlainEndpointsAreRefused(t *testing.T) {
	t.Parallel()
	for endpoint, refused := range map[string]bool{
		"http://10.0.0.1:4566": true, "http://sqs.example.com": true, "http://localhost.example.com": true,
		"https://sqs.example.com": false, "http://127.0.0.1:4566": false, "http://localhost:4566": false, "http://[::1]:4566": false,
	} {
		sent := false
		config := guarded(awssdk.Config{Region: "eu-west-1", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
			HTTPClient: wire(func(_ apiCall, r *http.Request) (*http.Response, error) {
				sent = true
				return reply(r, http.StatusOK, "{}"), nil
			})})
		config.APIOptions = append(config.APIOptions, refusePlain)
		_, err := sqs.NewFromConfig(config).ListQueues(t.Context(), &sqs.ListQueuesInput{})
		if sent == refused || refused != (err != nil) || refused && !strings.Contains(err.Error(), "--allow-insecure-endpoint") {
			t.Errorf("%s: sent %t, %v", endpoint, sent, err)
		}
	}
}

// TestReadsAreJudgedByWholeWords: an operation reads when its first word is one of reading.
func TestReadsAreJudgedByWholeWords(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]bool{
		"DescribeVpcs": true, "ListQueues": true, "GetRole": true, "BatchGetProjects": true, "HeadBucket": true, "SearchResources": true,
		"LookupEvents": true, "AssumeRole": true, "AssumeRoleWithWebIdentity": true,
		"CreateVpc": false, "PutObject": false, "DeleteRole": false, "Getaway": false, "Listen": false, "AssumeRoot": false,
		"UpdateRole": false, "TagResource": false, "ReceiveMessage": false, "": false, "Invoke": false, "StartQuery": false,
		// They give out what opens doors, and no listing needs them.
		"GetSecretValue": false, "GetSessionToken": false, "GetFederationToken": false, "GetPasswordData": false, "GetAuthorizationToken": false,
	} {
		if got := isRead(operation); got != want {
			t.Errorf("%s: %t", operation, got)
		}
	}
}

// TestCatalogueIsAllowed: every listing's first call passes the guard, as it does in a run.
func TestCatalogueIsAllowed(t *testing.T) {
	t.Parallel()
	inventory := wire(func(c apiCall, r *http.Request) (*http.Response, error) {
		return reply(r, http.StatusForbidden, refusal(c.service, deniedCode(c.service))), nil
	}).inventory("eu-west-1")
	inventory.config = guarded(inventory.config)
	inventory.accounts[0].config = inventory.config
	_, skips := collect(t.Context(), t, inventory)
	if len(skips) < len(Catalogue()) {
		t.Errorf("%d skips for %d types", len(skips), len(Catalogue()))
	}
	for _, s := range skips {
		if strings.Contains(s.Reason, "is not a read") {
			t.Errorf("%s: %s", s.What, s.Reason)
		}
	}
}

// TestSessionsAreReadOnly looks at the request by which an account is entered: AWS itself is asked to refuse a write.
func TestSessionsAreReadOnly(t *testing.T) {
	t.Parallel()
	var assumed []string
	answer := wire(func(c apiCall, r *http.Request) (*http.Response, error) {
		switch c.operation {
		case "AssumeRole":
			assumed = append(assumed, c.body)
			return reply(r, http.StatusOK, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>`+
				`<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`), nil
		case "GetCallerIdentity":
			return reply(r, http.StatusOK, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>`+fakeAccount+`</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`), nil
		}
		t.Errorf("nothing was meant to call %s", c.operation)
		return reply(r, http.StatusBadRequest, refusal("sts", "ValidationError")), nil
	})
	for role, policy := range map[string]string{
		"arn:aws:iam::111122223333:role/driftline":        "arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess",
		"arn:aws-us-gov:iam::111122223333:role/driftline": "arn%3Aaws-us-gov%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess",
	} {
		assumed = nil
		inventory := &Inventory{options: Options{CallTimeout: time.Minute, Regions: []string{"eu-west-1"}}, config: guarded(awssdk.Config{
			Region: "eu-west-1", HTTPClient: answer, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		})}
		if _, err := inventory.enterOne(t.Context(), ParseRole(role+" external_id=42")); err != nil {
			t.Fatal(err)
		}
		if len(assumed) != 1 || !strings.Contains(assumed[0], "PolicyArns.member.1.arn="+policy) || !strings.Contains(assumed[0], "ExternalId=42") {
			t.Errorf("the session of %s was asked for by %q", role, assumed)
		}
	}
}

var _ stsAPI = (*sts.Client)(nil)
