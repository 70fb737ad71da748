package aws

var rdsRows []Row
