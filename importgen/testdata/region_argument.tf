# -- live/driftline.tf
provider "aws" {
  alias               = "account_222222222222"
  region              = "us-east-1"
  allowed_account_ids = ["222222222222"]
}
# -- live/driftline_iam.tf
import {
  to = aws_iam_role.global
  id = "global"
}

resource "aws_iam_role" "global" {
  name = "global"
}
# -- live/driftline_vpc.tf
import {
  to = aws_subnet.aliased
  id = "aliased"
}

resource "aws_subnet" "aliased" {
  provider = aws.west

  name   = "aliased"
  vpc_id = "vpc-0"
}

import {
  to = aws_subnet.far
  id = "far@ap-south-1"
}

resource "aws_subnet" "far" {
  name   = "far"
  region = "ap-south-1"
  vpc_id = "vpc-0"
}

import {
  to = aws_subnet.near
  id = "near"
}

resource "aws_subnet" "near" {
  name   = "near"
  vpc_id = "vpc-0"
}

import {
  to = aws_subnet.related
  id = "related@eu-west-1"
}

resource "aws_subnet" "related" {
  name   = "related"
  region = "eu-west-1"
  vpc_id = aws_vpc.main.id
}

import {
  to = aws_subnet.theirs
  id = "theirs"
}

resource "aws_subnet" "theirs" {
  provider = aws.account_222222222222

  name   = "theirs"
  vpc_id = "vpc-0"
}
# -- new/driftline.tf
# Resources that belong to no other root module yet. Add a backend before the first apply: without one the
# state stays in this directory.
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.4"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}
# -- new/driftline_vpc.tf
import {
  to = aws_subnet.theirs_far
  id = "theirs_far@eu-west-1"
}

resource "aws_subnet" "theirs_far" {
  name   = "theirs_far"
  region = "eu-west-1"
  vpc_id = "vpc-0"
}
