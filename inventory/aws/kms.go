package aws

var kmsRows []Row
