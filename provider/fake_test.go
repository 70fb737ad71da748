//go:build unix

package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// The fake provider: this very test binary, started under the name terraform-provider-five or terraform-provider-six,
// serves the plugin protocol of that version. What it does depends on the import ID or name that it is asked about:
//
//	gone      reads as null               none     is refused as non-existent by the import
//	denied    is refused                  crash    ends the process with a runtime panic
//	hang      never answers               stuck    stops the whole process (SIGSTOP)
//	linger    answers late                alien    answers with bytes that fit no schema
//	chatty    prints much beforehand
//	anything else exists. With "read-" before it, the read does so, not the import.
//
// It leaves its process id in $HOME/pids, and refuses the region "refused".

var fakeThing = cty.Object(map[string]cty.Type{
	"id": cty.String, "name": cty.String, "size": cty.Number, "token": cty.String, "tags": cty.Map(cty.String),
	"rule": cty.List(cty.Object(map[string]cty.Type{"port": cty.Number, "rule_id": cty.String})),
})

const lingering = 300 * time.Millisecond

func serveFake() {
	protocol := 5
	if strings.HasSuffix(os.Args[0], "-six") {
		protocol = 6
	}
	record, err := os.OpenFile(filepath.Join(os.Getenv("HOME"), "pids"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		fmt.Fprintln(record, os.Getpid())
		record.Close()
	}
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig:  handshake,
		VersionedPlugins: map[int]plugin.PluginSet{protocol: {"provider": fakePlugin{protocol: protocol}}},
		GRPCServer:       plugin.DefaultGRPCServer,
		Logger:           hclog.NewNullLogger(),
	})
}

type fakePlugin struct {
	plugin.NetRPCUnsupportedPlugin
	protocol int
}

func (fakePlugin) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, nil
}

func (f fakePlugin) GRPCServer(_ *plugin.GRPCBroker, server *grpc.Server) error {
	fake := &fakeProvider{protocol: f.protocol}
	name := func(call rpc) string { return filepath.Base(call.method(f.protocol)) }
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: fmt.Sprintf("tfplugin%d.Provider", f.protocol),
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			unary(name(rpcSchema), fake.schema),
			unary(name(rpcPrepare), fake.prepare),
			unary(name(rpcConfigure), fake.configure),
			unary(name(rpcUpgrade), fake.upgrade),
			unary(name(rpcImport), fake.importState),
			unary(name(rpcRead), fake.read),
			unary(name(rpcValidate), fake.validate),
			unary(name(rpcPlan), fake.plan),
			unary(name(rpcStop), fake.stop),
		},
		Streams: []grpc.StreamDesc{{StreamName: name(rpcList), Handler: fake.list, ServerStreams: true}},
	}, fake)
	return nil
}

// unary describes one method to gRPC.
func unary[Q any, A any](name string, do func(context.Context, *Q) (A, error)) grpc.MethodDesc {
	return grpc.MethodDesc{MethodName: name, Handler: func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		request := new(Q)
		if err := decode(request); err != nil {
			return nil, err
		}
		return do(ctx, request)
	}}
}

type fakeProvider struct {
	protocol   int
	configured bool
	home       string // region that it is configured for
}

func (f *fakeProvider) schema(context.Context, *tfplugin.GetSchemaRequest) (*tfplugin.GetSchemaResponse, error) {
	return &tfplugin.GetSchemaResponse{
		Provider: wireSchema(&tfplugin.Schema{Block: &tfplugin.Schema_Block{
			Attributes: []*tfplugin.Schema_Attribute{{Name: "region", Type: []byte(`"string"`), Optional: true}},
			BlockTypes: []*tfplugin.Schema_NestedBlock{{TypeName: "features", Nesting: tfplugin.Schema_LIST, MinItems: 1,
				Block: &tfplugin.Schema_Block{Attributes: []*tfplugin.Schema_Attribute{{Name: "x", Type: []byte(`"bool"`), Optional: true}}}}},
		}}),
		ResourceSchemas: map[string][]byte{
			"fake_thing": wireSchema(fakeSchema(f.protocol)),
			"fake_bad":   {0xff, 0xff, 0xff},
			"aws_thing":  wireSchema(regionalSchema(true)),
			"aws_user":   wireSchema(regionalSchema(false)),
			"aws_part":   wireSchema(regionalSchema(true)),
		},
		ListResourceSchemas: map[string][]byte{
			"fake_thing": listSchema("prefix", false), "aws_thing": listSchema("region", false), "aws_user": listSchema("path", false),
			"aws_part": listSchema("parent", true),
		},
	}, nil
}

