package state

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
	gcaws "gocloud.dev/aws"
	"gocloud.dev/blob"
	"gocloud.dev/blob/azureblob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/gcsblob"
	"gocloud.dev/blob/memblob"
	"gocloud.dev/blob/s3blob"
	"gocloud.dev/gcp"
	"google.golang.org/api/option"
)

// backendArgs are arguments of a backend block that a go-cloud URL has no parameter for. Some are secrets.
type backendArgs struct {
	accessKey, secretKey, token string
	role                        assumeRole
	gcsEndpoint                 string
	azureKey, azureSAS          string
}

// Secrets are the credentials that stand in backend blocks.
func Secrets(sources []Source) []string {
	var found []string
	for _, s := range sources {
		found = append(found, s.args.secretKey, s.args.token, s.args.azureKey, s.args.azureSAS)
	}
	return found
}

// assumeRole is the s3 backend's assume_role, or assume_role_with_web_identity when tokenFile is set.
type assumeRole struct {
	arn, sessionName, externalID, tokenFile string
	endpoint                                string // of STS; "" for the SDK's
}

// open opens a bucket without asking it anything. The SDKs' own openers would do, but for four things: go-cloud's
// GCS opener prints warnings to standard output and goes on without credentials, nobody bounds the search for
// credentials, nobody refuses plain http, and a backend may ask for a role.
func open(ctx context.Context, s *Source, base location, opts Options) (*blob.Bucket, error) {
	u := &url.URL{Scheme: s.scheme, Host: base.name, RawQuery: s.query.Encode()}
	if s.scheme == "file" {
		u.Host, u.Path = "", base.name
		if !strings.HasPrefix(u.Path, "/") {
			u.Path = "/" + u.Path // C:/states
		}
	}
	if opts.Buckets != nil && opts.Buckets.ValidBucketScheme(s.scheme) {
		return opts.Buckets.OpenBucketURL(ctx, u)
	}
	mux := new(blob.URLMux)
	mux.RegisterBucket(s3blob.Scheme, s3Opener{s.args, opts})
	mux.RegisterBucket(gcsblob.Scheme, gcsOpener{s.args, opts})
	mux.RegisterBucket(azureblob.Scheme, azureOpener{s.args, opts})
	mux.RegisterBucket(fileblob.Scheme, fileOpener{})
	mux.RegisterBucket(memblob.Scheme, &memblob.URLOpener{})
	return mux.OpenBucketURL(ctx, u)
}

type fileOpener struct{}

func (fileOpener) OpenBucketURL(ctx context.Context, u *url.URL) (*blob.Bucket, error) {
	bucket, err := (&fileblob.URLOpener{}).OpenBucketURL(ctx, u)
	if err != nil {
		c := causeMissingDir
		if strings.HasSuffix(err.Error(), "is not a directory") {
			c = cause{"it is below something that is not a directory", "remove the trailing /, or check the path"}
		}
		return nil, &failure{cause: c, err: err}
	}
	return bucket, nil
}

type s3Opener struct {
	args backendArgs
	opts Options
}

// OpenBucketURL takes the parameters of s3blob.URLOpener and gocloud.dev/aws.V2ConfigFromURLParams, and what the
// SDK's default configuration takes from the environment, AWS_ENDPOINT_URL and AWS_REGION among it.
func (o s3Opener) OpenBucketURL(ctx context.Context, u *url.URL) (*blob.Bucket, error) {
	q := u.Query()
	take := func(name string) string {
		v := q.Get(name)
		q.Del(name)
		return v
	}
	flag := func(name string) bool { v, _ := strconv.ParseBool(take(name)); return v }

	// For encryption on writing; nothing is written here.
	take("ssetype")
	take("kmskeyid")
	// s3.Options.BaseEndpoint and not the SDK's deprecated resolver, which V2ConfigFromURLParams would set up: that
	// one sends the requests to STS to the bucket's endpoint as well.
	endpoint := take("endpoint")
	accelerate, disableHTTPS := flag("accelerate"), flag("disable_https")
	pathStyle := flag("use_path_style")
	pathStyle = flag("s3ForcePathStyle") || pathStyle
	pathStyle = flag("hostname_immutable") || pathStyle
	anonymous, _ := strconv.ParseBool(q.Get("anonymous"))

	ctx, cancel := context.WithTimeout(ctx, o.opts.CredentialTimeout)
	defer cancel()
	cfg, err := gcaws.V2ConfigFromURLParams(ctx, q)
	if err != nil {
		return nil, &failure{cause: causeConfig, detail: clean(err), err: err}
	}
	cfg.HTTPClient = patient(cfg.HTTPClient)
	cfg.Logger = logging.Nop{} // it would print a line on standard error for each object without a checksum
	if err := o.credentials(ctx, &cfg, anonymous); err != nil {
		return nil, err
	}

	refused := false
	client := s3.NewFromConfig(cfg, func(c *s3.Options) {
		if endpoint != "" {
			c.BaseEndpoint = &endpoint
		}
		base := aws.ToString(c.BaseEndpoint)
		c.UseAccelerate = accelerate
		c.UsePathStyle = pathStyle || isLoopbackURL(base)
		c.EndpointOptions.DisableHTTPS = disableHTTPS
		refused = insecure(base) || (disableHTTPS && base == "")
	})
	switch {
	case refused && !o.opts.AllowInsecureEndpoint:
		return nil, &failure{cause: causeInsecure}
	case cfg.Region == "":
		return nil, &failure{cause: causeRegion}
	}
	return s3blob.OpenBucket(ctx, client, u.Host, nil)
}

