package scanner_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/scanner"
)

// cloud is an inventory, a provider and states made of literals. It is not a model of AWS: it says what each test
// needs said.
type cloud struct {
	listed     []drift.Listed
	failures   []error // of the listing
	instances  []drift.Instance
	broken     []error           // of the states
	now        map[string]string // address → value of attribute v in the cloud; absent: unchanged; "gone": deleted
	unreadable map[string]error  // address or import ID → failure of the read
	reads      atomic.Int64
}

var thing = &tfjson.Schema{Block: &tfjson.SchemaBlock{Attributes: map[string]*tfjson.SchemaAttribute{
	"id": {AttributeType: cty.String, Computed: true},
	"v":  {AttributeType: cty.String, Optional: true},
}}}

func (c *cloud) Resources(context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) {
		for _, err := range c.failures {
			if !yield(drift.Listed{}, err) {
				return
			}
		}
		for _, l := range c.listed {
			if !yield(l, nil) {
				return
			}
		}
	}
}

func (c *cloud) states() iter.Seq2[drift.Instance, error] {
	return func(yield func(drift.Instance, error) bool) {
		for _, err := range c.broken {
			if !yield(drift.Instance{}, err) {
				return
			}
		}
		for _, i := range c.instances {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (c *cloud) Schema(context.Context, string, string) (*tfjson.Schema, error) { return thing, nil }

func (c *cloud) Refresh(_ context.Context, i drift.Instance) (drift.Refreshed, error) {
	c.reads.Add(1)
	if err := c.unreadable[i.Address.String()]; err != nil {
		return drift.Refreshed{}, err
	}
	before := object(i.ImportID, "same")
	switch now, changed := c.now[i.Address.String()]; {
	case now == "gone":
		return drift.Refreshed{Before: before, After: cty.NullVal(before.Type())}, nil
	case changed:
		return drift.Refreshed{Before: before, After: object(i.ImportID, now)}, nil
	}
	return drift.Refreshed{Before: before, After: before}, nil
}

func (c *cloud) Import(_ context.Context, r drift.Resource) (drift.Object, error) {
	if err := c.unreadable[r.ImportID]; err != nil {
		return drift.Object{}, err
	}
	if c.now[r.ImportID] == "gone" {
		return drift.Object{Value: cty.NullVal(cty.DynamicPseudoType)}, nil
	}
	return drift.Object{Value: object(r.ImportID, "found")}, nil
}

func object(id, v string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal(id), "v": cty.StringVal(v)})
}

func (c *cloud) scan(t *testing.T, change func(*scanner.Options)) *drift.Report {
	t.Helper()
	o := scanner.Options{
		Instances: c.states(), Inventory: c, Reader: c, Identify: identify, Account: "1", Region: "eu-west-1",
	}
	if change != nil {
		change(&o)
	}
	report, err := scanner.Scan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// identify stands for a catalogue: the import ID is the id, account and region are what the attributes say.
func identify(typ string, a map[string]any) drift.Resource {
	id, _ := a["id"].(string)
	region, _ := a["region"].(string)
	account, _ := a["account"].(string)
	return drift.Resource{Type: typ, ImportID: id, Account: account, Region: region}
}

func listed(typ, id string, facts ...string) drift.Listed {
	l := drift.Listed{
		Resource: drift.Resource{Provider: drift.AWS, Type: typ, ImportID: id, Account: "1", Region: "eu-west-1", Tags: map[string]string{}},
		Facts:    map[string]string{},
	}
	for _, f := range facts {
		k, v, _ := strings.Cut(f, "=")
		l.Facts[k] = v
	}
	return l
}

func named(l drift.Listed, name string) drift.Listed {
	l.Name = name
	return l
}

func tagged(l drift.Listed, tags ...string) drift.Listed {
	for _, tag := range tags {
		k, v, _ := strings.Cut(tag, "=")
		l.Tags[k] = v
	}
	return l
}

func instance(typ, name, attributes string) drift.Instance {
	return drift.Instance{
		Resource:   drift.Resource{Provider: drift.AWS, Type: typ},
		Address:    drift.Address{Type: typ, Name: name},
		State:      "s3://states/net.tfstate",
		RootModule: "net",
		Attributes: json.RawMessage(attributes),
	}
}

func ids(unmanaged []drift.Unmanaged) []string {
	var all []string
	for _, u := range unmanaged {
		all = append(all, u.Type+" "+u.ImportID)
	}
	return all
}

func TestScanSortsEveryResourceIntoItsList(t *testing.T) {
	t.Parallel()
	c := &cloud{
		listed: []drift.Listed{
			listed("aws_vpc", "vpc-1"), listed("aws_vpc", "vpc-2"), listed("aws_vpc", "vpc-3"),
			tagged(listed("aws_instance", "i-1"), "aws:cloudformation:stack-name=web"),
			listed("aws_vpc", "vpc-default", "default=true"),
		},
		instances: []drift.Instance{
			instance("aws_vpc", "one", `{"id":"vpc-1"}`),
			instance("aws_vpc", "two", `{"id":"vpc-2"}`),
			instance("aws_vpc", "gone", `{"id":"vpc-9"}`),
			instance("aws_vpc", "denied", `{"id":"vpc-8"}`),
		},
		now:        map[string]string{"aws_vpc.two": "changed", "aws_vpc.gone": "gone"},
		unreadable: map[string]error{"aws_vpc.denied": &drift.Skipped{What: "x", Reason: "denied", Remedy: "allow"}},
	}
	r := c.scan(t, nil)

	want := drift.Summary{Managed: 3, Unmanaged: 1, Deleted: 1, Drifted: 1, Owned: 1, Skipped: 1, Coverage: 75}
	if diff := cmp.Diff(want, r.Summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"aws_vpc vpc-3"}, ids(r.Unmanaged)); diff != "" {
		t.Errorf("unmanaged (-want +got):\n%s", diff)
	}
	change := drift.Change{Path: "v", Before: json.RawMessage(`"same"`), After: json.RawMessage(`"changed"`)}
	if diff := cmp.Diff([]drift.Change{change}, r.Drifted[0].Changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if got := r.Owned[0].Owner; got != "CloudFormation stack web" {
		t.Errorf("owner is %q", got)
	}
	if got := r.Skipped[0]; got.What != "net: aws_vpc.denied" || got.Reason != "denied" || got.Remedy != "allow" || r.Complete {
		t.Errorf("skipped is %+v, complete %t", got, r.Complete)
	}
}

func TestFailureIsNeverReadAsAbsence(t *testing.T) {
	t.Parallel()
	c := &cloud{
		listed:    []drift.Listed{listed("aws_vpc", "vpc-1")},
		failures:  []error{&drift.Skipped{What: "aws_subnet in eu-west-1", Reason: "denied", Type: "aws_subnet"}},
		broken:    []error{&drift.Skipped{What: "state s3://states/b.tfstate", State: "s3://states/b.tfstate", Reason: "truncated"}},
		instances: []drift.Instance{instance("aws_subnet", "a", `{"id":"subnet-1"}`)},
	}
	r := c.scan(t, nil)
	if len(r.Deleted) != 0 || len(r.Skipped) != 2 || r.Complete {
		t.Errorf("deleted %v, skipped %v", r.Deleted, r.Skipped)
	}
	if !r.UnmanagedUncertain {
		t.Error("a state was skipped, and what is unmanaged is still called certain")
	}
}

// A name is unique in its account and region only: each side must find its own.
func TestScopeIsPartOfIdentity(t *testing.T) {
	t.Parallel()
	inRegion := func(region string) drift.Listed {
		l := listed("aws_key_pair", "deploy")
		l.Region = region
		return l
	}
	roots := []drift.RootModule{{Dir: "net", Providers: []drift.ProviderConfig{
		{Source: drift.AWS, Region: "eu-west-1"}, {Source: drift.AWS, Alias: "us", Region: "us-east-1"},
	}}}
	us := instance("aws_key_pair", "us", `{"id":"deploy"}`)
	us.Alias = "us"
	for _, test := range []struct {
		name      string
		instances []drift.Instance
		want      []string // regions of the unmanaged ones
	}{
		{"the state's region", []drift.Instance{instance("aws_key_pair", "a", `{"id":"deploy","region":"us-east-1"}`)}, []string{"eu-west-1"}},
		{"the alias's region", []drift.Instance{us}, []string{"eu-west-1"}},
		{"the default provider's region", []drift.Instance{instance("aws_key_pair", "a", `{"id":"deploy"}`)}, []string{"us-east-1"}},
		{"another account", []drift.Instance{instance("aws_key_pair", "a", `{"id":"deploy","region":"us-east-1","account":"2"}`)}, []string{"eu-west-1", "us-east-1"}},
		{"two of one name", []drift.Instance{us, instance("aws_key_pair", "a", `{"id":"deploy"}`)}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := &cloud{listed: []drift.Listed{inRegion("us-east-1"), inRegion("eu-west-1")}, instances: test.instances}
			r := c.scan(t, func(o *scanner.Options) { o.Roots = roots })
			var got []string
			for _, u := range r.Unmanaged {
				got = append(got, u.Region)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("unmanaged regions (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWrongGuessOfRegionIsNoFalseAlarm(t *testing.T) {
	t.Parallel()
	elsewhere := listed("aws_vpc", "vpc-1")
	elsewhere.Region = "ap-south-1"
	c := &cloud{listed: []drift.Listed{elsewhere}, instances: []drift.Instance{instance("aws_vpc", "a", `{"id":"vpc-1"}`)}}
	if r := c.scan(t, nil); len(r.Unmanaged) != 0 {
		t.Errorf("unmanaged: %v", ids(r.Unmanaged))
	}
}

// Each case is listed beside the managed instance that spells it inline. Without its row it is unmanaged.
func TestSpellings(t *testing.T) {
	t.Parallel()
	const policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	for _, test := range []struct {
		state, attributes string
		listed            drift.Listed
	}{
		{"aws_iam_role", `{"id":"r","name":"r","inline_policy":[{"name":"p","policy":"{}"}]}`, listed("aws_iam_role_policy", "r:p")},
		{"aws_iam_role", `{"id":"r","name":"r","managed_policy_arns":["` + policy + `"]}`, listed("aws_iam_role_policy_attachment", "r/"+policy)},
		{"aws_iam_policy_attachment", `{"id":"a","policy_arn":"` + policy + `","roles":["r"]}`, listed("aws_iam_role_policy_attachment", "r/"+policy)},
		{"aws_iam_policy_attachment", `{"id":"a","policy_arn":"` + policy + `","users":["u"]}`, listed("aws_iam_user_policy_attachment", "u/"+policy)},
		{"aws_iam_policy_attachment", `{"id":"a","policy_arn":"` + policy + `","groups":["g"]}`, listed("aws_iam_group_policy_attachment", "g/"+policy)},
		{"aws_iam_role_policy_attachments_exclusive", `{"role_name":"r","policy_arns":["` + policy + `"]}`, listed("aws_iam_role_policy_attachment", "r/"+policy)},
		{"aws_iam_role_policies_exclusive", `{"role_name":"r","policy_names":["p"]}`, listed("aws_iam_role_policy", "r:p")},
		{"aws_s3_bucket", `{"id":"b","policy":"{}"}`, listed("aws_s3_bucket_policy", "b")},
		{"aws_s3_bucket", `{"id":"b","versioning":[{"enabled":true}]}`, listed("aws_s3_bucket_versioning", "b")},
		{"aws_s3_bucket", `{"id":"b","server_side_encryption_configuration":[{}]}`, listed("aws_s3_bucket_server_side_encryption_configuration", "b")},
		{"aws_s3_bucket", `{"id":"b","lifecycle_rule":[{"id":"x"}]}`, listed("aws_s3_bucket_lifecycle_configuration", "b")},
		{"aws_route_table", `{"id":"rtb-1","route":[{"cidr_block":"0.0.0.0/0"}]}`, listed("aws_route", "rtb-1_0.0.0.0/0")},
		{"aws_network_acl", `{"id":"acl-1","ingress":[{"rule_no":1}]}`, listed("aws_network_acl_rule", "acl-1:1:tcp:false", "network_acl_id=acl-1")},
		{"aws_security_group", `{"id":"sg-1","ingress":[{"from_port":443}]}`, listed("aws_vpc_security_group_ingress_rule", "sgr-1", "security_group_id=sg-1")},
		{"aws_security_group", `{"id":"sg-1","egress":[{"from_port":0}]}`, listed("aws_vpc_security_group_egress_rule", "sgr-1", "security_group_id=sg-1")},
		{"aws_security_group_rule", `{"id":"sgrule-1","type":"ingress","security_group_id":"sg-1","protocol":"tcp","from_port":443,"to_port":443,"cidr_blocks":["10.0.0.0/8","11.0.0.0/8"]}`,
			listed("aws_vpc_security_group_ingress_rule", "sgr-1", "security_group_id=sg-1", "protocol=tcp", "from_port=443", "to_port=443", "source=11.0.0.0/8")},
		{"aws_security_group_rule", `{"id":"sgrule-1","type":"egress","security_group_id":"sg-1","protocol":"all","from_port":0,"to_port":0,"self":true}`,
			listed("aws_vpc_security_group_egress_rule", "sgr-1", "security_group_id=sg-1", "protocol=-1", "from_port=-1", "to_port=-1", "source=sg-1")},
		{"aws_sqs_queue", `{"id":"https://q","policy":"{}"}`, listed("aws_sqs_queue_policy", "https://q")},
		{"aws_sns_topic", `{"id":"arn:t","policy":"{}"}`, listed("aws_sns_topic_policy", "arn:t")},
		{"aws_eip", `{"id":"eipalloc-1","instance":"i-1"}`, listed("aws_eip_association", "eipassoc-1", "allocation_id=eipalloc-1")},
		{"aws_main_route_table_association", `{"id":"rtbassoc-1","vpc_id":"vpc-1","route_table_id":"rtb-1"}`, listed("aws_route_table_association", "vpc-1/rtb-1")},
		{"aws_vpc_peering_connection_accepter", `{"id":"pcx-1"}`, listed("aws_vpc_peering_connection", "pcx-1")},
		{"aws_ecs_task_definition", `{"id":"web","family":"web"}`, listed("aws_ecs_task_definition", "arn:web:7", "family=web")},
		{"aws_batch_job_definition", `{"id":"arn:sum:1","name":"sum"}`, listed("aws_batch_job_definition", "arn:sum:2", "family=sum")},
		{"aws_lambda_layer_version", `{"id":"arn:tools:1","layer_name":"tools"}`, listed("aws_lambda_layer_version", "arn:tools:2", "family=tools")},
		{"aws_neptune_subnet_group", `{"id":"graph"}`, listed("aws_db_subnet_group", "graph")},
		{"aws_docdb_subnet_group", `{"id":"papers"}`, listed("aws_db_subnet_group", "papers")},
		{"aws_neptune_event_subscription", `{"id":"graph"}`, listed("aws_db_event_subscription", "graph")},
		{"aws_docdb_event_subscription", `{"id":"papers"}`, listed("aws_db_event_subscription", "papers")},
		{"aws_db_snapshot_copy", `{"id":"copy"}`, listed("aws_db_snapshot", "copy")},
		{"aws_rds_cluster_snapshot_copy", `{"id":"copy"}`, listed("aws_db_cluster_snapshot", "copy")},
		{"aws_elasticsearch_domain", `{"id":"arn:d","domain_name":"d"}`, listed("aws_opensearch_domain", "d")},
		{"aws_opensearch_domain", `{"id":"arn:d","domain_name":"d"}`, listed("aws_elasticsearch_domain", "d")},
		{"aws_dms_endpoint", `{"id":"bucket","endpoint_id":"bucket"}`, listed("aws_dms_s3_endpoint", "bucket")},
		{"aws_msk_single_scram_secret_association", `{"id":"x","cluster_arn":"arn:c"}`, listed("aws_msk_scram_secret_association", "arn:c")},
		{"aws_default_security_group", `{"id":"sg-1","ingress":[{"from_port":443}]}`, listed("aws_vpc_security_group_ingress_rule", "sgr-1", "security_group_id=sg-1")},
		{"aws_default_network_acl", `{"id":"acl-1","egress":[{"rule_no":1}]}`, listed("aws_network_acl_rule", "acl-1:1:tcp:true", "network_acl_id=acl-1")},
		{"aws_default_route_table", `{"id":"rtb-1","route":[{"cidr_block":"0.0.0.0/0"}]}`, listed("aws_route", "rtb-1_0.0.0.0/0")},
		{"aws_api_gateway_rest_api", `{"id":"a","policy":"{}"}`, listed("aws_api_gateway_rest_api_policy", "a")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_authorizer", "a/z")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_gateway_response", "a/DEFAULT_4XX")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_integration", "a/r/GET")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_integration_response", "a/r/GET/200")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_method", "a/r/GET")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_method_response", "a/r/GET/200")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_model", "a/Order")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_request_validator", "a/v")},
		{"aws_api_gateway_rest_api", `{"id":"a","body":"{}"}`, listed("aws_api_gateway_resource", "a/r")},
		{"aws_api_gateway_rest_api_put", `{"rest_api_id":"a","body":"{}"}`, listed("aws_api_gateway_method", "a/r/GET")},
		{"aws_api_gateway_deployment", `{"id":"d","rest_api_id":"a","stage_name":"live"}`, listed("aws_api_gateway_stage", "a/live")},
		{"aws_apigatewayv2_api", `{"id":"a","body":"{}"}`, listed("aws_apigatewayv2_authorizer", "a/z")},
		{"aws_apigatewayv2_api", `{"id":"a","body":"{}"}`, listed("aws_apigatewayv2_integration", "a/i")},
		{"aws_apigatewayv2_api", `{"id":"a","body":"{}"}`, listed("aws_apigatewayv2_route", "a/r")},
		{"aws_apigatewayv2_domain_name", `{"id":"api.example.com","domain_name":"api.example.com"}`, listed("aws_api_gateway_domain_name", "api.example.com")},
		{"aws_apigatewayv2_api_mapping", `{"id":"m","domain_name":"api.example.com","api_mapping_key":"v1"}`, listed("aws_api_gateway_base_path_mapping", "api.example.com/v1")},
		{"aws_apigatewayv2_api_mapping", `{"id":"m","domain_name":"api.example.com","api_mapping_key":""}`, listed("aws_api_gateway_base_path_mapping", "api.example.com/")},
		{"aws_dynamodb_table", `{"id":"orders","region":"us-east-1","replica":[{"region_name":"eu-west-1"}]}`, listed("aws_dynamodb_table", "orders")},
		{"aws_cloudwatch_event_permission", `{"id":"shop-Partner","event_bus_name":"shop","statement_id":"Partner"}`, listed("aws_cloudwatch_event_bus_policy", "shop")},
		{"aws_autoscaling_group", `{"id":"asg","name":"asg","initial_lifecycle_hook":[{"name":"drain"}]}`, listed("aws_autoscaling_lifecycle_hook", "asg/drain")},
		{"aws_dynamodb_table_replica", `{"id":"orders:us-east-1"}`, listed("aws_dynamodb_table", "orders")},
		{"aws_novelty", `{"id":"n"}`, listed("aws_novelty", "arn:n", "id=n")},
		{"aws_ses_domain_identity", `{"id":"example.com"}`, listed("aws_sesv2_email_identity", "example.com")},
		{"aws_ses_email_identity", `{"id":"a@example.com"}`, listed("aws_sesv2_email_identity", "a@example.com")},
		{"aws_ses_configuration_set", `{"id":"orders"}`, listed("aws_sesv2_configuration_set", "orders")},
		{"aws_ses_identity_policy", `{"id":"example.com|p"}`, listed("aws_sesv2_email_identity_policy", "example.com|p")},
		{"aws_ami_copy", `{"id":"ami-1"}`, listed("aws_ami", "ami-1")},
		{"aws_ami_from_instance", `{"id":"ami-1"}`, listed("aws_ami", "ami-1")},
		{"aws_ebs_snapshot_copy", `{"id":"snap-1"}`, listed("aws_ebs_snapshot", "snap-1")},
		{"aws_ebs_snapshot_import", `{"id":"snap-1"}`, listed("aws_ebs_snapshot", "snap-1")},
		{"aws_default_vpc", `{"id":"vpc-1"}`, listed("aws_vpc", "vpc-1")},
		{"aws_default_subnet", `{"id":"subnet-1"}`, listed("aws_subnet", "subnet-1")},
		{"aws_default_security_group", `{"id":"sg-1"}`, listed("aws_security_group", "sg-1")},
		{"aws_default_network_acl", `{"id":"acl-1"}`, listed("aws_network_acl", "acl-1")},
		{"aws_default_route_table", `{"id":"rtb-1"}`, listed("aws_route_table", "rtb-1")},
		{"aws_default_vpc_dhcp_options", `{"id":"dopt-1"}`, listed("aws_vpc_dhcp_options", "dopt-1")},
	} {
		t.Run(test.state+" "+test.listed.Type, func(t *testing.T) {
			t.Parallel()
			c := &cloud{listed: []drift.Listed{test.listed}}
			if r := c.scan(t, nil); len(r.Unmanaged) != 1 {
				t.Fatalf("alone it should be unmanaged, got %v", ids(r.Unmanaged))
			}
			c.instances = []drift.Instance{instance(test.state, "x", test.attributes)}
			if r := c.scan(t, nil); len(r.Unmanaged) != 0 {
				t.Errorf("a false alarm: %v", ids(r.Unmanaged))
			}
		})
	}
}

// A state lists attached policies even where the code uses separate attachments: then one that has none is unmanaged.
func TestSeparateSiblingsMakeTheRestUnmanaged(t *testing.T) {
	t.Parallel()
	c := &cloud{
		listed: []drift.Listed{listed("aws_iam_role_policy_attachment", "r/managed"), listed("aws_iam_role_policy_attachment", "r/by-hand")},
		instances: []drift.Instance{
			instance("aws_iam_role", "r", `{"id":"r","name":"r","managed_policy_arns":["managed","by-hand"]}`),
			instance("aws_iam_role_policy_attachment", "a", `{"id":"r/managed"}`),
		},
	}
	if diff := cmp.Diff([]string{"aws_iam_role_policy_attachment r/by-hand"}, ids(c.scan(t, nil).Unmanaged)); diff != "" {
		t.Errorf("unmanaged (-want +got):\n%s", diff)
	}
}

// The other direction of the same spellings: code that has each setting as a resource of its own, of an API without a body.
// What nobody has written is unmanaged beside it.
func TestAnAPIWithoutBodyIsWrittenPieceByPiece(t *testing.T) {
	t.Parallel()
	c := &cloud{
		listed: []drift.Listed{
			listed("aws_api_gateway_rest_api", "a"), listed("aws_api_gateway_resource", "a/r"), listed("aws_api_gateway_resource", "a/by-hand"),
			listed("aws_api_gateway_stage", "a/live"), listed("aws_api_gateway_stage", "a/by-hand"), listed("aws_apigatewayv2_route", "h/by-hand"),
		},
		instances: []drift.Instance{
			instance("aws_api_gateway_rest_api", "a", `{"id":"a","body":null}`), instance("aws_api_gateway_resource", "r", `{"id":"a/r"}`),
			instance("aws_api_gateway_stage", "live", `{"id":"a/live"}`), instance("aws_api_gateway_deployment", "d", `{"id":"d","rest_api_id":"a","stage_name":null}`),
			instance("aws_apigatewayv2_api", "h", `{"id":"h","body":""}`),
		},
	}
	want := []string{"aws_api_gateway_resource a/by-hand", "aws_api_gateway_stage a/by-hand", "aws_apigatewayv2_route h/by-hand"}
	if diff := cmp.Diff(want, ids(c.scan(t, nil).Unmanaged)); diff != "" {
		t.Errorf("unmanaged (-want +got):\n%s", diff)
	}
}

// A body is never computed: what it defines is not unmanaged although code adds a response of its own to it.
func TestABodyDefinesWhatCodeAddsTo(t *testing.T) {
	t.Parallel()
	c := &cloud{
		listed: []drift.Listed{listed("aws_api_gateway_gateway_response", "a/DEFAULT_4XX"), listed("aws_api_gateway_gateway_response", "a/DEFAULT_5XX")},
		instances: []drift.Instance{
			instance("aws_api_gateway_rest_api", "a", `{"id":"a","body":"{}"}`), instance("aws_api_gateway_gateway_response", "r", `{"id":"a/DEFAULT_4XX"}`),
		},
	}
	if r := c.scan(t, nil); len(r.Unmanaged) != 0 {
		t.Errorf("unmanaged: %v", ids(r.Unmanaged))
	}
}

// A replica is one in its own region only, and no replica where the table has none.
func TestReplicasAreOfTheirRegions(t *testing.T) {
	t.Parallel()
	elsewhere := listed("aws_dynamodb_table", "orders")
	elsewhere.Region = "ap-south-1"
	c := &cloud{
		listed:    []drift.Listed{listed("aws_dynamodb_table", "orders"), elsewhere},
		instances: []drift.Instance{instance("aws_dynamodb_table", "orders", `{"id":"orders","region":"us-east-1","replica":[{"region_name":"ap-south-1"}]}`)},
	}
	if r := c.scan(t, nil); len(r.Unmanaged) != 1 || r.Unmanaged[0].Region != "eu-west-1" {
		t.Errorf("unmanaged: %v", r.Unmanaged)
	}
}

// Code for an unmanaged group holds its rules: they are not reported beside it.
func TestSettingsComeWithTheirUnmanagedParent(t *testing.T) {
	t.Parallel()
	c := &cloud{listed: []drift.Listed{
		listed("aws_security_group", "sg-1"),
		listed("aws_vpc_security_group_ingress_rule", "sgr-1", "security_group_id=sg-1"),
		listed("aws_vpc_security_group_ingress_rule", "sgr-2", "security_group_id=sg-managed"),
	}}
	if diff := cmp.Diff([]string{"aws_security_group sg-1", "aws_vpc_security_group_ingress_rule sgr-2"}, ids(c.scan(t, nil).Unmanaged)); diff != "" {
		t.Errorf("unmanaged (-want +got):\n%s", diff)
	}
}

// Each case is a thing that the cloud owns, and its twin that a person made.
func TestCloudOwned(t *testing.T) {
	t.Parallel()
	defaultVPC := listed("aws_vpc", "vpc-default", "default=true")
	launched := tagged(listed("aws_instance", "i-launched", "asg=pool"), "aws:autoscaling:groupName=pool")
	for _, test := range []struct{ owned, made drift.Listed }{
		{defaultVPC, listed("aws_vpc", "vpc-1")},
		{listed("aws_subnet", "a", "default=true"), listed("aws_subnet", "b", "default=false")},
		{listed("aws_vpc_dhcp_options", "a", "default=true"), listed("aws_vpc_dhcp_options", "b")},
		{listed("aws_db_subnet_group", "default", "default=true"), listed("aws_db_subnet_group", "b")},
		{listed("aws_db_parameter_group", "default.postgres16", "default=true"), listed("aws_db_parameter_group", "b")},
		{listed("aws_elasticache_subnet_group", "default", "default=true"), listed("aws_elasticache_subnet_group", "b")},
		{listed("aws_security_group", "a", "default=true", "rules=default"), listed("aws_security_group", "b", "default=true")},
		{listed("aws_network_acl", "a", "default=true", "rules=default"), listed("aws_network_acl", "b", "default=true")},
		{listed("aws_route_table", "a", "main=true", "rules=default"), listed("aws_route_table", "b", "main=true")},
		{listed("aws_internet_gateway", "a", "default=true"), listed("aws_internet_gateway", "b", "vpc_id=vpc-1")},
		{listed("aws_s3_bucket_public_access_block", "a", "default=true"), listed("aws_s3_bucket_public_access_block", "b")},
		{listed("aws_ecs_cluster", "default", "default=true"), listed("aws_ecs_cluster", "web")},
		{listed("aws_cloudwatch_event_bus", "default", "default=true"), listed("aws_cloudwatch_event_bus", "orders")},
		{listed("aws_eip", "a", "managed_by=nat"), listed("aws_eip", "b", "managed_by=")},
		{listed("aws_subnet", "a", "owner_id=2"), listed("aws_subnet", "b", "owner_id=1")},
		{listed("aws_route_table_association", "a", "main=true"), listed("aws_route_table_association", "b")},
		{listed("aws_vpc_endpoint", "a", "requester_managed=true"), listed("aws_vpc_endpoint", "b")},
		{listed("aws_ebs_volume", "a", "instance_id=i-1", "root_device=true"), listed("aws_ebs_volume", "b", "instance_id=i-1")},
		{listed("aws_ebs_volume", "a", "instance_id=i-1", "delete_on_termination=true"), listed("aws_ebs_volume", "b")},
		{listed("aws_ebs_volume", "of-asg", "instance_id=i-launched"), listed("aws_ebs_volume", "b", "instance_id=i-1")},
		{listed("aws_volume_attachment", "a", "instance_id=i-1", "root_device=true"), listed("aws_volume_attachment", "b", "instance_id=i-1")},
		{listed("aws_volume_attachment", "a", "instance_id=i-launched"), listed("aws_volume_attachment", "b", "instance_id=i-1")},
		{listed("aws_network_interface", "a", "instance_id=i-1", "delete_on_termination=true"), listed("aws_network_interface", "b", "instance_id=i-1")},
		{listed("aws_scheduler_schedule_group", "default", "default=true"), listed("aws_scheduler_schedule_group", "jobs")},
		{listed("aws_route", "rtb_local", "default=true"), listed("aws_route", "rtb_b")},
		{listed("aws_network_acl_rule", "a", "default=true", "network_acl_id=acl"), listed("aws_network_acl_rule", "b", "network_acl_id=acl")},
		{listed("aws_vpc_security_group_egress_rule", "a", "default=true", "security_group_id=sg"), listed("aws_vpc_security_group_egress_rule", "b", "security_group_id=sg")},
		{listed("aws_vpc_dhcp_options_association", "a", "default=true"), listed("aws_vpc_dhcp_options_association", "b")},
		{listed("aws_ec2_transit_gateway_route_table", "a", "default=true"), listed("aws_ec2_transit_gateway_route_table", "b")},
		{listed("aws_ec2_transit_gateway_route_table_association", "a", "default=true"), listed("aws_ec2_transit_gateway_route_table_association", "b")},
		{listed("aws_iam_role", "a", "path=/aws-service-role/x/"), listed("aws_iam_role", "b", "path=/service-role/")},
		{listed("aws_iam_role", "a", "path=/aws-reserved/sso.amazonaws.com/eu-west-1/"), listed("aws_iam_role", "b", "path=/")},
		{listed("aws_iam_role_policy_attachment", "a/p", "path=/aws-service-role/x/"), listed("aws_iam_role_policy_attachment", "b/p")},
		{listed("aws_iam_role", "OrganizationAccountAccessRole"), listed("aws_iam_role", "Organization")},
		{listed("aws_iam_role_policy", "OrganizationAccountAccessRole:p"), listed("aws_iam_role_policy", "b:p")},
		{listed("aws_iam_role_policy_attachment", "OrganizationAccountAccessRole/p"), listed("aws_iam_role_policy_attachment", "b/p")},
		{listed("aws_kms_key", "a", "key_manager=AWS"), listed("aws_kms_key", "b", "key_manager=CUSTOMER")},
		{listed("aws_kms_key", "a", "key_state=PendingDeletion"), listed("aws_kms_key", "b", "key_state=Disabled")},
		{listed("aws_kms_alias", "alias/aws/s3"), listed("aws_kms_alias", "alias/awsome")},
		{listed("aws_route53_record", "Z_x_NS", "apex=true"), listed("aws_route53_record", "Z_sub.x_NS")},
		{listed("aws_s3_bucket_server_side_encryption_configuration", "a", "default=true"), listed("aws_s3_bucket_server_side_encryption_configuration", "b")},
		{listed("aws_cloudwatch_event_bus", "default", "default=true"), listed("aws_cloudwatch_event_bus", "shop")},
		{listed("aws_db_instance", "a", "cluster=c"), listed("aws_db_instance", "b", "cluster=")},
		{listed("aws_cloudwatch_event_rule", "a", "managed_by=autoscaling.amazonaws.com"), listed("aws_cloudwatch_event_rule", "b")},
		{listed("aws_db_parameter_group", "default.postgres16", "default=true"), listed("aws_db_parameter_group", "orders")},
		{listed("aws_elasticache_user", "default", "default=true"), listed("aws_elasticache_user", "reader")},
		{listed("aws_athena_workgroup", "primary", "default=true"), listed("aws_athena_workgroup", "numbers")},
		{listed("aws_fsx_openzfs_volume", "a", "default=true"), listed("aws_fsx_openzfs_volume", "b")},
		{listed("aws_elasticache_cluster", "sessions-001", "replication_group=sessions"), listed("aws_elasticache_cluster", "pages")},
		{listed("aws_backup_vault", "aws/efs/automatic-backup-vault", "managed_by=backup.amazonaws.com"), listed("aws_backup_vault", "vault")},
		{listed("aws_eks_access_entry", "a:nodes", "managed_by=eks.amazonaws.com"), listed("aws_eks_access_entry", "a:admin")},
		{listed("aws_ecs_cluster", "night_Batch_f7f53ef9-8fd0-4978-bc77-cec6644fe992"), listed("aws_ecs_cluster", "night_Batch_jobs")},
		{listed("aws_ecs_cluster", "AWSBatch-night-f7f53ef9-8fd0-4978-bc77-cec6644fe992"), listed("aws_ecs_cluster", "AWSBatch-night")},
		{listed("aws_api_gateway_resource", "a/root", "default=true"), listed("aws_api_gateway_resource", "a/r")},
		{listed("aws_api_gateway_gateway_response", "a/DEFAULT_4XX", "default=true"), listed("aws_api_gateway_gateway_response", "a/DEFAULT_5XX")},
		{listed("aws_api_gateway_model", "a/Empty", "default=true"), listed("aws_api_gateway_model", "a/Order")},
		{named(listed("aws_security_group", "sg-emr"), "ElasticMapReduce-master"), named(listed("aws_security_group", "sg-1"), "elastic")},
		{listed("aws_iam_saml_provider", "arn:aws:iam::1:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"), listed("aws_iam_saml_provider", "arn:aws:iam::1:saml-provider/AWSSSO_ours")},
		{listed("aws_cloudwatch_metric_alarm", "TargetTracking-table/x"), listed("aws_cloudwatch_metric_alarm", "cpu")},
	} {
		t.Run(test.owned.Type+" "+test.owned.ImportID, func(t *testing.T) {
			t.Parallel()
			c := &cloud{listed: []drift.Listed{defaultVPC, launched, test.owned, test.made}}
			want := []string{test.made.Type + " " + test.made.ImportID}
			if diff := cmp.Diff(want, ids(c.scan(t, nil).Unmanaged)); diff != "" {
				t.Errorf("unmanaged (-want +got):\n%s", diff)
			}
			strict := c.scan(t, func(o *scanner.Options) { o.Strict = true })
			if !slices.Contains(ids(strict.Unmanaged), test.owned.Type+" "+test.owned.ImportID) {
				t.Errorf("strict does not show it: %v", ids(strict.Unmanaged))
			}
		})
	}
}

func TestOwnedByAnotherTool(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"aws:cloudformation:stack-name=web":              "CloudFormation stack web",
		"alpha.eksctl.io/cluster-name=live":              "eksctl cluster live",
		"karpenter.sh/nodepool=spot":                     "Karpenter node pool spot",
		"karpenter.sh/discovery=x":                       "Karpenter",
		"eks:cluster-name=live":                          "EKS cluster live",
		"kubernetes.io/cluster/live=owned":               "a Kubernetes cluster",
		"kubernetes.io/cluster/live=shared":              "",
		"elasticbeanstalk:environment-name=shop":         "Elastic Beanstalk environment shop",
		"aws:autoscaling:groupName=web":                  "Auto Scaling group web",
		"aws:servicecatalog:provisionedProductArn=arn:x": "Service Catalog product arn:x",
		"aws:servicecatalog:portfolioArn=arn:x":          "Service Catalog",
		"eks:eks-cluster-name=live":                      "EKS cluster live",
		"elbv2.k8s.aws/cluster=live":                     "the load balancer controller of Kubernetes cluster live",
		"ebs.csi.aws.com/cluster=true":                   "a Kubernetes cluster",
		"efs.csi.aws.com/cluster=true":                   "a Kubernetes cluster",
		"services.k8s.aws/controller-version=s3-1.0.0":   "AWS Controllers for Kubernetes",
		"crossplane-name=orders":                         "Crossplane object orders",
		"aws:dlm:lifecycle-policy-id=policy-1":           "Data Lifecycle Manager policy policy-1",
		"aws:backup:source-resource=vol-1":               "AWS Backup",
		"aws:ec2spot:fleet-request-id=sfr-1":             "Spot Fleet sfr-1",
		"aws:ec2:fleet-id=fleet-1":                       "EC2 Fleet fleet-1",
		"aws:elasticmapreduce:job-flow-id=j-1":           "EMR cluster j-1",
		"aws:eks:cluster-name=live":                      "EKS cluster live",
		"AmazonECSManaged=":                              "Amazon ECS",
		"GuardDutyManaged=true":                          "Amazon GuardDuty",
		"GuardDutyManaged=false":                         "",
		"Team=web":                                       "",
	} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			c := &cloud{listed: []drift.Listed{tagged(listed("aws_instance", "i-1"), tag)}}
			r := c.scan(t, nil)
			got := ""
			if len(r.Owned) == 1 {
				got = r.Owned[0].Owner
			}
			if got != want || len(r.Owned)+len(r.Unmanaged) != 1 {
				t.Errorf("owner %q, want %q", got, want)
			}
		})
	}
}

