package aws

var cognitoRows []Row
