package state

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/fsouza/fake-gcs-server/fakestorage"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// s3Fault is what a real S3 says and gofakes3 never does.
type s3Fault struct {
	status        int
	code, message string
}

var s3Faults = map[string]s3Fault{
	"denied":   {403, "AccessDenied", "User: arn:aws:sts::111122223333:assumed-role/ci is not authorized to perform: s3:GetObject"},
	"kms":      {403, "AccessDenied", "User: arn:aws:sts::111122223333:assumed-role/ci is not authorized to perform: kms:Decrypt on resource"},
	"ssec":     {400, "InvalidRequest", "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object."},
	"expired":  {400, "ExpiredToken", "The provided token has expired."},
	"keyid":    {403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."},
	"redirect": {301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint."},
	"region":   {400, "AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-1'"},
	"frozen":   {403, "InvalidObjectState", "The operation is not valid for the object's storage class"},
}

// fakeS3 serves a bucket named states, with faults for keys below faults/.
func fakeS3(t testing.TB, files map[string]string) *httptest.Server {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("states"); err != nil {
		t.Fatal(err)
	}
	for key, content := range files {
		if _, err := backend.PutObject("states", key, nil, strings.NewReader(content), int64(len(content)), nil); err != nil {
			t.Fatal(err)
		}
	}
	next := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, isFault := strings.CutPrefix(r.URL.Path, "/states/faults/")
		fault, known := s3Faults[name]
		if strings.HasPrefix(r.URL.Query().Get("prefix"), "shut/") {
			fault, known = s3Faults["denied"], true
		}
		switch {
		case known:
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(fault.status)
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", fault.code, fault.message)
		case isFault && name == "broken":
			w.Header().Set("Content-Length", "100000")
			_, _ = io.WriteString(w, one("early")[:40])
			if flusher, ok := w.(http.Flusher); ok {
				flusher.Flush()
			}
			panic(http.ErrAbortHandler)
		case isFault && name == "stalled":
			w.Header().Set("Content-Length", "100000")
			_, _ = io.WriteString(w, one("early")[:40])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		default:
			next.ServeHTTP(w, r)
		}
	}))
	server.Config.ErrorLog = nil
	t.Cleanup(server.Close)
	return server
}

func s3URL(server *httptest.Server, path string) string {
	return "s3://states/" + path + "?region=us-east-1&anonymous=true&endpoint=" + url.QueryEscape(server.URL)
}

func TestS3(t *testing.T) {
	t.Parallel()
	server := fakeS3(t, map[string]string{
		"net/terraform.tfstate": one("net"), "env:/prod/net/terraform.tfstate": one("prod"), "app.tfstate": one("app"),
	})
	want(t, gather(t, mustParse(t, s3URL(server, "app.tfstate"), s3URL(server, "**/*.tfstate"), s3URL(server, "none"), s3URL(server, "none/"),
		strings.Replace(s3URL(server, "x"), "states", "nobucket", 1)), Options{}),
		`s3://states/app.tfstate: {"id":"app"}`,
		`s3://states/env:/prod/net/terraform.tfstate: {"id":"prod"}`,
		`s3://states/net/terraform.tfstate: {"id":"net"}`,
		"skipped s3://states/none: there is no such state",
		"skipped s3://states/none/: nothing matches",
		"skipped s3://nobucket/x: there is no such bucket or container")
}

// A listing longer than one page (1,000 keys) is read to its end.
func TestS3ListsAllPages(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range 1201 {
		files[fmt.Sprintf("%04d.tfstate", i)] = one("x")
	}
	got := gather(t, mustParse(t, s3URL(fakeS3(t, files), "")), Options{})
	if len(got) != len(files) {
		t.Errorf("%d of %d, the last %v", len(got), len(files), got[max(0, len(got)-1):])
	}
}

func TestS3Faults(t *testing.T) {
	t.Parallel()
	server := fakeS3(t, map[string]string{"ok": one("ok")})
	for name, wanted := range map[string]string{
		"denied":   "access denied: AccessDenied: User: arn:aws:sts::111122223333:assumed-role/ci is not",
		"kms":      "access to the KMS key that encrypts it was denied",
		"ssec":     "it is encrypted with a customer-provided key",
		"expired":  "the service rejects the credentials: ExpiredToken",
		"keyid":    "the service rejects the credentials: InvalidAccessKeyId",
		"redirect": "the region is missing or not the bucket's own",
		"region":   "the region is missing or not the bucket's own",
		"frozen":   "access denied: InvalidObjectState",
		"broken":   "the connection broke before the end of the state",
		"stalled":  "the storage service did not answer in time",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := Options{}
			if name == "stalled" {
				opts.StepTimeout = 500 * time.Millisecond
			}
			got := gather(t, mustParse(t, s3URL(server, "faults/"+name)), opts)
			if len(got) != 1 || !strings.HasPrefix(got[0], "skipped s3://states/faults/"+name+": "+wanted) {
				t.Errorf("got  %q\nwant %s", got, wanted)
			}
		})
	}
}

