package aws

import (
	"fmt"
	"hash/fnv"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
)

// On a bad day, throttling and failing are the shares of all calls, in a hundred, that are throttled and answered 5xx.
const (
	throttling = 30
	failing    = 5
)

// badDay is over on a bad day. Which attempts are struck is drawn for each question anew by its number among its like, so
// that every run strikes alike.
func badDay(over wire, struck *sync.Map) wire {
	var mu sync.Mutex
	asked := map[string]int{}
	return func(c apiCall, r *http.Request) (*http.Response, error) {
		mu.Lock()
		asked[question(c)]++
		h := fnv.New64a()
		_, _ = fmt.Fprint(h, question(c), asked[question(c)])
		mu.Unlock()
		switch drawn := int(h.Sum64() >> 32 % 100); {
		case drawn < throttling:
			struck.Store(h.Sum64(), "throttled")
			return throttled(c, r), nil
		case drawn < throttling+failing:
			struck.Store(h.Sum64(), "failed")
			if drawn%2 == 0 { // of a load balancer, which knows no codes
				return reply(r, http.StatusServiceUnavailable, "<html>no server is available"), nil
			}
			return reply(r, http.StatusInternalServerError, refusal(c.service, "InternalServiceError")), nil
		}
		return over(c, r)
	}
}

// throttled is how a service answers that is asked too often. EC2 and S3 have codes of their own.
func throttled(c apiCall, r *http.Request) *http.Response {
	switch {
	case c.service == "ec2":
		return reply(r, http.StatusServiceUnavailable, refusal(c.service, "RequestLimitExceeded"))
	case c.service == "s3":
		return reply(r, http.StatusServiceUnavailable, refusal(c.service, "SlowDown"))
	case slices.Contains(xmlServices, c.service):
		return reply(r, http.StatusBadRequest, refusal(c.service, "Throttling"))
	}
	return reply(r, http.StatusBadRequest, refusal(c.service, "ThrottlingException"))
}

// hasty is a retryer like that of a run, which waits next to nothing.
func hasty(inventory *Inventory) *Inventory {
	inventory.accounts[0].config.Retryer = func() awssdk.Retryer { return newRetryer(time.Millisecond) }
	return inventory
}

// checkBadDay: with throttling of 30 % and 5 % of 5xx, what is listed of the estate is what is listed without.
func checkBadDay(t *testing.T, m *memory) {
	calm := survey(t, m.inventory(m.recall(t), m.types...))
	var struck sync.Map
	bad := survey(t, m.inventory(badDay(m.recall(t), &struck), m.types...))
	resources := 0
	for _, typ := range m.types {
		if !calm[typ].equal(bad[typ]) {
			t.Errorf("%s: %+v on a bad day, %+v on a calm one", typ, bad[typ], calm[typ])
		}
		resources += len(calm[typ].listed)
	}
	count := map[string]int{}
	struck.Range(func(_, how any) bool { count[how.(string)]++; return true })
	if count["throttled"] < 150 || count["failed"] < 20 {
		t.Errorf("only %v: the day was not bad", count)
	}
	t.Logf("%d resources of %d types are the same through %v", resources, len(m.types), count)
}

// TestRecordedOnABadDay is the same for the recorded rows, for which no peer is needed.
func TestRecordedOnABadDay(t *testing.T) {
	t.Parallel()
	for typ, rec := range allRecordings() {
		cloud := cannedCloud(t, rec.answers)
		calm, _ := look(t, cloud, typ, inRecording)
		bad, _ := look(t, badDay(cloud, &sync.Map{}), typ, func(over wire, types ...string) *Inventory { return hasty(inRecording(over, types...)) })
		if !calm.equal(bad) {
			t.Errorf("%s: %+v on a bad day, %+v on a calm one", typ, bad, calm)
		}
	}
}

