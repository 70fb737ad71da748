package aws

var logsRows []Row
