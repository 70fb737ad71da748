package aws

import (
	"maps"
	"slices"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/seed-e90528ae/driftline/drift"
)

var ref = awssdk.String

// network answers the describe calls of the VPC types with a small network: what AWS made in the default VPC vpc-d, and
// what somebody made in vpc-1.
func network(operation string, in any) (any, error) {
	anywhere := []types.IpRange{{CidrIp: ref("0.0.0.0/0")}}
	all := types.IpPermission{IpProtocol: ref("-1"), IpRanges: anywhere}
	itself := func(id string) types.IpPermission {
		return types.IpPermission{IpProtocol: ref("-1"), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: ref(id)}}}
	}
	entry := func(number int32, egress bool, action types.RuleAction) types.NetworkAclEntry {
		return types.NetworkAclEntry{RuleNumber: &number, Egress: &egress, RuleAction: action, CidrBlock: ref("0.0.0.0/0"), Protocol: ref("-1")}
	}
	made := []types.NetworkAclEntry{
		entry(100, false, "allow"), entry(100, true, "allow"), entry(32767, false, "deny"), entry(32767, true, "deny"),
	}
	local := types.Route{DestinationCidrBlock: ref("10.0.0.0/16"), GatewayId: ref("local")}
	wayOut := types.Route{DestinationCidrBlock: ref("0.0.0.0/0"), GatewayId: ref("igw-d")}
	main := types.RouteTableAssociation{Main: awssdk.Bool(true)}
	settings := func(values ...string) []types.DhcpConfiguration {
		var list []types.DhcpConfiguration
		for pair := range slices.Chunk(values, 2) {
			list = append(list, types.DhcpConfiguration{Key: ref(pair[0]), Values: []types.AttributeValue{{Value: ref(pair[1])}}})
		}
		return list
	}
	peering := func(id, requester string, state types.VpcPeeringConnectionStateReasonCode) types.VpcPeeringConnection {
		return types.VpcPeeringConnection{VpcPeeringConnectionId: ref(id), RequesterVpcInfo: &types.VpcPeeringConnectionVpcInfo{OwnerId: ref(requester)},
			Status: &types.VpcPeeringConnectionStateReason{Code: state}}
	}
	switch operation {
	case "DescribeVpcs":
		return &ec2.DescribeVpcsOutput{Vpcs: []types.Vpc{
			{VpcId: ref("vpc-d"), IsDefault: awssdk.Bool(true), DhcpOptionsId: ref("dopt-d")},
			{VpcId: ref("vpc-1"), IsDefault: awssdk.Bool(false), DhcpOptionsId: ref("dopt-1"), Tags: []types.Tag{{Key: ref("Name"), Value: ref("net")}}},
		}}, nil
	case "DescribeSubnets":
		if in.(*ec2.DescribeSubnetsInput).NextToken == nil {
			return &ec2.DescribeSubnetsOutput{NextToken: ref("2"), Subnets: []types.Subnet{
				{SubnetId: ref("subnet-d"), VpcId: ref("vpc-d"), DefaultForAz: awssdk.Bool(true)}}}, nil
		}
		return &ec2.DescribeSubnetsOutput{Subnets: []types.Subnet{{SubnetId: ref("subnet-1"), VpcId: ref("vpc-1"), OwnerId: ref("999988887777")}}}, nil
	case "DescribeInternetGateways":
		return &ec2.DescribeInternetGatewaysOutput{InternetGateways: []types.InternetGateway{
			{InternetGatewayId: ref("igw-d"), Attachments: []types.InternetGatewayAttachment{{VpcId: ref("vpc-d")}}},
			{InternetGatewayId: ref("igw-1"), Attachments: []types.InternetGatewayAttachment{{VpcId: ref("vpc-1")}}},
			{InternetGatewayId: ref("igw-loose")},
		}}, nil
	case "DescribeNatGateways":
		return &ec2.DescribeNatGatewaysOutput{NatGateways: []types.NatGateway{
			{NatGatewayId: ref("nat-1"), VpcId: ref("vpc-1"), State: types.NatGatewayStateAvailable},
			{NatGatewayId: ref("nat-deleted"), State: types.NatGatewayStateDeleted},
			{NatGatewayId: ref("nat-failed"), State: types.NatGatewayStateFailed},
		}}, nil
	case "DescribeAddresses":
		return &ec2.DescribeAddressesOutput{Addresses: []types.Address{
			{AllocationId: ref("eipalloc-1")}, {AllocationId: ref("eipalloc-lb"), ServiceManaged: types.ServiceManagedAlb}}}, nil
	case "DescribeRouteTables":
		return &ec2.DescribeRouteTablesOutput{RouteTables: []types.RouteTable{
			{RouteTableId: ref("rtb-d"), VpcId: ref("vpc-d"), Routes: []types.Route{local, wayOut}, Associations: []types.RouteTableAssociation{main}},
			{RouteTableId: ref("rtb-main"), VpcId: ref("vpc-1"), Routes: []types.Route{local}, Associations: []types.RouteTableAssociation{main}},
			{RouteTableId: ref("rtb-changed"), VpcId: ref("vpc-1"), Routes: []types.Route{local, wayOut}, Associations: []types.RouteTableAssociation{main}},
			{RouteTableId: ref("rtb-1"), VpcId: ref("vpc-1"), Routes: []types.Route{local, wayOut}, Associations: []types.RouteTableAssociation{
				{SubnetId: ref("subnet-1")}, {GatewayId: ref("igw-1")},
				{SubnetId: ref("subnet-2"), AssociationState: &types.RouteTableAssociationState{State: types.RouteTableAssociationStateCodeDisassociated}}}},
		}}, nil
	case "DescribeNetworkAcls":
		return &ec2.DescribeNetworkAclsOutput{NetworkAcls: []types.NetworkAcl{
			{NetworkAclId: ref("acl-d"), VpcId: ref("vpc-d"), IsDefault: awssdk.Bool(true), Entries: made},
			{NetworkAclId: ref("acl-closed"), VpcId: ref("vpc-1"), IsDefault: awssdk.Bool(true), Entries: made[2:]},
			{NetworkAclId: ref("acl-changed"), VpcId: ref("vpc-1"), IsDefault: awssdk.Bool(true), Entries: append(slices.Clone(made), entry(90, false, "deny"))},
		}}, nil
	case "DescribeSecurityGroups":
		return &ec2.DescribeSecurityGroupsOutput{SecurityGroups: []types.SecurityGroup{
			{GroupId: ref("sg-d"), GroupName: ref("default"), IpPermissions: []types.IpPermission{itself("sg-d")}, IpPermissionsEgress: []types.IpPermission{all}},
			{GroupId: ref("sg-6"), GroupName: ref("default"), IpPermissions: []types.IpPermission{itself("sg-6")}, IpPermissionsEgress: []types.IpPermission{
				all, {IpProtocol: ref("-1"), Ipv6Ranges: []types.Ipv6Range{{CidrIpv6: ref("::/0")}}}}},
			{GroupId: ref("sg-open"), GroupName: ref("default"), IpPermissions: []types.IpPermission{all}, IpPermissionsEgress: []types.IpPermission{all}},
			{GroupId: ref("sg-other"), GroupName: ref("default"), IpPermissions: []types.IpPermission{itself("sg-1")}, IpPermissionsEgress: []types.IpPermission{all}},
			{GroupId: ref("sg-closed"), GroupName: ref("default")},
			{GroupId: ref("sg-1"), GroupName: ref("web")},
		}}, nil
	case "DescribeVpcEndpoints":
		return &ec2.DescribeVpcEndpointsOutput{VpcEndpoints: []types.VpcEndpoint{
			{VpcEndpointId: ref("vpce-1"), State: "available"}, {VpcEndpointId: ref("vpce-gone"), State: "Deleted"},
			{VpcEndpointId: ref("vpce-service"), State: "available", RequesterManaged: awssdk.Bool(true)}}}, nil
	case "DescribeVpcPeeringConnections":
		return &ec2.DescribeVpcPeeringConnectionsOutput{VpcPeeringConnections: []types.VpcPeeringConnection{
			peering("pcx-1", fakeAccount, "active"), peering("pcx-theirs", "999988887777", "active"),
			peering("pcx-waiting", fakeAccount, "pending-acceptance"), peering("pcx-asked", "999988887777", "pending-acceptance"),
			peering("pcx-gone", fakeAccount, "deleted"), peering("pcx-no", fakeAccount, "rejected")}}, nil
	case "DescribeDhcpOptions":
		return &ec2.DescribeDhcpOptionsOutput{DhcpOptions: []types.DhcpOptions{
			{DhcpOptionsId: ref("dopt-d"), DhcpConfigurations: settings("domain-name", "ec2.internal", "domain-name-servers", "AmazonProvidedDNS")},
			{DhcpOptionsId: ref("dopt-same"), DhcpConfigurations: settings("domain-name", "ec2.internal", "domain-name-servers", "AmazonProvidedDNS")},
			{DhcpOptionsId: ref("dopt-1"), DhcpConfigurations: settings("domain-name", "corp.internal", "domain-name-servers", "AmazonProvidedDNS")}}}, nil
	case "DescribeManagedPrefixLists":
		return &ec2.DescribeManagedPrefixListsOutput{PrefixLists: []types.ManagedPrefixList{
			{PrefixListId: ref("pl-s3"), OwnerId: ref("AWS")}, {PrefixListId: ref("pl-1"), OwnerId: ref(fakeAccount)},
			{PrefixListId: ref("pl-gone"), OwnerId: ref(fakeAccount), State: types.PrefixListStateDeleteComplete}}}, nil
	case "DescribeFlowLogs":
		return &ec2.DescribeFlowLogsOutput{FlowLogs: []types.FlowLog{{FlowLogId: ref("fl-1")}}}, nil
	case "DescribeEgressOnlyInternetGateways":
		return &ec2.DescribeEgressOnlyInternetGatewaysOutput{EgressOnlyInternetGateways: []types.EgressOnlyInternetGateway{
			{EgressOnlyInternetGatewayId: ref("eigw-1"), Attachments: []types.InternetGatewayAttachment{{VpcId: ref("vpc-1")}}}}}, nil
	case "DescribeCustomerGateways":
		return &ec2.DescribeCustomerGatewaysOutput{CustomerGateways: []types.CustomerGateway{{CustomerGatewayId: ref("cgw-1"), State: ref("available")}, {CustomerGatewayId: ref("cgw-gone"), State: ref("deleted")}}}, nil
	case "DescribeVpnGateways":
		return &ec2.DescribeVpnGatewaysOutput{VpnGateways: []types.VpnGateway{{VpnGatewayId: ref("vgw-1"), State: "available"}, {VpnGatewayId: ref("vgw-gone"), State: "deleted"}}}, nil
	case "DescribeTransitGateways":
		return &ec2.DescribeTransitGatewaysOutput{TransitGateways: []types.TransitGateway{{TransitGatewayId: ref("tgw-1"), State: "available"}, {TransitGatewayId: ref("tgw-gone"), State: "deleted"}}}, nil
	case "DescribeTransitGatewayVpcAttachments":
		return &ec2.DescribeTransitGatewayVpcAttachmentsOutput{TransitGatewayVpcAttachments: []types.TransitGatewayVpcAttachment{
			{TransitGatewayAttachmentId: ref("tgw-attach-1"), VpcId: ref("vpc-1"), State: "available"}, {TransitGatewayAttachmentId: ref("tgw-attach-peer"), State: "available"}, {TransitGatewayAttachmentId: ref("tgw-attach-no"), VpcId: ref("vpc-1"), State: "rejected"}}}, nil
	case "DescribeInstances":
		return &ec2.DescribeInstancesOutput{Reservations: []types.Reservation{{Instances: []types.Instance{
			{InstanceId: ref("i-1"), RootDeviceName: ref("/dev/xvda"), State: &types.InstanceState{Name: types.InstanceStateNameRunning}},
			{InstanceId: ref("i-asg"), State: &types.InstanceState{Name: types.InstanceStateNameStopped}, Tags: []types.Tag{{Key: ref("aws:autoscaling:groupName"), Value: ref("web")}}},
			{InstanceId: ref("i-eks"), Operator: &types.OperatorResponse{Managed: awssdk.Bool(true), Principal: ref("eks.amazonaws.com")}},
			{InstanceId: ref("i-gone"), State: &types.InstanceState{Name: types.InstanceStateNameTerminated}},
			{InstanceId: ref("i-going"), State: &types.InstanceState{Name: types.InstanceStateNameShuttingDown}}}}}}, nil
	case "DescribeVolumes":
		return &ec2.DescribeVolumesOutput{Volumes: []types.Volume{
			{VolumeId: ref("vol-root"), Attachments: []types.VolumeAttachment{{InstanceId: ref("i-1"), Device: ref("/dev/xvda")}}},
			{VolumeId: ref("vol-inline"), Attachments: []types.VolumeAttachment{{InstanceId: ref("i-1"), Device: ref("/dev/sdb"), DeleteOnTermination: awssdk.Bool(true)}}},
			{VolumeId: ref("vol-data"), Attachments: []types.VolumeAttachment{{InstanceId: ref("i-1"), Device: ref("/dev/sdc")}}},
			{VolumeId: ref("vol-loose")}, {VolumeId: ref("vol-gone"), State: types.VolumeStateDeleting}}}, nil
	case "DescribeKeyPairs":
		return &ec2.DescribeKeyPairsOutput{KeyPairs: []types.KeyPairInfo{{KeyPairId: ref("key-1"), KeyName: ref("ada")}}}, nil
	case "DescribeLaunchTemplates":
		return &ec2.DescribeLaunchTemplatesOutput{LaunchTemplates: []types.LaunchTemplate{
			{LaunchTemplateId: ref("lt-1"), LaunchTemplateName: ref("web"), CreatedBy: ref("arn:aws:iam::111122223333:user/ada")},
			{LaunchTemplateId: ref("lt-eks"), CreatedBy: ref("arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonEKSNodegroup/EKS")}}}, nil
	}
	return unexpected(operation, in)
}

