package aws

var wafv2Rows []Row
