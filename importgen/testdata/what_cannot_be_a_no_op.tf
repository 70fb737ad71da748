# -- infra/driftline_ecr.tf
# Not verified: applying this block might change the resource.
#   - version: the provider plans another value than the one it read
# import {
#   to = aws_ecr_repository.app
#   id = "app"
# }
#
# resource "aws_ecr_repository" "app" {
#   name = "app"
# }
