# -- infra/driftline_cloudwatch.tf
import {
  to = aws_cloudwatch_metric_alarm.cpu
  id = "cpu"
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name = "cpu"
  threshold  = 0
}
