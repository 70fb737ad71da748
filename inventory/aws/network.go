package aws

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

type networkAPI interface {
	ec2.DescribeCarrierGatewaysAPIClient
	ec2.DescribeHostsAPIClient
	ec2.DescribeImagesAPIClient
	ec2.DescribeNetworkAclsAPIClient
	ec2.DescribeNetworkInterfacesAPIClient
	ec2.DescribeSecurityGroupsAPIClient
	ec2.DescribeSecurityGroupRulesAPIClient
	ec2.DescribeSnapshotsAPIClient
	ec2.DescribeTrafficMirrorFiltersAPIClient
	ec2.DescribeTrafficMirrorTargetsAPIClient
	ec2.DescribeTransitGatewayPeeringAttachmentsAPIClient
	ec2.DescribeTransitGatewayRouteTablesAPIClient
	ec2.DescribeVpcEndpointServiceConfigurationsAPIClient
	ec2.GetTransitGatewayRouteTableAssociationsAPIClient
	ec2.GetTransitGatewayRouteTablePropagationsAPIClient
	DescribeVpnConnections(context.Context, *ec2.DescribeVpnConnectionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpnConnectionsOutput, error)
	GetEbsEncryptionByDefault(context.Context, *ec2.GetEbsEncryptionByDefaultInput, ...func(*ec2.Options)) (*ec2.GetEbsEncryptionByDefaultOutput, error)
	SearchTransitGatewayRoutes(context.Context, *ec2.SearchTransitGatewayRoutesInput, ...func(*ec2.Options)) (*ec2.SearchTransitGatewayRoutesOutput, error)
}

func (s *scope) network() networkAPI { return client(s, "ec2", ec2.NewFromConfig) }

