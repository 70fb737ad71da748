# -- infra/driftline_ec2.tf
# The provider reads user_data back as a hash only: write the script here, or leave it to the instance.
import {
  to = aws_instance.web_1
  id = "i-1"
}

resource "aws_instance" "web_1" {
  ami = "ami-1"
}
