# -- live/driftline_vpc.tf
import {
  to = aws_subnet.a
  id = "subnet-1"
}

resource "aws_subnet" "a" {
  vpc_id = module.registry.vpc_id
}
