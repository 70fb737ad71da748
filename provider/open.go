package provider

import (
	"context"

	"github.com/seed-e90528ae/driftline/drift"
)

// Open installs the version of a provider that resources of no root module use, starts it and learns what it offers,
// so that whatever is wrong with it is known before a scan begins. It gives the version.
func (f *Fleet) Open(ctx context.Context, source string) (version string, err error) {
	sub := subject{what: "provider " + shortSource(source), resource: drift.Resource{Provider: source}}
	binary, err := f.binary(ctx, choose(f.opts, source, ""))
	if err != nil {
		return "", sub.skip(ctx, binary, "install it", err)
	}
	if err := f.learn(ctx, binary); err != nil {
		return "", sub.skip(ctx, binary, "tell its schemas", err)
	}
	return binary.version, nil
}
