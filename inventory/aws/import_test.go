package aws_test

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	ctyjson "github.com/zclconf/go-cty/cty/json"
	"golang.org/x/sync/errgroup"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/peers"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/provider"
)

// TestMain is what a program that runs provider plugins needs: their supervisor is the program itself.
func TestMain(m *testing.M) {
	if provider.Supervise() {
		return
	}
	os.Exit(m.Run())
}

// motoCannotImport are the types that the provider cannot read from moto, and why.
var motoCannotImport = map[string]string{
	"aws_codedeploy_app":                 "moto writes the creation time as text, not as a number",
	"aws_fsx_openzfs_file_system":        "moto makes no root volume",
	"aws_identitystore_group_membership": "moto has no DescribeGroupMembership",
	"aws_msk_cluster":                    "moto has no GetBootstrapBrokers",
	"aws_ram_resource_share":             "moto has no ListResourceSharePermissions",
	"aws_redshift_cluster":               "moto answers an empty AvailabilityZoneRelocationStatus, which is none",
	"aws_sfn_state_machine":              "moto has no ListStateMachineVersions, without which the provider gives up",
	"aws_ssoadmin_permission_set":        "moto has no ListTagsForResource for sso",
}

// TestImport hands the import ID of every seeded resource to the real AWS provider. The resource must come back, and its
// attributes must lead to the same import ID again: what the lister says and what a state says are one identity.
func TestImport(t *testing.T) {
	endpoint := aws.StartMoto(t)
	created := aws.Seed(t, "us-east-1", "drift")
	environ := append(os.Environ(), "TF_CLI_CONFIG_FILE="+peers.CLIConfig(t))
	fleet := provider.New(provider.Options{Environ: append(environ, peers.AWSEnv(endpoint)...), Account: peers.Account, Region: "us-east-1", MaxProcesses: 1})
	t.Cleanup(func() {
		if err := fleet.Close(); err != nil {
			t.Errorf("close the provider: %v", err)
		}
	})

	for _, typ := range slices.Sorted(maps.Keys(created)) {
		t.Run(typ, func(t *testing.T) {
			if why := motoCannotImport[typ]; why != "" {
				refusedBut(t, fleet, typ, created[typ][0])
				t.Skip(why)
			}
			var group errgroup.Group
			group.SetLimit(4) // moto answers one at a time anyway
			for _, id := range created[typ] {
				group.Go(func() error {
					r := drift.Resource{Provider: drift.AWS, Type: typ, ImportID: id, Account: peers.Account, Region: "us-east-1"}
					if aws.IsGlobal(typ) {
						r.Region = drift.Global
					}
					object, err := fleet.Import(t.Context(), r)
					switch {
					case err != nil:
						t.Errorf("%s %s: %v", typ, id, err)
					case object.Value.IsNull():
						t.Errorf("%s %s: the provider finds no such thing", typ, id)
					default:
						text, err := ctyjson.Marshal(object.Value, object.Value.Type())
						if err != nil {
							t.Errorf("%s %s: %v", typ, id, err)
							return nil
						}
						var attributes map[string]any
						if err := json.Unmarshal(text, &attributes); err != nil {
							t.Errorf("%s %s: %v", typ, id, err)
							return nil
						}
						if again := aws.Identify(typ, attributes); again.ImportID != id {
							t.Errorf("%s %s: its attributes lead to import ID %q", typ, id, again.ImportID)
						}
					}
					return nil
				})
			}
			_ = group.Wait() // failures are told through t
		})
	}
}

// refusedBut holds an import that moto makes fail to what it still tells: the importer takes the ID apart, and moto's fault
// is still there.
func refusedBut(t *testing.T, fleet *provider.Fleet, typ, id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), shapeTimeout)
	defer cancel()
	object, err := fleet.Import(ctx, drift.Resource{Provider: drift.AWS, Type: typ, ImportID: id, Account: peers.Account, Region: "us-east-1"})
	if saysMalformed(err) {
		t.Errorf("%s %s: %v", typ, id, err)
	}
	if err == nil && !object.Value.IsNull() {
		t.Errorf("%s can be imported by now: take it off the list", typ)
	}
}
