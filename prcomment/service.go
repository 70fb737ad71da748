package prcomment

import (
	"cmp"
	"strings"
)

// services names the AWS service of a resource type by the longest prefix that fits. Types whose service stands in
// their own name (aws_sqs_queue) need no row.
var services = map[string]string{
	"acm": "ACM", "api_gateway": "API Gateway", "apigatewayv2": "API Gateway", "autoscaling": "Auto Scaling",
	"cloudformation": "CloudFormation", "cloudwatch_event": "EventBridge", "cloudwatch_log": "CloudWatch Logs",
	"cloudwatch": "CloudWatch", "cognito": "Cognito", "db": "RDS", "rds": "RDS", "dynamodb": "DynamoDB",
	"ebs": "EC2", "instance": "EC2", "key_pair": "EC2", "launch_template": "EC2", "ec2_managed_prefix_list": "VPC",
	"ec2": "EC2", "eip": "VPC", "elb": "Load Balancing", "lb": "Load Balancing", "alb": "Load Balancing",
	"internet_gateway": "VPC", "nat_gateway": "VPC", "network_acl": "VPC", "network_interface": "VPC", "route": "VPC",
	"route53": "Route 53", "route_table": "VPC", "security_group": "VPC", "subnet": "VPC", "vpc": "VPC",
	"kinesis": "Kinesis", "lambda": "Lambda", "secretsmanager": "Secrets Manager", "sfn": "Step Functions",
	"ssm": "Systems Manager", "wafv2": "WAF", "elasticache": "ElastiCache", "cloudfront": "CloudFront",
}

// service is the heading that a resource type stands under: "VPC" for aws_subnet.
func service(typ string) string {
	provider, name, found := strings.Cut(typ, "_")
	if !found {
		return cmp.Or(typ, "Other")
	}
	if provider != "aws" {
		return provider
	}
	for prefix := name; prefix != ""; {
		if label, ok := services[prefix]; ok {
			return label
		}
		i := strings.LastIndexByte(prefix, '_')
		prefix = prefix[:max(i, 0)]
	}
	first, _, _ := strings.Cut(name, "_")
	return strings.ToUpper(first)
}
