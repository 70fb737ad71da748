package scanner_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/scanner"
)

// What was made by one provider configuration is in one place. The state knows it better than the code, whose region may
// be the default of a variable that a file of values overrides.
func TestSiblingsTellWhereAnInstanceIs(t *testing.T) {
	t.Parallel()
	in := func(state, alias string, i drift.Instance) drift.Instance {
		i.State, i.Alias = state, alias
		return i
	}
	c := &cloud{instances: []drift.Instance{
		in("a", "", instance("aws_route", "from_sibling", `{"id":"r1"}`)),
		in("a", "", instance("aws_vpc", "main", `{"id":"vpc-1","region":"us-east-1","account":"2"}`)),
		in("a", "", instance("aws_subnet", "main", `{"id":"subnet-1","region":"us-east-1","account":"2"}`)),
		in("a", "", instance("aws_db_snapshot", "shared", `{"id":"snap-1","region":"us-east-2","account":"3"}`)),
		in("a", "west", instance("aws_vpc", "west", `{"id":"vpc-2","region":"us-west-2","account":"2"}`)),
		in("a", "west", instance("aws_route", "from_alias", `{"id":"r2"}`)),
		in("a", "torn", instance("aws_vpc", "one", `{"id":"vpc-3","region":"us-west-2","account":"2"}`)),
		in("a", "torn", instance("aws_vpc", "two", `{"id":"vpc-4","region":"us-west-1","account":"2"}`)),
		in("a", "torn", instance("aws_route", "from_code", `{"id":"r3"}`)),
		in("b", "", instance("aws_route", "of_another_state", `{"id":"r4"}`)),
	}}
	r := c.scan(t, func(o *scanner.Options) {
		o.Roots = []drift.RootModule{{Dir: "net", Providers: []drift.ProviderConfig{
			{Source: drift.AWS, Region: "eu-west-3"}, {Source: drift.AWS, Alias: "torn", Region: "eu-west-2"},
		}}}
	})
	got := map[string]string{}
	for _, m := range r.Managed {
		if m.Type == "aws_route" {
			got[m.Address.Name] = m.Account + " " + m.Region
		}
	}
	want := map[string]string{
		"from_sibling": "2 us-east-1", "from_alias": "2 us-west-2", "from_code": "2 eu-west-2", "of_another_state": "1 eu-west-3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("account and region (-want +got):\n%s", diff)
	}
}

func TestWhatMayBeInAnotherRegionIsNotDeleted(t *testing.T) {
	t.Parallel()
	regions := []string{"eu-west-1", "us-east-1"}
	c := &cloud{instances: []drift.Instance{instance("aws_route", "a", `{"id":"r1"}`)}, now: map[string]string{"aws_route.a": "gone"}}
	r := c.scan(t, func(o *scanner.Options) { o.Regions = regions })
	if len(r.Deleted) != 0 || len(r.Managed) != 1 || len(r.Skipped) != 1 || r.Skipped[0].What != "net: aws_route.a" || r.Skipped[0].Remedy == "" {
		t.Errorf("nothing tells its region: deleted %v, managed %v, skipped %v", r.Deleted, r.Managed, r.Skipped)
	}
	for name, change := range map[string]func(*scanner.Options){
		"one region": func(o *scanner.Options) { o.Regions = regions[:1] },
		"a provider block": func(o *scanner.Options) {
			o.Regions, o.Roots = regions, inNet(drift.ProviderConfig{Source: drift.AWS, Region: "us-east-1"})
		},
	} {
		if r := c.scan(t, change); len(r.Deleted) != 1 || len(r.Skipped) != 0 {
			t.Errorf("%s tells its region: deleted %v, skipped %v", name, r.Deleted, r.Skipped)
		}
	}
}

func inNet(p drift.ProviderConfig) []drift.RootModule {
	return []drift.RootModule{{Dir: "net", Providers: []drift.ProviderConfig{p}}}
}

// A rule with several sources is several rules to the cloud: they are all where the first one is.
func TestEverythingThatAnInstanceSpellsIsWhereItIs(t *testing.T) {
	t.Parallel()
	var rules []drift.Listed
	for _, source := range []string{"10.0.0.0/8", "192.0.2.0/24"} {
		l := listed("aws_vpc_security_group_ingress_rule", "sgr-"+source,
			"security_group_id=sg-1", "protocol=tcp", "from_port=80", "to_port=80", "source="+source)
		l.Region = "ap-south-1"
		rules = append(rules, l)
	}
	rule := `{"id":"sgrule-1","type":"ingress","security_group_id":"sg-1","protocol":"tcp","from_port":80,"to_port":80,"cidr_blocks":["10.0.0.0/8","192.0.2.0/24"]}`
	for _, order := range [][]drift.Listed{rules, {rules[1], rules[0]}} {
		c := &cloud{listed: slices.Clone(order), instances: []drift.Instance{instance("aws_security_group_rule", "a", rule)}}
		if r := c.scan(t, nil); len(r.Unmanaged) != 0 {
			t.Errorf("unmanaged: %v", ids(r.Unmanaged))
		}
	}
}
