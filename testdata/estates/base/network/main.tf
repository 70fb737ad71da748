terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  backend "s3" {
    bucket                      = "estate-states"
    key                         = "network/terraform.tfstate"
    region                      = "us-east-1"
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}

provider "aws" {
  region                      = "us-east-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

module "vpc" {
  source = "../modules/vpc"

  name = "main"
  cidr = "10.0.0.0/16"
  subnets = {
    public-a  = { netnum = 0, zone = "us-east-1a", public = true }
    public-b  = { netnum = 1, zone = "us-east-1b", public = true }
    private-a = { netnum = 10, zone = "us-east-1a", public = false }
    private-b = { netnum = 11, zone = "us-east-1b", public = false }
  }
}

module "west" {
  source    = "../modules/vpc"
  providers = { aws = aws.west }

  name = "west"
  cidr = "10.1.0.0/16"
  subnets = {
    public-a = { netnum = 0, zone = "us-west-2a", public = true }
  }
}

resource "aws_cloudwatch_log_group" "west" {
  provider          = aws.west
  name              = "/network/west/flow"
  retention_in_days = 14
}

# Rules inline: the other spelling of aws_security_group_rule.
resource "aws_security_group" "web" {
  name        = "web"
  description = "Public web tier"
  vpc_id      = module.vpc.id

  ingress {
    description = "HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    description = "HTTP"
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  tags = { Name = "web", Tier = "public" }
}

# Rules of their own.
resource "aws_security_group" "database" {
  name        = "database"
  description = "Databases"
  vpc_id      = module.vpc.id
  tags        = { Name = "database" }
}

resource "aws_vpc_security_group_ingress_rule" "postgres" {
  security_group_id            = aws_security_group.database.id
  description                  = "Postgres from the web tier"
  from_port                    = 5432
  to_port                      = 5432
  ip_protocol                  = "tcp"
  referenced_security_group_id = aws_security_group.web.id
}

resource "aws_network_acl" "private" {
  vpc_id     = module.vpc.id
  subnet_ids = [module.vpc.subnet_ids["private-a"], module.vpc.subnet_ids["private-b"]]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "10.0.0.0/16"
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }

  tags = { Name = "private" }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = module.vpc.id
  service_name    = "com.amazonaws.us-east-1.s3"
  route_table_ids = [module.vpc.private_route_table_id]
  tags            = { Name = "s3" }
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 5

  entry {
    cidr        = "198.51.100.0/24"
    description = "Berlin"
  }

  entry {
    cidr        = "203.0.113.0/24"
    description = "Lisbon"
  }
}

resource "aws_route53_zone" "main" {
  name    = "estate.example.com"
  comment = "Managed zone"
}

resource "aws_route53_record" "host" {
  count = 2

  zone_id = aws_route53_zone.main.zone_id
  name    = "host-${count.index}"
  type    = "A"
  ttl     = 300
  records = ["192.0.2.${count.index + 10}"]
}

resource "aws_route53_record" "wildcard" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "*.apps.estate.example.com"
  type    = "CNAME"
  ttl     = 60
  records = ["host-0.estate.example.com"]
}

output "vpc_id" {
  value = module.vpc.id
}
