# What Terraform manages: the targets that generated code refers to, through a module's outputs and for_each keys, and one
# resource for each way of writing a value down. What behind_the_back.py changes is accepted in this code, where it can be.
terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  backend "s3" {
    bucket                      = "estate-states"
    key                         = "live/terraform.tfstate"
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

  default_tags {
    tags = {
      Team     = "traps"
      Template = "$${literal} %%{literal}"
    }
  }
}

variable "retention" {
  type        = number
  description = "Days"
  default     = 7 # a week
}

variable "shared" {
  type    = string
  default = "shared"
}

locals {
  descriptions = {
    alarms = "What wakes people" # at night
    other  = "Something else"
  }
}

module "network" {
  source = "../modules/network"
  cidr   = "10.50.0.0/16"

  zones = {
    "us-east-1a" = "10.50.1.0/24"
    "us-east-1b" = "10.50.2.0/24"
  }
}

module "orders" {
  source    = "../modules/queue"
  name      = "orders"
  retention = 14 # two weeks
}

resource "aws_sns_topic" "by_team" {
  for_each = toset(["shop", "bank"])

  name         = "traps-${each.key}"
  display_name = "Alerts"
}

# A literal, a nested block, a map and a list, each with comments and an order of its own.
resource "aws_dynamodb_table" "orders" {
  billing_mode = "PAY_PER_REQUEST"
  name         = "traps-orders"
  hash_key     = "id" # agreed

  attribute {
    name = "id"
    type = "S"
  }

  ttl {
    enabled        = true
    attribute_name = "expires" # seconds
  }

  tags = {
    Owner = "shop" # who is asked
    Cost  = "42"
  }
}

# The default of a variable that is used once.
resource "aws_cloudwatch_log_group" "app" {
  name              = "/traps/app"
  retention_in_days = var.retention
}

# An element of a local map.
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "traps-errors"
  alarm_description   = local.descriptions.alarms
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60
  period              = 60
  evaluation_periods  = 2
  alarm_actions       = [aws_sns_topic.by_team["shop"].arn]
}

# A document in a heredoc.
resource "aws_iam_role" "app" {
  name = "traps-app"

  assume_role_policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Principal": {"Service": "lambda.amazonaws.com"}
        }
      ]
    }
  JSON
}

# A document by jsonencode, with references beside what changes.
resource "aws_iam_role_policy" "app" {
  name = "app"
  role = aws_iam_role.app.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Read"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem"] # and nothing else
      Resource = [aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/*"]
    }]
  })
}

# What cannot be patched, and why.
resource "aws_ssm_parameter" "expression" {
  name        = "/traps/expression"
  description = "As of ${upper(var.shared)}"
  type        = "String"
  value       = var.shared
}

# Rules as resources of their own, in both spellings.
resource "aws_security_group" "rules" {
  name        = "traps-rules"
  description = "Rules of their own"
  vpc_id      = module.network.vpc_id
}

resource "aws_security_group_rule" "https" {
  security_group_id = aws_security_group.rules.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.0.0.0/8", "192.168.0.0/16"]
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.rules.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# Gone behind Terraform's back: one that nothing refers to, and one of several.
resource "aws_cloudwatch_log_group" "gone" {
  name = "/traps/gone"
}

resource "aws_cloudwatch_log_group" "several" {
  for_each = toset(["one", "two"])

  name = "/traps/${each.key}"
}
