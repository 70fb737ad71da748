# -- infra/driftline_import.sh
#!/bin/sh
# Imports what the driftline_*.tf files beside this script describe: Terraform knows import blocks from 1.5 on, OpenTofu
# from 1.6. Run it here after init, before the first plan: sh driftline_import.sh. What is imported already is passed
# over. TERRAFORM names another program than terraform.
set -eu

import() {
  "${TERRAFORM:-terraform}" state show "$1" >/dev/null 2>&1 || "${TERRAFORM:-terraform}" import -input=false "$1" "$2"
}

import 'aws_sqs_queue.shop["shop-$${x}"]' 'https://sqs/shop-${x}'
import 'aws_sqs_queue.shop["shop-bills"]' 'https://sqs/shop-bills'
import 'aws_sqs_queue.shop["shop-mails"]' 'https://sqs/shop-mails'
import 'aws_sqs_queue.shop["shop-orders"]' 'https://sqs/shop-orders'
# -- infra/driftline_sqs.tf
locals {
  shop_sqs_queues = {
    "shop-$${x}" = { delay_seconds = null, retention = 60 }
    shop-bills   = { delay_seconds = null, retention = null }
    shop-mails   = { delay_seconds = null, retention = null }
    shop-orders  = { delay_seconds = 5, retention = null }
  }
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
