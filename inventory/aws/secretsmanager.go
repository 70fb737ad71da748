package aws

var secretsmanagerRows []Row