// A managed group of EMR's name is one that code has made for EMR: a rule of its own is somebody's then.
func TestRulesOfEMRsGroups(t *testing.T) {
	t.Parallel()
	group := named(listed("aws_security_group", "sg-emr"), "ElasticMapReduce-slave")
	c := &cloud{listed: []drift.Listed{group, listed("aws_vpc_security_group_ingress_rule", "sgr-1", "security_group_id=sg-emr")}}
	if r := c.scan(t, nil); len(r.Unmanaged) != 0 {
		t.Errorf("unmanaged: %v", ids(r.Unmanaged))
	}
	c.instances = []drift.Instance{instance("aws_security_group", "emr", `{"id":"sg-emr"}`)}
	if r := c.scan(t, nil); len(r.Unmanaged) != 1 {
		t.Errorf("unmanaged: %v", ids(r.Unmanaged))
	}
}

// ECS tags the Auto Scaling group of a capacity provider, which a person has made.
func TestAnAutoScalingGroupIsNotOwnedByECS(t *testing.T) {
	t.Parallel()
	c := &cloud{listed: []drift.Listed{tagged(listed("aws_autoscaling_group", "machines"), "AmazonECSManaged=true")}}
	if r := c.scan(t, nil); len(r.Unmanaged) != 1 {
		t.Errorf("owned: %v", r.Owned)
	}
}

