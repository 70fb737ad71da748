package provider

import (
	"context"
	"errors"
	"fmt"
	"io"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"google.golang.org/grpc"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

const (
	// listTimeouts is how many call timeouts a whole listing may take: it is many calls to a cloud.
	listTimeouts = 10
	// listLimit is the most resources that are asked for; providers take no limit for an order to stop early.
	listLimit = 1 << 20
)

// Listable is a type that a provider lists by itself.
type Listable struct {
	Type   string
	Global bool // it has no region: it is listed once for an account
}

// Listable are those types of a provider that want admits and that can be listed without saying more than a region,
// sorted. Few providers offer that (the AWS provider from version 6 on), so that most often there are none.
func (f *Fleet) Listable(ctx context.Context, source string, want func(typ string) bool) ([]Listable, error) {
	sub := subject{what: "types that the provider lists", resource: drift.Resource{Provider: source}}
	binary, err := f.binary(ctx, choose(f.opts, source, ""))
	if err != nil {
		return nil, sub.skip(ctx, binary, "", err)
	}
	if err := f.learn(ctx, binary); err != nil {
		return nil, sub.skip(ctx, binary, "tell its schemas", err)
	}
	var types []Listable
	for _, typ := range f.cache(binary).listed() {
		if !want(typ) {
			continue
		}
		lister, err := f.cache(binary).lister(typ)
		if err != nil {
			return nil, sub.skip(ctx, binary, "tell how it lists "+typ, err)
		}
		schema, err := f.schema(ctx, binary, typ)
		if err != nil {
			return nil, err
		}
		if !demands(lister.Block) {
			types = append(types, Listable{Type: typ, Global: drift.ServesAllRegions(binary.source, binary.version) && !drift.HasRegion(schema.Block)})
		}
	}
	return types, nil
}

// demands says whether a configuration must name something (the parent of what is to be listed).
func demands(block *tfjson.SchemaBlock) bool {
	for _, attribute := range block.Attributes {
		if attribute.Required {
			return true
		}
	}
	for _, nested := range block.NestedBlocks {
		if nested.MinItems > 0 {
			return true
		}
	}
	return false
}

// Found is a resource as a provider lists it.
type Found struct {
	drift.Resource                   // without import ID and tags
	Value          cty.Value         // its attributes; null where the listing leaves them out
	Identity       map[string]string // what tells it from others of its type, account and region left out
}

// List asks the provider itself what there is of resource.Type in resource's account and region. For types that it does
// not offer that for, the error is errors.ErrUnsupported, in a *drift.Skipped.
func (f *Fleet) List(ctx context.Context, resource drift.Resource) ([]Found, error) {
	var found []Found
	sub := subjectOf(resource)
	binary, err := f.binary(ctx, choose(f.opts, resource.Provider, ""))
	if err != nil {
		return nil, sub.skip(ctx, binary, "list it", err)
	}
	err = f.ask(ctx, sub, "", "list it", func(ctx context.Context, p *process, objects objectSchema) error {
		lister, err := f.cache(binary).lister(resource.Type)
		if errors.Is(err, errUnknownType) {
			return fmt.Errorf("the provider offers no listing of it: %w", errors.ErrUnsupported)
		}
		if err != nil {
			return err
		}
		given := map[string]cty.Value{}
		if objects.region != "" {
			given["region"] = cty.StringVal(objects.region)
		}
		config, err := configValue(lister.Block, given)
		if err != nil {
			return err
		}
		wire, err := encodeValue(config, drift.ImpliedType(lister.Block))
		if err != nil {
			return err
		}
		found = nil // of an attempt before this one
		request := &tfplugin.ListRequest{TypeName: resource.Type, Config: wire, IncludeResourceObject: true, Limit: listLimit}
		return p.list(ctx, request, func(event *tfplugin.ListEvent) error {
			one, err := foundBy(event, resource, objects.typ)
			found = append(found, one)
			return err
		})
	})
	return found, err
}

func foundBy(event *tfplugin.ListEvent, resource drift.Resource, typ cty.Type) (Found, error) {
	if err := refusalOf(event.GetDiagnostics()); err != nil {
		return Found{}, err
	}
	one := Found{Resource: resource, Value: cty.NullVal(typ)}
	one.Name = event.GetDisplayName()
	if wire := event.GetResourceObject(); wire != nil {
		var err error
		if one.Value, err = decodeValue(wire, typ); err != nil {
			return Found{}, err
		}
	}
	identity, err := decodeTexts(event.GetIdentity().GetIdentityData())
	if err != nil {
		return Found{}, fmt.Errorf("its identity: %w", err)
	}
	delete(identity, "account_id")
	delete(identity, "region")
	one.Identity = identity
	return one, nil
}

// list streams a listing into each.
func (p *process) list(ctx context.Context, request *tfplugin.ListRequest, each func(*tfplugin.ListEvent) error) error {
	timeout := listTimeouts * p.callTimeout
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	stream, err := p.conn.NewStream(limited, &grpc.StreamDesc{ServerStreams: true}, rpcList.method(p.protocol),
		grpc.ForceCodec(leanCodec{}), grpc.MaxCallRecvMsgSize(maxMessage))
	if err != nil {
		return p.explain(ctx, limited, timeout, err)
	}
	// When the stream is broken, sending says io.EOF and receiving says why.
	if err := stream.SendMsg(request); err != nil && !errors.Is(err, io.EOF) {
		return p.explain(ctx, limited, timeout, err)
	}
	if err := stream.CloseSend(); err != nil {
		return p.explain(ctx, limited, timeout, err)
	}
	for {
		var event tfplugin.ListEvent
		err := stream.RecvMsg(&event)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return p.explain(ctx, limited, timeout, err)
		}
		if err := each(&event); err != nil {
			return err
		}
	}
}
