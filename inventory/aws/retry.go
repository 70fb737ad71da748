package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	smithy "github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	// callAttempts is how often one call is tried. Of calls that fail by chance one time in three, one in 60,000 fails
	// so often in a row.
	callAttempts = 10
	// longestBackoff is the most that is waited between two attempts; half of it on average.
	longestBackoff = 10 * time.Second
	// wordlessAttempts is how often a call is tried that is answered with a 500 in nobody's words.
	wordlessAttempts = 2
)

// patient is a configuration whose every client repeats what may have failed by chance.
func patient(config awssdk.Config) awssdk.Config {
	config.Retryer = func() awssdk.Retryer { return newRetryer(longestBackoff) }
	config.APIOptions = append(slices.Clip(config.APIOptions), keepCause)
	return config
}

// retryer waits longer from attempt to attempt, by chance, and has no quota. The SDK's adaptive mode would slow every
// client down to a call in two seconds where calls are throttled at random, until they run out of time; its quota of
// retries would let the last calls of a bad day fail at their first throttling.
type retryer struct{ awssdk.RetryerV2 }

func newRetryer(longest time.Duration) awssdk.Retryer {
	return retryer{retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts, o.MaxBackoff, o.RateLimiter = callAttempts, longest, ratelimit.None
	})}
}

// RetryDelay gives up, with the error itself, on an answer that another attempt will not change.
func (r retryer) RetryDelay(attempt int, err error) (time.Duration, error) {
	if attempt >= wordlessAttempts && wordless(err) {
		return 0, err
	}
	return r.RetryerV2.RetryDelay(attempt, err)
}

// wordless says that the answer was a 500 without an error code. AWS gives its own 500s a code; what has none comes of
// something that stands in front of AWS or in its place, and has broken on the request. (502 to 504 are gateways'
// words for "not now".)
func wordless(err error) bool {
	var response *smithyhttp.ResponseError
	return errors.As(err, &response) && response.HTTPStatusCode() == http.StatusInternalServerError && !worded(err)
}

// lastAnswer is the failure of a call's latest attempt. A call that runs out of time while it waits for another attempt
// ends with nothing but that in its error.
type lastAnswer struct{ err error }

type lastAnswerKey struct{}

// keepCause gives a call that ran out of time the failure that it was repeated for.
func keepCause(stack *smithy.Stack) error {
	err := stack.Initialize.Add(smithy.InitializeMiddlewareFunc("DriftlineCause",
		func(ctx context.Context, in smithy.InitializeInput, next smithy.InitializeHandler) (smithy.InitializeOutput, smithy.Metadata, error) {
			last := &lastAnswer{}
			out, metadata, err := next.HandleInitialize(smithy.WithStackValue(ctx, lastAnswerKey{}, last), in)
			if err != nil && ctx.Err() != nil && last.err != nil {
				err = fmt.Errorf("%w, after %w", err, last.err)
			}
			return out, metadata, err
		}), smithy.Before)
	if err != nil {
		return err
	}
	return stack.Finalize.Insert(smithy.FinalizeMiddlewareFunc("DriftlineAttempt",
		func(ctx context.Context, in smithy.FinalizeInput, next smithy.FinalizeHandler) (smithy.FinalizeOutput, smithy.Metadata, error) {
			out, metadata, err := next.HandleFinalize(ctx, in)
			if last, ok := smithy.GetStackValue(ctx, lastAnswerKey{}).(*lastAnswer); ok && err != nil && ctx.Err() == nil {
				last.err = err
			}
			return out, metadata, err
		}), "Retry", smithy.After)
}
