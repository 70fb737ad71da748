package aws

var cloudformationRows []Row
