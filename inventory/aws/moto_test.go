package aws

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/internal/peers"
)

// startMoto starts an empty moto and points this process's AWS environment at it. Tests that call it are not parallel.
func startMoto(t *testing.T) (endpoint string) {
	t.Helper()
	peers.E2E(t)
	endpoint = peers.StartMoto(t)
	for _, pair := range peers.AWSEnv(endpoint) {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value)
	}
	return endpoint
}

// seed creates resources of the services (none named: of all) outside Terraform in the moto that startMoto started, and
// gives their import IDs by type. Regions are told apart by the prefix of names.
func seed(t *testing.T, region, prefix string, services ...string) map[string][]string {
	t.Helper()
	command := exec.CommandContext(t.Context(), peers.Program(t, "python3", ""),
		append([]string{"../../testdata/estates/seed", "--prefix", prefix}, services...)...)
	command.Env = append(os.Environ(), "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region)
	var log strings.Builder
	command.Stderr = &log
	answer, err := command.Output()
	if err != nil {
		t.Fatalf("seed: %v\n%s", err, log.String())
	}
	var created map[string][]string
	if err := json.Unmarshal(answer, &created); err != nil {
		t.Fatalf("seed answered %q: %v", answer, err)
	}
	return created
}

// list lists the whole catalogue in the regions, and fails the test for anything that was skipped.
func list(ctx context.Context, t *testing.T, o Options) []drift.Listed {
	t.Helper()
	inventory, err := New(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	var listed []drift.Listed
	for r, err := range inventory.Resources(ctx) {
		if err != nil {
			if !strings.HasPrefix(err.Error(), "tags of aws_ssoadmin_permission_set ") { // moto has no ListTagsForResource for sso
				t.Errorf("%v", err)
			}
			continue
		}
		listed = append(listed, r)
	}
	return listed
}

// inMoto tells the types that moto can list from those that only recorded responses test.
func inMoto(typ string) bool { return byType()[typ].Tested != recorded }

// cloudOwned says which fact makes a resource the cloud's own, as the scanner's rules would; "" when it is somebody's.
func cloudOwned(r drift.Listed) string {
	for _, fact := range []string{"default", "main", "apex", "managed_by", "root_device", "delete_on_termination", "asg", "alias_aws"} {
		if r.Facts[fact] != "" {
			return fact
		}
	}
	switch {
	case r.Facts["key_manager"] == "AWS":
		return "key_manager"
	case r.Facts["replication_group"] != "":
		return "replication_group"
	case strings.Contains(r.ImportID, "_Batch_"), strings.HasPrefix(r.ImportID, "TargetTracking-"):
		return "name"
	case strings.HasPrefix(r.Facts["path"], "/aws-service-role/"):
		return "path"
	case strings.HasPrefix(r.Facts["alias_name"], "alias/aws/"):
		return "alias_name"
	case r.Tags["aws:cloudformation:stack-name"] != "":
		return "tag aws:cloudformation:stack-name"
	}
	return ""
}

// comesAlong says that a resource is a setting of one that was made, which the maker's seed need not name: whoever makes a
// security group makes rules.
func comesAlong(r drift.Listed, made func(typ, id string) bool) bool {
	before, _, _ := strings.Cut(r.ImportID, "_")
	switch r.Type {
	case "aws_route":
		return made("aws_route_table", before)
	case "aws_network_acl_rule":
		return made("aws_network_acl", r.Facts["network_acl_id"])
	case "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule":
		return made("aws_security_group", r.Facts["security_group_id"])
	}
	return false
}

// TestMotoEstate seeds two regions and lists both at once: everything that was created is found once, in its own
// account and region, and whatever else is found is the cloud's own by a fact.
func TestMotoEstate(t *testing.T) {
	startMoto(t)
	regions := []string{"us-east-1", "eu-west-1"}
	type place struct{ region, typ, id string }
	want := map[place]bool{}
	seeded := map[string]bool{}
	for _, region := range regions {
		for typ, ids := range seed(t, region, "drift-"+region) {
			seeded[typ] = true
			for _, id := range ids {
				at := region
				switch {
				case byType()[typ].Global:
					at = drift.Global
				case strings.HasSuffix(id, "/CLOUDFRONT"):
					at = "us-east-1"
				}
				want[place{at, typ, id}] = true
			}
		}
	}
	for _, row := range Catalogue() {
		if seeded[row.Type] != (row.Tested != recorded) {
			t.Errorf("%s: tested %q, and seeded is %v", row.Type, row.Tested, seeded[row.Type])
		}
	}

	got := map[place]int{}
	for _, r := range list(t.Context(), t, Options{Regions: regions, Include: inMoto}) {
		at := place{r.Region, r.Type, r.ImportID}
		got[at]++
		if r.Account != peers.Account {
			t.Errorf("%v: in account %q", at, r.Account)
		}
		if !want[at] && cloudOwned(r) == "" && !comesAlong(r, func(typ, id string) bool { return want[place{r.Region, typ, id}] }) {
			t.Errorf("%v: nobody made it, and no fact says that the cloud owns it: tags %v, facts %v", at, r.Tags, r.Facts)
		}
	}
	for at := range want {
		if got[at] == 0 {
			t.Errorf("%v: created but not listed", at)
		}
	}
	for at, times := range got {
		if times > 1 {
			t.Errorf("%v: listed %d times", at, times)
		}
	}
}