// TestAttempts: throttling is waited out, ten attempts long; a 500 without a code is tried once more; a denial is final.
func TestAttempts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer   func(apiCall, *http.Request) *http.Response
		attempts int
		reason   string
	}{
		"throttled": {throttled, callAttempts, "SQS ListQueues was throttled 10 times in a row"},
		"a 500 with a code": {func(c apiCall, r *http.Request) *http.Response {
			return reply(r, 500, refusal(c.service, "InternalFailure"))
		}, callAttempts, "SQS ListQueues failed: InternalFailure: not for you"},
		"a 500 without a code":   {func(_ apiCall, r *http.Request) *http.Response { return reply(r, 500, "<html>oh no") }, wordlessAttempts, "SQS ListQueues was answered with status 500, in no words of AWS's"},
		"a 404 without a code":   {func(_ apiCall, r *http.Request) *http.Response { return reply(r, 404, "<html>where?") }, 1, "SQS ListQueues was answered with status 404, in no words of AWS's"},
		"a success of gibberish": {func(_ apiCall, r *http.Request) *http.Response { return reply(r, 200, "\x00\xff}]>") }, 1, "SQS ListQueues was answered with status 200, in no words of AWS's"},
		"a gateway":              {func(_ apiCall, r *http.Request) *http.Response { return reply(r, 502, "<html>oh no") }, callAttempts, "SQS ListQueues was answered with status 502, in no words of AWS's"},
		"denied": {func(c apiCall, r *http.Request) *http.Response {
			return reply(r, 403, refusal(c.service, "AccessDeniedException"))
		}, 1, "SQS ListQueues was denied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attempts := 0
			_, skips := collect(t.Context(), t, hasty(wire(func(c apiCall, r *http.Request) (*http.Response, error) {
				attempts++
				return tc.answer(c, r), nil
			}).inventory("eu-west-1", "aws_sqs_queue")))
			if attempts != tc.attempts || len(skips) != 1 || skips[0].Reason != tc.reason {
				t.Errorf("%d attempts, skipped %v; want %d, %q", attempts, skips, tc.attempts, tc.reason)
			}
		})
	}
}

// TestLateCallsKeepTheirCause: a call that has run out of time while it was being repeated says what it was repeated for,
// and one that got no answer at all says that.
func TestLateCallsKeepTheirCause(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer wire
		want   string
	}{
		"throttled": {func(c apiCall, r *http.Request) (*http.Response, error) { return throttled(c, r), nil },
			"SQS ListQueues was throttled, again and again until its 100ms were over"},
		"failing": {func(c apiCall, r *http.Request) (*http.Response, error) {
			return reply(r, 500, refusal(c.service, "InternalFailure")), nil
		},
			"SQS ListQueues failed, again and again until its 100ms were over: InternalFailure: not for you"},
		"a gateway": {func(_ apiCall, r *http.Request) (*http.Response, error) { return reply(r, 502, "<html>oh no"), nil },
			"SQS ListQueues was answered with status 502, in no words of AWS's, again and again until its 100ms were over"},
		"hanging": {func(_ apiCall, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
			"SQS ListQueues gave no answer in 100ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inventory := tc.answer.inventory("eu-west-1", "aws_sqs_queue")
			inventory.options.CallTimeout = 100 * time.Millisecond
			inventory.accounts[0].config = patient(inventory.accounts[0].config)
			_, skips := collect(t.Context(), t, inventory)
			if len(skips) != 1 || skips[0].Reason != tc.want {
				t.Errorf("skipped %v, want %q", skips, tc.want)
			}
		})
	}
}

