package aws

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	smithymiddleware "github.com/aws/smithy-go/middleware"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestMotoDenials seeds the services of messaging, data, app and edge in moto, and lists each of their types calmly and
// then once for each call that its listing made, with that call denied. A row's actions are exactly the calls; a denial is told;
// and it brings nothing to light that was not there.
func TestMotoDenials(t *testing.T) {
	startMoto(t)
	seed(t, "us-east-1", "drift")
	for _, row := range slices.Concat(sqsRows, snsRows, kinesisRows, eventsRows, dynamodbRows, rdsRows, kmsRows, secretsmanagerRows, ssmRows,
		logsRows, cloudwatchRows, lambdaRows, ecsRows, sfnRows, cognitoRows, wafv2Rows, apigatewayRows, apigatewayv2Rows, cloudformationRows) {
		t.Run(row.Type, func(t *testing.T) {
			calm, skips, calls := listDenying(t, row.Type, "")
			if len(calm) == 0 || len(skips) > 0 {
				t.Fatalf("the calm run lists %d and skips %v", len(calm), skips)
			}
			var actions []string
			for _, action := range row.Actions {
				_, name, _ := strings.Cut(action, ":")
				actions = append(actions, name)
			}
			slices.Sort(actions)
			if !slices.Equal(actions, []string{"GET"}) && !slices.Equal(actions, calls) { // API Gateway's actions are HTTP verbs
				t.Errorf("calls %v, but its actions are %v", calls, actions)
			}
			for _, call := range calls {
				listed, skips, _ := listDenying(t, row.Type, call)
				told := slices.ContainsFunc(skips, func(s *drift.Skipped) bool {
					return strings.Contains(s.Reason, call+" was denied") && strings.Contains(s.Remedy, row.Actions[0])
				})
				if !told {
					t.Errorf("%s denied: skipped %v, which does not say so", call, skips)
				}
				for _, r := range listed {
					if !slices.ContainsFunc(calm, func(c drift.Listed) bool { return c.ImportID == r.ImportID }) {
						t.Errorf("%s denied: lists %s, which is not there", call, r.ImportID)
					}
				}
			}
		})
	}
}

// listDenying lists one type with one operation denied, none when it is "", and says which operations it called, sorted.
func listDenying(t *testing.T, typ, denied string) (listed []drift.Listed, skips []*drift.Skipped, calls []string) {
	t.Helper()
	inventory, err := New(t.Context(), Options{Include: func(t string) bool { return t == typ }})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	for n := range inventory.accounts {
		config := &inventory.accounts[n].config
		config.APIOptions = append(slices.Clone(config.APIOptions), func(stack *smithymiddleware.Stack) error {
			return stack.Initialize.Add(smithymiddleware.InitializeMiddlewareFunc("Deny",
				func(ctx context.Context, in smithymiddleware.InitializeInput, next smithymiddleware.InitializeHandler) (smithymiddleware.InitializeOutput, smithymiddleware.Metadata, error) {
					operation := middleware.GetOperationName(ctx)
					mu.Lock()
					calls = append(calls, operation)
					mu.Unlock()
					if operation == denied {
						return smithymiddleware.InitializeOutput{}, smithymiddleware.Metadata{}, &smithy.GenericAPIError{Code: "AccessDenied", Message: "not for you"}
					}
					return next.HandleInitialize(ctx, in)
				}), smithymiddleware.After)
		})
	}
	listed, skips = collect(t.Context(), t, inventory)
	slices.Sort(calls)
	return listed, skips, slices.Compact(calls)
}
