package aws

var sfnRows []Row
