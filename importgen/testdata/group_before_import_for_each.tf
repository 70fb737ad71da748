# -- infra/driftline_sqs.tf
locals {
  shop_sqs_queues = {
    "shop-$${x}" = { delay_seconds = null, retention = 60 }
    shop-bills   = { delay_seconds = null, retention = null }
    shop-mails   = { delay_seconds = null, retention = null }
    shop-orders  = { delay_seconds = 5, retention = null }
  }
}

import {
  to = aws_sqs_queue.shop["shop-$${x}"]
  id = "https://sqs/shop-$${x}"
}

import {
  to = aws_sqs_queue.shop["shop-bills"]
  id = "https://sqs/shop-bills"
}

import {
  to = aws_sqs_queue.shop["shop-mails"]
  id = "https://sqs/shop-mails"
}

import {
  to = aws_sqs_queue.shop["shop-orders"]
  id = "https://sqs/shop-orders"
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
