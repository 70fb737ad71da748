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
    key                         = "app/terraform.tfstate"
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

variable "stripe_key" {
  type      = string
  sensitive = true
}

variable "bootstrap_token" {
  type      = string
  sensitive = true
}

data "aws_vpc" "main" {
  tags = { Name = "main" }
}

data "aws_subnets" "public" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.main.id]
  }

  tags = { Public = "true" }
}

data "aws_security_group" "web" {
  name   = "web"
  vpc_id = data.aws_vpc.main.id
}

data "aws_iam_role" "worker" {
  name = "estate-worker"
}

data "aws_ami" "base" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["amzn2-ami-hvm-2.*-x86_64-gp2", "amzn-ami-hvm-*-x86_64-gp2"]
  }
}

resource "aws_lb" "web" {
  name               = "estate-web"
  load_balancer_type = "application"
  subnets            = data.aws_subnets.public.ids
  security_groups    = [data.aws_security_group.web.id]
}

resource "aws_lb_target_group" "web" {
  name        = "estate-web"
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = data.aws_vpc.main.id

  health_check {
    path                = "/healthz"
    healthy_threshold   = 2
    unhealthy_threshold = 4
    interval            = 15
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_ecs_cluster" "main" {
  name = "estate"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "api" {
  family                   = "estate-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512

  container_definitions = jsonencode([{
    name         = "api"
    image        = "registry.estate.example.com/api:1.2.3"
    essential    = true
    portMappings = [{ containerPort = 8080, hostPort = 8080, protocol = "tcp" }]
    environment  = [{ name = "LOG_LEVEL", value = "info" }]
  }])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.api.arn
  desired_count   = 1
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = data.aws_subnets.public.ids
    security_groups = [data.aws_security_group.web.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "api"
    container_port   = 8080
  }

  depends_on = [aws_lb_listener.http]

  lifecycle {
    ignore_changes = [availability_zone_rebalancing] # moto keeps none, and every plan would set it again
  }
}

resource "aws_lambda_function" "worker" {
  function_name = "estate-worker"
  role          = data.aws_iam_role.worker.arn
  handler       = "main.handler"
  runtime       = "python3.12"
  filename      = "${path.module}/worker.zip"
  timeout       = 30

  environment {
    variables = {
      LOG_LEVEL  = "info"
      STRIPE_KEY = var.stripe_key
    }
  }
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "estate-nightly"
  description         = "Starts the worker every night"
  schedule_expression = "cron(0 2 * * ? *)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule      = aws_cloudwatch_event_rule.nightly.name
  target_id = "worker"
  arn       = aws_lambda_function.worker.arn
  input     = jsonencode({ mode = "nightly" })
}

resource "aws_lambda_permission" "nightly" {
  statement_id  = "nightly"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.worker.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly.arn
}

resource "aws_key_pair" "operator" {
  key_name   = "estate-operator"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINbNVhVyEo8WBeW1pqkVrkO4hqFsiLZPr5ysV0hzDW2o operator@estate.example.com"
}

resource "aws_launch_template" "pool" {
  name          = "estate-pool"
  image_id      = data.aws_ami.base.id
  instance_type = "t3.small"
  key_name      = aws_key_pair.operator.key_name
  user_data     = base64encode("#!/bin/sh\nenrol --token ${var.bootstrap_token}\n")

  block_device_mappings {
    device_name = "/dev/sdf"

    ebs {
      volume_size = 20
      volume_type = "gp3"
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Pool = "estate" }
  }
}

# Its instances are the group's, not a person's.
resource "aws_autoscaling_group" "pool" {
  name                      = "estate-pool"
  min_size                  = 0
  max_size                  = 3
  desired_capacity          = 1
  vpc_zone_identifier       = data.aws_subnets.public.ids
  wait_for_capacity_timeout = "0"

  launch_template {
    id      = aws_launch_template.pool.id
    version = "$Latest"
  }

  tag {
    key                 = "Pool"
    value               = "estate"
    propagate_at_launch = true
  }
}

resource "aws_instance" "bastion" {
  ami                    = data.aws_ami.base.id
  instance_type          = "t3.micro"
  subnet_id              = data.aws_subnets.public.ids[0]
  vpc_security_group_ids = [data.aws_security_group.web.id]
  user_data              = "#!/bin/sh\nenrol --token ${var.bootstrap_token}\n"
  tags                   = { Name = "bastion" }

  root_block_device {
    volume_size = 10
  }
}

output "lb" {
  value = aws_lb.web.dns_name
}
