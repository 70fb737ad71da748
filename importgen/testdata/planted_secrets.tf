# -- infra/driftline_batch.tf
import {
  to = aws_batch_job.job
  id = "job"
}

resource "aws_batch_job" "job" {
  name    = "job"
  command = var.batch_job_job_command

  lifecycle {
    ignore_changes = [command]
  }
}
# -- infra/driftline_codebuild.tf
import {
  to = aws_codebuild_project.ci
  id = "ci"
}

resource "aws_codebuild_project" "ci" {
  name = "ci"

  environment {
    image = "linux"

    environment_variable {
      name  = "REGION"
      value = "us-east-1"
    }

    environment_variable {
      name  = "NPM_TOKEN"
      value = var.codebuild_project_ci_environment_environment_variable_value
    }
  }

  lifecycle {
    ignore_changes = [environment[0].environment_variable[1].value]
  }
}
# -- infra/driftline_ec2.tf
import {
  to = aws_launch_template.web
  id = "lt-1"
}

resource "aws_launch_template" "web" {
  name      = "web"
  user_data = var.launch_template_web_user_data

  lifecycle {
    ignore_changes = [user_data]
  }
}
# -- infra/driftline_ecs.tf
import {
  to = aws_ecs_task_definition.web
  id = "web"
}

resource "aws_ecs_task_definition" "web" {
  family                = "web"
  container_definitions = var.ecs_task_definition_web_container_definitions

  lifecycle {
    ignore_changes = [container_definitions]
  }
}
# -- infra/driftline_glue.tf
import {
  to = aws_glue_connection.db
  id = "db"
}

resource "aws_glue_connection" "db" {
  name = "db"
  connection_properties = {
    JDBC_CONNECTION_URL = var.glue_connection_db_connection_properties_jdbc_connection_url
    PASSWORD            = var.glue_connection_db_connection_properties_password
  }

  lifecycle {
    ignore_changes = [connection_properties["JDBC_CONNECTION_URL"], connection_properties["PASSWORD"]]
  }
}
# -- infra/driftline_lambda.tf
import {
  to = aws_lambda_function.resize
  id = "resize"
}

resource "aws_lambda_function" "resize" {
  function_name = "resize"
  tags = {
    Name          = "resize"
    smtp-password = var.lambda_function_resize_tags_smtp_password
  }

  environment {
    variables = {
      DB_PASSWORD = var.lambda_function_resize_environment_variables_db_password
      LOG_LEVEL   = "info"
    }
  }

  lifecycle {
    ignore_changes = [environment[0].variables["DB_PASSWORD"], tags["smtp-password"]]
  }
}
# -- infra/driftline_sqs.tf
# Not verified: applying this block might change the resource.
#   - the provider's message is left out, because it quotes a credential
# import {
#   to = aws_sqs_queue.q
#   id = "q"
# }
#
# resource "aws_sqs_queue" "q" {
#   name = "q"
# }
# -- infra/driftline_ssm.tf
import {
  to = aws_ssm_document.boot
  id = "boot"
}

resource "aws_ssm_document" "boot" {
  name    = "boot"
  content = var.ssm_document_boot_content

  lifecycle {
    ignore_changes = [content]
  }
}
# -- infra/driftline_variables.tf
variable "batch_job_job_command" {
  description = "command of aws_batch_job.job. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = list(string)
  sensitive   = true
  default     = ["set-me"]
}

variable "codebuild_project_ci_environment_environment_variable_value" {
  description = "value of aws_codebuild_project.ci. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = null
}

variable "ecs_task_definition_web_container_definitions" {
  description = "container_definitions of aws_ecs_task_definition.web. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "[]"
}

variable "glue_connection_db_connection_properties_jdbc_connection_url" {
  description = "JDBC_CONNECTION_URL in connection_properties of aws_glue_connection.db. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "set-me"
}

variable "glue_connection_db_connection_properties_password" {
  description = "PASSWORD in connection_properties of aws_glue_connection.db. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "set-me"
}

variable "lambda_function_resize_tags_smtp_password" {
  description = "smtp-password in tags of aws_lambda_function.resize. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "set-me"
}

variable "lambda_function_resize_environment_variables_db_password" {
  description = "DB_PASSWORD in variables of aws_lambda_function.resize. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "set-me"
}

variable "launch_template_web_user_data" {
  description = "user_data of aws_launch_template.web. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = null
}

variable "ssm_document_boot_content" {
  description = "content of aws_ssm_document.boot. Changes of it are ignored, so the value in the cloud stays until that is lifted."
  type        = string
  sensitive   = true
  default     = "set-me"
}
