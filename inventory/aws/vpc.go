package aws

import (
	"context"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

type vpcAPI interface {
	ec2.DescribeVpcsAPIClient
	ec2.DescribeSubnetsAPIClient
	ec2.DescribeInternetGatewaysAPIClient
	ec2.DescribeNatGatewaysAPIClient
	ec2.DescribeRouteTablesAPIClient
	ec2.DescribeNetworkAclsAPIClient
	ec2.DescribeSecurityGroupsAPIClient
	ec2.DescribeVpcEndpointsAPIClient
	ec2.DescribeVpcPeeringConnectionsAPIClient
	ec2.DescribeDhcpOptionsAPIClient
	ec2.DescribeManagedPrefixListsAPIClient
	ec2.DescribeFlowLogsAPIClient
	ec2.DescribeEgressOnlyInternetGatewaysAPIClient
	ec2.DescribeTransitGatewaysAPIClient
	ec2.DescribeTransitGatewayVpcAttachmentsAPIClient
	DescribeCustomerGateways(context.Context, *ec2.DescribeCustomerGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeCustomerGatewaysOutput, error)
	DescribeVpnGateways(context.Context, *ec2.DescribeVpnGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeVpnGatewaysOutput, error)
	DescribeAddresses(context.Context, *ec2.DescribeAddressesInput, ...func(*ec2.Options)) (*ec2.DescribeAddressesOutput, error)
}

func (s *scope) vpc() vpcAPI { return client(s, "ec2", ec2.NewFromConfig) }

var vpcRows = []Row{
	{Type: "aws_customer_gateway", Actions: []string{"ec2:DescribeCustomerGateways"}, list: listCustomerGateways},
	{Type: "aws_ec2_managed_prefix_list", Actions: []string{"ec2:DescribeManagedPrefixLists"}, list: paged(openPrefixLists, ownPrefixLists, seePrefixList)},
	{Type: "aws_ec2_transit_gateway", Actions: []string{"ec2:DescribeTransitGateways"}, list: paged(openTransitGateways, liveTransitGateways, seeTransitGateway)},
	{Type: "aws_ec2_transit_gateway_vpc_attachment", Actions: []string{"ec2:DescribeTransitGatewayVpcAttachments"}, list: paged(openTransitAttachments, liveTransitAttachments, seeTransitAttachment)},
	{Type: "aws_egress_only_internet_gateway", Actions: []string{"ec2:DescribeEgressOnlyInternetGateways"}, list: paged(openEgressGateways, egressGateways, seeEgressGateway)},
	{Type: "aws_eip", Actions: []string{"ec2:DescribeAddresses"}, list: listAddresses},
	{Type: "aws_flow_log", Actions: []string{"ec2:DescribeFlowLogs"}, list: paged(openFlowLogs, flowLogs, seeFlowLog)},
	{Type: "aws_internet_gateway", Actions: []string{"ec2:DescribeInternetGateways", "ec2:DescribeVpcs"}, list: listInternetGateways},
	{Type: "aws_nat_gateway", Actions: []string{"ec2:DescribeNatGateways"}, list: paged(openNatGateways, liveNatGateways, seeNatGateway)},
	{Type: "aws_network_acl", Actions: []string{"ec2:DescribeNetworkAcls"}, list: paged(openNetworkACLs, networkACLs, seeNetworkACL)},
	{Type: "aws_route_table", Actions: []string{"ec2:DescribeRouteTables", "ec2:DescribeVpcs"}, list: listRouteTables},
	{Type: "aws_route_table_association", identify: identifyAssociation, Actions: []string{"ec2:DescribeRouteTables"}, list: listRouteTableAssociations},
	{Type: "aws_security_group", Actions: []string{"ec2:DescribeSecurityGroups"}, list: paged(openSecurityGroups, securityGroups, seeSecurityGroup)},
	{Type: "aws_subnet", Actions: []string{"ec2:DescribeSubnets"}, list: paged(openSubnets, subnets, seeSubnet)},
	{Type: "aws_vpc", Actions: []string{"ec2:DescribeVpcs"}, list: listVpcs},
	{Type: "aws_vpc_dhcp_options", Actions: []string{"ec2:DescribeDhcpOptions", "ec2:DescribeVpcs"}, list: listDHCPOptions},
	{Type: "aws_vpc_endpoint", Actions: []string{"ec2:DescribeVpcEndpoints"}, list: paged(openEndpoints, liveEndpoints, seeEndpoint)},
	{Type: "aws_vpc_peering_connection", Actions: []string{"ec2:DescribeVpcPeeringConnections"}, list: listPeerings},
	{Type: "aws_vpn_gateway", Actions: []string{"ec2:DescribeVpnGateways"}, list: listVPNGateways},
}

func ec2Tags(tags []types.Tag) map[string]string {
	return tagMap(tags, func(t types.Tag) (*string, *string) { return t.Key, t.Value })
}

// vpcs is the region's VPCs, asked for once: what AWS made along with a default VPC is known by that VPC.
func (s *scope) vpcs(ctx context.Context) ([]types.Vpc, error) {
	return shared(s, "vpcs", func() ([]types.Vpc, error) {
		return all(ctx, s, ec2.NewDescribeVpcsPaginator(s.vpc(), &ec2.DescribeVpcsInput{}),
			func(p *ec2.DescribeVpcsOutput) []types.Vpc { return p.Vpcs })
	})
}

func listVpcs(ctx context.Context, s *scope, out *sink) error {
	vpcs, err := s.vpcs(ctx)
	for _, v := range vpcs {
		out.add(found{
			id:   awssdk.ToString(v.VpcId),
			tags: ec2Tags(v.Tags),
			facts: facts("default", flag(awssdk.ToBool(v.IsDefault)), "vpc_id", awssdk.ToString(v.VpcId),
				"owner_id", awssdk.ToString(v.OwnerId)),
		})
	}
	return err
}

func openSubnets(s *scope) pager[ec2.DescribeSubnetsOutput, ec2.Options] {
	return ec2.NewDescribeSubnetsPaginator(s.vpc(), &ec2.DescribeSubnetsInput{})
}

func subnets(p *ec2.DescribeSubnetsOutput) []types.Subnet { return p.Subnets }

// seeSubnet keeps the owner: a subnet that another account shares is listed too.
func seeSubnet(_ *scope, v types.Subnet) found {
	return found{
		id:   awssdk.ToString(v.SubnetId),
		tags: ec2Tags(v.Tags),
		facts: facts("default", flag(awssdk.ToBool(v.DefaultForAz)), "vpc_id", awssdk.ToString(v.VpcId),
			"owner_id", awssdk.ToString(v.OwnerId)),
	}
}

// listInternetGateways calls the gateway of a default VPC default: AWS made it along with that VPC, and nothing on the
// gateway itself says so.
func listInternetGateways(ctx context.Context, s *scope, out *sink) error {
	vpcs, err := s.vpcs(ctx)
	if err != nil {
		return err
	}
	gateways := ec2.NewDescribeInternetGatewaysPaginator(s.vpc(), &ec2.DescribeInternetGatewaysInput{})
	for page, err := range pages(ctx, s, gateways) {
		if err != nil {
			return err
		}
		for _, v := range page.InternetGateways {
			vpc := ""
			if len(v.Attachments) > 0 {
				vpc = awssdk.ToString(v.Attachments[0].VpcId)
			}
			out.add(found{
				id:    awssdk.ToString(v.InternetGatewayId),
				tags:  ec2Tags(v.Tags),
				facts: facts("default", flag(isDefaultVpc(vpcs, vpc)), "vpc_id", vpc, "owner_id", awssdk.ToString(v.OwnerId)),
			})
		}
	}
	return nil
}

func isDefaultVpc(vpcs []types.Vpc, id string) bool {
	return slices.ContainsFunc(vpcs, func(v types.Vpc) bool {
		return awssdk.ToBool(v.IsDefault) && awssdk.ToString(v.VpcId) == id
	})
}

func openNatGateways(s *scope) pager[ec2.DescribeNatGatewaysOutput, ec2.Options] {
	return ec2.NewDescribeNatGatewaysPaginator(s.vpc(), &ec2.DescribeNatGatewaysInput{})
}

// liveNatGateways leaves out those that AWS still shows for an hour after they are gone.
func liveNatGateways(p *ec2.DescribeNatGatewaysOutput) []types.NatGateway {
	return where(p.NatGateways, func(v types.NatGateway) bool {
		return v.State == types.NatGatewayStatePending || v.State == types.NatGatewayStateAvailable
	})
}

func seeNatGateway(_ *scope, v types.NatGateway) found {
	return found{
		id:    awssdk.ToString(v.NatGatewayId),
		tags:  ec2Tags(v.Tags),
		facts: facts("vpc_id", awssdk.ToString(v.VpcId), "state", string(v.State)),
	}
}

// listAddresses asks once: the API has no pages. An address that a load balancer, NAT gateway or database brought along
// says so.
func listAddresses(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.vpc().DescribeAddresses, &ec2.DescribeAddressesInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.Addresses {
		out.add(found{
			id:    awssdk.ToString(v.AllocationId),
			tags:  ec2Tags(v.Tags),
			facts: facts("managed_by", string(v.ServiceManaged), "instance_id", awssdk.ToString(v.InstanceId)),
		})
	}
	return nil
}

func (s *scope) routeTables(ctx context.Context) ([]types.RouteTable, error) {
	return shared(s, "route tables", func() ([]types.RouteTable, error) {
		return all(ctx, s, ec2.NewDescribeRouteTablesPaginator(s.vpc(), &ec2.DescribeRouteTablesInput{}),
			func(p *ec2.DescribeRouteTablesOutput) []types.RouteTable { return p.RouteTables })
	})
}

func listRouteTables(ctx context.Context, s *scope, out *sink) error {
	vpcs, err := s.vpcs(ctx)
	if err != nil {
		return err
	}
	tables, err := s.routeTables(ctx)
	for _, v := range tables {
		vpc := awssdk.ToString(v.VpcId)
		own := isOwnRoute(isDefaultVpc(vpcs, vpc))
		main := slices.ContainsFunc(v.Associations, func(a types.RouteTableAssociation) bool { return awssdk.ToBool(a.Main) })
		out.add(found{
			id:   awssdk.ToString(v.RouteTableId),
			tags: ec2Tags(v.Tags),
			facts: facts("main", flag(main), "vpc_id", vpc, "owner_id", awssdk.ToString(v.OwnerId),
				"rules", untouched(!slices.ContainsFunc(v.Routes, own) && len(v.PropagatingVgws) == 0)),
		})
	}
	return err
}

// untouched is the fact "rules" of what comes with a VPC: default while it is exactly what AWS made.
func untouched(asMade bool) string {
	if asMade {
		return "default"
	}
	return ""
}

// isOwnRoute tells the routes that somebody made from those that come with a VPC: its local routes, and a default VPC's
// way out to its internet gateway.
func isOwnRoute(inDefaultVpc bool) func(types.Route) bool {
	return func(r types.Route) bool {
		gateway := awssdk.ToString(r.GatewayId)
		wayOut := inDefaultVpc && awssdk.ToString(r.DestinationCidrBlock) == "0.0.0.0/0" && strings.HasPrefix(gateway, "igw-")
		return gateway != "local" && !wayOut
	}
}

// identifyAssociation spells the import ID, subnet or gateway before the table. State has the association's own id.
func identifyAssociation(attributes map[string]any) string {
	member, table := text(attributes, "subnet_id"), text(attributes, "route_table_id")
	if member == "" {
		member = text(attributes, "gateway_id")
	}
	if member == "" || table == "" {
		return ""
	}
	return member + "/" + table
}

// listRouteTableAssociations names a main association by its VPC, since it has neither subnet nor gateway; Terraform
// cannot import it.
func listRouteTableAssociations(ctx context.Context, s *scope, out *sink) error {
	tables, err := s.routeTables(ctx)
	for _, table := range tables {
		vpc := awssdk.ToString(table.VpcId)
		for _, a := range where(table.Associations, isAssociated) {
			member := awssdk.ToString(a.SubnetId)
			switch {
			case awssdk.ToBool(a.Main):
				member = vpc
			case member == "":
				member = awssdk.ToString(a.GatewayId)
			}
			if member == "" { // a public IP pool of a carrier: no Terraform type
				continue
			}
			out.add(found{
				id:    member + "/" + awssdk.ToString(table.RouteTableId),
				facts: facts("main", flag(awssdk.ToBool(a.Main)), "vpc_id", vpc, "owner_id", awssdk.ToString(table.OwnerId)),
			})
		}
	}
	return err
}

func isAssociated(a types.RouteTableAssociation) bool {
	if a.AssociationState == nil {
		return true
	}
	state := a.AssociationState.State
	return state != types.RouteTableAssociationStateCodeDisassociated && state != types.RouteTableAssociationStateCodeDisassociating
}

func openNetworkACLs(s *scope) pager[ec2.DescribeNetworkAclsOutput, ec2.Options] {
	return ec2.NewDescribeNetworkAclsPaginator(s.vpc(), &ec2.DescribeNetworkAclsInput{})
}

func networkACLs(p *ec2.DescribeNetworkAclsOutput) []types.NetworkAcl { return p.NetworkAcls }

func seeNetworkACL(_ *scope, v types.NetworkAcl) found {
	return found{
		id:   awssdk.ToString(v.NetworkAclId),
		tags: ec2Tags(v.Tags),
		facts: facts("default", flag(awssdk.ToBool(v.IsDefault)), "vpc_id", awssdk.ToString(v.VpcId),
			"owner_id", awssdk.ToString(v.OwnerId),
			"rules", untouched(!slices.ContainsFunc(v.Entries, isOwnEntry) && len(where(v.Entries, isAllowAll)) >= 2)),
	}
}

// isOwnEntry tells the entries that somebody made from those of a new VPC's default ACL: allow all as 100 (101 for IPv6)
// and deny all as 32767 (32768), each in both directions.
func isOwnEntry(e types.NetworkAclEntry) bool {
	number := awssdk.ToInt32(e.RuleNumber)
	return !isAllowAll(e) && number != 32767 && number != 32768
}

func isAllowAll(e types.NetworkAclEntry) bool {
	anywhere := awssdk.ToString(e.CidrBlock) == "0.0.0.0/0" && awssdk.ToInt32(e.RuleNumber) == 100 ||
		awssdk.ToString(e.Ipv6CidrBlock) == "::/0" && awssdk.ToInt32(e.RuleNumber) == 101
	return anywhere && e.RuleAction == types.RuleActionAllow && awssdk.ToString(e.Protocol) == "-1"
}

func openSecurityGroups(s *scope) pager[ec2.DescribeSecurityGroupsOutput, ec2.Options] {
	return ec2.NewDescribeSecurityGroupsPaginator(s.vpc(), &ec2.DescribeSecurityGroupsInput{})
}

func securityGroups(p *ec2.DescribeSecurityGroupsOutput) []types.SecurityGroup {
	return p.SecurityGroups
}

func seeSecurityGroup(_ *scope, v types.SecurityGroup) found {
	return found{
		id:   awssdk.ToString(v.GroupId),
		name: awssdk.ToString(v.GroupName),
		tags: ec2Tags(v.Tags),
		facts: facts("default", flag(awssdk.ToString(v.GroupName) == "default"), "vpc_id", awssdk.ToString(v.VpcId),
			"owner_id", awssdk.ToString(v.OwnerId), "rules", untouched(hasDefaultRules(v))),
	}
}

// hasDefaultRules says whether a group's rules are no more than those of a new default group: everything from itself,
// everything to anywhere. Some VPCs have no IPv6; a group that lets nothing in (moto makes it so) allows less, not more.
func hasDefaultRules(v types.SecurityGroup) bool {
	if len(v.IpPermissions) > 1 || len(v.IpPermissionsEgress) < 1 || len(v.IpPermissionsEgress) > 2 {
		return false
	}
	fromItself := true
	for _, in := range v.IpPermissions {
		fromItself = isAnyProtocol(in) && len(in.UserIdGroupPairs) == 1 && len(in.IpRanges)+len(in.Ipv6Ranges)+len(in.PrefixListIds) == 0 &&
			awssdk.ToString(in.UserIdGroupPairs[0].GroupId) == awssdk.ToString(v.GroupId)
	}
	toIPv4 := false
	for _, out := range v.IpPermissionsEgress {
		if !isAnyProtocol(out) || len(out.UserIdGroupPairs)+len(out.PrefixListIds) > 0 || len(out.IpRanges) > 1 || len(out.Ipv6Ranges) > 1 {
			return false
		}
		for _, r := range out.Ipv6Ranges {
			if awssdk.ToString(r.CidrIpv6) != "::/0" {
				return false
			}
		}
		for _, r := range out.IpRanges {
			if awssdk.ToString(r.CidrIp) != "0.0.0.0/0" {
				return false
			}
			toIPv4 = true
		}
	}
	return fromItself && toIPv4
}

func isAnyProtocol(p types.IpPermission) bool { return awssdk.ToString(p.IpProtocol) == "-1" }

func openEndpoints(s *scope) pager[ec2.DescribeVpcEndpointsOutput, ec2.Options] {
	return ec2.NewDescribeVpcEndpointsPaginator(s.vpc(), &ec2.DescribeVpcEndpointsInput{})
}

// liveEndpoints compares without case: the API has answered with "available" and with "Available".
func liveEndpoints(p *ec2.DescribeVpcEndpointsOutput) []types.VpcEndpoint {
	return where(p.VpcEndpoints, func(v types.VpcEndpoint) bool {
		state := types.State(strings.ToLower(string(v.State)))
		return state != "deleting" && state != "deleted"
	})
}

func seeEndpoint(_ *scope, v types.VpcEndpoint) found {
	return found{
		id:   awssdk.ToString(v.VpcEndpointId),
		tags: ec2Tags(v.Tags),
		facts: facts("vpc_id", awssdk.ToString(v.VpcId), "state", string(v.State), "owner_id", awssdk.ToString(v.OwnerId),
			"requester_managed", flag(awssdk.ToBool(v.RequesterManaged))),
	}
}

// listPeerings leaves out what AWS shows for some time after its end, and what another account asks for and nobody here
// has accepted.
func listPeerings(ctx context.Context, s *scope, out *sink) error {
	peerings := ec2.NewDescribeVpcPeeringConnectionsPaginator(s.vpc(), &ec2.DescribeVpcPeeringConnectionsInput{})
	for page, err := range pages(ctx, s, peerings) {
		if err != nil {
			return err
		}
		for _, v := range page.VpcPeeringConnections {
			if v.Status == nil || v.RequesterVpcInfo == nil {
				continue
			}
			requester := awssdk.ToString(v.RequesterVpcInfo.OwnerId)
			switch v.Status.Code {
			case types.VpcPeeringConnectionStateReasonCodeActive, types.VpcPeeringConnectionStateReasonCodeProvisioning:
			case types.VpcPeeringConnectionStateReasonCodeInitiatingRequest, types.VpcPeeringConnectionStateReasonCodePendingAcceptance:
				if requester != s.account {
					continue
				}
			default:
				continue
			}
			out.add(found{
				id:   awssdk.ToString(v.VpcPeeringConnectionId),
				tags: ec2Tags(v.Tags),
				facts: facts("vpc_id", awssdk.ToString(v.RequesterVpcInfo.VpcId), "state", string(v.Status.Code),
					"requester", requester, "owner_id", requester),
			})
		}
	}
	return nil
}

// listDHCPOptions calls default the set that AWS made for the account: it has AWS's own settings, no tags, and the
// default VPC uses it or there is no default VPC any more.
func listDHCPOptions(ctx context.Context, s *scope, out *sink) error {
	vpcs, err := s.vpcs(ctx)
	if err != nil {
		return err
	}
	for page, err := range pages(ctx, s, ec2.NewDescribeDhcpOptionsPaginator(s.vpc(), &ec2.DescribeDhcpOptionsInput{})) {
		if err != nil {
			return err
		}
		for _, v := range page.DhcpOptions {
			out.add(found{
				id:    awssdk.ToString(v.DhcpOptionsId),
				tags:  ec2Tags(v.Tags),
				facts: facts("default", flag(isDefaultDHCPOptions(vpcs, v, s.region)), "owner_id", awssdk.ToString(v.OwnerId)),
			})
		}
	}
	return nil
}

func isDefaultDHCPOptions(vpcs []types.Vpc, v types.DhcpOptions, region string) bool {
	domain := region + ".compute.internal"
	if region == "us-east-1" {
		domain = "ec2.internal"
	}
	made := map[string]string{"domain-name": domain, "domain-name-servers": "AmazonProvidedDNS"}
	if len(v.Tags) > 0 || len(v.DhcpConfigurations) != len(made) {
		return false
	}
	for _, c := range v.DhcpConfigurations {
		if len(c.Values) != 1 || awssdk.ToString(c.Values[0].Value) != made[awssdk.ToString(c.Key)] {
			return false
		}
	}
	defaults := where(vpcs, func(v types.Vpc) bool { return awssdk.ToBool(v.IsDefault) })
	return len(defaults) == 0 || awssdk.ToString(defaults[0].DhcpOptionsId) == awssdk.ToString(v.DhcpOptionsId)
}

func openPrefixLists(s *scope) pager[ec2.DescribeManagedPrefixListsOutput, ec2.Options] {
	return ec2.NewDescribeManagedPrefixListsPaginator(s.vpc(), &ec2.DescribeManagedPrefixListsInput{})
}

// ownPrefixLists leaves out AWS's own lists of its services' addresses, and lists that are gone.
func ownPrefixLists(p *ec2.DescribeManagedPrefixListsOutput) []types.ManagedPrefixList {
	return where(p.PrefixLists, func(v types.ManagedPrefixList) bool {
		return awssdk.ToString(v.OwnerId) != "AWS" && v.State != types.PrefixListStateDeleteInProgress && v.State != types.PrefixListStateDeleteComplete
	})
}

func seePrefixList(_ *scope, v types.ManagedPrefixList) found {
	return found{
		id:    awssdk.ToString(v.PrefixListId),
		name:  awssdk.ToString(v.PrefixListName),
		tags:  ec2Tags(v.Tags),
		facts: facts("owner_id", awssdk.ToString(v.OwnerId)),
	}
}

func openFlowLogs(s *scope) pager[ec2.DescribeFlowLogsOutput, ec2.Options] {
	return ec2.NewDescribeFlowLogsPaginator(s.vpc(), &ec2.DescribeFlowLogsInput{})
}

func flowLogs(p *ec2.DescribeFlowLogsOutput) []types.FlowLog { return p.FlowLogs }

func seeFlowLog(_ *scope, v types.FlowLog) found {
	return found{id: awssdk.ToString(v.FlowLogId), tags: ec2Tags(v.Tags)}
}

func openEgressGateways(s *scope) pager[ec2.DescribeEgressOnlyInternetGatewaysOutput, ec2.Options] {
	return ec2.NewDescribeEgressOnlyInternetGatewaysPaginator(s.vpc(), &ec2.DescribeEgressOnlyInternetGatewaysInput{})
}

func egressGateways(p *ec2.DescribeEgressOnlyInternetGatewaysOutput) []types.EgressOnlyInternetGateway {
	return p.EgressOnlyInternetGateways
}

func seeEgressGateway(_ *scope, v types.EgressOnlyInternetGateway) found {
	f := found{id: awssdk.ToString(v.EgressOnlyInternetGatewayId), tags: ec2Tags(v.Tags)}
	if len(v.Attachments) > 0 {
		f.facts = facts("vpc_id", awssdk.ToString(v.Attachments[0].VpcId))
	}
	return f
}

// listCustomerGateways and listVPNGateways ask once: their APIs have no pages. A deleted gateway stays listed for a while.
func listCustomerGateways(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.vpc().DescribeCustomerGateways, &ec2.DescribeCustomerGatewaysInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.CustomerGateways {
		if !isGoing(awssdk.ToString(v.State)) {
			out.add(found{id: awssdk.ToString(v.CustomerGatewayId), tags: ec2Tags(v.Tags)})
		}
	}
	return nil
}

func listVPNGateways(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.vpc().DescribeVpnGateways, &ec2.DescribeVpnGatewaysInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.VpnGateways {
		if !isGoing(string(v.State)) {
			out.add(found{id: awssdk.ToString(v.VpnGatewayId), tags: ec2Tags(v.Tags)})
		}
	}
	return nil
}

// isGoing says of a state, as most of EC2 spells it, that the resource is gone or about to be.
func isGoing(state string) bool { return state == "deleting" || state == "deleted" }

func openTransitGateways(s *scope) pager[ec2.DescribeTransitGatewaysOutput, ec2.Options] {
	return ec2.NewDescribeTransitGatewaysPaginator(s.vpc(), &ec2.DescribeTransitGatewaysInput{})
}

func liveTransitGateways(p *ec2.DescribeTransitGatewaysOutput) []types.TransitGateway {
	return where(p.TransitGateways, func(v types.TransitGateway) bool { return !isGoing(string(v.State)) })
}

// seeTransitGateway keeps the owner: a gateway that another account shares is listed too.
func seeTransitGateway(_ *scope, v types.TransitGateway) found {
	return found{id: awssdk.ToString(v.TransitGatewayId), tags: ec2Tags(v.Tags), facts: facts("owner_id", awssdk.ToString(v.OwnerId))}
}

func openTransitAttachments(s *scope) pager[ec2.DescribeTransitGatewayVpcAttachmentsOutput, ec2.Options] {
	return ec2.NewDescribeTransitGatewayVpcAttachmentsPaginator(s.vpc(), &ec2.DescribeTransitGatewayVpcAttachmentsInput{})
}

func liveTransitAttachments(p *ec2.DescribeTransitGatewayVpcAttachmentsOutput) []types.TransitGatewayVpcAttachment {
	return where(p.TransitGatewayVpcAttachments, func(v types.TransitGatewayVpcAttachment) bool {
		return v.VpcId != nil && !isGoing(string(v.State)) && v.State != types.TransitGatewayAttachmentStateRejected && v.State != types.TransitGatewayAttachmentStateFailed
	})
}

// seeTransitAttachment keeps the owner of the VPC, who is the owner of the attachment.
func seeTransitAttachment(_ *scope, v types.TransitGatewayVpcAttachment) found {
	return found{
		id:    awssdk.ToString(v.TransitGatewayAttachmentId),
		tags:  ec2Tags(v.Tags),
		facts: facts("vpc_id", awssdk.ToString(v.VpcId), "owner_id", awssdk.ToString(v.VpcOwnerId), "state", string(v.State)),
	}
}
