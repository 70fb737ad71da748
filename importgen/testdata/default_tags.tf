# -- driftline_iam.tf
import {
  to = aws_iam_role.a
  id = "a"
}

resource "aws_iam_role" "a" {
  name = "a"
  tags = {
    Team = "x"
  }
}

# Not verified: applying this block might change the resource.
#   - tags_all: default_tags of the root module would add Env
# import {
#   to = aws_iam_role.b
#   id = "b"
# }
#
# resource "aws_iam_role" "b" {
#   name = "b"
#   tags = {
#     Team = "x"
#   }
# }

import {
  to = aws_iam_role.c
  id = "c"
}

resource "aws_iam_role" "c" {
  name = "c"
}