// networkRows are what hangs on a network and its machines: rules, routes, attachments, images.
var networkRows = []Row{
	{Type: "aws_ami", Actions: []string{"ec2:DescribeImages"}, list: paged(
		func(s *scope) pager[ec2.DescribeImagesOutput, ec2.Options] {
			return ec2.NewDescribeImagesPaginator(s.network(), &ec2.DescribeImagesInput{Owners: []string{"self"}})
		},
		func(p *ec2.DescribeImagesOutput) []types.Image {
			return where(p.Images, func(v types.Image) bool {
				return v.State == types.ImageStateAvailable || v.State == types.ImageStatePending
			})
		},
		func(_ *scope, v types.Image) found {
			return found{id: awssdk.ToString(v.ImageId), name: awssdk.ToString(v.Name), tags: ec2Tags(v.Tags)}
		})},
	{Type: "aws_ebs_encryption_by_default", identify: always("default"), Actions: []string{"ec2:GetEbsEncryptionByDefault"}, list: listEncryptionByDefault},
	{Type: "aws_ebs_snapshot", Actions: []string{"ec2:DescribeSnapshots"}, list: listSnapshots},
	{Type: "aws_ec2_carrier_gateway", Actions: []string{"ec2:DescribeCarrierGateways"}, list: paged(
		func(s *scope) pager[ec2.DescribeCarrierGatewaysOutput, ec2.Options] {
			return ec2.NewDescribeCarrierGatewaysPaginator(s.network(), &ec2.DescribeCarrierGatewaysInput{})
		},
		func(p *ec2.DescribeCarrierGatewaysOutput) []types.CarrierGateway {
			return where(p.CarrierGateways, func(v types.CarrierGateway) bool { return !isGoing(string(v.State)) })
		},
		func(_ *scope, v types.CarrierGateway) found {
			return found{id: awssdk.ToString(v.CarrierGatewayId), tags: ec2Tags(v.Tags), facts: facts("vpc_id", awssdk.ToString(v.VpcId), "owner_id", awssdk.ToString(v.OwnerId))}
		})},
	{Type: "aws_ec2_host", Actions: []string{"ec2:DescribeHosts"}, list: paged(
		func(s *scope) pager[ec2.DescribeHostsOutput, ec2.Options] {
			return ec2.NewDescribeHostsPaginator(s.network(), &ec2.DescribeHostsInput{})
		},
		func(p *ec2.DescribeHostsOutput) []types.Host {
			return where(p.Hosts, func(v types.Host) bool { return !strings.HasPrefix(string(v.State), "released") })
		},
		func(_ *scope, v types.Host) found {
			return found{id: awssdk.ToString(v.HostId), tags: ec2Tags(v.Tags), facts: facts("owner_id", awssdk.ToString(v.OwnerId))}
		})},
	{Type: "aws_ec2_traffic_mirror_filter", Actions: []string{"ec2:DescribeTrafficMirrorFilters"}, list: paged(
		func(s *scope) pager[ec2.DescribeTrafficMirrorFiltersOutput, ec2.Options] {
			return ec2.NewDescribeTrafficMirrorFiltersPaginator(s.network(), &ec2.DescribeTrafficMirrorFiltersInput{})
		},
		func(p *ec2.DescribeTrafficMirrorFiltersOutput) []types.TrafficMirrorFilter {
			return p.TrafficMirrorFilters
		},
		func(_ *scope, v types.TrafficMirrorFilter) found {
			return found{id: awssdk.ToString(v.TrafficMirrorFilterId), tags: ec2Tags(v.Tags)}
		})},
	{Type: "aws_ec2_traffic_mirror_target", Actions: []string{"ec2:DescribeTrafficMirrorTargets"}, list: paged(
		func(s *scope) pager[ec2.DescribeTrafficMirrorTargetsOutput, ec2.Options] {
			return ec2.NewDescribeTrafficMirrorTargetsPaginator(s.network(), &ec2.DescribeTrafficMirrorTargetsInput{})
		},
		func(p *ec2.DescribeTrafficMirrorTargetsOutput) []types.TrafficMirrorTarget {
			return p.TrafficMirrorTargets
		},
		func(_ *scope, v types.TrafficMirrorTarget) found {
			return found{id: awssdk.ToString(v.TrafficMirrorTargetId), tags: ec2Tags(v.Tags), facts: facts("owner_id", awssdk.ToString(v.OwnerId))}
		})},
	{Type: "aws_ec2_transit_gateway_peering_attachment", Actions: []string{"ec2:DescribeTransitGatewayPeeringAttachments"}, list: paged(
		func(s *scope) pager[ec2.DescribeTransitGatewayPeeringAttachmentsOutput, ec2.Options] {
			return ec2.NewDescribeTransitGatewayPeeringAttachmentsPaginator(s.network(), &ec2.DescribeTransitGatewayPeeringAttachmentsInput{})
		}, liveGatewayPeerings, seeGatewayPeering)},
	{Type: "aws_ec2_transit_gateway_route", ID: "{transit_gateway_route_table_id}_{destination_cidr_block}", Actions: []string{"ec2:DescribeTransitGatewayRouteTables", "ec2:SearchTransitGatewayRoutes"}, list: listGatewayRoutes},
	{Type: "aws_ec2_transit_gateway_route_table", Actions: []string{"ec2:DescribeTransitGatewayRouteTables"}, list: listGatewayTables},
	{Type: "aws_ec2_transit_gateway_route_table_association", ID: "{transit_gateway_route_table_id}_{transit_gateway_attachment_id}", Actions: []string{"ec2:DescribeTransitGatewayRouteTables", "ec2:GetTransitGatewayRouteTableAssociations"}, list: listGatewayAssociations},
	{Type: "aws_ec2_transit_gateway_route_table_propagation", ID: "{transit_gateway_route_table_id}_{transit_gateway_attachment_id}", Actions: []string{"ec2:DescribeTransitGatewayRouteTables", "ec2:GetTransitGatewayRouteTablePropagations"}, list: listGatewayPropagations},
	{Type: "aws_eip_association", Actions: []string{"ec2:DescribeAddresses", "ec2:DescribeNatGateways"}, list: listAddressAssociations},
	{Type: "aws_network_acl_rule", identify: identifyACLRule, Actions: []string{"ec2:DescribeNetworkAcls"}, list: listACLRules},
	{Type: "aws_network_interface", Actions: []string{"ec2:DescribeNatGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcEndpoints"}, list: listInterfaces},
	{Type: "aws_route", identify: identifyRoute, Actions: []string{"ec2:DescribeRouteTables", "ec2:DescribeVpcs"}, list: listRoutes},
	{Type: "aws_volume_attachment", ID: "{device_name}:{volume_id}:{instance_id}", Actions: []string{"ec2:DescribeInstances", "ec2:DescribeVolumes"}, list: listVolumeAttachments},
	{Type: "aws_vpc_dhcp_options_association", ID: "{vpc_id}", Actions: []string{"ec2:DescribeVpcs"}, list: listDHCPAssociations},
	{Type: "aws_vpc_endpoint_service", Actions: []string{"ec2:DescribeVpcEndpointServiceConfigurations"}, list: paged(
		func(s *scope) pager[ec2.DescribeVpcEndpointServiceConfigurationsOutput, ec2.Options] {
			return ec2.NewDescribeVpcEndpointServiceConfigurationsPaginator(s.network(), &ec2.DescribeVpcEndpointServiceConfigurationsInput{})
		},
		func(p *ec2.DescribeVpcEndpointServiceConfigurationsOutput) []types.ServiceConfiguration {
			return where(p.ServiceConfigurations, func(v types.ServiceConfiguration) bool {
				return v.ServiceState != types.ServiceStateDeleting && v.ServiceState != types.ServiceStateDeleted
			})
		},
		func(_ *scope, v types.ServiceConfiguration) found {
			return found{id: awssdk.ToString(v.ServiceId), tags: ec2Tags(v.Tags)}
		})},
	{Type: "aws_vpc_ipv4_cidr_block_association", Actions: []string{"ec2:DescribeVpcs"}, list: listCIDRAssociations},
	{Type: "aws_vpc_security_group_egress_rule", Actions: []string{"ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"}, list: listGroupRules(true)},
	{Type: "aws_vpc_security_group_ingress_rule", Actions: []string{"ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"}, list: listGroupRules(false)},
	{Type: "aws_vpn_connection", Actions: []string{"ec2:DescribeVpnConnections"}, list: listVPNConnections},
}

