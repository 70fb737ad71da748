package aws

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	smithy "github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// readVerbs are the first words of AWS operations that only read. The lists of our interfaces are narrower; this is the
// second lock on the same door.
var readVerbs = regexp.MustCompile(`^(?:Describe|List|Get|BatchGet|Head|Search|Lookup)[A-Z0-9]`)

// notRead are operations whose verbs say that they read, but that give out what opens other doors.
var notRead = []string{
	"GetSecretValue", "BatchGetSecretValue", "GetSessionToken", "GetFederationToken", "GetPasswordData", "GetAuthorizationToken",
	"GetCredentials", "GetClusterCredentials", "GetClusterCredentialsWithIAM", "GetRoleCredentials", "GetAccessKeyInfo", "GetDownloadUrlForLayer",
}

// sessions give credentials, and change nothing: Driftline asks for such as may only read.
var sessions = []string{"AssumeRole", "AssumeRoleWithWebIdentity"}

func isRead(operation string) bool {
	return readVerbs.MatchString(operation) && !slices.Contains(notRead, operation) || slices.Contains(sessions, operation)
}

// guarded is a configuration whose every client refuses to write.
func guarded(config awssdk.Config) awssdk.Config {
	config.APIOptions = append(slices.Clip(config.APIOptions), refuseWrites)
	return config
}

// refusePlain makes every client refuse plain http to another machine, wherever its endpoint comes from: an environment
// variable of a service's own, a profile, or a redirect of the SDK's.
func refusePlain(stack *smithy.Stack) error {
	return stack.Finalize.Add(smithy.FinalizeMiddlewareFunc("DriftlineEncrypted",
		func(ctx context.Context, in smithy.FinalizeInput, next smithy.FinalizeHandler) (smithy.FinalizeOutput, smithy.Metadata, error) {
			if request, ok := in.Request.(*smithyhttp.Request); ok && request.URL.Scheme != "https" && !loopback(request.URL.Hostname()) {
				return smithy.FinalizeOutput{}, smithy.Metadata{}, fmt.Errorf("the endpoint %s of %s is plain http to another machine; use https, or --allow-insecure-endpoint if credentials may travel unencrypted",
					request.URL.Host, middleware.GetServiceID(ctx))
			}
			return next.HandleFinalize(ctx, in)
		}), smithy.After)
}

func loopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// refuseWrites makes every client refuse an operation that is not a read, before anything is sent.
func refuseWrites(stack *smithy.Stack) error {
	return stack.Initialize.Add(smithy.InitializeMiddlewareFunc("DriftlineReadOnly",
		func(ctx context.Context, in smithy.InitializeInput, next smithy.InitializeHandler) (smithy.InitializeOutput, smithy.Metadata, error) {
			operation := middleware.GetOperationName(ctx)
			if isRead(operation) {
				return next.HandleInitialize(ctx, in)
			}
			return smithy.InitializeOutput{}, smithy.Metadata{}, fmt.Errorf("%s %s is not a read: Driftline only ever reads", middleware.GetServiceID(ctx), operation)
		}), smithy.After)
}
