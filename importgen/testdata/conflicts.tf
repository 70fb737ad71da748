# -- infra/driftline_vpc.tf
import {
  to = aws_subnet.a
  id = "subnet-1"
}

resource "aws_subnet" "a" {
  vpc_id            = "vpc-1"
  availability_zone = "us-east-1a"
  cidr_block        = "10.0.1.0/24"
}
