# -- infra/driftline_elb.tf
import {
  to = aws_lb.loadbalancer_app_web_50dc6c495c0c9188
  id = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"
}

resource "aws_lb" "loadbalancer_app_web_50dc6c495c0c9188" {
  name = "web"

  access_logs {
    bucket  = "logs"
    enabled = true
  }
}
