package aws

var cloudwatchRows []Row
