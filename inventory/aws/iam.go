package aws

var iamRows []Row
