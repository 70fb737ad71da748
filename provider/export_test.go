//go:build unix

package provider

// RegionalFleet is for tests that bring the fake provider together with other rooms.
var RegionalFleet = regionalFleet
