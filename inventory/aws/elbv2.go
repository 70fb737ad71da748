package aws

var elbv2Rows []Row
