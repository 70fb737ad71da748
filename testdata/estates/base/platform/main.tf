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
    key                         = "platform/terraform.tfstate"
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
      Team  = "platform"
      Stage = "production"
    }
  }
}

variable "api_token" {
  type      = string
  sensitive = true
}

variable "database_password" {
  type      = string
  sensitive = true
}

resource "aws_kms_key" "data" {
  description             = "Data at rest"
  deletion_window_in_days = 7
  enable_key_rotation     = true
}

resource "aws_kms_alias" "data" {
  name          = "alias/data"
  target_key_id = aws_kms_key.data.key_id
}

module "bucket" {
  source   = "../modules/bucket"
  for_each = toset(["estate-assets", "estate-audit"])

  name = each.key
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# Policies attached and of their own.
resource "aws_iam_role" "worker" {
  name               = "estate-worker"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
  description        = "Runs the workers"
}

resource "aws_iam_policy" "read" {
  name = "estate-read"
  path = "/estate/"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:ListBucket"], Resource = "*" }]
  })
}

resource "aws_iam_policy" "write" {
  name = "estate-write"
  path = "/estate/"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::estate-assets/*" }]
  })
}

resource "aws_iam_role_policy_attachment" "worker" {
  for_each = {
    read  = aws_iam_policy.read.arn
    write = aws_iam_policy.write.arn
  }

  role       = aws_iam_role.worker.name
  policy_arn = each.value
}

resource "aws_iam_role_policy" "worker" {
  name = "queue"
  role = aws_iam_role.worker.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "*" }]
  })
}

# Policies inline: the other spelling of aws_iam_role_policy.
resource "aws_iam_role" "deployer" {
  name               = "estate-deployer"
  assume_role_policy = data.aws_iam_policy_document.lambda.json

  inline_policy {
    name = "deploy"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "lambda:UpdateFunctionCode", Resource = "*" }]
    })
  }
}

resource "aws_iam_user" "robot" {
  name = "estate-robot"
  path = "/robots/"
}

resource "aws_iam_group" "operators" {
  name = "estate-operators"
}

resource "aws_dynamodb_table" "orders" {
  name         = "estate-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "customer"
  range_key    = "order"

  attribute {
    name = "customer"
    type = "S"
  }

  attribute {
    name = "order"
    type = "N"
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_ecr_repository" "service" {
  for_each = toset(["estate/api", "estate/worker"])

  name                 = each.key
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_sns_topic" "alerts" {
  name         = "estate-alerts"
  display_name = "Alerts"
}

resource "aws_cloudwatch_log_group" "service" {
  for_each = toset(["api", "worker"])

  name              = "/estate/${each.key}"
  retention_in_days = 30
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  count = 2

  alarm_name          = "estate-cpu-${count.index}"
  namespace           = "AWS/EC2"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80 + count.index
  period              = 300
  evaluation_periods  = 3
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_ssm_parameter" "endpoint" {
  name        = "/estate/endpoint"
  description = "Where the API answers"
  type        = "String"
  value       = "https://api.estate.example.com"
}

resource "aws_ssm_parameter" "token" {
  name  = "/estate/token"
  type  = "SecureString"
  value = var.api_token
}

resource "aws_secretsmanager_secret" "database" {
  name                    = "estate/database"
  description             = "Database credentials"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = aws_secretsmanager_secret.database.id
  secret_string = jsonencode({ username = "app", password = var.database_password })
}

output "worker_role" {
  value = aws_iam_role.worker.arn
}
