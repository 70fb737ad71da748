package aws

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

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

// notInUse is how services that have to be turned on say that they are not: there is nothing in them, which is an answer
// and not a failure. Several say it by a denial, which only the message tells from a missing permission.
//
//	https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html
//	https://docs.aws.amazon.com/macie/latest/APIReference/macie.html
//	https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
//	https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeOrganizationConformancePacks.html
//	https://docs.aws.amazon.com/inspector/v2/APIReference/API_ListFilters.html
//	https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListPermissionSets.html
var notInUse = []struct {
	service string // as the SDK calls it
	code    string
	message string // part of it, in small letters; "" for any
}{
	{"SecurityHub", "InvalidAccessException", ""},
	{"SecurityHub", "ResourceNotFoundException", ""},
	{"Macie2", "AccessDeniedException", "macie is not enabled"},
	{"Macie2", "ResourceNotFoundException", ""},
	{"Inspector2", "AccessDeniedException", "invoking account does not have access"},
	{"Inspector2", "ResourceNotFoundException", ""},
	{"Organizations", "AWSOrganizationsNotInUseException", ""},
	{"Config Service", "NoAvailableOrganizationException", ""},
	{"Config Service", "OrganizationAccessDeniedException", ""}, // another account manages the organization's
	{"SSO Admin", "ResourceNotFoundException", ""},
	{"identitystore", "ResourceNotFoundException", ""},
}

// absent says that the service of a call is not in use.
func absent(err error) bool {
	var operation *smithy.OperationError
	var api smithy.APIError
	if !errors.As(err, &operation) || !errors.As(err, &api) {
		return false
	}
	for _, n := range notInUse {
		if n.service == operation.Service() && n.code == api.ErrorCode() && strings.Contains(strings.ToLower(api.ErrorMessage()), n.message) {
			return true
		}
	}
	return false
}

// worded says that AWS has given a reason. An answer that the SDK cannot read is none: it makes up an error for some
// protocols, which is of no code or an unknown one.
func worded(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() != "" && api.ErrorCode() != "UnknownError"
}

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
	s.Reason, s.Remedy = explain(j, err)
	return s
}

const (
	// again is the remedy of what may have been chance.
	again = "run again; if it stays, exclude the type and report it"
	// elsewhere is the remedy of what is not to be had here.
	elsewhere = "leave this region or type out with `region` or `exclude`"
)

func explain(j job, err error) (reason, remedy string) {
	service, operation := "", ""
	if op := (*smithy.OperationError)(nil); errors.As(err, &op) {
		service, operation = op.Service(), op.Operation()
	}
	call := strings.TrimSpace(service + " " + operation)
	var api smithy.APIError
	errors.As(err, &api)
	code := func(codes []string) bool { return api != nil && slices.Contains(codes, api.ErrorCode()) }
	status := 0 // of an answer, if there was any
	if response := (*smithyhttp.ResponseError)(nil); errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	late := ""
	if errors.Is(err, context.DeadlineExceeded) && (api != nil || status != 0) {
		late = fmt.Sprintf(", again and again until its %s were over", j.scope.timeout)
	}
	switch {
	case code(deniedCodes) && strings.Contains(api.ErrorMessage(), "service control policy"):
		return call + " was denied by a service control policy", elsewhere + ", or have the organization allow " + missing(j.row, operation, api)
	case code(deniedCodes):
		return call + " was denied", "allow the role to use " + missing(j.row, operation, api)
	case code(throttledCodes):
		return call + " was throttled" + cmp.Or(late, fmt.Sprintf(" %d times in a row", callAttempts)), "run again at a quieter time, or lower `concurrency`"
	case code(credentialCodes):
		return fmt.Sprintf("%s refused the credentials: %s", call, api.ErrorCode()), "renew the credentials that the run is given"
	case code(regionCodes):
		return fmt.Sprintf("%s is not offered here: %s", call, api.ErrorCode()), elsewhere
	case worded(err):
		return fmt.Sprintf("%s failed%s: %s: %s", call, late, api.ErrorCode(), api.ErrorMessage()), again
	case status != 0:
		return fmt.Sprintf("%s was answered with status %d, in no words of AWS's%s", call, status, late),
			"check what stands between the run and AWS (a proxy, an endpoint of your own); " + again
	case nameless(err) != "":
		return fmt.Sprintf("%s is not offered in %s: there is no %s", call, j.scope.config.Region, nameless(err)), elsewhere
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("%s gave no answer in %s", call, j.scope.timeout), "check the endpoint and the network, or raise `call_timeout`"
	}
	return err.Error(), again
}

// nameless is the host name of an endpoint that does not exist, as in a region where a service is not offered, else "".
func nameless(err error) string {
	if dns := (*net.DNSError)(nil); errors.As(err, &dns) && dns.IsNotFound {
		return dns.Name
	}
	return ""
}

// authorized finds the action in AWS's words for a denial.
var authorized = regexp.MustCompile(`not authorized to perform: ([a-z0-9-]+:[A-Za-z0-9]+)`)

// missing is the action that was denied: the one that AWS names, else the row's for the operation, else all of the row's.
func missing(row Row, operation string, api smithy.APIError) string {
	if named := authorized.FindStringSubmatch(api.ErrorMessage()); named != nil {
		return named[1]
	}
	name := operation
	if other, ok := spelled[operation]; ok {
		name = other
	}
	for _, action := range row.Actions {
		if _, of, _ := strings.Cut(action, ":"); of == name {
			return action
		}
	}
	return strings.Join(row.Actions, ", ")
}

// spelled are the operations whose IAM action has another name.
//
//	https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
//	https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html
var spelled = map[string]string{
	"ListBuckets": "ListAllMyBuckets", "GetBucketEncryption": "GetEncryptionConfiguration", "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
	"GetPublicAccessBlock": "GetBucketPublicAccessBlock", "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
	"GetBucketCors": "GetBucketCORS", "GetBucketNotificationConfiguration": "GetBucketNotification",
	"GetObjectLockConfiguration": "GetBucketObjectLockConfiguration", "GetBucketReplication": "GetReplicationConfiguration",
	"HeadBucket": "ListBucket", "GetBucketLifecycle": "GetLifecycleConfiguration",
	"DescribeBudgets": "ViewBudget", "DescribeBudget": "ViewBudget", "DescribeNotificationsForBudget": "ViewBudget",
}
