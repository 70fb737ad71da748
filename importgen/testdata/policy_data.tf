# -- infra/driftline_iam.tf
data "aws_iam_policy_document" "app_assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

import {
  to = aws_iam_role.app
  id = "app"
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.app_assume_role.json
}

import {
  to = aws_iam_role.odd
  id = "odd"
}

resource "aws_iam_role" "odd" {
  name = "odd"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Condition = { NumericLessThan = { "aws:MultiFactorAuthAge" = 3600 } }
    }]
  })
}
# -- infra/driftline_s3.tf
import {
  to = aws_s3_bucket.logs
  id = "logs"
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

data "aws_iam_policy_document" "logs_s3_bucket" {
  statement {
    sid       = "tls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::logs/$${aws:username}/*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.app.arn]
    }
  }
}

import {
  to = aws_s3_bucket_policy.logs
  id = "logs"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs_s3_bucket.json
}
# -- infra/driftline_sqs.tf
import {
  to = aws_sqs_queue.q
  id = "q"
}

resource "aws_sqs_queue" "q" {
  name = "q"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }]
  })
}
