package aws

var ssmRows []Row
