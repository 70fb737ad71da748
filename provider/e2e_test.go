//go:build unix

package provider

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/zclconf/go-cty/cty"
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
	filepath.WalkDir("/", func(path string, entry fs.DirEntry, err error) error {
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
		moto.Wait()
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

func TestRealAWS(t *testing.T) {
	needsPeers(t)
	environ, _ := awsEnviron(t)
	ctx := context.Background()
	var log io.Writer
	if testing.Verbose() {
		log = testWriter{t}
	}
	began := time.Now()
	fleet := New(Options{Environ: environ, Log: log})
	defer fleet.Close()

	schema, err := fleet.Schema(ctx, drift.AWS, "aws_vpc")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("schema after %s", time.Since(began))
	if !schema.Block.Attributes["cidr_block"].Optional {
		t.Error("cidr_block is not optional")
	}
	id := aws(t, environ, "ec2", "create-vpc", "--cidr-block", "10.9.0.0/16", "--query", "Vpc.VpcId", "--output", "text")
	vpc := drift.Resource{Provider: drift.AWS, Type: "aws_vpc", ImportID: id, Account: "123456789012", Region: "us-east-1"}
	object, err := fleet.Import(ctx, vpc)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("imported after %s", time.Since(began))
	if got := object.Value.GetAttr("cidr_block"); !got.RawEquals(cty.StringVal("10.9.0.0/16")) {
		t.Errorf("cidr_block is %#v", got)
	}
	gone := vpc
	gone.ImportID = "vpc-0123456789abcdef0"
	missing, err := fleet.Import(ctx, gone)
	if err != nil || !missing.Value.IsNull() {
		t.Errorf("import of nothing: %#v, %v", missing.Value, err)
	}
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(data []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(data)))
	return len(data), nil
}
