//go:build unix

package provider

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/grpc"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/provider/internal/tfplugin"
)

// The fake provider's types aws_thing, aws_part and aws_user are as those of the AWS provider are from version 6 on: the
// first two have an argument "region", which the provider fills in with the one that it is configured for, and take an
// import ID with a region behind it.

func regionalSchema(region bool) *tfplugin.Schema {
	attributes := []*tfplugin.Schema_Attribute{
		{Name: "id", Type: []byte(`"string"`), Computed: true}, {Name: "name", Type: []byte(`"string"`), Optional: true},
	}
	if region {
		attributes = append(attributes, &tfplugin.Schema_Attribute{Name: "region", Type: []byte(`"string"`), Optional: true, Computed: true})
	}
	return &tfplugin.Schema{Block: &tfplugin.Schema_Block{Attributes: attributes}}
}

func regionalType(region bool) cty.Type {
	attributes := map[string]cty.Type{"id": cty.String, "name": cty.String}
	if region {
		attributes["region"] = cty.String
	}
	return cty.Object(attributes)
}

func listSchema(argument string, required bool) []byte {
	return wireSchema(&tfplugin.Schema{Block: &tfplugin.Schema_Block{
		Attributes: []*tfplugin.Schema_Attribute{{Name: argument, Type: []byte(`"string"`), Optional: !required, Required: required}},
	}})
}

// settled is the object with the region that it is in, as the provider writes it.
func (f *fakeProvider) settled(wire *tfplugin.DynamicValue) map[string]cty.Value {
	value, err := msgpack.Unmarshal(wire.GetMsgpack(), regionalType(true))
	if err != nil {
		panic(err)
	}
	attributes := value.AsValueMap()
	if attributes["region"].IsNull() || !attributes["region"].IsKnown() {
		attributes["region"] = cty.StringVal(f.home)
	}
	return attributes
}

func packedRegional(attributes map[string]cty.Value) *tfplugin.DynamicValue {
	return packed(cty.ObjectVal(attributes), regionalType(true))
}

func configuredRegion(wire *tfplugin.DynamicValue) string {
	config, err := msgpack.Unmarshal(wire.GetMsgpack(), cty.Object(map[string]cty.Type{
		"region": cty.String, "features": cty.List(cty.Object(map[string]cty.Type{"x": cty.Bool})),
	}))
	if err != nil || config.GetAttr("region").IsNull() {
		return ""
	}
	return config.GetAttr("region").AsString()
}

func (f *fakeProvider) importRegional(request *tfplugin.ImportRequest) *tfplugin.ImportResponse {
	id, region, _ := strings.Cut(request.GetId(), "@")
	if region == "" {
		region = f.home
	}
	return &tfplugin.ImportResponse{ImportedResources: []*tfplugin.ImportResponse_Imported{{TypeName: request.GetTypeName(), State: packedRegional(
		map[string]cty.Value{"id": cty.StringVal(id), "name": cty.NullVal(cty.String), "region": cty.StringVal(region)})}}}
}

// readRegional finds things in their own region only: their name says where they were looked for.
func (f *fakeProvider) readRegional(request *tfplugin.ReadRequest) *tfplugin.ReadResponse {
	attributes := f.settled(request.GetCurrentState())
	attributes["name"] = cty.StringVal(attributes["id"].AsString() + " of " + attributes["region"].AsString())
	return &tfplugin.ReadResponse{NewState: packedRegional(attributes)}
}

func (f *fakeProvider) planRegional(request *tfplugin.PlanRequest) *tfplugin.PlanResponse {
	attributes := f.settled(request.GetProposedNewState())
	answer := &tfplugin.PlanResponse{PlannedState: packedRegional(attributes)}
	prior, err := msgpack.Unmarshal(request.GetPriorState().GetMsgpack(), regionalType(true))
	if err != nil {
		panic(err)
	}
	if !prior.IsNull() && !prior.GetAttr("region").RawEquals(attributes["region"]) {
		answer.RequiresReplace = []*tfplugin.AttributePath{{Steps: []*tfplugin.AttributePath_Step{
			{Selector: &tfplugin.AttributePath_Step_AttributeName{AttributeName: "region"}}}}}
	}
	return answer
}

func (f *fakeProvider) listRegional(stream grpc.ServerStream, request *tfplugin.ListRequest) error {
	config, err := msgpack.Unmarshal(request.GetConfig().GetMsgpack(), cty.Object(map[string]cty.Type{"region": cty.String}))
	if err != nil {
		return err
	}
	region := config.GetAttr("region")
	identity := cty.ObjectVal(map[string]cty.Value{"account_id": cty.StringVal("1"), "region": region, "arn": cty.StringVal("arn:" + region.AsString())})
	return stream.SendMsg(&tfplugin.ListEvent{
		DisplayName:    "the thing",
		Identity:       &tfplugin.ResourceIdentityData{IdentityData: packed(identity, identity.Type())},
		ResourceObject: packedRegional(map[string]cty.Value{"id": cty.StringVal("t"), "name": cty.StringVal("t"), "region": region}),
	})
}

