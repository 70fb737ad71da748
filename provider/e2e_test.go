//go:build unix

package provider

import (
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"google.golang.org/protobuf/proto"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// needsPeers skips a test that needs the real AWS provider and moto, unless it was asked for.
func needsPeers(t testing.TB) {
	t.Helper()
	if os.Getenv("DRIFTLINE_E2E") == "" {
		t.Skip("needs DRIFTLINE_E2E=1, terraform, the AWS provider and moto: make e2e")
	}
}

// missing skips or fails for want of a peer.
func missing(t testing.TB, peer string) {
	t.Helper()
	if os.Getenv("DRIFTLINE_REQUIRE_PEERS") == "1" {
		t.Fatalf("%s is missing", peer)
	}
	t.Skipf("%s is missing", peer)
}

// mirror is the root of a filesystem mirror with the AWS provider in it.
func mirror(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("TF_PLUGIN_MIRROR"); dir != "" {
		return dir
	}
	const inMirror = "registry.terraform.io/hashicorp/aws"
	found := ""
	skip := map[string]bool{"/proc": true, "/sys": true, "/dev": true, filepath.Clean(os.TempDir()): true, "/tmp": true}
	_ = filepath.WalkDir("/", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir() && skip[path]:
			return fs.SkipDir
		case found != "":
			return fs.SkipAll
		case entry.IsDir() && strings.HasSuffix(path, inMirror):
			found = strings.TrimSuffix(path, inMirror)
			return fs.SkipAll
		}
		return nil
	})
	if found == "" {
		missing(t, "a filesystem mirror with the AWS provider (TF_PLUGIN_MIRROR)")
	}
	return found
}

