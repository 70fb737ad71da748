# -- infra/driftline_iam.tf
data "aws_iam_policy_document" "app_read_only" {
  statement {
    actions   = ["s3:Get*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "app_inline" {
  statement {
    actions   = ["s3:Put*"]
    resources = ["*"]
  }
}

import {
  to = aws_iam_role.app
  id = "app"
}

resource "aws_iam_role" "app" {
  name = "app"

  boundary {
    name   = "bytes"
    policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"
  }

  in_a_set {
    name   = "set"
    policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}"
  }

  inline {
    name   = "Read Only"
    policy = data.aws_iam_policy_document.app_read_only.json
  }

  inline {
    policy = data.aws_iam_policy_document.app_inline.json
  }
}