// TestNotInUse: where a service was never turned on there is nothing, which nobody needs to be told. A denial by IAM in
// the same place is told.
func TestNotInUse(t *testing.T) {
	t.Parallel()
	instances := canned{operation: "ListInstances", body: `{"Instances":[{"InstanceArn":"arn:aws:sso:::instance/ssoins-1","IdentityStoreId":"d-1","OwnerAccountId":"` + fakeAccount + `"}]}`}
	for _, tc := range []struct {
		service, typ  string
		code, message string
		before        []canned
	}{
		{"SecurityHub", "aws_securityhub_account", "InvalidAccessException", "Account 111122223333 is not subscribed to AWS Security Hub", nil},
		{"SecurityHub", "aws_securityhub_account", "ResourceNotFoundException", "The request was rejected because we can't find the specified resource.", nil},
		{"Macie2", "aws_macie2_account", "AccessDeniedException", "Macie is not enabled.", nil},
		{"Macie2", "aws_macie2_account", "ResourceNotFoundException", "", nil},
		{"Inspector2", "aws_inspector2_filter", "AccessDeniedException", "Invoking account does not have access to list filters.", nil},
		{"Inspector2", "aws_inspector2_filter", "ResourceNotFoundException", "", nil},
		{"Organizations", "aws_organizations_account", "AWSOrganizationsNotInUseException", "Your account is not a member of an organization.", nil},
		{"Config Service", "aws_config_organization_conformance_pack", "NoAvailableOrganizationException", "", nil},
		{"Config Service", "aws_config_organization_conformance_pack", "OrganizationAccessDeniedException", "This action can only be performed if you are in an account that is a management account.", nil},
		{"SSO Admin", "aws_ssoadmin_permission_set", "ResourceNotFoundException", "", []canned{instances}},
		{"identitystore", "aws_identitystore_group", "ResourceNotFoundException", "", []canned{instances}},
	} {
		t.Run(tc.service+" "+tc.code, func(t *testing.T) {
			t.Parallel()
			answering := func(code, message string) wire {
				return func(c apiCall, r *http.Request) (*http.Response, error) {
					for _, b := range tc.before {
						if b.operation == c.operation {
							return reply(r, http.StatusOK, b.body), nil
						}
					}
					return reply(r, http.StatusBadRequest, fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)), nil
				}
			}
			if s, _ := look(t, answering(tc.code, tc.message), tc.typ, inRecording); len(s.skips) > 0 {
				t.Errorf("there is nothing, and it is told as %q", s.skips)
			}
			denied := "User: arn:aws:iam::111122223333:user/x is not authorized to perform: some:Action"
			s, _ := look(t, answering("AccessDeniedException", denied), tc.typ, inRecording)
			if len(s.skips) != 1 || !strings.HasSuffix(s.skips[0], "was denied; allow the role to use some:Action") {
				t.Errorf("a denial is told as %q", s.skips)
			}
		})
	}
	for _, n := range notInUse {
		if n.message != strings.ToLower(n.message) {
			t.Errorf("%s: %q is compared in small letters", n.service, n.message)
		}
	}
}

// TestDeniedByOrganization: what a service control policy forbids, no permission of the role's allows.
func TestDeniedByOrganization(t *testing.T) {
	t.Parallel()
	s, _ := look(t, func(_ apiCall, r *http.Request) (*http.Response, error) {
		return reply(r, http.StatusForbidden, `{"__type":"AccessDeniedException","message":"User: x is not authorized to perform: sqs:ListQueues with an explicit deny in a service control policy"}`), nil
	}, "aws_sqs_queue", inRecording)
	want := "aws_sqs_queue in eu-west-1: SQS ListQueues was denied by a service control policy; leave this region or type out with `region` or `exclude`, or have the organization allow sqs:ListQueues"
	if len(s.skips) != 1 || s.skips[0] != want {
		t.Errorf("told as %q, want %q", s.skips, want)
	}
}

// TestNotOffered: a region where a service has no endpoint is told as that, at the first attempt.
func TestNotOffered(t *testing.T) {
	t.Parallel()
	attempts := 0
	s, _ := look(t, func(_ apiCall, r *http.Request) (*http.Response, error) {
		attempts++
		return nil, &net.DNSError{Err: "no such host", Name: r.URL.Hostname(), IsNotFound: true}
	}, "aws_dax_cluster", inRecording)
	want := "aws_dax_cluster in eu-west-1: DAX DescribeClusters is not offered in eu-west-1: there is no dax.eu-west-1.amazonaws.com; leave this region or type out with `region` or `exclude`"
	if len(s.skips) != 1 || s.skips[0] != want || attempts != 1 {
		t.Errorf("told as %q after %d attempts, want %q", s.skips, attempts, want)
	}
}
