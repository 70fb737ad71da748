package aws

var efsRows []Row