// credentials puts the backend's own keys and role into cfg and makes sure that there are credentials at all:
// without this, each request on a machine without any asks the instance metadata service anew.
func (o s3Opener) credentials(ctx context.Context, cfg *aws.Config, anonymous bool) error {
	if o.args.accessKey != "" {
		cfg.Credentials = credentials.NewStaticCredentialsProvider(o.args.accessKey, o.args.secretKey, o.args.token)
	}
	if role := o.args.role; role.arn != "" {
		refused := false
		client := sts.NewFromConfig(*cfg, func(c *sts.Options) {
			if role.endpoint != "" {
				c.BaseEndpoint = &role.endpoint
			}
			refused = insecure(aws.ToString(c.BaseEndpoint))
		})
		if refused && !o.opts.AllowInsecureEndpoint {
			return &failure{cause: causeInsecure, detail: "AWS STS"}
		}
		cfg.Credentials = aws.NewCredentialsCache(role.provider(client))
	}
	if anonymous {
		return nil
	}
	if cfg.Credentials == nil {
		return &failure{cause: noCredentials("s3")}
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		if o.args.role.arn != "" {
			return &failure{cause: causeRole, detail: cmp.Or(answerOf(err).text(), clean(err)), err: err}
		}
		return &failure{cause: noCredentials("s3"), err: err}
	}
	return nil
}

// onlyStates is all that a backend's role may do in our hands, whatever Terraform may do with it.
const onlyStates = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion","s3:ListBucket",` +
	`"s3:GetBucketLocation","kms:Decrypt"],"Resource":"*"}]}`

func (r assumeRole) provider(client *sts.Client) aws.CredentialsProvider {
	name := r.sessionName
	if name == "" {
		name = "driftline"
	}
	if r.tokenFile != "" {
		return stscreds.NewWebIdentityRoleProvider(client, r.arn, stscreds.IdentityTokenFile(r.tokenFile),
			func(o *stscreds.WebIdentityRoleOptions) { o.RoleSessionName, o.Policy = name, aws.String(onlyStates) })
	}
	return stscreds.NewAssumeRoleProvider(client, r.arn, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName, o.Policy = name, aws.String(onlyStates)
		if r.externalID != "" {
			o.ExternalID = &r.externalID
		}
	})
}

// patient bounds connecting and waiting for response headers, and keeps what the configuration has set on the
// client, a CA bundle for one.
func patient(client aws.HTTPClient) aws.HTTPClient {
	b, ok := client.(*awshttp.BuildableClient)
	if client == nil {
		b, ok = awshttp.NewBuildableClient(), true
	}
	if !ok {
		return client
	}
	return b.WithDialerOptions(func(d *net.Dialer) { d.Timeout = 10 * time.Second }).
		WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = 30 * time.Second })
}

func isLoopbackURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Host != "" && loopback(u.Host)
}

type gcsOpener struct {
	args backendArgs
	opts Options
}

// OpenBucketURL takes the parameters of gcsblob.URLOpener, Application Default Credentials, and
// STORAGE_EMULATOR_HOST (host and port).
func (o gcsOpener) OpenBucketURL(ctx context.Context, u *url.URL) (*blob.Bucket, error) {
	emulator := o.opts.Getenv("STORAGE_EMULATOR_HOST")
	if (insecure(o.args.gcsEndpoint) || emulator != "" && !loopback(emulator)) && !o.opts.AllowInsecureEndpoint {
		return nil, &failure{cause: causeInsecure}
	}
	var gcsOptions gcsblob.Options
	if o.args.gcsEndpoint != "" {
		gcsOptions.ClientOptions = append(gcsOptions.ClientOptions, option.WithEndpoint(o.args.gcsEndpoint))
	}
	q := u.Query()
	anonymous, _ := strconv.ParseBool(q.Get("anonymous"))
	client := gcp.NewAnonymousHTTPClient(gcp.DefaultTransport())
	if emulator == "" && !anonymous && q.Get("access_id") != "-" {
		var err error
		if client, err = o.client(ctx); err != nil {
			return nil, err
		}
	}
	bucket, err := (&gcsblob.URLOpener{Client: client, Options: gcsOptions}).OpenBucketURL(ctx, u)
	if err != nil {
		return nil, &failure{cause: causeConfig, detail: clean(err), err: err}
	}
	return bucket, nil
}

