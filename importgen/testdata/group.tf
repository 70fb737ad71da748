# -- infra/driftline_s3.tf
locals {
  logs_s3_buckets = toset(["logs-a", "logs-b", "logs-c"])
}

import {
  for_each = {
    logs-a = "logs-a"
    logs-b = "logs-b"
    logs-c = "logs-c"
  }
  to = aws_s3_bucket.logs[each.key]
  id = each.value
}

resource "aws_s3_bucket" "logs" {
  for_each = local.logs_s3_buckets

  bucket = each.key
}

locals {
  logs_s3_bucket_policies = toset(["logs-a", "logs-b", "logs-c"])
}

import {
  for_each = {
    logs-a = "logs-a"
    logs-b = "logs-b"
    logs-c = "logs-c"
  }
  to = aws_s3_bucket_policy.logs[each.key]
  id = each.value
}

resource "aws_s3_bucket_policy" "logs" {
  for_each = local.logs_s3_bucket_policies

  bucket = aws_s3_bucket.logs[each.key].id
  policy = jsonencode({
    Statement = [{
      Sid      = "tls"
      Resource = "${aws_s3_bucket.logs[each.key].arn}/*"
    }]
  })
}
# -- infra/driftline_sqs.tf
import {
  to = aws_sqs_queue.alone
  id = "https://sqs/alone"
}

resource "aws_sqs_queue" "alone" {
  name = "alone"
}

locals {
  shop_sqs_queues = {
    "shop-$${x}" = { delay_seconds = null, retention = 60 }
    shop-bills   = { delay_seconds = null, retention = null }
    shop-mails   = { delay_seconds = null, retention = null }
    shop-orders  = { delay_seconds = 5, retention = null }
  }
}

import {
  for_each = {
    "shop-$${x}" = "https://sqs/shop-$${x}"
    shop-bills   = "https://sqs/shop-bills"
    shop-mails   = "https://sqs/shop-mails"
    shop-orders  = "https://sqs/shop-orders"
  }
  to = aws_sqs_queue.shop[each.key]
  id = each.value
}

resource "aws_sqs_queue" "shop" {
  for_each = local.shop_sqs_queues

  name          = each.key
  delay_seconds = each.value.delay_seconds
  retention     = each.value.retention
  tags = {
    Name = each.key
    Team = "shop"
  }
}
