# -- infra/driftline_mq.tf
import {
  to = aws_mq_broker.broker
  id = "b-1"
}

resource "aws_mq_broker" "broker" {
  name    = "broker"
  headers = var.mq_broker_broker_headers

  action {
    type = "oidc"

    oidc {
      client_id     = "me"
      client_secret = var.mq_broker_broker_action_oidc_client_secret
    }
  }

  action {
    type = "forward"
  }

  login {
    user     = "app"
    password = var.mq_broker_broker_login_password
  }

  lifecycle {
    ignore_changes = [action[0].oidc[0].client_secret, headers, login]
  }
}
# -- infra/driftline_variables.tf
variable "mq_broker_broker_headers" {
  description = "headers of aws_mq_broker.broker. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = map(string)
  sensitive   = true
  default     = null
}

variable "mq_broker_broker_action_oidc_client_secret" {
  description = "client_secret of aws_mq_broker.broker. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "set-me"
}

variable "mq_broker_broker_login_password" {
  description = "password of aws_mq_broker.broker. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = null
}
