# -- driftline/driftline.tf
# Resources that belong to no other root module yet. Add a backend before the first apply: without one the
# state stays in this directory.
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias               = "account_222222222222"
  region              = "us-east-1"
  allowed_account_ids = ["222222222222"]
}

provider "aws" {
  alias               = "account_222222222222_eu_west_1"
  region              = "eu-west-1"
  allowed_account_ids = ["222222222222"]
}
# -- driftline/driftline_iam.tf
import {
  to = aws_iam_role.a
  id = "a"
}

resource "aws_iam_role" "a" {
  name = "a"
}

import {
  to = aws_iam_role.b
  id = "b"
}

resource "aws_iam_role" "b" {
  name = "b"
}

import {
  to = aws_iam_role.c
  id = "c"
}

resource "aws_iam_role" "c" {
  provider = aws.account_222222222222

  name = "c"
}

import {
  to = aws_iam_role.d
  id = "d"
}

resource "aws_iam_role" "d" {
  provider = aws.account_222222222222_eu_west_1

  name = "d"
}
# -- live/driftline_iam.tf
import {
  to = aws_iam_role.e
  id = "e"
}

resource "aws_iam_role" "e" {
  name = "e"
}
