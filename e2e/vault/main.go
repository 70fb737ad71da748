// Program vault is a real Vault server for tests: its own core, in memory, with the engines and authentication methods that
// Driftline's users have. It is a module of its own, so that nothing of it comes near what Driftline is built from, and it
// configures nothing: tests do, as an administrator would.
//
// It writes one line of JSON, {"address", "ca", "token"}, to standard output, and ends with its standard input.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/builtin/logical/aws"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

// engines and methods are what can be mounted. leased is our own: see leased.go.
var (
	engines = map[string]logical.Factory{"kv": kv.Factory, "aws": aws.Factory, "leased": leased}
	methods = map[string]logical.Factory{"jwt": jwt.Factory, "approle": approle.Factory}
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "vault:", err)
		os.Exit(1)
	}
}

func serve() error {
	logger := hclog.New(&hclog.LoggerOptions{Output: os.Stderr, Level: hclog.Warn})
	storage, err := inmem.NewInmem(nil, logger)
	if err != nil {
		return err
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical: storage, LogicalBackends: engines, CredentialBackends: methods, BuiltinRegistry: builtin{}, DisableMlock: true, Logger: logger,
	})
	if err != nil {
		return err
	}
	token, err := open(core)
	if err != nil {
		return err
	}
	certificate, ca, err := selfSigned()
	if err != nil {
		return err
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		return err
	}
	server := &http.Server{Handler: vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core}), ReadHeaderTimeout: time.Minute}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = core.Shutdown()
		_ = server.Close()
	}()
	err = json.NewEncoder(os.Stdout).Encode(map[string]string{"address": "https://" + listener.Addr().String(), "ca": ca, "token": token})
	if err != nil {
		return err
	}
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// open initializes and unseals a new Vault; the token is its root's.
func open(core *vault.Core) (token string, err error) {
	one := &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}
	made, err := core.Initialize(context.Background(), &vault.InitParams{BarrierConfig: one, RecoveryConfig: one})
	if err != nil {
		return "", err
	}
	if open, err := core.Unseal(made.SecretShares[0]); err != nil || !open {
		return "", fmt.Errorf("unseal: open %t, %w", open, err)
	}
	for range 100 {
		if standby, err := core.Standby(); err == nil && !standby {
			return made.RootToken, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("the core did not become active")
}

func selfSigned() (tls.Certificate, string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(ca), nil
}

// builtin tells Vault's plugin catalogue of engines and methods.
type builtin struct{}

func (builtin) of(name string, kind consts.PluginType) (logical.Factory, bool) {
	from := engines
	if kind == consts.PluginTypeCredential {
		from = methods
	}
	factory, ok := from[name]
	return factory, ok
}

func (b builtin) Contains(name string, kind consts.PluginType) bool {
	_, ok := b.of(name, kind)
	return ok
}

func (b builtin) Get(name string, kind consts.PluginType) (func() (interface{}, error), bool) {
	factory, ok := b.of(name, kind)
	return func() (interface{}, error) { return factory, nil }, ok
}

func (builtin) Keys(consts.PluginType) []string { return nil }

func (builtin) DeprecationStatus(string, consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, true
}

func (builtin) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
