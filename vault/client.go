package vault

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/vault/api"
)

const (
	callTimeout = 20 * time.Second // of one request, with its retries
	retries     = 2                // of answers 5xx, and of a connection that is cut
)

// newClient is a client that verifies whom it speaks to. Certificates are those of the system, or what Vault's own variables
// name; no variable turns verification off.
func newClient(o Options) (*api.Client, error) {
	getenv := o.Getenv
	if off := strings.ToLower(getenv("VAULT_SKIP_VERIFY")); off != "" && off != "false" && off != "0" {
		return nil, errors.New("VAULT_SKIP_VERIFY is set, and Driftline gives no token to a server that it cannot verify: unset it, and name the server's CA in VAULT_CACERT")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	config := &api.Config{
		Address: o.Address, Timeout: callTimeout, MaxRetries: retries, CheckRetry: retryable,
		// The library follows redirects itself, and never from https to http.
		HttpClient: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	err := config.ConfigureTLS(&api.TLSConfig{
		CACert: getenv("VAULT_CACERT"), CAPath: getenv("VAULT_CAPATH"), CACertBytes: []byte(getenv("VAULT_CACERT_BYTES")),
		ClientCert: getenv("VAULT_CLIENT_CERT"), ClientKey: getenv("VAULT_CLIENT_KEY"), TLSServerName: getenv("VAULT_TLS_SERVER_NAME"),
	})
	if err != nil {
		return nil, fmt.Errorf("read Vault's certificates: %w; check VAULT_CACERT, VAULT_CAPATH, VAULT_CLIENT_CERT and VAULT_CLIENT_KEY", err)
	}
	config.HttpClient.Transport = encrypted{transport, o.AllowInsecureEndpoint}
	client, err := api.NewClient(config)
	if err != nil {
		return nil, fmt.Errorf("open Vault at %s: %w; check vault_addr", o.Address, err)
	}
	client.ClearToken() // the library reads the process's environment; here it is an argument
	client.ClearNamespace()
	if o.Namespace != "" {
		client.SetNamespace(o.Namespace)
	}
	return client, nil
}

// encrypted sends nothing in the clear beyond this machine, wherever a redirect leads.
type encrypted struct {
	next  http.RoundTripper
	plain bool // allowed
}

// errPlain is not worth another try.
var errPlain = errors.New("is plain http to another machine; use https, or --allow-insecure-endpoint if credentials may travel unencrypted")

func retryable(ctx context.Context, answer *http.Response, err error) (bool, error) {
	if errors.Is(err, errPlain) {
		return false, err
	}
	return api.DefaultRetryPolicy(ctx, answer, err)
}

// RoundTrip is http.RoundTripper's.
func (e encrypted) RoundTrip(request *http.Request) (*http.Response, error) {
	if host := request.URL.Hostname(); request.URL.Scheme != "https" && !e.plain && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return nil, fmt.Errorf("%s %w", request.URL.Host, errPlain)
	}
	return e.next.RoundTrip(request)
}
