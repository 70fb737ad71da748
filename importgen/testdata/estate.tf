# -- driftline/driftline.tf
# Resources that belong to no other root module yet. Add a backend before the first apply: without one the
# state stays in this directory.
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "us_west_2"
  region = "us-west-2"
}
# -- driftline/driftline_broken.tf
# Not verified: applying this block might change the resource.
#   - provider plugin ended: panic: nil map
# import {
#   to = aws_broken.x
#   id = "x"
# }
#
# resource "aws_broken" "x" {
# }
# -- driftline/driftline_ec2.tf
import {
  to = aws_key_pair.deploy_14a9ae
  id = "deploy"
}

resource "aws_key_pair" "deploy_14a9ae" {
  provider = aws.us_west_2

  key_name = "deploy"
}

import {
  to = aws_key_pair.deploy_224947
  id = "deploy"
}

resource "aws_key_pair" "deploy_224947" {
  key_name = "deploy"
}
# -- driftline/driftline_vpc.tf
import {
  to = aws_security_group.a
  id = "sg-a"
}

resource "aws_security_group" "a" {
  description     = "vpc-new"
  security_groups = [aws_security_group.b.id]
  vpc_id          = aws_vpc.new.id
}

import {
  to = aws_security_group.b
  id = "sg-b"
}

resource "aws_security_group" "b" {
  security_groups = ["sg-a", "sg-b"]
  vpc_id          = aws_vpc.new.id
}

import {
  to = aws_subnet.app
  id = "subnet-1"
}

resource "aws_subnet" "app" {
  vpc_id = aws_vpc.new.id
}

import {
  to = aws_vpc.new
  id = "vpc-new"
}

resource "aws_vpc" "new" {
  cidr_block = "10.1.0.0/16"
}
# -- live/app/driftline_vpc.tf
import {
  to = aws_subnet.subnet_9
  id = "subnet-3"
}

resource "aws_subnet" "subnet_9" {
  vpc_id = "vpc-module"
}
# -- live/net/driftline_vpc.tf
import {
  to = aws_subnet.app_6309c9
  id = "subnet-4"
}

resource "aws_subnet" "app_6309c9" {
  vpc_id = aws_vpc.this["a"].id
}

import {
  to = aws_subnet.app_ec537e
  id = "subnet-2"
}

resource "aws_subnet" "app_ec537e" {
  vpc_id = aws_vpc.this["a"].id
}
