package main

import (
	"context"
	"encoding/base64"
	"sync"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
)

// leased is an engine of ours in the place of those for Google and Azure, which need Google and Azure: it gives out secrets
// of their shape, which Vault's own lease manager renews and revokes. At `issued` it tells how often each was.
func leased(ctx context.Context, config *logical.BackendConfig) (logical.Backend, error) {
	var mu sync.Mutex
	counts := map[string]interface{}{"renewed": 0, "revoked": 0}
	count := func(what string) framework.OperationFunc {
		return func(context.Context, *logical.Request, *framework.FieldData) (*logical.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			counts[what] = counts[what].(int) + 1
			return nil, nil
		}
	}
	secret := &framework.Secret{Type: "leased", Revoke: count("revoked")}
	secret.Renew = func(ctx context.Context, r *logical.Request, d *framework.FieldData) (*logical.Response, error) {
		if _, err := count("renewed")(ctx, r, d); err != nil {
			return nil, err
		}
		return &logical.Response{Secret: r.Secret}, nil
	}
	give := func(path string, data map[string]interface{}) *framework.Path {
		return &framework.Path{Pattern: path, Callbacks: map[logical.Operation]framework.OperationFunc{
			logical.ReadOperation: func(context.Context, *logical.Request, *framework.FieldData) (*logical.Response, error) {
				return secret.Response(data, nil), nil
			},
		}}
	}
	b := &framework.Backend{BackendType: logical.TypeLogical, Secrets: []*framework.Secret{secret}, Paths: []*framework.Path{
		give("azure", map[string]interface{}{"client_id": "00000000-aaaa-bbbb-cccc-000000000000", "client_secret": "azure~quartz.meadow"}),
		give("google/token", map[string]interface{}{"token": "ya29.google-velvet-lantern", "token_ttl": 3599}),
		give("google/key", map[string]interface{}{"private_key_data": base64.StdEncoding.EncodeToString([]byte(`{"private_key": "google-key-harbour-saffron"}`))}),
		{Pattern: "issued", Callbacks: map[logical.Operation]framework.OperationFunc{
			logical.ReadOperation: func(context.Context, *logical.Request, *framework.FieldData) (*logical.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				return &logical.Response{Data: map[string]interface{}{"renewed": counts["renewed"], "revoked": counts["revoked"]}}, nil
			},
		}},
	}}
	return b, b.Setup(ctx, config)
}
