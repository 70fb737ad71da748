package aws

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/seed-e90528ae/driftline/drift"
)

// Error codes by what they mean. Sources: the "Common errors" page of each service's API reference.
var (
	deniedCodes = []string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError",
		"AuthorizationErrorException", "UnauthorizedException", "Forbidden", "ForbiddenException", "AllAccessDisabled"}
	throttledCodes = []string{"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
		"RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded",
		"LimitExceededException", "SlowDown", "PriorRequestNotComplete", "ProvisionedThroughputExceededException"}
	credentialCodes = []string{"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException",
		"AuthFailure", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"}
	regionCodes = []string{"OptInRequired", "InvalidEndpoint", "UnknownEndpoint", "UnsupportedOperation"}
)

// skipped tells what a failed call hides, and what a person can do about it.
func skipped(j job, parent string, err error) *drift.Skipped {
	s := &drift.Skipped{
		What: fmt.Sprintf("%s in %s", j.row.Type, j.scope.region),
		Type: j.row.Type, Account: j.scope.account, Region: j.scope.region, Err: err,
	}
	if parent != "" {
		s.What = fmt.Sprintf("%s of %s in %s", j.row.Type, parent, j.scope.region)
		s.ImportID = parent
	}
	operation := ""
	if op := (*smithy.OperationError)(nil); errors.As(err, &op) {
		operation = op.Service() + " " + op.Operation()
	}
	var api smithy.APIError
	switch {
	case errors.As(err, &api) && slices.Contains(deniedCodes, api.ErrorCode()):
		s.Reason = fmt.Sprintf("%s was denied", operation)
		s.Remedy = "allow the role to use " + strings.Join(j.row.Actions, ", ")
	case errors.As(err, &api) && slices.Contains(throttledCodes, api.ErrorCode()):
		s.Reason = fmt.Sprintf("%s was throttled %d times in a row", operation, callAttempts)
		s.Remedy = "run again at a quieter time, or lower `concurrency`"
	case errors.As(err, &api) && slices.Contains(credentialCodes, api.ErrorCode()):
		s.Reason = fmt.Sprintf("%s refused the credentials: %s", operation, api.ErrorCode())
		s.Remedy = "renew the credentials that the run is given"
	case errors.As(err, &api) && slices.Contains(regionCodes, api.ErrorCode()):
		s.Reason = fmt.Sprintf("%s is not offered here: %s", operation, api.ErrorCode())
		s.Remedy = "leave this region or type out with `region` or `exclude`"
	case errors.As(err, &api):
		s.Reason = fmt.Sprintf("%s failed: %s: %s", operation, api.ErrorCode(), api.ErrorMessage())
		s.Remedy = "run again; if it stays, exclude the type and report it"
	case errors.Is(err, context.DeadlineExceeded):
		s.Reason = fmt.Sprintf("%s gave no answer in %s", operation, j.scope.timeout)
		s.Remedy = "check the endpoint and the network, or raise `call_timeout`"
	default:
		s.Reason = err.Error()
		s.Remedy = "run again; if it stays, exclude the type and report it"
	}
	return s
}
