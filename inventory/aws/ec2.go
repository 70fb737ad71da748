package aws

var ec2Rows []Row
