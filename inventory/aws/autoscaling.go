package aws

var autoscalingRows []Row
