"""A service in a network of services, and what it sends requests to."""


def seed(session, context):
    lattice, prefix = session.client("vpc-lattice"), context["prefix"]
    tags = {"team": "shop"}
    network = lattice.create_service_network(name=f"{prefix}-services", authType="AWS_IAM", tags=tags)["id"]
    service = lattice.create_service(name=f"{prefix}-orders", authType="NONE", tags=tags)["id"]
    targets = lattice.create_target_group(
        name=f"{prefix}-orders", type="IP", tags=tags,
        config={"port": 8080, "protocol": "HTTP", "protocolVersion": "HTTP1", "vpcIdentifier": context["vpc_id"], "ipAddressType": "IPV4"},
    )["id"]
    return {
        "aws_vpclattice_service": [service],
        "aws_vpclattice_service_network": [network],
        "aws_vpclattice_target_group": [targets],
    }
