package provider

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// rpc is one call of the plugin protocol by its name in version 5 and 6.
type rpc struct{ v5, v6 string }

// Every call that Driftline can make. None of them changes anything in a cloud: ApplyResourceChange is not here.
var (
	rpcSchema    = rpc{"GetSchema", "GetProviderSchema"}
	rpcPrepare   = rpc{"PrepareProviderConfig", "ValidateProviderConfig"}
	rpcConfigure = rpc{"Configure", "ConfigureProvider"}
	rpcUpgrade   = rpc{"UpgradeResourceState", "UpgradeResourceState"}
	rpcImport    = rpc{"ImportResourceState", "ImportResourceState"}
	rpcRead      = rpc{"ReadResource", "ReadResource"}
	rpcValidate  = rpc{"ValidateResourceTypeConfig", "ValidateResourceConfig"}
	rpcPlan      = rpc{"PlanResourceChange", "PlanResourceChange"}
	rpcList      = rpc{"ListResource", "ListResource"}
	rpcStop      = rpc{"Stop", "StopProvider"}
)

// method is the full gRPC method name in the given protocol version.
func (r rpc) method(protocol int) string {
	name := r.v5
	if protocol == 6 {
		name = r.v6
	}
	return fmt.Sprintf("/tfplugin%d.Provider/%s", protocol, name)
}

// maxMessage is the largest message in bytes that is taken from a plugin. The schemas of the AWS provider are some
// tens of MB; Terraform and the plugin SDKs draw the line at 256 MB too.
const maxMessage = 256 << 20

// invoke makes one unary call and fills answer.
func invoke(ctx context.Context, conn grpc.ClientConnInterface, protocol int, call rpc, request, answer proto.Message) error {
	return conn.Invoke(ctx, call.method(protocol), request, answer,
		grpc.ForceCodec(leanCodec{}), grpc.MaxCallRecvMsgSize(maxMessage))
}

// leanCodec drops fields that we do not declare while decoding: of the schema message (tens of MB for AWS), the data
// sources, functions and ephemeral resources are most of what we never look at.
type leanCodec struct{}

func (leanCodec) Name() string { return "proto" }

func (leanCodec) Marshal(v any) ([]byte, error) { return proto.Marshal(v.(proto.Message)) }

func (leanCodec) Unmarshal(data []byte, v any) error {
	return proto.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(data, v.(proto.Message))
}

// clientCapabilities are sent where the protocol asks for them. Deferral is not offered: a deferred answer is no answer.
func clientCapabilities() *tfplugin.ClientCapabilities {
	return &tfplugin.ClientCapabilities{WriteOnlyAttributesAllowed: true}
}
