# -- infra/driftline_ssm.tf
import {
  to = aws_ssm_parameter.db_password
  id = "/db/password"
}

resource "aws_ssm_parameter" "db_password" {
  name  = "/db/password"
  type  = "SecureString"
  value = var.ssm_parameter_db_password_value

  lifecycle {
    ignore_changes = [value]
  }
}
# -- infra/driftline_variables.tf
variable "ssm_parameter_db_password_value" {
  description = "value of aws_ssm_parameter.db_password. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "set-me"
}
