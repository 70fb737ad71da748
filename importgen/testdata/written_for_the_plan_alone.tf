# -- infra/driftline_dynamodb.tf
import {
  to = aws_dynamodb_table.orders
  id = "orders"
}

resource "aws_dynamodb_table" "orders" {
  name          = "orders"
  read_capacity = 5

  guard {}

  index {
    name  = "b"
    class = "COLD"
  }

  index {
    name  = "a"
    class = "WARM"
  }

  replica {
    copy {
      key    = "1"
      region = "x"
    }

    copy {
      key    = "2"
      region = "y"
    }
  }
}
