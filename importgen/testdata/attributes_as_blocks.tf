# -- infra/driftline_vpc.tf
import {
  to = aws_security_group.web
  id = "sg-1"
}

resource "aws_security_group" "web" {
  name = "web"

  ingress {
    cidr_blocks = ["0.0.0.0/0"]
    from_port   = 443
    protocol    = "tcp"
    to_port     = 443
  }

  ingress {
    from_port = 0
    protocol  = "-1"
    self      = true
    to_port   = 0
  }

  lifecycle {
    ignore_changes = [revoke_rules_on_delete]
  }
}