// regionalFleet runs the fake as the AWS provider of a version, configured for the region "home" by default.
func regionalFleet(t *testing.T, version string) (fleet *Fleet, home string) {
	t.Helper()
	fleet, home = fakeFleet(t, "six", func(o *Options) { o.Region = "home" })
	fleet.install = func(_ context.Context, s selection) (pluginBinary, error) {
		return pluginBinary{source: s.source, version: version, path: filepath.Join(home, "terraform-provider-six")}, nil
	}
	return fleet, home
}

func regional(region string) drift.Resource {
	return drift.Resource{Provider: drift.AWS, Type: "aws_thing", ImportID: "t", Account: "111122223333", Region: region}
}

// TestOneProcessServesAllRegions asks for things of three regions: with version 6 one process answers for all of them, and
// each thing is looked for in its own; before, there is a process for each.
func TestOneProcessServesAllRegions(t *testing.T) {
	t.Parallel()
	for version, processes := range map[string]int{"6.4.0": 1, "10.0.1": 1, "5.100.0": 3} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			fleet, home := regionalFleet(t, version)
			for _, region := range []string{"home", "eu-west-1", "ap-south-1"} {
				object, err := fleet.Import(t.Context(), regional(region))
				if err != nil {
					t.Fatal(err)
				}
				want := cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("t"), "name": cty.StringVal("t of " + region), "region": cty.StringVal(region)})
				if !object.Value.RawEquals(want) {
					t.Errorf("%s: imported %#v", region, object.Value)
				}
			}
			if got := len(started(t, home)); got != processes {
				t.Errorf("%d processes, want %d", got, processes)
			}
		})
	}
}

// TestStatesWithAndWithoutRegions refreshes what version 6 has written, with its region, and what an earlier version has:
// there the region is not drift.
func TestStatesWithAndWithoutRegions(t *testing.T) {
	t.Parallel()
	fleet, _ := regionalFleet(t, "6.4.0")
	for name, region := range map[string]any{"of version 6": "eu-west-1", "of version 5": nil} {
		attributes, err := json.Marshal(map[string]any{"id": "t", "name": "t of eu-west-1", "region": region})
		if err != nil {
			t.Fatal(err)
		}
		refreshed, err := fleet.Refresh(t.Context(), drift.Instance{Resource: regional("eu-west-1"), Address: drift.Address{Type: "aws_thing", Name: "t"}, Attributes: attributes})
		if err != nil {
			t.Fatal(err)
		}
		if !refreshed.Before.RawEquals(refreshed.After) || refreshed.After.GetAttr("region").AsString() != "eu-west-1" {
			t.Errorf("state %s: before %#v, after %#v", name, refreshed.Before, refreshed.After)
		}
	}
}

// TestCodeNeedsNoRegion plans code that names no region, as it stands below a provider block of the resource's own region:
// that is no change, and what a plan from nothing would choose by itself.
func TestCodeNeedsNoRegion(t *testing.T) {
	t.Parallel()
	fleet, _ := regionalFleet(t, "6.4.0")
	object, err := fleet.Import(t.Context(), regional("eu-west-1"))
	if err != nil {
		t.Fatal(err)
	}
	config := cty.ObjectVal(map[string]cty.Value{"id": cty.NullVal(cty.String), "name": object.Value.GetAttr("name"), "region": cty.NullVal(cty.String)})
	for name, prior := range map[string]drift.Object{"no change": object, "from nothing": {}} {
		planned, err := fleet.Plan(t.Context(), regional("eu-west-1"), prior, config)
		if err != nil {
			t.Fatal(err)
		}
		if planned.Value.GetAttr("region").AsString() != "eu-west-1" || len(planned.RequiresReplace) > 0 {
			t.Errorf("%s: planned %#v, replaced for %v", name, planned.Value, planned.RequiresReplace)
		}
	}
}

// TestProviderLists: the types that can be listed as they are, each in a region or once for the account, and what they
// answer.
func TestProviderLists(t *testing.T) {
	t.Parallel()
	fleet, _ := regionalFleet(t, "6.4.0")
	types, err := fleet.Listable(t.Context(), drift.AWS, func(typ string) bool { return strings.HasPrefix(typ, "aws_") })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Listable{{Type: "aws_thing"}, {Type: "aws_user", Global: true}}, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	resource := regional("eu-west-1")
	resource.ImportID = ""
	found, err := fleet.List(t.Context(), resource)
	if err != nil || len(found) != 1 {
		t.Fatalf("listed %v, %v", found, err)
	}
	if one := found[0]; one.Name != "the thing" || one.Region != "eu-west-1" || one.Value.GetAttr("id").AsString() != "t" ||
		!cmp.Equal(one.Identity, map[string]string{"arn": "arn:eu-west-1"}) {
		t.Errorf("listed %+v", one)
	}
	if again, err := fleet.Listable(t.Context(), drift.AWS, func(typ string) bool { return typ == "aws_thing" }); err != nil || len(again) != 1 {
		t.Errorf("once decoded, listable are %v, %v", again, err)
	}
}
