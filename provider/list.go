package provider

import (
	"context"
	"errors"
	"fmt"
	"io"

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

// List asks the provider itself what there is of resource.Type in resource's account and region. Few providers offer
// that, for few types: for the others the error is errors.ErrUnsupported, in a *drift.Skipped. config is the listing's
// own configuration, by attribute and block name. The import ID of what is found is its id attribute, "" when it has
// none.
func (f *Fleet) List(ctx context.Context, resource drift.Resource, config map[string]cty.Value) ([]drift.Listed, error) {
	var listed []drift.Listed
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
		value, err := configValue(lister.Block, config)
		if err != nil {
			return err
		}
		wire, err := encodeValue(value, drift.ImpliedType(lister.Block))
		if err != nil {
			return err
		}
		listed = nil // of an attempt before this one
		request := &tfplugin.ListRequest{TypeName: resource.Type, Config: wire, IncludeResourceObject: true, Limit: listLimit}
		return p.list(ctx, request, func(event *tfplugin.ListEvent) error {
			if err := refusalOf(event.GetDiagnostics()); err != nil {
				return err
			}
			object, err := decodeValue(event.GetResourceObject(), objects.typ)
			if err != nil {
				return err
			}
			found := resource
			found.Name, found.ImportID = event.GetDisplayName(), idOf(object)
			listed = append(listed, drift.Listed{Resource: found})
			return nil
		})
	})
	return listed, err
}

func idOf(object cty.Value) string {
	if object.IsNull() || !object.Type().HasAttribute("id") {
		return ""
	}
	id := object.GetAttr("id")
	if id.IsNull() || !id.IsKnown() || id.Type() != cty.String {
		return ""
	}
	return id.AsString()
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
