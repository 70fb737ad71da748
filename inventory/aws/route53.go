package aws

var route53Rows []Row
