package aws

var eventsRows []Row
