# -- infra/driftline_ecs.tf
import {
  to = aws_ecs_task_definition.web
  id = "web"
}

resource "aws_ecs_task_definition" "web" {
  family = "web"
  container_definitions = jsonencode([{
    name      = "web"
    cpu       = 0
    essential = false
    image     = "nginx"
  }])
}
