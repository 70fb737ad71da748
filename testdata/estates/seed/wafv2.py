"""Address sets for the region and, where CloudFront keeps its own, for CloudFront."""


def seed(session, context):
    waf = session.client("wafv2")
    name = context["prefix"]
    sets = []
    scopes = ["REGIONAL"] + (["CLOUDFRONT"] if session.region_name == "us-east-1" else [])
    for scope in scopes:
        made = waf.create_ip_set(
            Name=f"{name}-offices-{scope.lower()}",
            Scope=scope,
            Description="Where our people sit",
            IPAddressVersion="IPV4",
            Addresses=["192.0.2.0/24", "198.51.100.7/32"],
            Tags=[{"Key": "Name", "Value": f"{name}-offices"}, {"Key": "team", "Value": "security"}],
        )["Summary"]
        sets.append(f"{made['Id']}/{made['Name']}/{scope}")
    return {"aws_wafv2_ip_set": sets}
