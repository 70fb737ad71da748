package aws_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/provider"
)

// shapeTimeout is how long an importer may take to refuse an ID's shape.
const shapeTimeout = 8 * time.Second

// malformed are the words by which importers of the AWS provider refuse an ID that they cannot take apart.
var malformed = []string{
	"unexpected format", "unexpected id", "unexpected import", "invalid import", "invalid resource import", "invalid id", "invalid arn", "wrong format", "expected format",
	"incorrect format", "missing resource id", "parsing", "please use", "must be in the", "must be specified as", "should be in the",
}

// saysMalformed tells a refusal of the ID's shape from any other: moto has none of these resources, so that all fail.
func saysMalformed(err error) bool {
	return err != nil && slices.ContainsFunc(malformed, func(words string) bool { return strings.Contains(strings.ToLower(err.Error()), words) })
}

// TestImportIDsOfRecordedRows hands what the recorded rows list to the importers of the real AWS provider. Moto cannot
// read such a resource, and some of its answers are tried again for minutes; what counts is that no importer refuses the
// shape of an ID, which it does before it calls anything.
func TestImportIDsOfRecordedRows(t *testing.T) {
	endpoint := aws.StartMoto(t)
	environ := append(os.Environ(), "TF_CLI_CONFIG_FILE="+peers.CLIConfig(t))
	fleet := provider.New(provider.Options{
		Environ: append(environ, peers.AWSEnv(endpoint)...), Account: peers.Account, Region: "us-east-1", MaxProcesses: 1, CallTimeout: shapeTimeout,
	})
	t.Cleanup(func() {
		if err := fleet.Close(); err != nil {
			t.Errorf("close the provider: %v", err)
		}
	})
	if _, err := fleet.Import(t.Context(), drift.Resource{Provider: drift.AWS, Type: "aws_backup_selection", ImportID: "no-selection"}); !saysMalformed(err) {
		t.Errorf("an ID without its second half is refused by %v, which is not known to be about its shape", err)
	}
	recorded := aws.RecordedIDs()
	var group errgroup.Group
	group.SetLimit(12)
	for _, typ := range slices.Sorted(maps.Keys(recorded)) {
		for _, id := range recorded[typ] {
			group.Go(func() error {
				_, err := fleet.Import(t.Context(), drift.Resource{Provider: drift.AWS, Type: typ, ImportID: id, Account: peers.Account, Region: "us-east-1"})
				if saysMalformed(err) {
					t.Errorf("%s %s: %v", typ, id, err)
				}
				return nil
			})
		}
	}
	_ = group.Wait() // failures are told through t
}