func TestWhatIsOutOfScopeIsNotRead(t *testing.T) {
	t.Parallel()
	ignore, err := scanner.ParseIgnore(".driftignore", strings.NewReader("aws_vpc.vpc-1\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := &cloud{
		listed: []drift.Listed{listed("aws_vpc", "vpc-1"), listed("aws_subnet", "subnet-1")},
		instances: []drift.Instance{
			instance("aws_vpc", "ignored", `{"id":"vpc-1"}`), instance("aws_subnet", "excluded", `{"id":"subnet-1"}`),
		},
	}
	r := c.scan(t, func(o *scanner.Options) {
		o.Ignore = ignore
		o.Include = func(typ string) bool { return typ != "aws_subnet" }
	})
	if got := c.reads.Load(); got != 0 {
		t.Errorf("%d reads of what nobody asked for", got)
	}
	want := drift.Summary{Ignored: 1, Coverage: 100}
	if diff := cmp.Diff(want, r.Summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if got := r.Ignored[0].Rule; got != ".driftignore:1: aws_vpc.vpc-1" {
		t.Errorf("rule is %q", got)
	}
}

func TestParentsTagsSayWhoOwnsAChild(t *testing.T) {
	t.Parallel()
	c := &cloud{listed: []drift.Listed{listed("aws_iam_role_policy", "r:p", "parent_tag:aws:cloudformation:stack-name=web")}}
	if r := c.scan(t, nil); len(r.Owned) != 1 || r.Owned[0].Owner != "CloudFormation stack web" {
		t.Errorf("owned %v, unmanaged %v", r.Owned, ids(r.Unmanaged))
	}
}

// What is not asked for is not called.
func TestOnly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		only                               scanner.Kinds
		unmanaged, deleted, drifted, reads int
	}{
		{nil, 1, 1, 1, 2},
		{scanner.Kinds{scanner.Unmanaged}, 1, 0, 0, 0},
		{scanner.Kinds{scanner.Deleted}, 0, 1, 0, 2},
		{scanner.Kinds{scanner.Drifted}, 0, 0, 1, 2},
	} {
		c := &cloud{
			listed:    []drift.Listed{listed("aws_vpc", "vpc-1"), listed("aws_vpc", "vpc-2")},
			instances: []drift.Instance{instance("aws_vpc", "one", `{"id":"vpc-1"}`), instance("aws_vpc", "gone", `{"id":"vpc-9"}`)},
			now:       map[string]string{"aws_vpc.one": "changed", "aws_vpc.gone": "gone"},
		}
		r := c.scan(t, func(o *scanner.Options) { o.Only = test.only })
		if len(r.Unmanaged) != test.unmanaged || len(r.Deleted) != test.deleted || len(r.Drifted) != test.drifted || int(c.reads.Load()) != test.reads {
			t.Errorf("%v: %+v, %d reads", test.only, r.Summary, c.reads.Load())
		}
	}
}

