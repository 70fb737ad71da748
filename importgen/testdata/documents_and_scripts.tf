# -- infra/driftline_iam.tf
import {
  to = aws_iam_policy.read_only
  id = "arn:aws:iam::123456789012:policy/team/ReadOnly"
}

resource "aws_iam_policy" "read_only" {
  name = "ReadOnly"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Resource = "arn:aws:iam::*:user/$${aws:username}"
    }]
  })
  definition = jsonencode({ a = 1 })
  motd = chomp(<<EOT
one
two
EOT
  )
  script = <<EOT
#!/bin/sh
echo $${HOME} %%{x}
EOT
}
