package aws

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	smithy "github.com/aws/smithy-go/middleware"
)

// readPrefixes are the verbs of AWS operations that only read. The lists of our interfaces are narrower; this is the
// second lock on the same door.
var readPrefixes = []string{
	"Describe", "List", "Get", "BatchGet", "Head", "Search", "Lookup",
	"AssumeRole", // which gives credentials, limited to reading, and changes nothing
}

// refuseWrites makes every client refuse an operation that is not a read, before anything is sent.
func refuseWrites(stack *smithy.Stack) error {
	return stack.Initialize.Add(smithy.InitializeMiddlewareFunc("DriftlineReadOnly",
		func(ctx context.Context, in smithy.InitializeInput, next smithy.InitializeHandler) (smithy.InitializeOutput, smithy.Metadata, error) {
			operation := middleware.GetOperationName(ctx)
			for _, prefix := range readPrefixes {
				if strings.HasPrefix(operation, prefix) {
					return next.HandleInitialize(ctx, in)
				}
			}
			return smithy.InitializeOutput{}, smithy.Metadata{}, fmt.Errorf("%s %s is not a read: Driftline only ever reads", middleware.GetServiceID(ctx), operation)
		}), smithy.After)
}
