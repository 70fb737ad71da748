package aws

var kinesisRows []Row