func TestTagFilter(t *testing.T) {
	t.Parallel()
	c := &cloud{
		listed: []drift.Listed{
			tagged(listed("aws_vpc", "web"), "Team=web"), tagged(listed("aws_vpc", "old"), "Team=web", "Old=1"), listed("aws_vpc", "bare"),
			listed("aws_iam_role_policy", "r:p", "parent_tag:Team=web"),
		},
	}
	for filters, want := range map[string][]string{
		"":              {"aws_iam_role_policy r:p", "aws_vpc bare", "aws_vpc old", "aws_vpc web"},
		"Team=web":      {"aws_iam_role_policy r:p", "aws_vpc old", "aws_vpc web"},
		"Team=web !Old": {"aws_iam_role_policy r:p", "aws_vpc web"},
		"!Team=web":     {"aws_vpc bare"},
		"Team=shop":     nil,
		"Old":           {"aws_vpc old"},
	} {
		f, err := scanner.ParseTags(strings.Fields(filters))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, ids(c.scan(t, func(o *scanner.Options) { o.Tags = f }).Unmanaged)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", filters, diff)
		}
	}
	if _, err := scanner.ParseTags([]string{"=x", "!"}); err == nil || strings.Count(err.Error(), "names no key") != 2 {
		t.Errorf("error is %v", err)
	}
}

