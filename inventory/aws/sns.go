package aws

var snsRows []Row
