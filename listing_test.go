package main

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/seed-e90528ae/driftline/drift"
	"github.com/seed-e90528ae/driftline/inventory/aws"
	"github.com/seed-e90528ae/driftline/provider"
)

// offer is a provider that lists types by itself, and remembers what it was asked.
type offer struct {
	types []provider.Listable
	found map[string][]provider.Found // by type
	mu    sync.Mutex
	asked []string
}

func (o *offer) Listable(_ context.Context, _ string, want func(string) bool) ([]provider.Listable, error) {
	return slices.DeleteFunc(slices.Clone(o.types), func(t provider.Listable) bool { return !want(t.Type) }), nil
}

func (o *offer) List(_ context.Context, r drift.Resource) ([]provider.Found, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, r.Type+" "+r.Account+" "+r.Region)
	if r.Type == "aws_denied" {
		return nil, &drift.Skipped{What: "aws_denied", Reason: "denied", Remedy: "allow", Type: r.Type}
	}
	found := slices.Clone(o.found[r.Type])
	for n := range found {
		found[n].Resource = r
	}
	return found, nil
}

// nothing is an inventory without rows.
type nothing struct{}

func (nothing) Resources(context.Context) iter.Seq2[drift.Listed, error] {
	return func(yield func(drift.Listed, error) bool) {
		yield(drift.Listed{Resource: drift.Resource{Type: "aws_vpc", ImportID: "vpc-1"}}, nil)
	}
}

func object(attributes ...string) cty.Value {
	values := map[string]cty.Value{}
	for _, a := range attributes {
		name, value, _ := strings.Cut(a, "=")
		values[name] = cty.StringVal(value)
	}
	values["tags"] = cty.MapVal(map[string]cty.Value{"team": cty.StringVal("web")})
	return cty.ObjectVal(values)
}

// TestTheProviderListsTheRest: types without a row are listed by the provider, in each account and region or once for the
// account; what is excluded, has a row, or is another name of what has one is not asked for.
func TestTheProviderListsTheRest(t *testing.T) {
	t.Parallel()
	o := &offer{
		types: []provider.Listable{
			{Type: "aws_denied"}, {Type: "aws_excluded"}, {Type: "aws_lb"}, {Type: "aws_alb"}, {Type: "aws_default_vpc"},
			{Type: "aws_novelty"}, {Type: "aws_person", Global: true}, {Type: "aws_riddle"},
		},
		found: map[string][]provider.Found{
			"aws_novelty": {
				{Value: object("id=n", "arn=arn:n"), Identity: map[string]string{"arn": "arn:n"}},
				{Value: object("id=m"), Identity: map[string]string{"name": "m", "parent": "p"}},
				{Value: object("arn=arn:o")},
			},
			"aws_person": {{Value: object("id=ada"), Identity: map[string]string{"name": "ada"}}},
			"aws_riddle": {{Value: object("colour=blue")}},
		},
	}
	w := wholeInventory{
		catalogue: nothing{}, provider: o, include: func(typ string) bool { return typ != "aws_excluded" }, concurrency: 4,
		scopes: []aws.Scope{{Account: "1", Region: "eu-west-1"}, {Account: "1", Region: "us-east-1"}, {Account: "2", Region: "eu-west-1"}},
	}
	var got []string
	for l, err := range w.Resources(t.Context()) {
		var skipped *drift.Skipped
		switch {
		case errors.As(err, &skipped):
			got = append(got, "skipped "+skipped.What+": "+skipped.Reason)
		case err != nil:
			t.Error(err)
		default:
			got = append(got, strings.Join([]string{l.Type, l.Account, l.Region, l.ImportID, l.Facts["id"], l.Tags["team"]}, " "))
		}
	}
	const riddle = ": the provider's own listing gives nothing by which it could be told from what the states manage"
	want := []string{
		"aws_vpc   vpc-1  ",
		"skipped aws_denied: denied", "skipped aws_denied: denied", "skipped aws_denied: denied",
		"aws_novelty 1 eu-west-1 arn:n n web", "aws_novelty 1 eu-west-1 m  web", "aws_novelty 1 eu-west-1 arn:o  web",
		"aws_novelty 1 us-east-1 arn:n n web", "aws_novelty 1 us-east-1 m  web", "aws_novelty 1 us-east-1 arn:o  web",
		"aws_novelty 2 eu-west-1 arn:n n web", "aws_novelty 2 eu-west-1 m  web", "aws_novelty 2 eu-west-1 arn:o  web",
		"aws_person 1 global ada  web", "aws_person 2 global ada  web",
		"skipped aws_riddle in eu-west-1" + riddle, "skipped aws_riddle in us-east-1" + riddle, "skipped aws_riddle in eu-west-1" + riddle,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	if len(o.asked) != 11 {
		t.Errorf("asked for %q", o.asked)
	}
}

func TestPatternsThatNoListedTypeFits(t *testing.T) {
	t.Parallel()
	globs := []string{"aws_sqs_queue", "aws_iam_*", "aws_alb", "aws_security_group_rule", "aws_sqs_queu", "google_*"}
	if got := unlisted(globs); !slices.Equal(got, []string{"aws_sqs_queu", "google_*"}) {
		t.Errorf("got %v", got)
	}
}