func TestProvidersWithoutACloudAreManagedAndOthersAreSaidToBeLeftOut(t *testing.T) {
	t.Parallel()
	local, foreign := instance("random_id", "a", `{"id":"x"}`), instance("google_storage_bucket", "b", `{"id":"y"}`)
	local.Provider, foreign.Provider = "registry.terraform.io/hashicorp/random", "registry.terraform.io/hashicorp/google"
	c := &cloud{instances: []drift.Instance{local, foreign, foreign}}
	r := c.scan(t, nil)
	if len(r.Managed) != 3 || len(r.Skipped) != 1 || r.Skipped[0].What != "resources of registry.terraform.io/hashicorp/google" {
		t.Errorf("managed %d, skipped %+v", len(r.Managed), r.Skipped)
	}
}

func TestDeposedObjectIsNeitherUnmanagedNorRead(t *testing.T) {
	t.Parallel()
	deposed := instance("aws_vpc", "a", `{"id":"vpc-1"}`)
	deposed.Deposed = "abcd1234"
	c := &cloud{listed: []drift.Listed{listed("aws_vpc", "vpc-1")}, instances: []drift.Instance{deposed}}
	if r := c.scan(t, nil); len(r.Unmanaged) != 0 || c.reads.Load() != 0 {
		t.Errorf("unmanaged %v, reads %d", ids(r.Unmanaged), c.reads.Load())
	}
}

