package aws

var apigatewayv2Rows []Row
