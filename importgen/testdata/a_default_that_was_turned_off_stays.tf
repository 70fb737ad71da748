# -- infra/driftline_kms.tf
import {
  to = aws_kms_key.k
  id = "k"
}

resource "aws_kms_key" "k" {
  name      = "k"
  enabled   = false
  retention = 0
}
