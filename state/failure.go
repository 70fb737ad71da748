package state

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/aws/aws-sdk-go-v2/aws"
	smithy "github.com/aws/smithy-go"
	"gocloud.dev/gcerrors"
	"google.golang.org/api/googleapi"

	"github.com/seed-e90528ae/driftline/drift"
)

// cause is why a state, or a part of one, could not be read, and what a person can do about it.
type cause struct{ reason, remedy string }

// failure is one state's error before it is known which state it is about.
type failure struct {
	cause  cause
	detail string // what a service or a library said, free of secrets
	err    error
}

func (f *failure) Error() string {
	if f.detail == "" {
		return f.cause.reason
	}
	return f.cause.reason + ": " + f.detail
}

func (f *failure) Unwrap() error { return f.err }

// skipped is the failure of a whole state.
func (f *failure) skipped(stateURL string) *drift.Skipped {
	return &drift.Skipped{What: "state " + stateURL, Reason: f.Error(), Remedy: f.cause.remedy, State: stateURL, Err: f.err}
}

var (
	causeEmpty     = cause{"the file is empty (0 bytes)", "restore the last good version from the bucket's versioning, or remove the file if nothing was ever applied"}
	causeTruncated = cause{"the file ends in the middle: it is truncated", "restore the last good version from the bucket's versioning; the instances before the cut were read"}
	causeNotJSON   = cause{"the file is not JSON", "check that the URL names a Terraform state, or narrow the glob"}
	causeNotState  = cause{"the file is JSON, but not a Terraform state: it has no state version", "check that the URL names a Terraform state, or narrow the glob"}
	causeTrailing  = cause{"more data follows the end of the state", "check whether two files were joined; restore the last good version from the bucket's versioning"}
	causeTooDeep   = cause{"its JSON is nested too deeply (more than 10,000 levels)", "no Terraform writes such a state: check where the file comes from"}
	causeLFS       = cause{"the file is a Git LFS pointer, not the state itself", "fetch it first: git lfs pull, or checkout with lfs: true"}
	causeFlat      = cause{"its attributes are in the flat form of Terraform 0.11", "run terraform apply -refresh-only with Terraform 0.12 or later to rewrite the state"}

	causeMissing       = cause{"there is no such state", "check bucket, key and region; if this root module was never applied there is nothing to do"}
	causeMissingBucket = cause{"there is no such bucket or container", "check the bucket's name, the account, and the endpoint"}
	causeMissingDir    = cause{"there is no such directory", "check the path; a relative one starts at the working directory"}
	causeDirectory     = cause{"it is a directory", "end the URL with / to read all states below it"}
	causeNoMatch       = cause{"nothing matches", "check the prefix or glob for a typo: * stays within one folder, ** crosses folders"}
	causeDenied        = cause{"access denied", "grant s3:GetObject and s3:ListBucket (or storage.objects.get and .list, or Storage Blob Data Reader) on it; without permission to list, a missing object looks denied too"}
	causeKMS           = cause{"access to the KMS key that encrypts it was denied", "grant kms:Decrypt on the bucket's key to the role that runs this job"}
	causeCustomerKey   = cause{"it is encrypted with a customer-provided key (SSE-C or CSEK), which cannot be passed here", "store the state with SSE-KMS or SSE-S3, or download it and give it as file://"}
	causeCredentials   = cause{"no usable credentials were found", ""}
	causeRole          = cause{"the AWS role of its backend cannot be assumed", "check the role's trust policy, and that there are credentials that may call sts:AssumeRole on it"}
	causeRejected      = cause{"the service rejects the credentials", "renew them; in a workflow, check that the credentials step ran in this job and has not expired"}
	causeRegion        = cause{"the region is missing or not the bucket's own", "set AWS_REGION, or add ?region= to the URL, or region to the backend"}
	causeInsecure      = cause{"its endpoint is plain http on another host: credentials and state would travel unencrypted", "use https, or allow the insecure endpoint explicitly"}
	causeUnreachable   = cause{"the storage service cannot be reached", "check endpoint, DNS, proxy and network from where this runs"}
	causeStalled       = cause{"the storage service did not answer in time", "run again; if it repeats, check endpoint, proxy and network from where this runs"}
	causeInterrupted   = cause{"the connection broke before the end of the state", "run again; the instances before the break were read"}
	causeConfig        = cause{"its bucket cannot be opened", "check the URL's parameters and the cloud configuration (profile, region, environment)"}
	causeUnreadable    = cause{"it cannot be read", "check the message; run again if it is a passing fault of the storage service"}
	causeThrottled     = cause{"the storage service is throttling or failing", "run again later, or with a lower concurrency"}
)