// always is the identity of a setting that a region or an account has once, and that state gives an ID of its own.
func always(id string) func(map[string]any) string {
	return func(map[string]any) string { return id }
}

// listEncryptionByDefault: off is how AWS makes a region, on is somebody's doing.
func listEncryptionByDefault(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.network().GetEbsEncryptionByDefault, &ec2.GetEbsEncryptionByDefaultInput{})
	if err == nil && awssdk.ToBool(answer.EbsEncryptionByDefault) {
		out.add(found{id: "default"})
	}
	return err
}

// listSnapshots asks for the account's own, and does not believe it: emulators give those of all images too.
func listSnapshots(ctx context.Context, s *scope, out *sink) error {
	own := ec2.NewDescribeSnapshotsPaginator(s.network(), &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}})
	for page, err := range pages(ctx, s, own) {
		if err != nil {
			return err
		}
		for _, v := range page.Snapshots {
			if awssdk.ToString(v.OwnerId) == s.account && v.State != types.SnapshotStateError {
				out.add(seeSnapshot(v))
			}
		}
	}
	return nil
}

// seeSnapshot: the snapshots below an image belong to it. They say so in their description, and nothing else tells them.
func seeSnapshot(v types.Snapshot) found {
	keeper := ""
	for _, begin := range []string{"Created by CreateImage(", "Copied for DestinationAmi "} {
		if strings.HasPrefix(awssdk.ToString(v.Description), begin) {
			keeper = "an image"
		}
	}
	return found{id: awssdk.ToString(v.SnapshotId), tags: ec2Tags(v.Tags), facts: facts("managed_by", keeper)}
}

func liveGatewayPeerings(p *ec2.DescribeTransitGatewayPeeringAttachmentsOutput) []types.TransitGatewayPeeringAttachment {
	return where(p.TransitGatewayPeeringAttachments, func(v types.TransitGatewayPeeringAttachment) bool {
		if v.RequesterTgwInfo == nil { // of another kind
			return false
		}
		switch v.State {
		case types.TransitGatewayAttachmentStateDeleted, types.TransitGatewayAttachmentStateDeleting, types.TransitGatewayAttachmentStateFailed,
			types.TransitGatewayAttachmentStateFailing, types.TransitGatewayAttachmentStateRejected, types.TransitGatewayAttachmentStateRejecting:
			return false
		}
		return true
	})
}

