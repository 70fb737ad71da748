# -- infra/driftline_s3.tf
import {
  to = aws_s3_bucket.data
  id = "data"
}

resource "aws_s3_bucket" "data" {
  bucket = "data"
}

import {
  to = aws_s3_bucket_policy.data
  id = "data"
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Statement = [{
      Sid      = "arn:aws:s3:::data"
      Resource = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*", "arn:aws:s3:::data2/*"]
    }]
  })
}
