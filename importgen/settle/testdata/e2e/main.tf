# One resource per way of writing a value down. What e2e_test.go changes in the cloud is accepted here, and nothing but.
terraform {
  required_version = ">= 1.7"
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
}

variable "retention" {
  type    = number
  default = 7 # days
}

locals {
  team  = "shop"
  names = { team = "Team" }
}

# literals
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id" # agreed with the team

  attribute {
    name = "id"
    type = "S"
  }

  ttl {
    attribute_name = "expires" # seconds
    enabled        = true
  }

  tags = {
    Name = "orders"
    (local.names.team) = "x"
    Env  = "test" # not prod
  }
}

# lists and sets
resource "aws_security_group" "web" {
  name        = "web"
  description = "web"

  # from the office
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

# a document by jsonencode, with a reference beside what changes
resource "aws_iam_policy" "read" {
  name = "read"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem"] # for now
      Resource = aws_dynamodb_table.orders.arn
    }]
  })
}

# a document in a heredoc
resource "aws_iam_role" "app" {
  name               = "app"
  description        = "before"
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
      ]
    }
  EOT
}

# a variable and a local, each used once
resource "aws_cloudwatch_log_group" "app" {
  name              = "/app"
  retention_in_days = var.retention

  tags = merge({ Team = local.team }, {
    Name = "app"
  })
}

# a module of the checkout
module "parameter" {
  source = "./modules/parameter"
  value  = "one"
}

# gone as a whole
resource "aws_cloudwatch_log_group" "gone" {
  name = "/gone"
}
