# The role that Driftline's workflow assumes by GitHub's OIDC token: no key is stored anywhere. Only one repository, on one
# ref, may assume it.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "repository" {
  description = "Repository whose workflow may assume the role, as OWNER/NAME."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "Write it as OWNER/NAME, without wildcards."
  }
}

variable "ref" {
  description = "Ref that the workflow has to run on. A schedule runs on the default branch."
  type        = string
  default     = "refs/heads/main"
  validation {
    condition     = startswith(var.ref, "refs/") && !strcontains(var.ref, "*") && !strcontains(var.ref, "?")
    error_message = "Write a whole ref, as in refs/heads/main, without wildcards: pull requests run code of others."
  }
}

variable "state_buckets" {
  description = "Names of the buckets that hold states."
  type        = list(string)
  default     = []
}

variable "make_oidc_provider" {
  description = "Whether to make GitHub's OIDC provider. An account has at most one."
  type        = bool
  default     = true
}

locals {
  issuer   = "token.actions.githubusercontent.com"
  provider = var.make_oidc_provider ? aws_iam_openid_connect_provider.github[0].arn : data.aws_iam_openid_connect_provider.github[0].arn
}

resource "aws_iam_openid_connect_provider" "github" {
  count          = var.make_oidc_provider ? 1 : 0
  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_openid_connect_provider" "github" {
  count = var.make_oidc_provider ? 0 : 1
  url   = "https://${local.issuer}"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [local.provider]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
    # Equal, not like: a wildcard would let pull requests and other branches in.
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["repo:${var.repository}:ref:${var.ref}"]
    }
  }
}

resource "aws_iam_role" "driftline" {
  name                 = "driftline"
  description          = "Driftline reads with it, from ${var.repository} on ${var.ref}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
}

# AWS's own policy for reading. It does not let the role read secrets' values. To give less, put the output of
# `driftline policy --format terraform` in its place, and add what the skipped resources of a first run name.
resource "aws_iam_role_policy_attachment" "read_only" {
  role       = aws_iam_role.driftline.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

# Whatever else the role is given later, these stay closed: what lies in buckets that hold no state, secrets, and writes to
# IAM and to the states.
data "aws_iam_policy_document" "closed" {
  statement {
    sid           = "OnlyStates"
    effect        = "Deny"
    actions       = ["s3:GetObject", "s3:GetObjectVersion"]
    not_resources = length(var.state_buckets) > 0 ? [for bucket in var.state_buckets : "arn:aws:s3:::${bucket}/*"] : ["arn:aws:s3:::-"]
  }
  statement {
    sid       = "NoSecretsNoWrites"
    effect    = "Deny"
    resources = ["*"]
    actions = [
      "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ec2:GetPasswordData",
      "s3:PutObject", "s3:DeleteObject", "iam:Create*", "iam:Put*", "iam:Attach*", "iam:Update*", "iam:Delete*",
    ]
  }
}

resource "aws_iam_role_policy" "closed" {
  name   = "closed"
  role   = aws_iam_role.driftline.name
  policy = data.aws_iam_policy_document.closed.json
}

output "role_arn" {
  description = "For the repository variable DRIFTLINE_ROLE."
  value       = aws_iam_role.driftline.arn
}
