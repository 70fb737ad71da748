package recorder

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
)

// TestRefusals: the SDK reads what Denied and Throttled answer, in each protocol, as AWS's own refusals: the one is no use
// to retry, the other is throttling.
func TestRefusals(t *testing.T) {
	t.Parallel()
	calls := map[string]func(context.Context, awssdk.Config) error{
		"JSON": func(ctx context.Context, c awssdk.Config) error {
			_, err := sqs.NewFromConfig(c).ListQueues(ctx, &sqs.ListQueuesInput{})
			return err
		},
		"query": func(ctx context.Context, c awssdk.Config) error {
			_, err := iam.NewFromConfig(c).ListRoles(ctx, &iam.ListRolesInput{})
			return err
		},
		"REST": func(ctx context.Context, c awssdk.Config) error {
			_, err := lambda.NewFromConfig(c).ListFunctions(ctx, &lambda.ListFunctionsInput{})
			return err
		},
		"REST, beside an older XML": func(ctx context.Context, c awssdk.Config) error {
			_, err := sesv2.NewFromConfig(c).ListDedicatedIpPools(ctx, &sesv2.ListDedicatedIpPoolsInput{})
			return err
		},
		"JSON, CBOR or query": func(ctx context.Context, c awssdk.Config) error {
			_, err := cloudwatch.NewFromConfig(c).DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
			return err
		},
	}
	for name, call := range calls {
		for refusal, answer := range map[string]func(Call) http.Handler{"denied": Denied, "throttled": Throttled} {
			t.Run(name+", "+refusal, func(t *testing.T) {
				t.Parallel()
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					c, err := Classify(r)
					if err != nil {
						t.Error(err)
					}
					answer(c).ServeHTTP(w, r)
				}))
				defer server.Close()
				err := call(t.Context(), awssdk.Config{
					Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
					Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
				})
				var api smithy.APIError
				if !errors.As(err, &api) {
					t.Fatalf("the SDK reads no error of the API: %v", err)
				}
				if api.ErrorCode() == "UnknownError" {
					t.Errorf("the SDK reads no code: %v", err)
				}
				throttles := retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err).Bool()
				if throttles != (refusal == "throttled") {
					t.Errorf("code %s: throttling is %v", api.ErrorCode(), throttles)
				}
			})
		}
	}
}
