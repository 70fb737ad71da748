package aws

var lambdaRows []Row