func (o gcsOpener) client(ctx context.Context) (*gcp.HTTPClient, error) {
	limited, cancel := context.WithTimeout(ctx, o.opts.CredentialTimeout)
	defer cancel()
	// The search for a metadata service does not heed its context.
	type found struct {
		client *gcp.HTTPClient
		err    error
	}
	answer := make(chan found, 1)
	go func() {
		// Tokens are fetched with the context that is given here, long after the search has ended.
		c, err := gcp.DefaultCredentials(context.WithoutCancel(ctx))
		if err != nil {
			answer <- found{err: err}
			return
		}
		client, err := gcp.NewHTTPClient(gcp.DefaultTransport(), gcp.CredentialsTokenSource(c))
		answer <- found{client, err}
	}()
	select {
	case f := <-answer:
		if f.err != nil {
			return nil, &failure{cause: noCredentials("gs"), err: f.err}
		}
		return f.client, nil
	case <-limited.Done():
		return nil, &failure{cause: noCredentials("gs"), err: limited.Err()}
	}
}

type azureOpener struct {
	args backendArgs
	opts Options
}

// OpenBucketURL takes the parameters and the environment variables that package azureblob documents, and Terraform's
// own ARM_ACCESS_KEY and ARM_SAS_TOKEN. azureblob's default opener reads its environment once per process, retries
// an unreachable host for half a minute, and knows no backend block.
func (o azureOpener) OpenBucketURL(ctx context.Context, u *url.URL) (*blob.Bucket, error) {
	env, q := o.opts.Getenv, u.Query()
	c := azureCredentials{
		account:    cmp.Or(q.Get("storage_account"), env("AZURE_STORAGE_ACCOUNT")),
		key:        cmp.Or(o.args.azureKey, env("AZURE_STORAGE_KEY"), env("ARM_ACCESS_KEY")),
		sas:        strings.TrimPrefix(cmp.Or(o.args.azureSAS, env("AZURE_STORAGE_SAS_TOKEN"), env("ARM_SAS_TOKEN")), "?"),
		connection: cmp.Or(env("AZURE_STORAGE_CONNECTION_STRING"), env("AZURE_STORAGEBLOB_CONNECTIONSTRING")),
	}
	fromConnection := map[string]string{}
	for part := range strings.SplitSeq(c.connection, ";") {
		name, value, _ := strings.Cut(part, "=")
		fromConnection[name] = value
	}
	c.account = cmp.Or(c.account, fromConnection["AccountName"])
	cdn, _ := strconv.ParseBool(env("AZURE_STORAGE_IS_CDN"))
	emulator, _ := strconv.ParseBool(env("AZURE_STORAGE_IS_LOCAL_EMULATOR"))
	service := azureblob.ServiceURLOptions{
		AccountName: c.account, StorageDomain: env("AZURE_STORAGE_DOMAIN"), IsCDN: cdn, IsLocalEmulator: emulator,
		Protocol: cmp.Or(env("AZURE_STORAGE_PROTOCOL"), fromConnection["DefaultEndpointsProtocol"]),
	}

	protocol, domain := cmp.Or(q.Get("protocol"), service.Protocol), cmp.Or(q.Get("domain"), service.StorageDomain)
	switch {
	case c.account == "":
		return nil, &failure{cause: cause{"no storage account is named", "add ?storage_account= to the URL, or set AZURE_STORAGE_ACCOUNT"}}
	case o.opts.AllowInsecureEndpoint:
	case protocol == "http" && !loopback(domain), insecure(fromConnection["BlobEndpoint"]):
		return nil, &failure{cause: causeInsecure}
	}
	if c.key == "" && c.sas != "" {
		service.SASToken = c.sas
	}
	bucket, err := (&azureblob.URLOpener{MakeClient: c.client, ServiceURLOptions: service}).OpenBucketURL(ctx, u)
	if err != nil {
		return nil, &failure{cause: causeConfig, detail: clean(err), err: err}
	}
	return bucket, nil
}

// azureCredentials are those that are not found by azidentity. The first that is set is used: key, SAS token,
// connection string.
type azureCredentials struct{ account, key, sas, connection string }

func (c azureCredentials) client(service azureblob.ServiceURL, name azureblob.ContainerName) (*container.Client, error) {
	options := &container.ClientOptions{}
	options.Retry = policy.RetryOptions{MaxRetries: 2, RetryDelay: 500 * time.Millisecond, MaxRetryDelay: 5 * time.Second}
	at, err := url.JoinPath(string(service), string(name))
	if err != nil {
		return nil, errors.New("its account, domain and container make no URL") // err would repeat a SAS token
	}
	switch {
	case c.key != "":
		shared, err := container.NewSharedKeyCredential(c.account, c.key)
		if err != nil {
			return nil, errors.New("the storage account's key is not base64")
		}
		return container.NewClientWithSharedKeyCredential(at, shared, options)
	case c.sas != "":
		return container.NewClientWithNoCredential(at, options)
	case c.connection != "":
		return container.NewClientFromConnectionString(c.connection, string(name), options)
	}
	identity, err := azidentity.NewDefaultAzureCredential(nil)
	if err != nil {
		return nil, err
	}
	return container.NewClient(at, identity, options)
}
