package aws

var acmRows []Row
