package aws

var s3Rows []Row