// The backend of a checkout, with a workspace, in a bucket behind an endpoint.
func TestS3Backend(t *testing.T) {
	t.Parallel()
	server := fakeS3(t, map[string]string{
		"net.tfstate": one("default"), "env:/prod/net.tfstate": one("prod"), "env:/a/b/net.tfstate": one("not ours"), "env:/prod/other.tfstate": one("not ours"),
		"env:/only/spaces.tfstate": one("only"),
	})
	dir := t.TempDir()
	block := "terraform {\n backend \"s3\" {\n key = %q\n access_key = \"AKIAEXAMPLE\"\n secret_key = \"s3cr3t\"\n }\n}\n"
	write(t, dir+"/net/main.tf", fmt.Sprintf(block, "net.tfstate"))
	write(t, dir+"/spaces/main.tf", fmt.Sprintf(block, "spaces.tfstate"))
	write(t, dir+"/never/main.tf", fmt.Sprintf(block, "never.tfstate"))
	_, sources, skipped := Roots(t.Context(), dir, "bucket=states", "region=us-east-1", "endpoint="+server.URL)
	if len(skipped) > 0 {
		t.Fatal(skipped[0])
	}
	want(t, gather(t, sources, Options{}),
		`s3://states/env:/prod/net.tfstate: {"id":"prod"} of net`,
		`s3://states/net.tfstate: {"id":"default"} of net`,
		"skipped s3://states/never.tfstate: there is no such state",
		`s3://states/env:/only/spaces.tfstate: {"id":"only"} of spaces`)
}

// Without permission to list, the default workspace is read, and the others are known to be unknown.
func TestS3BackendThatCannotBeListed(t *testing.T) {
	t.Parallel()
	server := fakeS3(t, map[string]string{"net.tfstate": one("default")})
	dir := t.TempDir()
	write(t, dir+"/main.tf", `terraform {
  backend "s3" {
    bucket               = "states"
    key                  = "net.tfstate"
    region               = "us-east-1"
    workspace_key_prefix = "shut"
    access_key           = "AKIAEXAMPLE"
    secret_key           = "x"
    endpoint             = "`+server.URL+`"
  }
}`)
	_, sources, _ := Roots(t.Context(), dir)
	got := gather(t, sources, Options{})
	if len(got) != 2 || !strings.HasPrefix(got[0], "skipped s3://states/net.tfstate: access denied: its workspaces cannot be listed: AccessDenied") ||
		got[1] != `s3://states/net.tfstate: {"id":"default"} of .` {
		t.Errorf("%q", got)
	}
}

// A backend's role is assumed with STS, and the bucket is read with what STS hands out.
func TestS3AssumesRole(t *testing.T) {
	t.Parallel()
	s3 := fakeS3(t, map[string]string{"k": one("x")})
	var asked, signed atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			signed.Store(strings.Contains(r.Header.Get("Authorization"), "ASIAROLE"))
			s3.Config.Handler.ServeHTTP(w, r)
			return
		}
		_ = r.ParseForm()
		asked.Store(r.Form.Get("RoleArn") == "arn:aws:iam::111122223333:role/states" && r.Form.Get("ExternalId") == "ext" && r.Form.Get("Policy") == onlyStates)
		fmt.Fprint(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>`+
			`<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>y</SessionToken>`+
			`<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	write(t, dir+"/main.tf", `terraform {
  backend "s3" {
    bucket     = "states"
    key        = "k"
    region     = "us-east-1"
    access_key = "AKIAEXAMPLE"
    secret_key = "x"
    endpoints = {
      s3  = "`+server.URL+`"
      sts = "`+server.URL+`"
    }
    assume_role = {
      role_arn    = "arn:aws:iam::111122223333:role/states"
      external_id = "ext"
    }
  }
}`)
	_, sources, _ := Roots(t.Context(), dir)
	want(t, gather(t, sources, Options{}), `s3://states/k: {"id":"x"} of .`)
	if !asked.Load() || !signed.Load() {
		t.Errorf("STS asked: %v, bucket read as the role: %v", asked.Load(), signed.Load())
	}
}

