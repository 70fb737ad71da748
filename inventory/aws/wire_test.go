package aws

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/seed-e90528ae/driftline/drift"
)

// apiCall is a call as it goes over the wire, in whatever protocol its service speaks.
type apiCall struct {
	service   string // name that requests are signed for: ec2, sqs, elasticloadbalancing
	operation string // ListQueues, or "GET /2015-03-31/functions" where the operation is the path
	body      string // "" for GET
	query     url.Values
}

// wire answers the SDK's calls in place of the network: signing, protocols, retries and timeouts are the SDK's own.
type wire func(apiCall, *http.Request) (*http.Response, error)

var signedFor = regexp.MustCompile(`Credential=[^/]+/[^/]+/[^/]+/([^/]+)/`)

func (w wire) Do(r *http.Request) (*http.Response, error) {
	c := apiCall{query: r.URL.Query()}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		c.body = string(body)
	}
	if m := signedFor.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		c.service = m[1]
	}
	if c.service == "ses" && strings.HasPrefix(r.URL.Path, "/v2/") { // two APIs of one name, the older one in XML
		c.service = "sesv2"
	}
	switch target := r.Header.Get("X-Amz-Target"); {
	case target != "":
		c.operation = lastPart(target, ".")
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		form, err := url.ParseQuery(c.body)
		if err != nil {
			return nil, err
		}
		c.operation = form.Get("Action")
	default:
		c.operation = r.Method + " " + strings.TrimSuffix(r.URL.Path, "/")
	}
	return w(c, r)
}

// reply is an HTTP answer. Services that speak REST and JSON name the error in a header.
func reply(r *http.Request, status int, body string) *http.Response {
	header := http.Header{"X-Amz-Crc32": {fmt.Sprint(crc32.ChecksumIEEE([]byte(body)))}} // that of DynamoDB's answers is looked at
	if m := regexp.MustCompile(`"__type":"([^"]*)"`).FindStringSubmatch(body); m != nil {
		header.Set("X-Amzn-ErrorType", m[1])
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader([]byte(body))), ContentLength: int64(len(body)), Request: r}
}

// xmlServices answer in XML; all others of the catalogue in JSON.
var xmlServices = []string{"ec2", "autoscaling", "iam", "s3", "sns", "rds", "route53", "elasticloadbalancing", "cloudformation", "elasticache", "redshift", "cloudfront", "elasticbeanstalk", "ses"}

// refusal is an error as the service writes it.
func refusal(service, code string) string {
	inner := "<Code>" + code + "</Code><Message>not for you</Message>"
	switch {
	case service == "ec2":
		return "<Response><Errors><Error>" + inner + "</Error></Errors><RequestID>1</RequestID></Response>"
	case service == "s3":
		return "<Error>" + inner + "</Error>"
	case slices.Contains(xmlServices, service):
		return "<ErrorResponse><Error><Type>Sender</Type>" + inner + "</Error><RequestId>1</RequestId></ErrorResponse>"
	default:
		return `{"__type":"` + code + `","message":"not for you"}`
	}
}

// inventory lists one region of account 111122223333 over the wire.
func (w wire) inventory(region string, types ...string) *Inventory {
	config := awssdk.Config{
		Region:      region,
		HTTPClient:  w,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		Retryer: func() awssdk.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 2, time.Millisecond })
		},
	}
	return &Inventory{
		accounts: []account{{id: fakeAccount, config: config, regions: []string{region}}},
		options: Options{Regions: []string{region}, Concurrency: 4, CallTimeout: 5 * time.Second,
			Include: func(typ string) bool { return len(types) == 0 || slices.Contains(types, typ) }},
		config: config,
	}
}

// canned is what a cloud answers to an operation. With `with` it answers only a call that has this in its body or query.
// Code is an error code to answer instead of the body.
type canned struct {
	operation, with string
	body            string
	code            string
}

// cannedCloud answers from a list, first match first, and fails the test for a call that nothing was meant to make.
func cannedCloud(t *testing.T, answers []canned) wire {
	var mu sync.Mutex
	return func(c apiCall, r *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range answers {
			if a.operation != c.operation || !strings.Contains(c.body+"?"+c.query.Encode(), a.with) {
				continue
			}
			if a.code != "" {
				return reply(r, http.StatusBadRequest, refusal(c.service, a.code)), nil
			}
			return reply(r, http.StatusOK, a.body), nil
		}
		t.Errorf("nothing was meant to call %s with %s?%s", c.operation, c.body, c.query.Encode())
		return reply(r, http.StatusBadRequest, refusal(c.service, "ValidationException")), nil
	}
}

// collect runs an inventory to its end.
func collect(ctx context.Context, t *testing.T, inventory *Inventory) (listed []drift.Listed, skips []*drift.Skipped) {
	t.Helper()
	for r, err := range inventory.Resources(ctx) {
		if err == nil {
			listed = append(listed, r)
			continue
		}
		s, ok := err.(*drift.Skipped) //nolint:errorlint // the contract is the type itself, not something that wraps it
		if !ok {
			t.Fatalf("%T is no *drift.Skipped: %v", err, err)
		}
		skips = append(skips, s)
	}
	return listed, skips
}
