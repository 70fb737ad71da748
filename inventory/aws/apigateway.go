package aws

var apigatewayRows []Row