func TestS3RoleThatIsRefused(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`)
	}))
	t.Cleanup(server.Close)
	source := mustParse(t, "s3://states/k?region=us-east-1")[0]
	source.args = backendArgs{accessKey: "AKIAEXAMPLE", secretKey: "x", role: assumeRole{arn: "arn:aws:iam::111122223333:role/states", endpoint: server.URL}}
	want(t, gather(t, []Source{source}, Options{}),
		"skipped s3://states/k: the AWS role of its backend cannot be assumed: AccessDenied: not authorized to perform: sts:AssumeRole")

	source.args.role.endpoint = "http://sts.invalid"
	want(t, gather(t, []Source{source}, Options{}),
		"skipped s3://states/k: its endpoint is plain http on another host: credentials and state would travel unencrypted: AWS STS")
}

// withoutAWS takes everything away that the SDK could find credentials or settings in.
func withoutAWS(t *testing.T) {
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
			os.Unsetenv(name)
		}
	}
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
}

// AWS_ENDPOINT_URL, AWS_REGION and keys from the environment are enough. localhost needs path style, which no
// environment variable can ask for.
func TestS3FromEnvironment(t *testing.T) {
	withoutAWS(t)
	server := fakeS3(t, map[string]string{"k": one("x")})
	t.Setenv("AWS_ENDPOINT_URL", strings.Replace(server.URL, "127.0.0.1", "localhost", 1))
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	want(t, gather(t, mustParse(t, "s3://states/k"), Options{}), `s3://states/k: {"id":"x"}`)

	t.Setenv("AWS_REGION", "")
	want(t, gather(t, mustParse(t, "s3://states/k"), Options{}), "skipped s3://states/k: the region is missing or not the bucket's own")

	t.Setenv("AWS_ENDPOINT_URL", "http://s3.invalid")
	t.Setenv("AWS_REGION", "us-east-1")
	want(t, gather(t, mustParse(t, "s3://states/k"), Options{}),
		"skipped s3://states/k: its endpoint is plain http on another host: credentials and state would travel unencrypted")
}

// Without any credentials the SDK asks the instance metadata service; that must not take the run's time.
func TestS3WithoutCredentials(t *testing.T) {
	withoutAWS(t)
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://"+blackHole(t))
	start := time.Now()
	want(t, gather(t, mustParse(t, "s3://states/k?region=us-east-1", "s3://states/l?region=us-east-1"), Options{CredentialTimeout: time.Second}),
		"skipped s3://states/k: no usable credentials were found",
		"skipped s3://states/l: no usable credentials were found")
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v to find that there are no credentials", took)
	}
}

// blackHole is the address of a server that accepts and never answers.
func blackHole(t *testing.T) string {
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-done }))
	t.Cleanup(func() { close(done); server.Close() })
	return strings.TrimPrefix(server.URL, "http://")
}

func TestInsecureEndpointsAreRefused(t *testing.T) {
	t.Parallel()
	refused := "its endpoint is plain http on another host: credentials and state would travel unencrypted"
	env := func(name, value string) Options {
		return Options{StepTimeout: time.Second, Getenv: func(n string) string {
			if n == name {
				return value
			}
			return ""
		}}
	}
	for _, tt := range []struct {
		url  string
		opts Options
	}{
		{"s3://b/k?region=r&anonymous=true&endpoint=http://s3.invalid", Options{}},
		{"s3://b/k?region=r&anonymous=true&disable_https=true", Options{}},
		{"gs://b/k?anonymous=true", env("STORAGE_EMULATOR_HOST", "gcs.invalid:80")},
		{"azblob://c/k?storage_account=a&protocol=http", Options{}},
		{"azblob://c/k?storage_account=a&protocol=http&domain=azure.invalid", Options{}},
		{"azblob://c/k?storage_account=a", env("AZURE_STORAGE_PROTOCOL", "http")},
	} {
		shown, _, _ := strings.Cut(tt.url, "?")
		want(t, gather(t, mustParse(t, tt.url), tt.opts), "skipped "+shown+": "+refused)
	}
	allowed := Options{AllowInsecureEndpoint: true, StepTimeout: 10 * time.Second}
	got := gather(t, mustParse(t, "s3://b/k?region=r&anonymous=true&endpoint=http://s3.invalid"), allowed)
	if len(got) != 1 || !strings.Contains(got[0], "cannot be reached") {
		t.Errorf("allowed: %q", got)
	}
}