// TestNetworkFacts: what is listed of a network and its machines, and by which facts the rest is known as AWS's own.
func TestNetworkFacts(t *testing.T) {
	t.Parallel()
	type found map[string]map[string]string // facts by import ID; owners, VPCs and states aside
	for typ, want := range map[string]found{
		"aws_vpc":                     {"vpc-d": {"default": "true"}, "vpc-1": {}},
		"aws_subnet":                  {"subnet-d": {"default": "true"}, "subnet-1": {}},
		"aws_internet_gateway":        {"igw-d": {"default": "true"}, "igw-1": {}, "igw-loose": {}},
		"aws_nat_gateway":             {"nat-1": {}},
		"aws_eip":                     {"eipalloc-1": {}, "eipalloc-lb": {"managed_by": "alb"}},
		"aws_route_table":             {"rtb-d": {"main": "true", "rules": "default"}, "rtb-main": {"main": "true", "rules": "default"}, "rtb-changed": {"main": "true"}, "rtb-1": {}},
		"aws_route_table_association": {"vpc-d/rtb-d": {"main": "true"}, "vpc-1/rtb-main": {"main": "true"}, "vpc-1/rtb-changed": {"main": "true"}, "subnet-1/rtb-1": {}, "igw-1/rtb-1": {}},
		"aws_network_acl":             {"acl-d": {"default": "true", "rules": "default"}, "acl-closed": {"default": "true"}, "acl-changed": {"default": "true"}},
		"aws_security_group": {"sg-d": {"default": "true", "rules": "default"}, "sg-6": {"default": "true", "rules": "default"},
			"sg-open": {"default": "true"}, "sg-other": {"default": "true"}, "sg-closed": {"default": "true"}, "sg-1": {}},
		"aws_vpc_endpoint":            {"vpce-1": {}, "vpce-service": {"requester_managed": "true"}},
		"aws_vpc_peering_connection":  {"pcx-1": {"requester": fakeAccount}, "pcx-theirs": {"requester": "999988887777"}, "pcx-waiting": {"requester": fakeAccount}},
		"aws_vpc_dhcp_options":        {"dopt-d": {"default": "true"}, "dopt-same": {}, "dopt-1": {}},
		"aws_ec2_managed_prefix_list": {"pl-1": {}},
		"aws_instance":                {"i-1": {}, "i-asg": {"asg": "web"}, "i-eks": {"managed_by": "eks.amazonaws.com"}},
		"aws_ebs_volume": {"vol-root": {"instance_id": "i-1", "root_device": "true"}, "vol-inline": {"instance_id": "i-1", "delete_on_termination": "true"},
			"vol-data": {"instance_id": "i-1"}, "vol-loose": {}},
		"aws_flow_log":                           {"fl-1": {}},
		"aws_egress_only_internet_gateway":       {"eigw-1": {}},
		"aws_customer_gateway":                   {"cgw-1": {}},
		"aws_vpn_gateway":                        {"vgw-1": {}},
		"aws_ec2_transit_gateway":                {"tgw-1": {}},
		"aws_ec2_transit_gateway_vpc_attachment": {"tgw-attach-1": {}},

		"aws_key_pair":        {"ada": {}},
		"aws_launch_template": {"lt-1": {}, "lt-eks": {"managed_by": "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonEKSNodegroup/EKS"}},
	} {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			listed, failed := fakeCloud(network).run(t, typ)
			if len(failed) > 0 {
				t.Errorf("skipped %v", failed)
			}
			got := found{}
			for _, l := range listed {
				if got[l.ImportID] != nil {
					t.Errorf("%s: listed twice", l.ImportID)
				}
				maps.DeleteFunc(l.Facts, func(name, _ string) bool { return name == "owner_id" || name == "vpc_id" || name == "state" })
				got[l.ImportID] = l.Facts
			}
			if !maps.EqualFunc(got, want, maps.Equal) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

// TestNetworkOwners: what another account shares, and the VPC that something hangs on, stay known.
func TestNetworkOwners(t *testing.T) {
	t.Parallel()
	listed, _ := fakeCloud(network).run(t, "aws_subnet")
	i := slices.IndexFunc(listed, func(l drift.Listed) bool { return l.ImportID == "subnet-1" })
	if i < 0 || listed[i].Facts["owner_id"] != "999988887777" || listed[i].Facts["vpc_id"] != "vpc-1" {
		t.Errorf("subnet-1 is listed as %v", listed)
	}
	listed, _ = fakeCloud(network).run(t, "aws_vpc")
	if len(listed) != 2 || listed[1].Name != "net" || listed[1].Account != fakeAccount || listed[1].Region != "us-east-1" {
		t.Errorf("vpc-1 is listed as %v", listed)
	}
}