func fakeSchema(protocol int) *tfplugin.Schema {
	token := &tfplugin.Schema_Attribute{Name: "token", Type: []byte(`"string"`), Optional: true, WriteOnly: protocol == 6}
	if protocol == 5 {
		unknown := protowire.AppendTag(nil, nestedAttributesField, protowire.VarintType)
		token.ProtoReflect().SetUnknown(protowire.AppendVarint(unknown, 1))
	}
	return &tfplugin.Schema{Version: 3, Block: &tfplugin.Schema_Block{
		Attributes: []*tfplugin.Schema_Attribute{
			{Name: "id", Type: []byte(`"string"`), Computed: true},
			{Name: "name", Type: []byte(`"string"`), Required: true, Description: "Its *name*.", DescriptionKind: tfplugin.StringKind_MARKDOWN},
			{Name: "size", Type: []byte(`"number"`), Optional: true, Computed: true, Deprecated: true},
			{Name: "tags", Type: []byte(`["map","string"]`), Optional: true, Sensitive: true},
			token,
		},
		BlockTypes: []*tfplugin.Schema_NestedBlock{{TypeName: "rule", Nesting: tfplugin.Schema_LIST, MinItems: 0, MaxItems: 4,
			Block: &tfplugin.Schema_Block{Deprecated: true, Attributes: []*tfplugin.Schema_Attribute{
				{Name: "port", Type: []byte(`"number"`), Required: true},
				{Name: "rule_id", Type: []byte(`"string"`), Computed: true},
			}}}},
	}}
}

func wireSchema(schema *tfplugin.Schema) []byte {
	data, err := proto.Marshal(schema)
	if err != nil {
		panic(err)
	}
	return data
}

func fakeObject(id, name string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"id": cty.StringVal(id), "name": cty.StringVal(name), "size": cty.NumberIntVal(7), "token": cty.NullVal(cty.String),
		"tags": cty.NullVal(cty.Map(cty.String)),
		"rule": cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"port": cty.NumberIntVal(80), "rule_id": cty.StringVal("r-1")})}),
	})
}

func packed(value cty.Value, typ cty.Type) *tfplugin.DynamicValue {
	data, err := msgpack.Marshal(value, typ)
	if err != nil {
		panic(err)
	}
	return &tfplugin.DynamicValue{Msgpack: data}
}

func unpacked(wire *tfplugin.DynamicValue) cty.Value {
	value, err := msgpack.Unmarshal(wire.GetMsgpack(), fakeThing)
	if err != nil {
		panic(err)
	}
	return value
}

func refuse(summary, detail string) []*tfplugin.Diagnostic {
	return []*tfplugin.Diagnostic{{Severity: tfplugin.Diagnostic_ERROR, Summary: summary, Detail: detail,
		Attribute: &tfplugin.AttributePath{Steps: []*tfplugin.AttributePath_Step{
			{Selector: &tfplugin.AttributePath_Step_AttributeName{AttributeName: "rule"}},
			{Selector: &tfplugin.AttributePath_Step_ElementKeyInt{ElementKeyInt: 0}},
		}}}}
}

// misbehave does what the name says.
func misbehave(ctx context.Context, name string) {
	switch {
	case strings.HasPrefix(name, "crash"):
		var nothing *fakeProvider
		nothing.protocol++
	case strings.HasPrefix(name, "hang"):
		<-ctx.Done()
		time.Sleep(10 * time.Second) // not even then
	case strings.HasPrefix(name, "stuck"):
		syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		time.Sleep(time.Minute) // the stop may come a little later than the call
	case strings.HasPrefix(name, "chatty"):
		fmt.Println(strings.Repeat("so much to say ", 1<<18))
	case strings.HasPrefix(name, "linger"):
		time.Sleep(lingering)
	}
}