func seeGatewayPeering(_ *scope, v types.TransitGatewayPeeringAttachment) found {
	return found{id: awssdk.ToString(v.TransitGatewayAttachmentId), tags: ec2Tags(v.Tags), facts: facts("requester", awssdk.ToString(v.RequesterTgwInfo.OwnerId))}
}

// gatewayTables are the transit gateways' route tables, which three kinds of rows hang on.
func (s *scope) gatewayTables(ctx context.Context) ([]types.TransitGatewayRouteTable, error) {
	return shared(s, "transit gateway route tables", func() ([]types.TransitGatewayRouteTable, error) {
		tables, err := all(ctx, s, ec2.NewDescribeTransitGatewayRouteTablesPaginator(s.network(), &ec2.DescribeTransitGatewayRouteTablesInput{}),
			func(p *ec2.DescribeTransitGatewayRouteTablesOutput) []types.TransitGatewayRouteTable {
				return p.TransitGatewayRouteTables
			})
		return where(tables, func(v types.TransitGatewayRouteTable) bool { return !isGoing(string(v.State)) }), err
	})
}

// listGatewayTables calls the table default that a gateway comes with.
func listGatewayTables(ctx context.Context, s *scope, out *sink) error {
	tables, err := s.gatewayTables(ctx)
	for _, v := range tables {
		out.add(found{id: awssdk.ToString(v.TransitGatewayRouteTableId), tags: ec2Tags(v.Tags), facts: facts(
			"default", flag(awssdk.ToBool(v.DefaultAssociationRouteTable) || awssdk.ToBool(v.DefaultPropagationRouteTable)))})
	}
	return err
}

// eachGatewayTable makes one sub-call for each table, and tells the parts' owner by the table's tags.
func eachGatewayTable(ctx context.Context, s *scope, out *sink, parts func(table types.TransitGatewayRouteTable, id string, facts func(pairs ...string) map[string]string) error) error {
	tables, err := s.gatewayTables(ctx)
	each(ctx, tables, func(v types.TransitGatewayRouteTable) {
		id := awssdk.ToString(v.TransitGatewayRouteTableId)
		err := parts(v, id, func(pairs ...string) map[string]string {
			m := parentTags(ec2Tags(v.Tags))
			for name, value := range facts(pairs...) {
				m[name] = value
			}
			return m
		})
		if err != nil && !notFound(err) {
			out.failed(id, err)
		}
	})
	return err
}

// listGatewayRoutes asks for static routes: the others are propagated. The API has no pages and gives at most 1,000.
func listGatewayRoutes(ctx context.Context, s *scope, out *sink) error {
	return eachGatewayTable(ctx, s, out, func(_ types.TransitGatewayRouteTable, id string, facts func(...string) map[string]string) error {
		answer, err := call(ctx, s, s.network().SearchTransitGatewayRoutes, &ec2.SearchTransitGatewayRoutesInput{
			TransitGatewayRouteTableId: &id, Filters: []types.Filter{{Name: awssdk.String("type"), Values: []string{"static"}}}})
		if err != nil {
			return err
		}
		if awssdk.ToBool(answer.AdditionalRoutesAvailable) {
			out.failed(id, fmt.Errorf("the table has more than 1,000 static routes, and AWS shows no further ones"))
		}
		for _, r := range answer.Routes {
			if destination := awssdk.ToString(r.DestinationCidrBlock); destination != "" && r.Type == types.TransitGatewayRouteTypeStatic && !isGoing(string(r.State)) {
				out.add(found{id: id + "_" + destination, facts: facts()})
			}
		}
		return nil
	})
}

// listGatewayAssociations calls those with a gateway's default table default: the gateway makes them by itself.
func listGatewayAssociations(ctx context.Context, s *scope, out *sink) error {
	return eachGatewayTable(ctx, s, out, func(table types.TransitGatewayRouteTable, id string, facts func(...string) map[string]string) error {
		in := &ec2.GetTransitGatewayRouteTableAssociationsInput{TransitGatewayRouteTableId: &id}
		for page, err := range pages(ctx, s, ec2.NewGetTransitGatewayRouteTableAssociationsPaginator(s.network(), in)) {
			if err != nil {
				return err
			}
			for _, a := range page.Associations {
				if a.TransitGatewayAttachmentId != nil && a.State != types.TransitGatewayAssociationStateDisassociated && a.State != types.TransitGatewayAssociationStateDisassociating {
					out.add(found{id: id + "_" + *a.TransitGatewayAttachmentId, facts: facts("default", flag(awssdk.ToBool(table.DefaultAssociationRouteTable)))})
				}
			}
		}
		return nil
	})
}

