package importgen

import "strings"

// services are the words that AWS types begin with and whose resources belong to another service's file. What is not
// here is filed under the second word of its type.
var services = []struct{ prefix, service string }{
	{"aws_instance", "ec2"}, {"aws_ebs", "ec2"}, {"aws_key_pair", "ec2"}, {"aws_launch_template", "ec2"},
	{"aws_ami", "ec2"}, {"aws_spot", "ec2"}, {"aws_placement_group", "ec2"},
	{"aws_vpc", "vpc"}, {"aws_subnet", "vpc"}, {"aws_internet_gateway", "vpc"}, {"aws_nat_gateway", "vpc"}, {"aws_eip", "vpc"},
	{"aws_route", "vpc"}, {"aws_network", "vpc"}, {"aws_security_group", "vpc"}, {"aws_ec2_managed_prefix_list", "vpc"},
	{"aws_default", "vpc"}, {"aws_main_route_table", "vpc"}, {"aws_egress_only", "vpc"}, {"aws_flow_log", "vpc"},
	{"aws_customer_gateway", "vpc"}, {"aws_vpn", "vpc"},
	{"aws_db", "rds"}, {"aws_rds", "rds"},
	{"aws_cloudwatch_event", "events"}, {"aws_cloudwatch_log", "logs"},
	{"aws_lb", "elb"}, {"aws_alb", "elb"}, {"aws_elb", "elb"},
	{"aws_api_gateway", "apigateway"}, {"aws_apigatewayv2", "apigateway"},
	{"aws_sfn", "sfn"}, {"aws_acm", "acm"},
}

// service is the word in the name of a resource's file.
func service(typ string) string {
	for _, s := range services {
		if typ == s.prefix || strings.HasPrefix(typ, s.prefix+"_") {
			return s.service
		}
	}
	parts := strings.SplitN(typ, "_", 3)
	if len(parts) < 2 {
		return typ
	}
	return parts[1]
}
