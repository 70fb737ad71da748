# -- infra/driftline_elb.tf
import {
  to = aws_lb.web
  id = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"
}

resource "aws_lb" "web" {
  name = "web"

  access_logs {
    bucket  = "logs"
    enabled = true
  }
}
