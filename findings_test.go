package main

import (
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

func TestBlocksOfWhatWasGeneratedAreLocated(t *testing.T) {
	t.Parallel()
	found := &drift.Report{Unmanaged: []drift.Unmanaged{
		{SuggestedAddress: `aws_sqs_queue.each["a"]`, File: "f.tf"}, {SuggestedAddress: "aws_sqs_queue.plain", File: "f.tf"},
		{SuggestedAddress: "aws_sqs_queue.doubtful", File: "f.tf"},
	}}
	locate(nil, found, []drift.File{{Path: "f.tf", Content: []byte(`resource "aws_sqs_queue" "each" {
  for_each = toset(["a", "b"])
}

resource "aws_sqs_queue" "plain" {
  name = aws_sqs_queue.each["a"].name
}

# resource "aws_sqs_queue" "doubtful" {
# }
`)}})
	for i, want := range []int{1, 5, 9} {
		if u := found.Unmanaged[i]; u.Line != want {
			t.Errorf("%s is at line %d, want %d", u.SuggestedAddress, u.Line, want)
		}
	}
}
