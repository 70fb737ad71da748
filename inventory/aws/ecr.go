package aws

var ecrRows []Row