func (f *fakeProvider) prepare(_ context.Context, request *tfplugin.PrepareConfigRequest) (*tfplugin.PrepareConfigResponse, error) {
	config, err := msgpack.Unmarshal(request.GetConfig().GetMsgpack(), cty.Object(map[string]cty.Type{
		"region": cty.String, "features": cty.List(cty.Object(map[string]cty.Type{"x": cty.Bool})),
	}))
	if err != nil {
		return nil, err
	}
	if region := config.GetAttr("region"); !region.IsNull() && region.AsString() == "refused" {
		return &tfplugin.PrepareConfigResponse{Diagnostics: refuse("No valid credential sources found", "no EC2 IMDS role found")}, nil
	}
	return &tfplugin.PrepareConfigResponse{}, nil
}

func (f *fakeProvider) configure(_ context.Context, request *tfplugin.ConfigureRequest) (*tfplugin.ConfigureResponse, error) {
	f.configured = true
	f.home = configuredRegion(request.GetConfig())
	if request.GetTerraformVersion() == "" {
		return &tfplugin.ConfigureResponse{Diagnostics: refuse("no terraform version", "")}, nil
	}
	return &tfplugin.ConfigureResponse{}, nil
}

func (f *fakeProvider) upgrade(_ context.Context, request *tfplugin.UpgradeRequest) (*tfplugin.UpgradeResponse, error) {
	if strings.HasPrefix(request.GetTypeName(), "aws_") {
		return &tfplugin.UpgradeResponse{UpgradedState: &tfplugin.DynamicValue{Json: request.GetRawState().GetJson()}}, nil
	}
	state, err := ctyjson.Unmarshal(request.GetRawState().GetJson(), cty.Object(map[string]cty.Type{"id": cty.String, "name": cty.String}))
	if err != nil {
		return &tfplugin.UpgradeResponse{Diagnostics: refuse("Failed to decode resource", "invalid")}, nil //nolint:nilerr // a provider says it in a diagnostic
	}
	if request.GetVersion() > 3 {
		return &tfplugin.UpgradeResponse{Diagnostics: refuse("Resource instance managed by newer provider version", "")}, nil
	}
	upgraded := fakeObject(state.GetAttr("id").AsString(), state.GetAttr("name").AsString())
	data, err := ctyjson.Marshal(upgraded, fakeThing)
	return &tfplugin.UpgradeResponse{UpgradedState: &tfplugin.DynamicValue{Json: data}}, err
}

func (f *fakeProvider) importState(ctx context.Context, request *tfplugin.ImportRequest) (*tfplugin.ImportResponse, error) {
	if !f.configured {
		return &tfplugin.ImportResponse{Diagnostics: refuse("not configured", "")}, nil
	}
	if strings.HasPrefix(request.GetTypeName(), "aws_") {
		return f.importRegional(request), nil
	}
	id := request.GetId()
	misbehave(ctx, id)
	switch id {
	case "none":
		return &tfplugin.ImportResponse{Diagnostics: refuse("Cannot import non-existent remote object", "sorry")}, nil
	case "denied":
		return &tfplugin.ImportResponse{Diagnostics: refuse("reading thing", "AccessDenied: not\nallowed to thing:Get")}, nil
	case "alien":
		return &tfplugin.ImportResponse{ImportedResources: []*tfplugin.ImportResponse_Imported{
			{TypeName: "fake_thing", State: &tfplugin.DynamicValue{Msgpack: []byte{0xdd, 0xff, 0xff, 0xff, 0xff}}}}}, nil
	}
	imported := cty.ObjectVal(map[string]cty.Value{
		"id": cty.StringVal(id), "name": cty.NullVal(cty.String), "size": cty.NullVal(cty.Number), "token": cty.NullVal(cty.String),
		"tags": cty.NullVal(cty.Map(cty.String)), "rule": cty.ListValEmpty(fakeThing.AttributeType("rule").ElementType()),
	})
	return &tfplugin.ImportResponse{ImportedResources: []*tfplugin.ImportResponse_Imported{
		{TypeName: "fake_other", State: packed(cty.EmptyObjectVal, cty.EmptyObject)},
		{TypeName: "fake_thing", State: packed(imported, fakeThing), Private: []byte("private")},
	}}, nil
}

