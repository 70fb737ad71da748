variable "name" {
  type = string
}

variable "retention" {
  type = number
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/traps/${var.name}"
  retention_in_days = var.retention
}
