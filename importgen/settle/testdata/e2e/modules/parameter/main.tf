variable "value" {}

variable "description" {
  default = "from a module"
}

resource "aws_ssm_parameter" "this" {
  name           = "/module/parameter"
  type           = "String"
  insecure_value = var.value
  description    = var.description
}
