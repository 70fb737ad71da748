package aws

import (
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// TestNetworkIdentities: what hangs on a network has ids of its own in a state, and import IDs made of its parts.
func TestNetworkIdentities(t *testing.T) {
	t.Parallel()
	type attributes = map[string]any
	for name, tc := range map[string]struct {
		typ        string
		attributes attributes
		want       string
	}{
		"route":              {"aws_route", attributes{"id": "r-1", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0", "destination_ipv6_cidr_block": ""}, "rtb-1_0.0.0.0/0"},
		"route of IPv6":      {"aws_route", attributes{"id": "r-1", "route_table_id": "rtb-1", "destination_cidr_block": "", "destination_ipv6_cidr_block": "::/0"}, "rtb-1_::/0"},
		"route of a list":    {"aws_route", attributes{"route_table_id": "rtb-1", "destination_prefix_list_id": "pl-1"}, "rtb-1_pl-1"},
		"route to nowhere":   {"aws_route", attributes{"id": "r-1", "route_table_id": "rtb-1"}, ""},
		"entry by number":    {"aws_network_acl_rule", attributes{"id": "nacl-1", "network_acl_id": "acl-1", "rule_number": float64(32766), "protocol": "17", "egress": true}, "acl-1:32766:17:true"},
		"entry by name":      {"aws_network_acl_rule", attributes{"id": "nacl-1", "network_acl_id": "acl-1", "rule_number": float64(100), "protocol": "tcp", "egress": false}, "acl-1:100:6:false"},
		"entry of nothing":   {"aws_network_acl_rule", attributes{"id": "nacl-1", "network_acl_id": "acl-1", "protocol": "tcp"}, ""},
		"attachment":         {"aws_volume_attachment", attributes{"id": "vai-1", "device_name": "/dev/sdh", "volume_id": "vol-1", "instance_id": "i-1"}, "/dev/sdh:vol-1:i-1"},
		"a region's setting": {"aws_ebs_encryption_by_default", attributes{"id": "terraform-1"}, "default"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Identify(tc.typ, tc.attributes).ImportID; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestInterfaceKeepers: an interface that somebody made is told from those that services bring along.
func TestInterfaceKeepers(t *testing.T) {
	t.Parallel()
	made := func(id string, change func(*types.NetworkInterface)) types.NetworkInterface {
		v := types.NetworkInterface{NetworkInterfaceId: &id, InterfaceType: types.NetworkInterfaceTypeInterface}
		change(&v)
		return v
	}
	want := map[string]string{
		"eni-own": "", "eni-lambda": "lambda", "eni-elb": "amazon-elb", "eni-efs": "EFS mount target for", "eni-attached": "amazon-aws",
		"eni-nat": "nat-1", "eni-endpoint": "vpce-1",
	}
	listed, failed := fakeCloud(func(operation string, in any) (any, error) {
		switch operation {
		case "DescribeNatGateways":
			return &ec2.DescribeNatGatewaysOutput{NatGateways: []types.NatGateway{{NatGatewayId: ref("nat-1"), NatGatewayAddresses: []types.NatGatewayAddress{{NetworkInterfaceId: ref("eni-nat")}}}}}, nil
		case "DescribeVpcEndpoints":
			return &ec2.DescribeVpcEndpointsOutput{VpcEndpoints: []types.VpcEndpoint{{VpcEndpointId: ref("vpce-1"), NetworkInterfaceIds: []string{"eni-endpoint"}}}}, nil
		case "DescribeNetworkInterfaces":
			plain := func(*types.NetworkInterface) {}
			return &ec2.DescribeNetworkInterfacesOutput{NetworkInterfaces: []types.NetworkInterface{
				made("eni-own", plain), made("eni-nat", plain), made("eni-endpoint", plain),
				made("eni-lambda", func(v *types.NetworkInterface) { v.InterfaceType = types.NetworkInterfaceTypeLambda }),
				made("eni-elb", func(v *types.NetworkInterface) {
					v.RequesterManaged, v.RequesterId = awssdk.Bool(true), ref("amazon-elb")
				}),
				made("eni-efs", func(v *types.NetworkInterface) { v.Description = ref("EFS mount target for fs-1 (fsmt-1)") }),
				made("eni-attached", func(v *types.NetworkInterface) {
					v.Attachment = &types.NetworkInterfaceAttachment{InstanceOwnerId: ref("amazon-aws")}
				}),
			}}, nil
		}
		return unexpected(operation, in)
	}).run(t, "aws_network_interface")
	if len(failed) > 0 || len(listed) != len(want) {
		t.Errorf("listed %v, skipped %v", ids(listed), failed)
	}
	for _, l := range listed {
		if l.Facts["managed_by"] != want[l.ImportID] {
			t.Errorf("%s is kept by %q, want %q", l.ImportID, l.Facts["managed_by"], want[l.ImportID])
		}
	}
}
