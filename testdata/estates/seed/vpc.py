"""A network as somebody would click it together: two zones, a way out, a way to S3, a peer."""


def tag(kind, name, **more):
    tags = [{"Key": "Name", "Value": name}] + [{"Key": k, "Value": v} for k, v in more.items()]
    return [{"ResourceType": kind, "Tags": tags}]


def seed(session, context):
    ec2 = session.client("ec2")
    prefix, region = context["prefix"], context["region"]

    vpc = ec2.create_vpc(CidrBlock="10.80.0.0/16", TagSpecifications=tag("vpc", f"{prefix}-net", team="platform"))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    peer_vpc = ec2.create_vpc(CidrBlock="10.81.0.0/16", TagSpecifications=tag("vpc", f"{prefix}-peer"))["Vpc"]["VpcId"]

    def subnet(number, zone, public):
        made = ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.80.{number}.0/24", AvailabilityZone=region + zone,
            TagSpecifications=tag("subnet", f"{prefix}-{'public' if public else 'private'}-{zone}", tier=str(public)),
        )["Subnet"]["SubnetId"]
        if public:
            ec2.modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": True})
        return made

    public, private = subnet(1, "a", True), [subnet(11, "a", False), subnet(12, "b", False)]

    gateway = ec2.create_internet_gateway(TagSpecifications=tag("internet-gateway", f"{prefix}-igw"))["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tag("elastic-ip", f"{prefix}-nat"))["AllocationId"]
    nat = ec2.create_nat_gateway(
        SubnetId=public, AllocationId=address, TagSpecifications=tag("natgateway", f"{prefix}-nat"),
    )["NatGateway"]["NatGatewayId"]

    table = ec2.create_route_table(VpcId=vpc, TagSpecifications=tag("route-table", f"{prefix}-public"))["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=public)

    acl = ec2.create_network_acl(VpcId=vpc, TagSpecifications=tag("network-acl", f"{prefix}-acl"))["NetworkAcl"]["NetworkAclId"]
    for egress in (False, True):
        ec2.create_network_acl_entry(
            NetworkAclId=acl, RuleNumber=200, Protocol="6", RuleAction="allow", Egress=egress,
            CidrBlock="10.0.0.0/8", PortRange={"From": 443, "To": 443},
        )

    group = ec2.create_security_group(
        GroupName=f"{prefix}-web", Description="web servers", VpcId=vpc, TagSpecifications=tag("security-group", f"{prefix}-web"),
    )["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "anyone"}]},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "192.168.0.0/16"}]},
    ])

    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{region}.s3", VpcEndpointType="Gateway", RouteTableIds=[table],
        TagSpecifications=tag("vpc-endpoint", f"{prefix}-s3"),
    )["VpcEndpoint"]["VpcEndpointId"]

    peering = ec2.create_vpc_peering_connection(
        VpcId=vpc, PeerVpcId=peer_vpc, TagSpecifications=tag("vpc-peering-connection", f"{prefix}-peering"),
    )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)

    options = ec2.create_dhcp_options(
        DhcpConfigurations=[
            {"Key": "domain-name", "Values": [f"{prefix}.internal"]},
            {"Key": "domain-name-servers", "Values": ["10.80.0.2", "10.80.0.3"]},
        ],
        TagSpecifications=tag("dhcp-options", f"{prefix}-dhcp"),
    )["DhcpOptions"]["DhcpOptionsId"]

    prefixes = ec2.create_managed_prefix_list(
        PrefixListName=f"{prefix}-offices", AddressFamily="IPv4", MaxEntries=5,
        Entries=[{"Cidr": "192.0.2.0/24", "Description": "north"}, {"Cidr": "198.51.100.0/24", "Description": "south"}],
        TagSpecifications=tag("prefix-list", f"{prefix}-offices"),
    )["PrefixList"]["PrefixListId"]

    egress = ec2.create_egress_only_internet_gateway(
        VpcId=vpc, TagSpecifications=tag("egress-only-internet-gateway", f"{prefix}-out6"),
    )["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    customer = ec2.create_customer_gateway(
        BgpAsn=65010, PublicIp="203.0.113.12", Type="ipsec.1", TagSpecifications=tag("customer-gateway", f"{prefix}-office"),
    )["CustomerGateway"]["CustomerGatewayId"]
    vpn = ec2.create_vpn_gateway(
        Type="ipsec.1", AmazonSideAsn=64600, TagSpecifications=tag("vpn-gateway", f"{prefix}-vpn"),
    )["VpnGateway"]["VpnGatewayId"]
    transit = ec2.create_transit_gateway(
        Description="between networks", Options={"AmazonSideAsn": 64700, "DnsSupport": "enable"},
        TagSpecifications=tag("transit-gateway", f"{prefix}-hub"),
    )["TransitGateway"]["TransitGatewayId"]
    spoke = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=transit, VpcId=vpc, SubnetIds=private[:1], TagSpecifications=tag("transit-gateway-attachment", f"{prefix}-spoke"),
    )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    session.client("s3").create_bucket(Bucket=f"{prefix}-flows", **(
        {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}))
    flows = ec2.create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="REJECT", LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{prefix}-flows", MaxAggregationInterval=60, TagSpecifications=tag("vpc-flow-log", f"{prefix}-flows"),
    )["FlowLogIds"][0]

    context.update(vpc_id=vpc, subnet_ids=private, public_subnet_id=public, security_group_id=group, security_group_ids=[group])
    return {
        "aws_vpc": [vpc, peer_vpc],
        "aws_subnet": [public] + private,
        "aws_internet_gateway": [gateway],
        "aws_eip": [address],
        "aws_nat_gateway": [nat],
        "aws_route_table": [table],
        "aws_route_table_association": [f"{public}/{table}"],
        "aws_network_acl": [acl],
        "aws_security_group": [group],
        "aws_vpc_endpoint": [endpoint],
        "aws_vpc_peering_connection": [peering],
        "aws_vpc_dhcp_options": [options],
        "aws_ec2_managed_prefix_list": [prefixes],
        "aws_egress_only_internet_gateway": [egress],
        "aws_customer_gateway": [customer],
        "aws_vpn_gateway": [vpn],
        "aws_ec2_transit_gateway": [transit],
        "aws_ec2_transit_gateway_vpc_attachment": [spoke],
        "aws_flow_log": [flows],
        "aws_s3_bucket": [f"{prefix}-flows"],
    }