func listGatewayPropagations(ctx context.Context, s *scope, out *sink) error {
	return eachGatewayTable(ctx, s, out, func(table types.TransitGatewayRouteTable, id string, facts func(...string) map[string]string) error {
		in := &ec2.GetTransitGatewayRouteTablePropagationsInput{TransitGatewayRouteTableId: &id}
		for page, err := range pages(ctx, s, ec2.NewGetTransitGatewayRouteTablePropagationsPaginator(s.network(), in)) {
			if err != nil {
				return err
			}
			for _, p := range page.TransitGatewayRouteTablePropagations {
				if p.TransitGatewayAttachmentId != nil && p.State != types.TransitGatewayPropagationStateDisabled && p.State != types.TransitGatewayPropagationStateDisabling {
					out.add(found{id: id + "_" + *p.TransitGatewayAttachmentId, facts: facts("default", flag(awssdk.ToBool(table.DefaultPropagationRouteTable)))})
				}
			}
		}
		return nil
	})
}

// gatewayAddresses are the NAT gateways by what they use: addresses or interfaces.
func (s *scope) gatewayAddresses(ctx context.Context, of func(types.NatGatewayAddress) *string) (map[string]string, error) {
	gateways, err := shared(s, "NAT gateways", func() ([]types.NatGateway, error) {
		return all(ctx, s, ec2.NewDescribeNatGatewaysPaginator(s.vpc(), &ec2.DescribeNatGatewaysInput{}),
			func(p *ec2.DescribeNatGatewaysOutput) []types.NatGateway { return p.NatGateways })
	})
	users := map[string]string{}
	for _, gateway := range gateways {
		for _, a := range gateway.NatGatewayAddresses {
			users[awssdk.ToString(of(a))] = awssdk.ToString(gateway.NatGatewayId)
		}
	}
	return users, err
}

// listAddressAssociations: a NAT gateway and a load balancer associate the addresses that they are given by themselves.
func listAddressAssociations(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.vpc().DescribeAddresses, &ec2.DescribeAddressesInput{})
	if err != nil {
		return err
	}
	users, err := s.gatewayAddresses(ctx, func(a types.NatGatewayAddress) *string { return a.AllocationId })
	if err != nil {
		return err
	}
	for _, v := range answer.Addresses {
		if v.AssociationId == nil {
			continue
		}
		f := parentTags(ec2Tags(v.Tags))
		f["allocation_id"] = awssdk.ToString(v.AllocationId)
		owner := awssdk.ToString(v.NetworkInterfaceOwnerId)
		switch user := users[f["allocation_id"]]; {
		case user != "":
			f["managed_by"] = user
		case v.ServiceManaged != "":
			f["managed_by"] = string(v.ServiceManaged)
		case strings.HasPrefix(owner, "amazon-"):
			f["managed_by"] = owner
		}
		out.add(found{id: *v.AssociationId, facts: f})
	}
	return nil
}

// protocolNumbers are how EC2 spells the protocols of ACL entries; code may spell them by name.
var protocolNumbers = map[string]string{"all": "-1", "icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58"}

// identifyACLRule spells the import ID by the protocol's number. State has an id of its own.
func identifyACLRule(attributes map[string]any) string {
	acl, protocol := text(attributes, "network_acl_id"), text(attributes, "protocol")
	if acl == "" || protocol == "" || attributes["rule_number"] == nil {
		return ""
	}
	egress, _ := attributes["egress"].(bool)
	return fmt.Sprintf("%s:%v:%s:%t", acl, attributes["rule_number"], cmp.Or(protocolNumbers[protocol], protocol), egress)
}