func TestUnreachableEndpoint(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	got := gather(t, mustParse(t, s3URL(server, "k"), s3URL(server, "p/")), Options{})
	if len(got) != 2 || !strings.Contains(got[0], "k: the storage service cannot be reached: ") || !strings.Contains(got[1], "p/: the storage service cannot be reached: ") {
		t.Errorf("%q", got)
	}
}

func TestGCS(t *testing.T) {
	server, err := fakestorage.NewServerWithOptions(fakestorage.Options{
		Scheme: "http", Host: "127.0.0.1", PublicHost: "127.0.0.1", Writer: io.Discard,
		InitialObjects: []fakestorage.Object{
			{ObjectAttrs: fakestorage.ObjectAttrs{BucketName: "states", Name: "net/default.tfstate"}, Content: []byte(one("default"))},
			{ObjectAttrs: fakestorage.ObjectAttrs{BucketName: "states", Name: "net/prod.tfstate"}, Content: []byte(one("prod"))},
			{ObjectAttrs: fakestorage.ObjectAttrs{BucketName: "states", Name: "net/prod.tflock"}, Content: []byte("{}")},
			{ObjectAttrs: fakestorage.ObjectAttrs{BucketName: "states", Name: "net/sub/default.tfstate"}, Content: []byte(one("sub"))},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	host := strings.TrimPrefix(server.URL(), "http://")
	t.Setenv("STORAGE_EMULATOR_HOST", host)
	opts := Options{StepTimeout: 10 * time.Second, Getenv: os.Getenv}

	dir := t.TempDir()
	write(t, dir+"/net/main.tf", "terraform {\n backend \"gcs\" {\n bucket = \"states\"\n prefix = \"net\"\n }\n}\n")
	_, sources, _ := Roots(t.Context(), dir)
	want(t, gather(t, sources, opts),
		`gs://states/net/prod.tfstate: {"id":"prod"} of net`,
		`gs://states/net/default.tfstate: {"id":"default"} of net`)
	opts.Roots = sources
	want(t, gather(t, mustParse(t, "gs://states/**/*.tfstate", "gs://states/none", "gs://nobucket/x"), opts),
		`gs://states/net/default.tfstate: {"id":"default"} of net`,
		`gs://states/net/prod.tfstate: {"id":"prod"} of net`,
		`gs://states/net/sub/default.tfstate: {"id":"sub"}`,
		"skipped gs://states/none: there is no such state",
		"skipped gs://nobucket/x: there is no such state")
}

// azureKey is the key of the accounts that these tests make up.
var azureKey = base64.StdEncoding.EncodeToString([]byte("the key of a made-up account"))

// azureEnv is an account with a key, and nothing else.
func azureEnv(name string) string {
	return map[string]string{"AZURE_STORAGE_ACCOUNT": "devstoreaccount1", "AZURE_STORAGE_KEY": azureKey}[name]
}

// A stand-in for Azure's storage: one blob, and the error codes that the service documents.
func TestAzure(t *testing.T) {
	t.Parallel()
	faults := map[string]struct {
		status int
		code   string
	}{
		"denied": {403, "AuthorizationPermissionMismatch"}, "none": {404, "BlobNotFound"}, "nocontainer": {404, "ContainerNotFound"},
		"cpk": {409, "BlobUsesCustomerSpecifiedEncryption"}, "key": {403, "AuthenticationFailed"},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if f, ok := faults[name]; ok {
			w.Header().Set("x-ms-error-code", f.code)
			w.WriteHeader(f.status)
			return
		}
		if r.URL.Path != "/devstoreaccount1/c/k" || !strings.HasPrefix(r.Header.Get("Authorization"), "SharedKey devstoreaccount1:") {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		w.Header().Set("Last-Modified", time.Unix(0, 0).UTC().Format(http.TimeFormat))
		w.Header().Set("ETag", `"1"`)
		_, _ = io.WriteString(w, one("x"))
	}))
	t.Cleanup(server.Close)
	query := "?protocol=http&domain=" + strings.TrimPrefix(server.URL, "http://")
	var urls []string
	for _, key := range []string{"k", "denied", "none", "nocontainer", "cpk", "key"} {
		urls = append(urls, "azblob://c/"+key+query)
	}
	want(t, gather(t, mustParse(t, urls...), Options{Getenv: azureEnv}),
		`azblob://c/k: {"id":"x"}`,
		"skipped azblob://c/denied: access denied: AuthorizationPermissionMismatch",
		"skipped azblob://c/none: there is no such state",
		"skipped azblob://c/nocontainer: there is no such bucket or container",
		"skipped azblob://c/cpk: it is encrypted with a customer-provided key (SSE-C or CSEK), which cannot be passed here: BlobUsesCustomerSpecifiedEncryption",
		"skipped azblob://c/key: the service rejects the credentials: AuthenticationFailed")

	none := Options{Getenv: func(string) string { return "" }}
	want(t, gather(t, mustParse(t, "azblob://c/k"), none), "skipped azblob://c/k: no storage account is named")
}

// A SAS token is sent and never shown.
func TestAzureSASToken(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	env := func(name string) string {
		return map[string]string{"AZURE_STORAGE_ACCOUNT": "a", "AZURE_STORAGE_SAS_TOKEN": "?sv=2020&sig=s3cr3t"}[name]
	}
	got := gather(t, mustParse(t, "azblob://c/k?protocol=http&domain="+strings.TrimPrefix(server.URL, "http://")), Options{Getenv: env})
	if len(got) != 1 || !strings.Contains(got[0], "cannot be reached") || strings.Contains(got[0], "s3cr3t") {
		t.Errorf("%q", got)
	}
}

// The azurerm backend against the real emulator.
func TestAzurite(t *testing.T) {
	t.Parallel()
	if os.Getenv("DRIFTLINE_E2E") == "" {
		t.Skip("needs DRIFTLINE_E2E=1 and azurite: make e2e")
	}
	domain := azurite(t)
	dir := t.TempDir()
	write(t, dir+"/net/main.tf", `terraform {
  backend "azurerm" {
    storage_account_name = "devstoreaccount1"
    container_name       = "states"
    key                  = "net.tfstate"
  }
}`)
	_, sources, _ := Roots(t.Context(), dir)
	for name, value := range map[string]string{"protocol": "http", "domain": domain} {
		sources[0].query.Set(name, value)
	}
	opts := Options{Getenv: azureEnv}.withDefaults()
	bucket, err := open(t.Context(), &sources[0], sources[0].base, opts)
	if err != nil {
		t.Fatal(err)
	}
	var client *container.Client
	if !bucket.As(&client) {
		t.Fatal("no container client")
	}
	if _, err := client.Create(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for key, content := range map[string]string{"net.tfstate": one("default"), "net.tfstateenv:prod": one("prod"), "other.tfstate": "nonsense"} {
		if err := bucket.WriteAll(t.Context(), key, []byte(content), nil); err != nil {
			t.Fatal(err)
		}
	}
	want(t, gather(t, sources, opts),
		`azblob://states/net.tfstateenv:prod: {"id":"prod"} of net`,
		`azblob://states/net.tfstate: {"id":"default"} of net`)
	query := "?protocol=http&domain=" + domain
	want(t, gather(t, mustParse(t, "azblob://states/*.tfstate"+query, "azblob://none/x"+query), opts),
		`azblob://states/net.tfstate: {"id":"default"}`,
		"skipped azblob://states/other.tfstate: the file is not JSON: invalid character 'o' in literal null (expecting 'u'), at byte 2",
		"skipped azblob://none/x: there is no such bucket or container")
}

// azurite starts the emulator, from PATH or by npx, and answers with host and port.
func azurite(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, port, _ := net.SplitHostPort(address)
	command := []string{"npx", "--yes", "--package", "azurite@3.37.0", "azurite-blob"}
	if path, err := exec.LookPath("azurite-blob"); err == nil {
		command = []string{path}
	}
	command = append(command, "--disableTelemetry", "--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--blobHost", "127.0.0.1", "--blobPort", port)
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "AZURITE_ACCOUNTS=devstoreaccount1:"+azureKey)
	if err := cmd.Start(); err != nil {
		if os.Getenv("DRIFTLINE_REQUIRE_PEERS") == "1" {
			t.Fatal("azurite is missing: ", err)
		}
		t.Skip("needs azurite: ", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for range 240 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return address
		}
		time.Sleep(250 * time.Millisecond)
	}
	t.Fatal("azurite does not listen on ", address)
	return ""
}
