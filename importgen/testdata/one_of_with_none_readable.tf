# -- infra/driftline_lambda.tf
# The code package cannot be read back: filename is a placeholder whose changes are ignored.
import {
  to = aws_lambda_function.resize
  id = "resize"
}

resource "aws_lambda_function" "resize" {
  function_name = "resize"
  filename      = "resize.zip"

  lifecycle {
    ignore_changes = [filename]
  }
}
