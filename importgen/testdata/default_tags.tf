# -- driftline_iam.tf
import {
  to = aws_iam_role.a
  id = "a"
}

resource "aws_iam_role" "a" {
  name = "a"
  tags = { Team = "x" }
}

# It lacks Env of default_tags. To add that, take out of ignore_changes: tags_all.
import {
  to = aws_iam_role.b
  id = "b"
}

resource "aws_iam_role" "b" {
  name = "b"
  tags = { Team = "x" }

  lifecycle {
    ignore_changes = [tags_all]
  }
}

import {
  to = aws_iam_role.c
  id = "c"
}

resource "aws_iam_role" "c" {
  name = "c"
}
# -- driftline_pipes.tf
# Not verified: applying this block might change the resource.
#   - tags_all: default_tags of the root module would add Env
# import {
#   to = aws_pipes_pipe.d
#   id = "d"
# }
#
# resource "aws_pipes_pipe" "d" {
#   name = "d"
# }
