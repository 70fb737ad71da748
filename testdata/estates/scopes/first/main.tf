terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  backend "s3" {
    bucket                      = "estate-states"
    key                         = "first/terraform.tfstate"
    region                      = "us-east-1"
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

resource "aws_cloudwatch_log_group" "app" {
  name = "/shared/app"
}

resource "aws_ssm_parameter" "west" {
  provider = aws.west
  name     = "/shared/setting"
  type     = "String"
  value    = "first, west"
}

resource "aws_sns_topic" "east" {
  name = "shared"
}

resource "aws_sns_topic" "west" {
  provider = aws.west
  name     = "shared"
}

resource "aws_iam_group" "shared" {
  name = "shared"
}