// listACLRules: the entries of a new default ACL, and those that deny all in the end, come with every ACL.
func listACLRules(ctx context.Context, s *scope, out *sink) error {
	for page, err := range pages(ctx, s, ec2.NewDescribeNetworkAclsPaginator(s.network(), &ec2.DescribeNetworkAclsInput{})) {
		if err != nil {
			return err
		}
		for _, v := range page.NetworkAcls {
			acl, tags := awssdk.ToString(v.NetworkAclId), ec2Tags(v.Tags)
			for _, e := range v.Entries {
				number := awssdk.ToInt32(e.RuleNumber)
				f := parentTags(tags)
				f["network_acl_id"] = acl
				if number >= 32767 || awssdk.ToBool(v.IsDefault) && !isOwnEntry(e) {
					f["default"] = "true"
				}
				out.add(found{id: fmt.Sprintf("%s:%d:%s:%t", acl, number, awssdk.ToString(e.Protocol), awssdk.ToBool(e.Egress)), facts: f})
			}
		}
	}
	return nil
}

// serviceInterfaces begin the descriptions of interfaces that services bring along, where nothing else may tell.
var serviceInterfaces = []string{
	"Amazon EKS ", "AWS Lambda VPC ENI", "CloudHSM ", "DAX ", "DMSNetworkInterface", "EFS mount target for ", "ELB ", "ElastiCache ",
	"Interface for NAT Gateway ", "Network Interface for Transit Gateway Attachment", "RDSNetworkInterface", "RedshiftNetworkInterface",
	"Route 53 Resolver: ", "VPC Endpoint Interface ", "arn:aws:ecs:", "aws-K8S-",
}

// listInterfaces: an instance's interfaces go away with it, and services bring interfaces of their own kind or requester.
func listInterfaces(ctx context.Context, s *scope, out *sink) error {
	users, err := s.gatewayAddresses(ctx, func(a types.NatGatewayAddress) *string { return a.NetworkInterfaceId })
	if err != nil {
		return err
	}
	for page, err := range pages(ctx, s, ec2.NewDescribeVpcEndpointsPaginator(s.vpc(), &ec2.DescribeVpcEndpointsInput{})) {
		if err != nil {
			return err
		}
		for _, endpoint := range page.VpcEndpoints {
			for _, id := range endpoint.NetworkInterfaceIds {
				users[id] = awssdk.ToString(endpoint.VpcEndpointId)
			}
		}
	}
	for page, err := range pages(ctx, s, ec2.NewDescribeNetworkInterfacesPaginator(s.network(), &ec2.DescribeNetworkInterfacesInput{})) {
		if err != nil {
			return err
		}
		for _, v := range page.NetworkInterfaces {
			f := facts("vpc_id", awssdk.ToString(v.VpcId), "owner_id", awssdk.ToString(v.OwnerId),
				"managed_by", cmp.Or(users[awssdk.ToString(v.NetworkInterfaceId)], keeper(v)))
			if a := v.Attachment; a != nil && a.InstanceId != nil {
				f["instance_id"] = *a.InstanceId
				if awssdk.ToInt32(a.DeviceIndex) == 0 || awssdk.ToBool(a.DeleteOnTermination) {
					f["delete_on_termination"] = "true"
				}
			}
			out.add(found{id: awssdk.ToString(v.NetworkInterfaceId), tags: ec2Tags(v.TagSet), facts: f})
		}
	}
	return nil
}

// keeper is the service that keeps an interface for itself, "" when it is its user's.
func keeper(v types.NetworkInterface) string {
	if by := operator(v.Operator); by != "" {
		return by
	}
	if awssdk.ToBool(v.RequesterManaged) {
		return cmp.Or(awssdk.ToString(v.RequesterId), "its requester")
	}
	if v.InterfaceType != "" && !slices.Contains(ownInterfaceTypes, v.InterfaceType) {
		return string(v.InterfaceType)
	}
	if v.Attachment != nil && strings.HasPrefix(awssdk.ToString(v.Attachment.InstanceOwnerId), "amazon-") {
		return *v.Attachment.InstanceOwnerId
	}
	for _, begin := range serviceInterfaces {
		if strings.HasPrefix(awssdk.ToString(v.Description), begin) {
			return strings.TrimSpace(begin)
		}
	}
	return ""
}

