package aws

var ecsRows []Row
