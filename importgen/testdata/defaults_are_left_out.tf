# -- infra/driftline_vpc.tf
import {
  to = aws_vpc.main_vpc
  id = "vpc-1"
}

resource "aws_vpc" "main_vpc" {
  assign_generated_ipv6_cidr_block = false
  cidr_block                       = "10.0.0.0/16"
  tags = {
    a = "1"
    b = "$${2}"
  }
}
