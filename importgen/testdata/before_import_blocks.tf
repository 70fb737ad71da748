# -- old/driftline_ecr.tf
# Not verified: applying this block might change the resource.
#   - version: the provider plans another value than the one it read
# resource "aws_ecr_repository" "app" {
#   name = "app"
# }
# -- old/driftline_import.sh
#!/bin/sh
# Imports what the driftline_*.tf files beside this script describe: Terraform knows import blocks from 1.5 on, OpenTofu
# from 1.6. Run it here after init, before the first plan: sh driftline_import.sh. What is imported already is passed
# over. TERRAFORM names another program than terraform.
set -eu

import() {
  "${TERRAFORM:-terraform}" state show "$1" >/dev/null 2>&1 || "${TERRAFORM:-terraform}" import -input=false "$1" "$2"
}

# import 'aws_ecr_repository.app' 'app'
import 'aws_sqs_queue.orders' 'https://sqs/1/it'\''s'
# -- old/driftline_sqs.tf
resource "aws_sqs_queue" "orders" {
  name = "it's"
}