// ownInterfaceTypes are the kinds of interface that a user can make.
var ownInterfaceTypes = []types.NetworkInterfaceType{
	types.NetworkInterfaceTypeInterface, types.NetworkInterfaceTypeEfa, types.NetworkInterfaceTypeEfaOnly, types.NetworkInterfaceTypeBranch, types.NetworkInterfaceTypeTrunk,
}

// identifyRoute spells the import ID, the table before the destination. State has an id of its own.
func identifyRoute(attributes map[string]any) string {
	table := text(attributes, "route_table_id")
	for _, kind := range []string{"destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"} {
		if destination := text(attributes, kind); table != "" && destination != "" {
			return table + "_" + destination
		}
	}
	return ""
}

// listRoutes leaves out what Terraform has no route resource for: propagated routes, and those of a gateway endpoint,
// which belong to the endpoint.
func listRoutes(ctx context.Context, s *scope, out *sink) error {
	vpcs, err := s.vpcs(ctx)
	if err != nil {
		return err
	}
	tables, err := s.routeTables(ctx)
	for _, table := range tables {
		vpc, tags := awssdk.ToString(table.VpcId), ec2Tags(table.Tags)
		own := isOwnRoute(isDefaultVpc(vpcs, vpc))
		for _, r := range table.Routes {
			destination := cmp.Or(awssdk.ToString(r.DestinationCidrBlock), cmp.Or(awssdk.ToString(r.DestinationIpv6CidrBlock), awssdk.ToString(r.DestinationPrefixListId)))
			if destination == "" || r.Origin == types.RouteOriginEnableVgwRoutePropagation || strings.HasPrefix(awssdk.ToString(r.GatewayId), "vpce-") {
				continue
			}
			f := parentTags(tags)
			f["vpc_id"], f["owner_id"] = vpc, awssdk.ToString(table.OwnerId)
			if !own(r) {
				f["default"] = "true"
			}
			out.add(found{id: awssdk.ToString(table.RouteTableId) + "_" + destination, facts: f})
		}
	}
	return err
}

// listVolumeAttachments gives an attachment the facts of its volume: what comes and goes with an instance is no
// resource of its own.
func listVolumeAttachments(ctx context.Context, s *scope, out *sink) error {
	instances, err := s.instances(ctx)
	if err != nil {
		return err
	}
	roots := rootDevices(instances)
	for page, err := range pages(ctx, s, ec2.NewDescribeVolumesPaginator(s.ec2(), &ec2.DescribeVolumesInput{})) {
		if err != nil {
			return err
		}
		for _, v := range page.Volumes {
			for _, a := range v.Attachments {
				instance, device := awssdk.ToString(a.InstanceId), awssdk.ToString(a.Device)
				if instance == "" || a.State == types.VolumeAttachmentStateDetached || a.State == types.VolumeAttachmentStateDetaching {
					continue
				}
				f := parentTags(ec2Tags(v.Tags))
				for name, value := range seeVolume(v, roots).facts {
					f[name] = value
				}
				out.add(found{id: device + ":" + awssdk.ToString(v.VolumeId) + ":" + instance, facts: f})
			}
		}
	}
	return nil
}

// listDHCPAssociations: a VPC that nobody has given another set uses that of the default VPC, which each region has, or
// none.
func listDHCPAssociations(ctx context.Context, s *scope, out *sink) error {
	vpcs, err := s.vpcs(ctx)
	given := ""
	for _, v := range vpcs {
		if awssdk.ToBool(v.IsDefault) {
			given = awssdk.ToString(v.DhcpOptionsId)
		}
	}
	for _, v := range vpcs {
		options := awssdk.ToString(v.DhcpOptionsId)
		if options == "" || options == "default" {
			continue
		}
		f := parentTags(ec2Tags(v.Tags))
		if f["vpc_id"] = awssdk.ToString(v.VpcId); options == given {
			f["default"] = "true"
		}
		out.add(found{id: f["vpc_id"], facts: f})
	}
	return err
}

