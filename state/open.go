package state

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

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
	mux.RegisterBucket(azureblob.Scheme, azureOpener{opts})
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

func (r assumeRole) provider(client *sts.Client) aws.CredentialsProvider {
	name := r.sessionName
	if name == "" {
		name = "driftline"
	}
	if r.tokenFile != "" {
		return stscreds.NewWebIdentityRoleProvider(client, r.arn, stscreds.IdentityTokenFile(r.tokenFile),
			func(o *stscreds.WebIdentityRoleOptions) { o.RoleSessionName = name })
	}
	return stscreds.NewAssumeRoleProvider(client, r.arn, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = name
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

type azureOpener struct{ opts Options }

// OpenBucketURL takes the parameters and the environment that package azureblob documents.
func (o azureOpener) OpenBucketURL(ctx context.Context, u *url.URL) (*blob.Bucket, error) {
	q := u.Query()
	protocol, domain := q.Get("protocol"), q.Get("domain")
	if protocol == "" {
		protocol = o.opts.Getenv("AZURE_STORAGE_PROTOCOL")
	}
	if domain == "" {
		domain = o.opts.Getenv("AZURE_STORAGE_DOMAIN")
	}
	if protocol == "http" && !loopback(domain) && !o.opts.AllowInsecureEndpoint {
		return nil, &failure{cause: causeInsecure}
	}
	bucket, err := blob.DefaultURLMux().OpenBucketURL(ctx, u)
	if err != nil {
		if strings.Contains(err.Error(), "AccountName is required") {
			return nil, &failure{cause: cause{"no storage account is named", "add ?storage_account= to the URL, or set AZURE_STORAGE_ACCOUNT"}, err: err}
		}
		return nil, &failure{cause: causeConfig, detail: clean(err), err: err}
	}
	return bucket, nil
}
