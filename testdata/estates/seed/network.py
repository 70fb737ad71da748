"""What hangs on a network and its machines: rules, routes, attachments, images, a second transit gateway."""

from vpc import tag


def seed(session, context):
    ec2 = session.client("ec2")
    prefix, region = context["prefix"], context["region"]
    zone = region + "a"

    vpc = ec2.create_vpc(CidrBlock="10.90.0.0/16", TagSpecifications=tag("vpc", f"{prefix}-machines"))["Vpc"]["VpcId"]
    second = ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.91.0.0/16")["CidrBlockAssociation"]["AssociationId"]
    subnet = ec2.create_subnet(
        VpcId=vpc, CidrBlock="10.90.1.0/24", AvailabilityZone=zone, TagSpecifications=tag("subnet", f"{prefix}-machines"),
    )["Subnet"]["SubnetId"]
    names = ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": "ntp-servers", "Values": ["10.90.0.123"]}], TagSpecifications=tag("dhcp-options", f"{prefix}-time"),
    )["DhcpOptions"]["DhcpOptionsId"]
    ec2.associate_dhcp_options(DhcpOptionsId=names, VpcId=vpc)

    gateway = ec2.create_internet_gateway(TagSpecifications=tag("internet-gateway", f"{prefix}-machines"))["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc, TagSpecifications=tag("route-table", f"{prefix}-machines"))["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", GatewayId=gateway)

    acl = ec2.create_network_acl(VpcId=vpc, TagSpecifications=tag("network-acl", f"{prefix}-machines"))["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=110, Protocol="17", RuleAction="deny", Egress=True, CidrBlock="203.0.113.0/24", PortRange={"From": 53, "To": 53})

    group = ec2.create_security_group(
        GroupName=f"{prefix}-machines", Description="machines", VpcId=vpc, TagSpecifications=tag("security-group", f"{prefix}-machines"),
    )["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8450, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "inside"}]},
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "UserIdGroupPairs": [{"GroupId": group}]},
    ])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]

    image = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "architecture", "Values": ["x86_64"]}])["Images"][0]["ImageId"]
    machine = ec2.run_instances(
        ImageId=image, InstanceType="t3.small", MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group],
        TagSpecifications=tag("instance", f"{prefix}-machine"),
    )["Instances"][0]["InstanceId"]
    volume = ec2.create_volume(AvailabilityZone=zone, Size=10, TagSpecifications=tag("volume", f"{prefix}-machine"))["VolumeId"]
    ec2.attach_volume(VolumeId=volume, InstanceId=machine, Device="/dev/sdh")
    snapshot = ec2.create_snapshot(VolumeId=volume, Description="before the move", TagSpecifications=tag("snapshot", f"{prefix}-before"))["SnapshotId"]
    golden = ec2.create_image(InstanceId=machine, Name=f"{prefix}-golden", Description="as of today", TagSpecifications=tag("image", f"{prefix}-golden"))["ImageId"]
    interface = ec2.create_network_interface(
        SubnetId=subnet, Description="floating", Groups=[group], PrivateIpAddress="10.90.1.40", TagSpecifications=tag("network-interface", f"{prefix}-floating"),
    )["NetworkInterface"]["NetworkInterfaceId"]
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tag("elastic-ip", f"{prefix}-machine"))["AllocationId"]
    association = ec2.associate_address(AllocationId=address, InstanceId=machine)["AssociationId"]
    host = ec2.allocate_hosts(
        AvailabilityZone=zone, InstanceType="m5.large", Quantity=1, AutoPlacement="off", TagSpecifications=tag("dedicated-host", f"{prefix}-host"),
    )["HostIds"][0]
    ec2.enable_ebs_encryption_by_default()

    balancer = session.client("elbv2").create_load_balancer(Name=f"{prefix}-offer", Type="network", Scheme="internal", Subnets=[subnet])["LoadBalancers"][0]["LoadBalancerArn"]
    offer = ec2.create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[balancer], AcceptanceRequired=True, TagSpecifications=tag("vpc-endpoint-service", f"{prefix}-offer"),
    )["ServiceConfiguration"]["ServiceId"]
    mirror = ec2.create_traffic_mirror_filter(Description="a look", TagSpecifications=tag("traffic-mirror-filter", f"{prefix}-look"))["TrafficMirrorFilter"]["TrafficMirrorFilterId"]
    target = ec2.create_traffic_mirror_target(
        NetworkLoadBalancerArn=balancer, TagSpecifications=tag("traffic-mirror-target", f"{prefix}-look"),
    )["TrafficMirrorTarget"]["TrafficMirrorTargetId"]
    carrier = ec2.create_carrier_gateway(VpcId=vpc, TagSpecifications=tag("carrier-gateway", f"{prefix}-carrier"))["CarrierGateway"]["CarrierGatewayId"]

    hub = ec2.create_transit_gateway(
        Description="hub", Options={"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"},
        TagSpecifications=tag("transit-gateway", f"{prefix}-machines"),
    )["TransitGateway"]["TransitGatewayId"]
    far = ec2.create_transit_gateway(Description="far hub", TagSpecifications=tag("transit-gateway", f"{prefix}-far"))["TransitGateway"]["TransitGatewayId"]
    spoke = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=hub, VpcId=vpc, SubnetIds=[subnet], TagSpecifications=tag("transit-gateway-attachment", f"{prefix}-machines"),
    )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    crossing = ec2.create_transit_gateway_peering_attachment(
        TransitGatewayId=hub, PeerTransitGatewayId=far, PeerAccountId=context["account"], PeerRegion=region,
        TagSpecifications=tag("transit-gateway-attachment", f"{prefix}-crossing"),
    )["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"]
    spokes = ec2.create_transit_gateway_route_table(
        TransitGatewayId=hub, TagSpecifications=tag("transit-gateway-route-table", f"{prefix}-spokes"),
    )["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    ec2.associate_transit_gateway_route_table(TransitGatewayRouteTableId=spokes, TransitGatewayAttachmentId=spoke)
    ec2.enable_transit_gateway_route_table_propagation(TransitGatewayRouteTableId=spokes, TransitGatewayAttachmentId=spoke)
    ec2.create_transit_gateway_route(DestinationCidrBlock="10.200.0.0/16", TransitGatewayRouteTableId=spokes, TransitGatewayAttachmentId=spoke)

    office = ec2.create_customer_gateway(
        BgpAsn=65020, PublicIp="203.0.113.20", Type="ipsec.1", TagSpecifications=tag("customer-gateway", f"{prefix}-branch"),
    )["CustomerGateway"]["CustomerGatewayId"]
    private = ec2.create_vpn_gateway(Type="ipsec.1", TagSpecifications=tag("vpn-gateway", f"{prefix}-branch"))["VpnGateway"]["VpnGatewayId"]
    tunnel = ec2.create_vpn_connection(
        Type="ipsec.1", CustomerGatewayId=office, VpnGatewayId=private, TagSpecifications=tag("vpn-connection", f"{prefix}-branch"),
    )["VpnConnection"]["VpnConnectionId"]

    return {
        "aws_vpc": [vpc],
        "aws_subnet": [subnet],
        "aws_vpc_dhcp_options": [names],
        "aws_internet_gateway": [gateway],
        "aws_route_table": [table],
        "aws_network_acl": [acl],
        "aws_security_group": [group],
        "aws_instance": [machine],
        "aws_ebs_volume": [volume],
        "aws_eip": [address],
        "aws_lb": [balancer],
        "aws_ec2_transit_gateway": [hub, far],
        "aws_ec2_transit_gateway_vpc_attachment": [spoke],
        "aws_customer_gateway": [office],
        "aws_vpn_gateway": [private],
        "aws_ami": [golden],
        "aws_ebs_encryption_by_default": ["default"],
        "aws_ebs_snapshot": [snapshot],
        "aws_ec2_carrier_gateway": [carrier],
        "aws_ec2_host": [host],
        "aws_ec2_traffic_mirror_filter": [mirror],
        "aws_ec2_traffic_mirror_target": [target],
        "aws_ec2_transit_gateway_peering_attachment": [crossing],
        "aws_ec2_transit_gateway_route": [f"{spokes}_10.200.0.0/16"],
        "aws_ec2_transit_gateway_route_table": [spokes],
        "aws_ec2_transit_gateway_route_table_association": [f"{spokes}_{spoke}"],
        "aws_ec2_transit_gateway_route_table_propagation": [f"{spokes}_{spoke}"],
        "aws_eip_association": [association],
        "aws_network_acl_rule": [f"{acl}:110:17:true"],
        "aws_network_interface": [interface],
        "aws_route": [f"{table}_0.0.0.0/0", f"{table}_::/0"],
        "aws_volume_attachment": [f"/dev/sdh:{volume}:{machine}"],
        "aws_vpc_dhcp_options_association": [vpc],
        "aws_vpc_endpoint_service": [offer],
        "aws_vpc_ipv4_cidr_block_association": [second],
        "aws_vpc_security_group_egress_rule": [r["SecurityGroupRuleId"] for r in rules if r["IsEgress"]],
        "aws_vpc_security_group_ingress_rule": [r["SecurityGroupRuleId"] for r in rules if not r["IsEgress"]],
        "aws_vpn_connection": [tunnel],
    }
