package aws

var vpcRows []Row