// awsEnviron is an environment in which terraform finds the mirror, and AWS is a fresh moto.
func awsEnviron(t testing.TB) (environ []string, endpoint string) {
	t.Helper()
	if _, err := exec.LookPath("terraform"); err != nil {
		missing(t, "terraform")
	}
	cli := filepath.Join(t.TempDir(), "cli.tfrc")
	quoted, _ := json.Marshal(mirror(t))
	content := "provider_installation {\n  filesystem_mirror {\n    path = " + string(quoted) + "\n  }\n}\n"
	if err := os.WriteFile(cli, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	endpoint = startMoto(t)
	return append(os.Environ(), "TF_CLI_CONFIG_FILE="+cli, "AWS_ENDPOINT_URL="+endpoint,
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true"), endpoint
}

func startMoto(t testing.TB) string {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		missing(t, "moto_server")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, port, _ := net.SplitHostPort(address)
	moto := exec.Command("moto_server", "-H", "127.0.0.1", "-p", port)
	if err := moto.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		moto.Process.Kill()
		_ = moto.Wait()
	})
	for range 300 {
		if answer, err := http.Get("http://" + address + "/moto-api/"); err == nil {
			answer.Body.Close()
			return "http://" + address
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("moto does not answer")
	return ""
}

// aws runs the AWS command line against moto and returns what it prints.
func aws(t testing.TB, environ []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("aws", args...)
	cmd.Env = environ
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("aws %v: %v", args, err)
	}
	return strings.TrimSpace(string(out))
}

// awsConfig is what a person would write of a resource: every attribute that may be set and is not empty or computed
// from another.
func awsConfig(block *tfjson.SchemaBlock, value cty.Value, leave ...string) cty.Value {
	config := value.AsValueMap()
	for name, attribute := range block.Attributes {
		if !attribute.Optional && !attribute.Required || slices.Contains(leave, name) {
			config[name] = cty.NullVal(drift.AttributeType(attribute))
		}
	}
	return cty.ObjectVal(config)
}

func TestRealAWS(t *testing.T) {
	needsPeers(t)
	environ, _ := awsEnviron(t)
	ctx := t.Context()
	began := time.Now()
	fleet := New(Options{Environ: environ, Account: "123456789012"})
	defer func() {
		if err := fleet.Close(); err != nil {
			t.Error(err)
		}
	}()

	version, err := fleet.Open(ctx, drift.AWS)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("version %s open after %s", version, time.Since(began))
	schema, err := fleet.Schema(ctx, drift.AWS, "aws_vpc")
	if err != nil {
		t.Fatal(err)
	}
	if !schema.Block.Attributes["cidr_block"].Optional || !schema.Block.Attributes["arn"].Computed {
		t.Error("the schema of aws_vpc is not as documented")
	}

	id := aws(t, environ, "ec2", "create-vpc", "--cidr-block", "10.9.0.0/16", "--query", "Vpc.VpcId", "--output", "text",
		"--tag-specifications", "ResourceType=vpc,Tags=[{Key=Name,Value=main}]")
	vpc := drift.Resource{Provider: drift.AWS, Type: "aws_vpc", ImportID: id, Account: "123456789012", Region: "us-east-1"}
	object, err := fleet.Import(ctx, vpc)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("first import after %s", time.Since(began))
	if got := object.Value.GetAttr("cidr_block"); !got.RawEquals(cty.StringVal("10.9.0.0/16")) {
		t.Errorf("cidr_block is %#v", got)
	}

	// The same, as code: the provider must say that it changes nothing, and that another range makes another VPC.
	config := awsConfig(schema.Block, object.Value, "tags_all", "id", "ipv6_netmask_length", "ipv6_ipam_pool_id", "ipv6_cidr_block",
		"ipv6_cidr_block_network_border_group", "ipv4_ipam_pool_id", "assign_generated_ipv6_cidr_block")
	diagnostics, err := fleet.Validate(ctx, vpc, config)
	if err != nil || slices.ContainsFunc(diagnostics, func(d drift.Diagnostic) bool { return d.Error }) {
		t.Fatalf("validate: %v, %v", diagnostics, err)
	}
	planned, err := fleet.Plan(ctx, vpc, object, config)
	if err != nil {
		t.Fatal(err)
	}
	if !planned.Value.RawEquals(object.Value) || planned.RequiresReplace != nil {
		t.Errorf("not a plan of nothing:\n%#v\n%#v", planned.Value, object.Value)
	}
	values := config.AsValueMap()
	values["cidr_block"] = cty.StringVal("10.10.0.0/16")
	planned, err = fleet.Plan(ctx, vpc, object, cty.ObjectVal(values))
	if err != nil || !slices.ContainsFunc(planned.RequiresReplace, cty.GetAttrPath("cidr_block").Equals) {
		t.Errorf("plan of another range: %#v, %v", planned.RequiresReplace, err)
	}
	planned, err = fleet.Plan(ctx, vpc, drift.Object{}, config)
	if err != nil || planned.Value.GetAttr("arn").IsKnown() {
		t.Errorf("plan of a creation: %#v, %v", planned.Value, err)
	}

	// What a state says of it, refreshed.
	attributes, err := ctyjson.Marshal(object.Value, object.Value.Type())
	if err != nil {
		t.Fatal(err)
	}
	instance := drift.Instance{Resource: vpc, Address: drift.Address{Type: "aws_vpc", Name: "main"}, Attributes: attributes,
		SchemaVersion: schema.Version, Private: object.Private}
	aws(t, environ, "ec2", "create-tags", "--resources", id, "--tags", "Key=Name,Value=other")
	refreshed, err := fleet.Refresh(ctx, instance)
	if err != nil {
		t.Fatal(err)
	}
	if !refreshed.Before.RawEquals(object.Value) || refreshed.After.GetAttr("tags").Index(cty.StringVal("Name")).AsString() != "other" {
		t.Errorf("refreshed: %#v", refreshed)
	}
	aws(t, environ, "ec2", "delete-vpc", "--vpc-id", id)
	if refreshed, err = fleet.Refresh(ctx, instance); err != nil || !refreshed.After.IsNull() {
		t.Errorf("a VPC that was deleted: %#v, %v", refreshed.After, err)
	}
	if object, err := fleet.Import(ctx, vpc); err != nil || !object.Value.IsNull() {
		t.Errorf("import of nothing: %#v, %v", object.Value, err)
	}

	// Credentials of another account see nothing: that must not be taken for "deleted".
	foreign := vpc
	foreign.Account = "999999999999"
	_, err = fleet.Import(ctx, foreign)
	contains(t, skipped(t, err).Reason, "AWS account ID not allowed")
	contains(t, skipped(t, err).Remedy, "credentials of this account")
}

// Importing a classic load balancer from moto really crashes version 5.100 of the provider.
func TestRealCrash(t *testing.T) {
	needsPeers(t)
	environ, _ := awsEnviron(t)
	fleet := New(Options{Environ: environ})
	defer fleet.Close()
	aws(t, environ, "elb", "create-load-balancer", "--load-balancer-name", "classic", "--availability-zones", "us-east-1a",
		"--listeners", "Protocol=HTTP,LoadBalancerPort=80,InstanceProtocol=HTTP,InstancePort=80")
	resources := []drift.Resource{{Provider: drift.AWS, Type: "aws_elb", ImportID: "classic", Region: "us-east-1"}}
	vpcs := aws(t, environ, "ec2", "describe-subnets", "--query", "Subnets[].SubnetId", "--output", "text")
	for _, id := range strings.Fields(vpcs) {
		resources = append(resources, drift.Resource{Provider: drift.AWS, Type: "aws_subnet", ImportID: id, Region: "us-east-1"})
	}
	failed := make([]error, len(resources))
	var wait sync.WaitGroup
	for i, resource := range resources {
		wait.Go(func() { _, failed[i] = fleet.Import(t.Context(), resource) })
	}
	wait.Wait()
	contains(t, skipped(t, failed[0]).Reason, "provider hashicorp/aws", "crashed (panic: runtime error", "import it")
	for i, err := range failed[1:] {
		if err != nil {
			t.Errorf("%s: %v", resources[i+1].ImportID, err)
		}
	}
}

// BenchmarkRealSchema measures what lazy decoding saves: the whole AWS schema message, ten types, and all of them.
func BenchmarkRealSchema(b *testing.B) {
	needsPeers(b)
	environ, _ := awsEnviron(b)
	fleet := New(Options{Environ: environ})
	defer fleet.Close()
	if _, err := fleet.Open(b.Context(), drift.AWS); err != nil {
		b.Fatal(err)
	}
	binary, err := fleet.binary(b.Context(), choose(fleet.opts, drift.AWS, ""))
	if err != nil {
		b.Fatal(err)
	}
	wire := fleet.cache(binary).wire
	data, err := proto.Marshal(wire)
	if err != nil {
		b.Fatal(err)
	}
	var types []string
	for typ := range wire.GetResourceSchemas() {
		types = append(types, typ)
	}
	slices.Sort(types)
	b.Logf("%d types, %d bytes", len(types), len(data))
	for name, n := range map[string]int{"none": 0, "ten": 10, "all": len(types)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var answer tfplugin.GetSchemaResponse
				if err := (leanCodec{}).Unmarshal(data, &answer); err != nil {
					b.Fatal(err)
				}
				for _, typ := range types[:n] {
					if _, err := decodeSchema(answer.GetResourceSchemas()[typ]); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