func TestImportKeepsWhatCannotBeReadAndDropsWhatIsGone(t *testing.T) {
	t.Parallel()
	c := &cloud{
		listed:     []drift.Listed{listed("aws_vpc", "ok"), listed("aws_vpc", "crash"), listed("aws_vpc", "gone")},
		now:        map[string]string{"gone": "gone"},
		unreadable: map[string]error{"crash": &drift.Skipped{What: "aws_vpc crash", Reason: "the provider crashed"}},
	}
	r := c.scan(t, nil)
	found, err := scanner.Import(t.Context(), r, c, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"aws_vpc crash", "aws_vpc ok"}, ids(r.Unmanaged)); diff != "" {
		t.Errorf("unmanaged (-want +got):\n%s", diff)
	}
	if len(found) != 1 || found[0].ImportID != "ok" || len(r.Skipped) != 1 || r.Skipped[0].ImportID != "crash" {
		t.Errorf("found %v, skipped %+v", found, r.Skipped)
	}
}

func TestCancelledScanIsAnError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := &cloud{}
	_, err := scanner.Scan(ctx, scanner.Options{Instances: c.states(), Inventory: c, Reader: c, Identify: identify})
	if err == nil {
		t.Error("a cancelled scan gave a report")
	}
}

func TestIgnore(t *testing.T) {
	t.Parallel()
	ignore, err := scanner.ParseIgnore(".driftignore", strings.NewReader(strings.Join([]string{
		"# a comment", "", "aws_iam_*.*", "!aws_iam_role.keep", "aws_s3_bucket.a\\.b\\*", "aws_sqs_queue", "*.shared/*", "aws_kms_key.1?3",
	}, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	for resource, want := range map[string]bool{
		"aws_iam_user x": true, "aws_iam_role keep": false, "aws_iam_role other": true,
		"aws_s3_bucket a.b*": true, "aws_s3_bucket aXb*": false, "aws_s3_bucket a.bc": false,
		"aws_sqs_queue https://q": true, "aws_ssm_parameter shared/a/b": true, "aws_kms_key 123": true, "aws_kms_key 1234": false,
		"aws_vpc vpc-1": false,
	} {
		typ, id, _ := strings.Cut(resource, " ")
		if _, got := ignore.Match(typ, id); got != want {
			t.Errorf("%s: ignored %t, want %t", resource, got, want)
		}
	}
	for typ, want := range map[string]bool{"aws_iam_user": true, "aws_iam_role": false, "aws_sqs_queue": true, "aws_s3_bucket": false, "aws_vpc": false} {
		if got := ignore.WholeType(typ); got != want {
			t.Errorf("whole type %s: %t, want %t", typ, got, want)
		}
	}
}

func TestIgnoreTellsEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := scanner.ParseIgnore("rules", strings.NewReader(".x\naws_vpc\n!.y\n"))
	if err == nil || !strings.Contains(err.Error(), "rules:1:") || !strings.Contains(err.Error(), "rules:3:") {
		t.Errorf("error is %v", err)
	}
}

func BenchmarkMatch(b *testing.B) {
	const n = 100_000
	c := &cloud{}
	for i := range n {
		c.listed = append(c.listed, listed("aws_vpc", fmt.Sprintf("vpc-%d", i)))
		if i%2 == 0 {
			c.instances = append(c.instances, instance("aws_vpc", fmt.Sprint("n", i), fmt.Sprintf(`{"id":"vpc-%d"}`, i)))
		}
	}
	for b.Loop() {
		report, err := scanner.Scan(b.Context(), scanner.Options{Instances: c.states(), Inventory: c, Reader: c, Identify: identify, Account: "1", Region: "eu-west-1"})
		if err != nil || len(report.Unmanaged) != n/2 {
			b.Fatalf("%v, %d unmanaged", err, len(report.Unmanaged))
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "resources/s")
}