func compressed(with string) cause {
	return cause{"the file is compressed with " + with, "Terraform writes plain JSON: decompress it, or leave it out of the glob"}
}

func encryptedWith(what string) cause {
	return cause{"the state is encrypted with " + what, "its keys are not known here: decrypt a copy and give it as file://, or use encryption at rest of the bucket"}
}

func older(version int) cause {
	return cause{
		fmt.Sprintf("it is state version %d; only version 4 is read", version),
		"run terraform apply -refresh-only with Terraform 0.12 or later to rewrite it",
	}
}

func newer(version int) cause {
	return cause{
		fmt.Sprintf("it is state version %d, newer than version 4", version),
		"update Driftline",
	}
}

func tooLarge(limit int64) cause {
	return cause{
		fmt.Sprintf("it is larger than the limit of %d MiB", limit>>20),
		"split the root module, or raise the limit",
	}
}

func causeResource(why string) cause {
	return cause{"the state's entry for it cannot be read: " + why, "check the state file; terraform state pull shows it"}
}

func causeInstance(why string) cause {
	return cause{"the state's instance cannot be read: " + why, "check it with terraform state show; terraform apply -refresh-only rewrites it"}
}

// credentialRemedies says where each service looks for credentials.
var credentialRemedies = map[string]string{
	"s3":     "in a workflow, run aws-actions/configure-aws-credentials first; elsewhere set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
	"gs":     "in a workflow, run google-github-actions/auth first; elsewhere set GOOGLE_APPLICATION_CREDENTIALS or run gcloud auth application-default login",
	"azblob": "set AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or sign in with azure/login",
}

var errStalled = errors.New("no answer within the time limit")

// answer is what a storage service said, whichever it is.
type answer struct {
	status        int    // HTTP status, 0 when unknown
	code, message string // of the service's own error document
}

func answerOf(err error) (a answer) {
	var withStatus interface{ HTTPStatusCode() int }
	if errors.As(err, &withStatus) {
		a.status = withStatus.HTTPStatusCode()
	}
	var api smithy.APIError
	var google *googleapi.Error
	var azure *azcore.ResponseError
	switch {
	case errors.As(err, &api):
		a.code, a.message = api.ErrorCode(), api.ErrorMessage()
	case errors.As(err, &google):
		a.status, a.message = google.Code, google.Message
		if len(google.Errors) > 0 {
			a.code = google.Errors[0].Reason
		}
	case errors.As(err, &azure):
		a.status, a.code = azure.StatusCode, azure.ErrorCode
	}
	return a
}

// text is code and message on one bounded line.
func (a answer) text() string {
	return oneLine(strings.Trim(a.code+": "+a.message, ": "))
}

// detail is text, unless the cause says all of it.
func (a answer) detail(c cause) string {
	if c == causeMissing || c == causeMissingBucket {
		return ""
	}
	return a.text()
}

// codes are error codes whose meaning the HTTP status does not tell. The first that matches counts.
var codes = []struct {
	code    string // of the service
	message string // part of its message, in lower case; "" for any
	cause   cause
}{
	{"InvalidRequest", "server side encryption", causeCustomerKey}, // S3: SSE-C object, read without its key
	{"InvalidRequest", "server-side encryption", causeCustomerKey},
	{"resourceIsEncryptedWithCustomerEncryptionKey", "", causeCustomerKey}, // GCS
	{"BlobUsesCustomerSpecifiedEncryption", "", causeCustomerKey},          // Azure
	{"AccessDenied", "kms", causeKMS},
	{"KMS.", "", causeKMS},
	{"ExpiredToken", "", causeRejected},
	{"TokenRefreshRequired", "", causeRejected},
	{"InvalidToken", "", causeRejected},
	{"InvalidAccessKeyId", "", causeRejected},
	{"InvalidClientTokenId", "", causeRejected},
	{"SignatureDoesNotMatch", "", causeRejected},
	{"RequestTimeTooSkewed", "", causeRejected},
	{"AuthenticationFailed", "", causeRejected},
	{"InvalidAuthenticationInfo", "", causeRejected},
	{"authError", "", causeRejected},
	{"AuthorizationHeaderMalformed", "", causeRegion},
	{"PermanentRedirect", "", causeRegion},
	{"IllegalLocationConstraintException", "", causeRegion},
	{"NoSuchBucket", "", causeMissingBucket},
	{"ContainerNotFound", "", causeMissingBucket},
	{"NoSuchKey", "", causeMissing},
	{"BlobNotFound", "", causeMissing},
	{"AccessDenied", "", causeDenied},
	{"SlowDown", "", causeThrottled},
}

