# -- infra/driftline_sqs.tf
import {
  to = aws_sqs_queue.q
  id = "https://sqs/1/q"
}

resource "aws_sqs_queue" "q" {
  name = "q"

  lifecycle {
    ignore_changes = [max_message_size]
  }
}
