package aws

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-e90528ae/driftline/drift"
)

// TestEveryCallMayBeDenied denies each call that a listing makes, one at a time: something is told to be skipped, with
// the action that is missing, and nothing is listed that is not there in the calm run.
func TestEveryCallMayBeDenied(t *testing.T) {
	t.Parallel()
	for _, rows := range []struct {
		cloud fakeCloud
		rows  [][]Row
	}{
		{network, [][]Row{vpcRows, ec2Rows}},
		{parents, [][]Row{autoscalingRows, iamRows, s3Rows, efsRows, ecrRows, elbv2Rows, acmRows, route53Rows}},
	} {
		for _, row := range slices.Concat(rows.rows...) {
			t.Run(row.Type, func(t *testing.T) {
				t.Parallel()
				var mu sync.Mutex
				called := map[string]bool{}
				calm, _ := fakeCloud(func(operation string, in any) (any, error) {
					mu.Lock()
					defer mu.Unlock()
					called[operation] = true
					return rows.cloud(operation, in)
				}).run(t, row.Type)
				if len(calm) == 0 {
					t.Skip("the fake cloud has none, so that a denial hides nothing")
				}
				for operation := range called {
					listed, failed := fakeCloud(func(called string, in any) (any, error) {
						if called == operation {
							return nil, coded("AccessDenied")
						}
						return rows.cloud(called, in)
					}).run(t, row.Type)
					told := slices.ContainsFunc(failed, func(s *drift.Skipped) bool {
						return s.Type == row.Type && strings.Contains(s.Reason, operation+" was denied") && strings.HasSuffix(s.Remedy, ":"+orDefault(spelled[operation], operation))
					})
					if !told {
						t.Errorf("%s denied: skipped %v, which does not say so", operation, failed)
					}
					for _, id := range ids(listed) {
						if !slices.Contains(ids(calm), id) && !strings.HasSuffix(id, "gone") && !strings.HasSuffix(id, "map") && id != "arn:c" {
							t.Errorf("%s denied: %s is listed, which is not there", operation, id)
						}
					}
				}
			})
		}
	}
}

// TestActionsNameTheCalls holds each row's IAM actions against the calls that its listing makes: a role with the actions
// of the catalogue must be able to list. IAM spells some of S3's differently from the API.
func TestActionsNameTheCalls(t *testing.T) {
	t.Parallel()
	for _, rows := range []struct {
		cloud fakeCloud
		rows  [][]Row
	}{
		{network, [][]Row{vpcRows, ec2Rows}},
		{parents, [][]Row{autoscalingRows, iamRows, s3Rows, efsRows, ecrRows, elbv2Rows, acmRows, route53Rows}},
	} {
		for _, row := range slices.Concat(rows.rows...) {
			var mu sync.Mutex
			var called []string
			_, failed := fakeCloud(func(operation string, in any) (any, error) {
				mu.Lock()
				defer mu.Unlock()
				if action, ok := spelled[operation]; ok {
					called = append(called, action)
				} else {
					called = append(called, operation)
				}
				return rows.cloud(operation, in)
			}).run(t, row.Type)
			slices.Sort(called)
			called = slices.Compact(called)
			var actions []string
			for _, action := range row.Actions {
				_, name, _ := strings.Cut(action, ":")
				actions = append(actions, name)
			}
			slices.Sort(actions)
			if !slices.Equal(called, actions) {
				t.Errorf("%s calls %v, its actions are %v (skipped %v)", row.Type, called, actions, failed)
			}
		}
	}
}
