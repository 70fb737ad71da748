# -- infra/driftline_iam.tf
data "aws_iam_policy_document" "human_a_assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["a"]
    }
  }
}

import {
  to = aws_iam_role.human_a
  id = "human-a"
}

resource "aws_iam_role" "human_a" {
  name               = "human-a"
  assume_role_policy = data.aws_iam_policy_document.human_a_assume_role.json
}

data "aws_iam_policy_document" "human_b_assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["b"]
    }
  }
}

import {
  to = aws_iam_role.human_b
  id = "human-b"
}

resource "aws_iam_role" "human_b" {
  name               = "human-b"
  assume_role_policy = data.aws_iam_policy_document.human_b_assume_role.json
}

data "aws_iam_policy_document" "human_c_assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["c"]
    }
  }
}

import {
  to = aws_iam_role.human_c
  id = "human-c"
}

resource "aws_iam_role" "human_c" {
  name               = "human-c"
  assume_role_policy = data.aws_iam_policy_document.human_c_assume_role.json
}

locals {
  worker_iam_roles = {
    worker-a = { description = "a" }
    worker-b = { description = "b" }
    worker-c = { description = "c" }
  }
}

data "aws_iam_policy_document" "worker_assume_role" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"]
    }
  }
}

import {
  for_each = {
    worker-a = "worker-a"
    worker-b = "worker-b"
    worker-c = "worker-c"
  }
  to = aws_iam_role.worker[each.key]
  id = each.value
}

resource "aws_iam_role" "worker" {
  for_each = local.worker_iam_roles

  name               = each.key
  assume_role_policy = data.aws_iam_policy_document.worker_assume_role.json
  description        = each.value.description
}
# -- infra/driftline_lambda.tf
locals {
  job_lambda_functions = toset(["job-a", "job-b", "job-c"])
}

import {
  for_each = {
    job-a = "job-a"
    job-b = "job-b"
    job-c = "job-c"
  }
  to = aws_lambda_function.job[each.key]
  id = each.value
}

resource "aws_lambda_function" "job" {
  for_each = local.job_lambda_functions

  function_name = each.key

  environment {
    variables = {
      LEVEL = "info"
      TOKEN = try(var.lambda_function_job_environment_variables_token[each.key], "set-me")
    }
  }

  lifecycle {
    ignore_changes = [environment[0].variables["TOKEN"]]
  }
}

import {
  to = aws_lambda_function.job_d
  id = "job-d"
}

resource "aws_lambda_function" "job_d" {
  function_name = "job-d"

  environment {
    variables = {
      LEVEL = var.lambda_function_job_d_environment_variables_level
      TOKEN = "x"
    }
  }

  lifecycle {
    ignore_changes = [environment[0].variables["LEVEL"]]
  }
}
# -- infra/driftline_ssm.tf
locals {
  db_ssm_parameters = {
    "/db/a" = { description = "of a" }
    "/db/b" = { description = "of b" }
    "/db/c" = { description = "of c" }
  }
}

import {
  for_each = {
    "/db/a" = "/db/a"
    "/db/b" = "/db/b"
    "/db/c" = "/db/c"
  }
  to = aws_ssm_parameter.db[each.key]
  id = each.value
}

resource "aws_ssm_parameter" "db" {
  for_each = local.db_ssm_parameters

  name        = each.key
  type        = "SecureString"
  description = each.value.description
  value       = try(var.ssm_parameter_db_value[each.key], null)

  lifecycle {
    ignore_changes = [value]
  }
}
# -- infra/driftline_variables.tf
variable "lambda_function_job_environment_variables_token" {
  description = "TOKEN in variables of each aws_lambda_function.job, by its key. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = map(string)
  sensitive   = true
  default     = {}
}

variable "lambda_function_job_d_environment_variables_level" {
  description = "LEVEL in variables of aws_lambda_function.job_d. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "set-me"
}

variable "ssm_parameter_db_value" {
  description = "value of each aws_ssm_parameter.db, by its key. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = map(string)
  sensitive   = true
  default     = {}
}