func (f *fakeProvider) read(ctx context.Context, request *tfplugin.ReadRequest) (*tfplugin.ReadResponse, error) {
	if strings.HasPrefix(request.GetTypeName(), "aws_") {
		return f.readRegional(request), nil
	}
	id := unpacked(request.GetCurrentState()).GetAttr("id").AsString()
	if how, ok := strings.CutPrefix(id, "read-"); ok {
		misbehave(ctx, how)
	}
	if id == "gone" {
		return &tfplugin.ReadResponse{NewState: packed(cty.NullVal(fakeThing), fakeThing)}, nil
	}
	return &tfplugin.ReadResponse{NewState: packed(fakeObject(id, "name of "+id), fakeThing), Private: append(request.GetPrivate(), '!')}, nil
}

func (f *fakeProvider) validate(_ context.Context, request *tfplugin.ValidateRequest) (*tfplugin.ValidateResponse, error) {
	if strings.HasPrefix(request.GetTypeName(), "aws_") {
		return &tfplugin.ValidateResponse{}, nil
	}
	if unpacked(request.GetConfig()).GetAttr("name").IsNull() {
		return &tfplugin.ValidateResponse{Diagnostics: refuse("Missing name", "give it one")}, nil
	}
	return &tfplugin.ValidateResponse{Diagnostics: []*tfplugin.Diagnostic{{Severity: tfplugin.Diagnostic_WARNING, Summary: "Old"}}}, nil
}

// plan answers with the proposal, computed values unknown on creation. A changed name replaces.
func (f *fakeProvider) plan(ctx context.Context, request *tfplugin.PlanRequest) (*tfplugin.PlanResponse, error) {
	if strings.HasPrefix(request.GetTypeName(), "aws_") {
		return f.planRegional(request), nil
	}
	prior, proposed := unpacked(request.GetPriorState()), unpacked(request.GetProposedNewState())
	misbehave(ctx, proposed.GetAttr("name").AsString())
	answer := &tfplugin.PlanResponse{PlannedPrivate: request.GetPriorPrivate()}
	values := proposed.AsValueMap()
	if prior.IsNull() {
		values["id"] = cty.UnknownVal(cty.String)
	} else if !prior.GetAttr("name").RawEquals(values["name"]) {
		answer.RequiresReplace = []*tfplugin.AttributePath{{Steps: []*tfplugin.AttributePath_Step{
			{Selector: &tfplugin.AttributePath_Step_AttributeName{AttributeName: "name"}}}}}
	}
	answer.PlannedState = packed(cty.ObjectVal(values), fakeThing)
	return answer, nil
}

func (f *fakeProvider) stop(context.Context, *tfplugin.StopRequest) (*tfplugin.StopResponse, error) {
	return &tfplugin.StopResponse{}, nil
}

func (f *fakeProvider) list(_ any, stream grpc.ServerStream) error {
	var request tfplugin.ListRequest
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	switch request.GetTypeName() {
	case "aws_thing":
		return f.listRegional(stream, &request)
	case "aws_user":
		return stream.SendMsg(&tfplugin.ListEvent{DisplayName: "ada", ResourceObject: packed(cty.ObjectVal(map[string]cty.Value{
			"id": cty.StringVal("ada"), "name": cty.StringVal("ada")}), regionalType(false))})
	}
	for _, id := range []string{"one", "two"} {
		event := &tfplugin.ListEvent{DisplayName: "the " + id, ResourceObject: packed(fakeObject(id, id), fakeThing)}
		if err := stream.SendMsg(event); err != nil {
			return err
		}
	}
	return nil
}

func fakeAttributes(id, name string) json.RawMessage {
	data, err := json.Marshal(map[string]string{"id": id, "name": name})
	if err != nil {
		panic(err)
	}
	return data
}
