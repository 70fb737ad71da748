# -- infra/driftline_s3.tf
import {
  to = aws_s3_bucket.logs
  id = "logs"
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs"

  lifecycle {
    ignore_changes = [force_destroy]
  }
}
