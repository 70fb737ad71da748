package aws

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestEveryListingFails lets each row's first call fail in each way that AWS and networks have: one skip comes of it,
// which names the type, what happened and what to do.
func TestEveryListingFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer         wire
		reason, remedy string
		callTimeout    time.Duration
	}{
		"denied": {
			answer: func(c apiCall, r *http.Request) (*http.Response, error) {
				return reply(r, http.StatusForbidden, refusal(c.service, deniedCode(c.service))), nil
			},
			reason: "was denied", remedy: "allow the role to use ",
		},
		"throttled": {
			answer: func(c apiCall, r *http.Request) (*http.Response, error) {
				return reply(r, http.StatusBadRequest, refusal(c.service, "Throttling")), nil
			},
			reason: "was throttled", remedy: "quieter time",
		},
		"expired": {
			answer: func(c apiCall, r *http.Request) (*http.Response, error) {
				return reply(r, http.StatusForbidden, refusal(c.service, "ExpiredToken")), nil
			},
			reason: "refused the credentials", remedy: "renew the credentials",
		},
		"hanging": {
			answer: func(_ apiCall, r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			},
			reason: "gave no answer in", remedy: "call_timeout", callTimeout: 20 * time.Millisecond,
		},
		"not AWS": {
			answer: func(_ apiCall, r *http.Request) (*http.Response, error) {
				return reply(r, http.StatusBadGateway, "<html><body>proxy error</body></html>"), nil
			},
			remedy: "run again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, row := range Catalogue() {
				inventory := tc.answer.inventory("eu-west-1", row.Type)
				inventory.options.CallTimeout = cmp.Or(tc.callTimeout, inventory.options.CallTimeout)
				listed, skips := collect(t.Context(), t, inventory)
				if len(listed) != 0 || len(skips) != 1 {
					t.Errorf("%s: %d resources and %d skips %v, want one skip", row.Type, len(listed), len(skips), skips)
					continue
				}
				s := skips[0]
				if s.Type != row.Type || s.Account != fakeAccount || s.Region == "" || !strings.Contains(s.What, row.Type) {
					t.Errorf("%s: the skip does not say what it hides: %+v", row.Type, s)
				}
				if !strings.Contains(s.Reason, tc.reason) || !strings.Contains(s.Remedy, tc.remedy) {
					t.Errorf("%s: reason %q, remedy %q; want %q, %q", row.Type, s.Reason, s.Remedy, tc.reason, tc.remedy)
				}
			}
		})
	}
}

// deniedCode is the code that a service answers with when an action is denied.
func deniedCode(service string) string {
	switch {
	case service == "ec2":
		return "UnauthorizedOperation"
	case slices.Contains(xmlServices, service):
		return "AccessDenied"
	default:
		return "AccessDeniedException"
	}
}

// TestDeniedTogether denies the whole catalogue at once: rows that share a listing each say so for themselves.
func TestDeniedTogether(t *testing.T) {
	t.Parallel()
	inventory := wire(func(c apiCall, r *http.Request) (*http.Response, error) {
		return reply(r, http.StatusForbidden, refusal(c.service, deniedCode(c.service))), nil
	}).inventory("eu-west-1")
	_, skips := collect(t.Context(), t, inventory)
	var types []string
	for _, s := range skips {
		types = append(types, s.Type)
	}
	slices.Sort(types)
	if !slices.Equal(types, Types()) {
		t.Errorf("skipped %v\nwant    %v", types, Types())
	}
}

// TestFirstCallsAreAllowed holds a row's actions against the call that its listing begins with: a role that is given the
// actions of the catalogue must get that far.
func TestFirstCallsAreAllowed(t *testing.T) {
	t.Parallel()
	for _, row := range Catalogue() {
		var operation string
		inventory := wire(func(c apiCall, r *http.Request) (*http.Response, error) {
			operation = c.operation
			return reply(r, http.StatusForbidden, refusal(c.service, deniedCode(c.service))), nil
		}).inventory("eu-west-1", row.Type)
		collect(context.Background(), t, inventory)
		if strings.Contains(operation, " ") { // a path; its service's name for the action is not on the wire
			continue
		}
		if operation == "DescribeBudgets" { // IAM calls it budgets:ViewBudget
			continue
		}
		if !slices.ContainsFunc(row.Actions, func(action string) bool { return strings.HasSuffix(action, ":"+operation) }) {
			t.Errorf("%s calls %s, which is not among its actions %v", row.Type, operation, row.Actions)
		}
	}
}
