# -- infra/driftline_vpclattice.tf
import {
  to = aws_vpclattice_thing.thing
  id = "t-1"
}

resource "aws_vpclattice_thing" "thing" {
  name  = "thing"
  rules = [{ note = "tls", port = 443 }, { port = 80 }]
}
