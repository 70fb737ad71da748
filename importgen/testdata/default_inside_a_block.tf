# -- infra/driftline_elb.tf
import {
  to = aws_lb_target_group.web
  id = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1"
}

resource "aws_lb_target_group" "web" {
  name = "web"

  health_check {
    matcher = "200"
    path    = "/ok"
  }

  stickiness {
    type   = "lb_cookie"
    cookie = ""
  }

  stickiness {
    type   = "app_cookie"
    cookie = "c"
  }
}
