package aws

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	smithymiddleware "github.com/aws/smithy-go/middleware"

	"github.com/seed-e90528ae/driftline/drift"
)

const fakeAccount = "111122223333"

// fakeCloud answers the SDK's calls by operation name and input, before anything is signed or sent.
type fakeCloud func(operation string, in any) (out any, err error)

// run lists one type of the catalogue against the fake.
func (answer fakeCloud) run(t *testing.T, typ string) ([]drift.Listed, []*drift.Skipped) {
	t.Helper()
	var config awssdk.Config
	config.APIOptions = append(config.APIOptions, func(stack *smithymiddleware.Stack) error {
		return stack.Initialize.Add(smithymiddleware.InitializeMiddlewareFunc("Fake",
			func(_ context.Context, in smithymiddleware.InitializeInput, _ smithymiddleware.InitializeHandler) (smithymiddleware.InitializeOutput, smithymiddleware.Metadata, error) {
				operation := strings.TrimSuffix(reflect.TypeOf(in.Parameters).Elem().Name(), "Input") // the context does not name it yet
				out, err := answer(operation, in.Parameters)
				return smithymiddleware.InitializeOutput{Result: out}, smithymiddleware.Metadata{}, err
			}), smithymiddleware.Before)
	})
	return runRow(t, typ, config)
}

// runRow lists one type of the catalogue with an SDK configuration.
func runRow(t *testing.T, typ string, config awssdk.Config) (listed []drift.Listed, failed []*drift.Skipped) {
	t.Helper()
	row, ok := byType()[typ]
	if !ok {
		t.Fatalf("%s is not in the catalogue", typ)
	}
	config.Region = "us-east-1"
	s := &scope{account: fakeAccount, region: "us-east-1", config: config, timeout: time.Second}
	if row.Global {
		s.region = drift.Global
	}
	var mu sync.Mutex
	job{row, s}.run(t.Context(), func(l listing) bool {
		mu.Lock()
		defer mu.Unlock()
		if l.err == nil {
			listed = append(listed, l.resource)
			return true
		}
		skipped, ok := l.err.(*drift.Skipped) //nolint:errorlint // the contract is the type itself, not something that wraps it
		if !ok {
			t.Errorf("%s: %T is not a *drift.Skipped: %v", typ, l.err, l.err)
			return true
		}
		failed = append(failed, skipped)
		return true
	})
	return listed, failed
}

// coded is an answer by which AWS refuses.
func coded(code string) error {
	return &smithy.GenericAPIError{Code: code, Message: "no"}
}

func unexpected(operation string, in any) (any, error) {
	return nil, fmt.Errorf("unexpected call of %s with %T", operation, in)
}

func ids(listed []drift.Listed) []string {
	list := make([]string, len(listed))
	for i, l := range listed {
		list[i] = l.ImportID
	}
	return list
}