// diagnose finds the cause of an error of opening, listing or reading. ctx is the one that the step ran under.
func diagnose(ctx context.Context, scheme string, err error) *failure {
	var known *failure
	if errors.As(err, &known) {
		return known
	}
	if errors.Is(context.Cause(ctx), errStalled) {
		return &failure{cause: causeStalled, err: errStalled}
	}

	a := answerOf(err)
	for _, row := range codes {
		if (a.code == row.code || strings.HasSuffix(row.code, ".") && strings.HasPrefix(a.code, row.code)) &&
			strings.Contains(strings.ToLower(a.message), row.message) {
			return &failure{cause: row.cause, detail: a.detail(row.cause), err: err}
		}
	}
	// The codes that go-cloud finds come last: its GCS driver says NotFound for 403, its S3 driver for any error
	// with a 301 in its text, its Azure driver for an unknown host.
	switch c := byStatus(a.status); {
	case c != (cause{}):
		return &failure{cause: c, detail: a.detail(c), err: err}
	case a.status >= 400:
		return &failure{cause: causeUnreadable, detail: cmp.Or(a.text(), fmt.Sprintf("HTTP status %d", a.status)), err: err}
	}
	return byKind(scheme, err)
}

func byStatus(status int) cause {
	switch {
	case status == 301 || status == 307:
		return causeRegion
	case status == 401:
		return causeRejected
	case status == 403:
		return causeDenied
	case status == 404:
		return causeMissing
	case status == 429 || status >= 500:
		return causeThrottled
	}
	return cause{}
}

// byKind looks at errors that never came from a service.
func byKind(scheme string, err error) *failure {
	var dns *net.DNSError
	var network *net.OpError
	var noRegion *aws.MissingRegionError
	var azureAuth *azidentity.AuthenticationFailedError
	var ca interface{ Timeout() bool }
	f := &failure{detail: clean(err), err: err}
	switch {
	case errors.Is(err, fs.ErrPermission):
		f.cause = cause{causeDenied.reason, "check the file's permissions"}
	case errors.As(err, &noRegion), strings.Contains(f.detail, "Invalid region"), strings.Contains(f.detail, "Missing Region"):
		f.cause, f.detail = causeRegion, ""
	case errors.As(err, &azureAuth), strings.Contains(f.detail, "DefaultAzureCredential"):
		f.cause, f.detail = noCredentials(scheme), ""
	case errors.As(err, &dns), errors.As(err, &network):
		f.cause = causeUnreachable
	case errors.As(err, &ca) && ca.Timeout():
		f.cause = causeStalled
	case errors.Is(err, os.ErrNotExist), gcerrors.Code(err) == gcerrors.NotFound:
		f.cause, f.detail = causeMissing, ""
	default:
		f.cause = causeUnreadable
	}
	return f
}

func noCredentials(scheme string) cause {
	return cause{causeCredentials.reason, credentialRemedies[scheme]}
}

var urlQuery = regexp.MustCompile(`([a-z][a-z0-9+.-]*://)([^\s"/@]*@)?([^\s?"]*)(\?[^\s"]*)?`)

// clean is an error's text without queries and user information of URLs: a SAS token is a query.
func clean(err error) string {
	if inner := (*url.Error)(nil); errors.As(err, &inner) {
		err = inner.Err
	}
	return oneLine(urlQuery.ReplaceAllString(err.Error(), "$1$3"))
}

// oneLine bounds what others say, so that one service's error page cannot fill a report.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