// listCIDRAssociations leaves out the block that each VPC is made with.
func listCIDRAssociations(ctx context.Context, s *scope, out *sink) error {
	vpcs, err := s.vpcs(ctx)
	for _, v := range vpcs {
		for _, a := range v.CidrBlockAssociationSet {
			live := a.CidrBlockState == nil || a.CidrBlockState.State == types.VpcCidrBlockStateCodeAssociated || a.CidrBlockState.State == types.VpcCidrBlockStateCodeAssociating
			if !live || awssdk.ToString(a.CidrBlock) == awssdk.ToString(v.CidrBlock) {
				continue
			}
			f := parentTags(ec2Tags(v.Tags))
			f["vpc_id"], f["owner_id"] = awssdk.ToString(v.VpcId), awssdk.ToString(v.OwnerId)
			out.add(found{id: awssdk.ToString(a.AssociationId), facts: f})
		}
	}
	return err
}

func (s *scope) securityGroups(ctx context.Context) ([]types.SecurityGroup, error) {
	return shared(s, "security groups", func() ([]types.SecurityGroup, error) {
		return all(ctx, s, ec2.NewDescribeSecurityGroupsPaginator(s.network(), &ec2.DescribeSecurityGroupsInput{}), securityGroups)
	})
}

func (s *scope) groupRules(ctx context.Context) ([]types.SecurityGroupRule, error) {
	return shared(s, "security group rules", func() ([]types.SecurityGroupRule, error) {
		in := &ec2.DescribeSecurityGroupRulesInput{MaxResults: awssdk.Int32(1000)}
		return all(ctx, s, ec2.NewDescribeSecurityGroupRulesPaginator(s.network(), in),
			func(p *ec2.DescribeSecurityGroupRulesOutput) []types.SecurityGroupRule { return p.SecurityGroupRules })
	})
}

// listGroupRules tells of each rule what it says, by which older spellings of it are known, and its group's owner. The
// rules of a default group that nobody has changed are AWS's.
func listGroupRules(egress bool) lister {
	return func(ctx context.Context, s *scope, out *sink) error {
		groups, err := s.securityGroups(ctx)
		if err != nil {
			return err
		}
		byID := make(map[string]types.SecurityGroup, len(groups))
		for _, g := range groups {
			byID[awssdk.ToString(g.GroupId)] = g
		}
		rules, err := s.groupRules(ctx)
		for _, v := range rules {
			if awssdk.ToBool(v.IsEgress) != egress {
				continue
			}
			group := byID[awssdk.ToString(v.GroupId)]
			f := parentTags(ec2Tags(group.Tags))
			for name, value := range facts(
				"security_group_id", awssdk.ToString(v.GroupId), "owner_id", awssdk.ToString(v.GroupOwnerId),
				"protocol", awssdk.ToString(v.IpProtocol), "from_port", port(v.FromPort), "to_port", port(v.ToPort), "source", ruleSource(v),
				"default", flag(awssdk.ToString(group.GroupName) == "default" && hasDefaultRules(group)),
			) {
				f[name] = value
			}
			out.add(found{id: awssdk.ToString(v.SecurityGroupRuleId), tags: ec2Tags(v.Tags), facts: f})
		}
		return err
	}
}

func port(number *int32) string {
	if number == nil {
		return ""
	}
	return fmt.Sprint(*number)
}

// ruleSource is where a rule lets traffic come from or go to: one of four kinds.
func ruleSource(v types.SecurityGroupRule) string {
	if v.ReferencedGroupInfo != nil {
		return awssdk.ToString(v.ReferencedGroupInfo.GroupId)
	}
	return cmp.Or(awssdk.ToString(v.CidrIpv4), cmp.Or(awssdk.ToString(v.CidrIpv6), awssdk.ToString(v.PrefixListId)))
}

// listVPNConnections asks once: the API has no pages. A deleted connection stays listed for a while.
func listVPNConnections(ctx context.Context, s *scope, out *sink) error {
	answer, err := call(ctx, s, s.network().DescribeVpnConnections, &ec2.DescribeVpnConnectionsInput{})
	if err != nil {
		return err
	}
	for _, v := range answer.VpnConnections {
		if !isGoing(string(v.State)) {
			out.add(found{id: awssdk.ToString(v.VpnConnectionId), tags: ec2Tags(v.Tags)})
		}
	}
	return nil
}
