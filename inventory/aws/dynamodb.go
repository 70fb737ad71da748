package aws

var dynamodbRows []Row
